/** The keys of movement and selection, for the list of keys: what they do is in `navigate` and the editor. */
export const gridKeys = {
  move: ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'],
  tab: ['Tab', 'Shift+Tab'],
  enter: ['Enter', 'Shift+Enter'],
  ends: ['Home', 'End'],
  corners: ['Mod+Home', 'Mod+End'],
  border: ['Mod+ArrowDown', 'Mod+ArrowRight'],
  page: ['PageDown', 'PageUp'],
  extend: ['Shift+ArrowDown', 'Mod+Shift+ArrowDown'],
  all: ['Mod+A'],
  lines: ['Mod+Space', 'Shift+Space'],
  edit: ['F2', 'Escape'],
  newLine: ['Alt+Enter'],
  fill: ['Mod+Enter'],
  look: ['Mod+Backspace'],
  toggle: ['Space'],
} as const satisfies Readonly<Record<string, readonly string[]>>
export type GridKey = keyof typeof gridKeys
