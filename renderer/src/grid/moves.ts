import { clamp, clampPlace, type GridSize, type Place } from './place.ts'

export type Direction = 'up' | 'down' | 'left' | 'right'

const stepOf: Readonly<Record<Direction, Place>> = {
  up: { row: -1, column: 0 },
  down: { row: 1, column: 0 },
  left: { row: 0, column: -1 },
  right: { row: 0, column: 1 },
}

export const step = (place: Place, direction: Direction, size: GridSize, by = 1): Place =>
  clampPlace({ row: place.row + stepOf[direction].row * by, column: place.column + stepOf[direction].column * by }, size)

/** Home, End, Ctrl+Home, Ctrl+End. */
export const lineStart = (place: Place): Place => ({ row: place.row, column: 0 })
export const lineEnd = (place: Place, size: GridSize): Place => ({ row: place.row, column: Math.max(0, size.columns - 1) })
export const firstPlace: Place = { row: 0, column: 0 }
export const lastPlace = (size: GridSize): Place => ({ row: Math.max(0, size.rows - 1), column: Math.max(0, size.columns - 1) })

/** Tab and Shift+Tab with one cell selected: to the next cell, at the end of a line to the next line; stops at the corners. */
export function tabFrom(place: Place, direction: 1 | -1, size: GridSize): Place {
  const last = Math.max(0, size.rows * size.columns - 1)
  const index = clamp(place.row * size.columns + place.column + direction, 0, last)
  return { row: Math.floor(index / size.columns), column: index % size.columns }
}

/**
 * Where Ctrl+arrow stops, as in every spreadsheet: inside filled cells at the last one before a blank; before a blank, at the next
 * filled one; and with nothing ahead, at the edge. `isFilled` answers for a stretch of `count` places going on from `from` in the
 * direction of travel. It is asked in stretches that grow, so that a short hop is quick and a million rows take few calls.
 */
export async function blankBorder(
  start: number,
  direction: 1 | -1,
  length: number,
  isFilled: (from: number, count: number) => Promise<readonly boolean[]>,
): Promise<number> {
  const edge = direction === 1 ? length - 1 : 0
  if (start === edge || length === 0) return start
  const here = (await isFilled(start, 1))[0] ?? false
  let at = start + direction
  let insideRun: boolean | null = here ? null : false
  let stretch = 200
  while (direction === 1 ? at <= edge : at >= edge) {
    const count = Math.min(stretch, Math.abs(edge - at) + 1)
    const filled = await isFilled(at, count)
    for (let i = 0; i < count; i++) {
      const is = filled[i] ?? false
      insideRun ??= is
      if (insideRun && !is) return at + direction * (i - 1)
      if (!insideRun && is) return at + direction * i
    }
    at += direction * count
    stretch = Math.min(stretch * 4, 50_000)
  }
  return edge
}
