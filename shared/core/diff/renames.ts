import { userColumns } from '../catalogue/user-columns.ts'
import type { RowId } from '../table/table.ts'
import { columnAt, type Sheet } from './paired-columns.ts'

/**
 * A vanished user and a new one who share first and last name and a number or an extension are taken for one person whose
 * email changed: Control Hub would make a second user (domain.md §1.4). Each vanished user is paired once, in the file's order;
 * numbers are looked at before extensions because they say more.
 * Returns the vanished baseline row by new file row.
 */
export function findRenames(
  file: Sheet,
  newRows: readonly RowId[],
  baseline: Sheet,
  vanishedRows: readonly RowId[],
): ReadonlyMap<RowId, RowId> {
  const renames = new Map<RowId, RowId>()
  if (newRows.length === 0 || vanishedRows.length === 0) return renames
  const ourMarks = marksOf(file)
  const theirMarks = marksOf(baseline)
  const wanted = new Set(newRows.flatMap((row) => ourMarks(row)))
  const vanished = new Map<string, RowId[]>()
  for (const row of vanishedRows) {
    for (const mark of theirMarks(row)) {
      if (!wanted.has(mark)) continue
      const rows = vanished.get(mark)
      if (rows === undefined) vanished.set(mark, [row])
      else rows.push(row)
    }
  }
  const taken = new Set<RowId>()
  for (const row of newRows) {
    const former = ourMarks(row)
      .flatMap((mark) => vanished.get(mark) ?? [])
      .find((candidate) => !taken.has(candidate))
    if (former === undefined) continue
    taken.add(former)
    renames.set(row, former)
  }
  return renames
}

/** What a person is known by besides the email: the name with each number, then the name with the extension. */
function marksOf(sheet: Sheet): (row: RowId) => readonly string[] {
  const users = userColumns(sheet.columns)
  const text = (column: number): ((row: RowId) => string) => {
    if (column < 0) return () => ''
    const cells = columnAt(sheet.table, column)
    return (row) => cells.textOf(row).trim()
  }
  const [first, last, phone, extension] = [text(users.firstName), text(users.lastName), text(users.phone), text(users.extension)]
  return (row) => {
    const [given, family] = [first(row), last(row)]
    if (given === '' || family === '') return []
    const name = `${given}\n${family}`.normalize('NFC').toLowerCase()
    const numbers = numbersIn(phone(row)).map((digits) => `number\n${digits}\n${name}`)
    const digits = extension(row)
    return digits === '' ? numbers : [...numbers, `extension\n${digits}\n${name}`]
  }
}

/** The digits of each number of a cell that the user keeps: `REMOVE|` numbers left out, marks and separators taken off. */
function numbersIn(cell: string): readonly string[] {
  if (cell === '') return []
  return cell
    .split(',')
    .filter((part) => !/^\s*REMOVE\|/iu.test(part))
    .map((part) => part.replace(/\D/gu, '').replace(/^00/u, ''))
    .filter((digits) => digits.length >= 7)
}
