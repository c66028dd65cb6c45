const focusable = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), [tabindex="0"]'

const isSeen = (element: HTMLElement): boolean => element.getClientRects().length > 0

/** What in a pane takes the focus: its grid before the bars around it. */
const entryOf = (pane: HTMLElement): HTMLElement | undefined =>
  [...pane.querySelectorAll<HTMLElement>('[role="grid"][tabindex="0"]'), ...pane.querySelectorAll<HTMLElement>(focusable)].find(isSeen)

/** One that was left open in a view that is not on the screen is in nobody's way. */
export const hasDialog = (): boolean => [...document.querySelectorAll<HTMLElement>('[role="dialog"], [role="alertdialog"]')].some(isSeen)

/** The parts of the window (`data-pane`) that are on the screen, in the order in which they stand; of nested ones the inner. */
const panes = (): readonly HTMLElement[] => {
  const all = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter((pane) => entryOf(pane) !== undefined)
  return all.filter((pane) => !all.some((other) => other !== pane && pane.contains(other)))
}

/** Moves the focus to the next or previous part of the window: out of the grid, too, where Tab goes from cell to cell. */
export function focusPane(direction: 1 | -1): void {
  const all = panes()
  const at = all.findIndex((pane) => pane.contains(document.activeElement))
  const next = all[at < 0 ? (direction === 1 ? 0 : all.length - 1) : (at + direction + all.length) % all.length]
  if (next !== undefined) entryOf(next)?.focus()
}
