/** More distinct texts than this and a column is no longer coded while it is read: codes stay in 16 bits. */
export const mostCodes = 0xfff0

/**
 * When a column's values are judged: at row `at`, a column that met more than `share` new texts per row since half that
 * row does not repeat, and goes on plain. Shares shrink, so that 4,000 locations over a million rows stay coded; at first only what is
 * new in nearly every row is sure not to repeat. The kernel judges at the ends of its blocks, some rows later.
 */
export const judgements: readonly { readonly at: number; readonly share: number }[] = [
  { at: 1_024, share: 0.97 },
  { at: 8_192, share: 0.3 },
  { at: 32_768, share: 0.1 },
  { at: 131_072, share: 0.05 },
]

/** At the end: a column in which less than two of three texts repeat is kept plain. `codeCount` counts the empty text too. */
export const repeatsTooSeldom = (codeCount: number, rowCount: number): boolean => codeCount > 64 && codeCount * 3 > rowCount
