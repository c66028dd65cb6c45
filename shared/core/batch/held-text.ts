import { catalogue } from '../catalogue/columns.ts'
import { numbersOf } from '../control-hub/written-text.ts'

/** Column keys under which numbers stand. */
const phoneKeys: ReadonlySet<string> = new Set(catalogue.filter(({ value }) => value === 'phones').map(({ name }) => name))

const isMarked = (column: string, text: string): boolean => text.includes('|') && phoneKeys.has(column)

const onlyRemoves = (text: string): boolean => text.split(',').every((part) => /^\s*(REMOVE\|.*)?$/iu.test(part))
const removedBy = (text: string): readonly string[] =>
  text.split(',').flatMap((part) => /^\s*REMOVE\|(.*)$/iu.exec(part)?.[1]?.trim() ?? [])

/**
 * The text that a user who held `before` holds once a cell was written. `PRIMARY|+4…1,REMOVE|+4…0` in a phone column tells Control Hub what
 * to do; what stands there afterwards is `+4…1`, and so does a fresh export have it. A cell that only takes numbers away leaves those that
 * it does not name. Several numbers that stay keep the mark of the first.
 */
export function heldAfter(column: string, before: string, text: string): string {
  if (!isMarked(column, text)) return text
  const isLess = onlyRemoves(text)
  const gone = isLess ? removedBy(text) : []
  const numbers = numbersOf(isLess ? before : text).filter((number) => !gone.includes(number))
  return numbers.length > 1 && /PRIMARY\|/iu.test(isLess ? before : text) ? `PRIMARY|${numbers.join(',')}` : numbers.join(',')
}

/** The same for all cells of an item; most have no mark and are taken as they are. */
export const heldCells = <C extends { readonly column: string; readonly before: string; readonly after: string }>(
  cells: readonly C[],
): readonly C[] =>
  cells.some(({ column, after }) => isMarked(column, after))
    ? cells.map((cell) => ({ ...cell, after: heldAfter(cell.column, cell.before, cell.after) }))
    : cells

/** Whether a user holds the same by two texts: the same to the letter or, in a phone column, the same numbers in the same order. */
export const isSameHeld = (column: string, a: string, b: string): boolean =>
  a === b || ((isMarked(column, a) || isMarked(column, b)) && numbersOf(a).join() === numbersOf(b).join())

/**
 * The cell that takes another one back. A number that came with it has to be taken away in so many words: Control Hub keeps what it is
 * not told to remove.
 */
export function takenBack(column: string, before: string, after: string): { readonly before: string; readonly after: string } {
  const held = heldAfter(column, before, after)
  if (!phoneKeys.has(column)) return { before: held, after: before }
  const stay = numbersOf(before)
  const [first, ...more] = stay
  const leave = numbersOf(after).filter((number) => !stay.includes(number))
  if (first === undefined || leave.length === 0) return { before: held, after: before }
  return { before: held, after: [`PRIMARY|${first}`, ...more, ...leave.map((number) => `REMOVE|${number}`)].join(',') }
}
