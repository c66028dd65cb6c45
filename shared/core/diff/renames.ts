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
  const ours = marksOf(file)
  const theirs = marksOf(baseline)
  // Names first: of few is more to be read.
  const names = new Set<string>()
  for (const row of newRows) names.add(ours.nameOf(row))
  const vanished = new Map<string, RowId[]>()
  const vanishedNames = new Set<string>()
  for (const row of vanishedRows) {
    const name = theirs.nameOf(row)
    if (name === '' || !names.has(name)) continue
    vanishedNames.add(name)
    for (const mark of theirs.marksOf(row)) {
      const rows = vanished.get(mark)
      if (rows === undefined) vanished.set(mark, [row])
      else rows.push(row)
    }
  }
  const taken = new Set<RowId>()
  for (const row of newRows) {
    if (!vanishedNames.has(ours.nameOf(row))) continue
    const former = ours
      .marksOf(row)
      .flatMap((mark) => vanished.get(mark) ?? [])
      .find((candidate) => !taken.has(candidate))
    if (former === undefined) continue
    taken.add(former)
    renames.set(row, former)
  }
  return renames
}

interface PersonMarks {
  /** First and last name, empty where either is blank. */
  nameOf(row: RowId): string
  /** What a person is known by besides the email: the name with each number, then the name with the extension. */
  marksOf(row: RowId): readonly string[]
}

function marksOf(sheet: Sheet): PersonMarks {
  const users = userColumns(sheet.columns)
  const text = (column: number): ((row: RowId) => string) => {
    if (column < 0) return () => ''
    const cells = columnAt(sheet.table, column)
    return (row) => cells.textOf(row).trim()
  }
  const [phone, extension] = [text(users.phone), text(users.extension)]
  const [first, last] = [folded(text(users.firstName)), folded(text(users.lastName))]
  const nameOf = (row: RowId): string => {
    const [given, family] = [first(row), last(row)]
    return given === '' || family === '' ? '' : `${given}\n${family}`
  }
  return {
    nameOf,
    marksOf(row) {
      const name = nameOf(row)
      if (name === '') return []
      const numbers = numbersIn(phone(row)).map((digits) => `number\n${digits}\n${name}`)
      const digits = extension(row)
      return digits === '' ? numbers : [...numbers, `extension\n${digits}\n${name}`]
    },
  }
}

/** Names are one whatever their case; few are met often. */
function folded(textOf: (row: RowId) => string): (row: RowId) => string {
  const known = new Map<string, string>()
  return (row) => {
    const text = textOf(row)
    let name = known.get(text)
    if (name === undefined) known.set(text, (name = text.normalize('NFC').toLowerCase()))
    return name
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
