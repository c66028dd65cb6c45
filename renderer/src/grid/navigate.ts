import { firstPlace, lastPlace, lineEnd, lineStart, step, tabFrom, type Direction } from './moves.ts'
import type { GridSize, Place } from './place.ts'
import { cycle, extendTo, focusOf, isOneCell, selectAll, selectCell, widenToColumns, widenToRows, type Selection } from './selection.ts'

export interface KeyPress {
  readonly key: string
  readonly shift: boolean
  /** Ctrl, or Command on a Mac. */
  readonly mod: boolean
  readonly alt: boolean
}

/**
 * What a key does to the selection: a new one, a hop to the border of the filled cells (which needs texts and so takes a moment),
 * or only a look at the active cell. Null: the key is not one of movement.
 */
export type Movement =
  | { readonly kind: 'select'; readonly selection: Selection; readonly follow: Place | null }
  | { readonly kind: 'border'; readonly from: Place; readonly direction: Direction; readonly extends: boolean }
  | { readonly kind: 'look' }

const arrows: Readonly<Record<string, Direction>> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' }

const goTo = (place: Place): Movement => ({ kind: 'select', selection: selectCell(place), follow: place })
const stay = (selection: Selection): Movement => ({ kind: 'select', selection, follow: null })

export function navigate(selection: Selection, press: KeyPress, size: GridSize, pageRows: number): Movement | null {
  if (size.rows === 0 || size.columns === 0 || press.alt) return null
  const { shift, mod } = press
  const start = shift ? focusOf(selection) : selection.active
  const to = (place: Place): Movement => (shift ? { kind: 'select', selection: extendTo(selection, place), follow: place } : goTo(place))
  const direction = arrows[press.key]
  if (direction) return mod ? { kind: 'border', from: start, direction, extends: shift } : to(step(start, direction, size))
  switch (press.key) {
    case 'Home':
      return to(mod ? firstPlace : lineStart(start))
    case 'End':
      return to(mod ? lastPlace(size) : lineEnd(start, size))
    case 'PageUp':
      return mod ? null : to(step(start, 'up', size, pageRows))
    case 'PageDown':
      return mod ? null : to(step(start, 'down', size, pageRows))
    case 'Tab':
      return mod ? null : onwards(selection, shift ? -1 : 1, 'rows', size)
    case 'Enter':
      return mod ? null : onwards(selection, shift ? -1 : 1, 'columns', size)
    case 'Backspace':
      return mod ? { kind: 'look' } : null
    case ' ':
      if (mod && shift) return stay(selectAll(selection))
      if (mod) return stay(widenToColumns(selection))
      return shift ? stay(widenToRows(selection)) : null
    default:
      return mod && !shift && press.key.toLowerCase() === 'a' ? stay(selectAll(selection)) : null
  }
}

/** Tab and Enter: round within a selection of several cells, else on to the neighbour. */
export function onwards(selection: Selection, direction: 1 | -1, along: 'rows' | 'columns', size: GridSize): Movement {
  if (!isOneCell(selection, size)) {
    const next = cycle(selection, along, direction, size)
    return { kind: 'select', selection: next, follow: next.active }
  }
  if (along === 'rows') return goTo(tabFrom(selection.active, direction, size))
  return goTo(step(selection.active, direction === 1 ? 'down' : 'up', size))
}
