/** A role that has a colour of its own, always beside words or a shape. */
export type Tone = 'neutral' | 'add' | 'update' | 'package' | 'rename' | 'remove' | 'warning' | 'ok' | 'accent'
