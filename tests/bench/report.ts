import { round, type Figure } from './part.ts'

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, index) => (index === 0 ? '---' : '--:')), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

const cell = (value: number | null, unit: string): string => (value === null ? '' : `${round(value).toLocaleString('en')} ${unit}`)

/** Goal, figure and peer side by side. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, value, unit, goal, peer, met }) => [
    what,
    cell(value, unit),
    cell(goal, unit),
    cell(peer, unit),
    met === null ? '' : met ? 'met' : '**missed**',
  ])
  return `${table(['what', 'figure', 'goal (at most)', 'peer', ''], rows)}\n`
}

export const rowsText = (rows: number): string => (rows % 1_000_000 === 0 ? `${String(rows / 1_000_000)}M` : `${String(rows / 1000)}k`)
