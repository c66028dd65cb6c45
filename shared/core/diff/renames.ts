import { userColumns } from '../catalogue/user-columns.ts'
import type { RowId, TableColumn } from '../table/table.ts'
import { columnAt, type Sheet } from './paired-columns.ts'

/**
 * A vanished user and a new one who share first and last name and a number or an extension are taken for one person whose
 * email changed: Control Hub would make a second user (domain.md §1.4). Each vanished user is paired once, in the file's order;
 * numbers are looked at before extensions because they say more.
 * Returns the vanished baseline row by new file row.
 */
export function findRenames(file: Sheet, newRows: readonly RowId[], baseline: Sheet, vanishedRows: readonly RowId[]): Map<RowId, RowId> {
  const renames = new Map<RowId, RowId>()
  if (newRows.length === 0 || vanishedRows.length === 0) return renames
  const names = new Names()
  const ours = marksOf(file, names)
  const theirs = marksOf(baseline, names)
  // Names first: of few is more to be read.
  const newNames = new Set<number>()
  for (const row of newRows) newNames.add(ours.nameOf(row))
  const vanished = new Map<string, RowId[]>()
  const vanishedNames = new Set<number>()
  for (const row of vanishedRows) {
    const name = theirs.nameOf(row)
    if (name === noName || !newNames.has(name)) continue
    vanishedNames.add(name)
    for (const mark of theirs.marksOf(row, name)) {
      const rows = vanished.get(mark)
      if (rows === undefined) vanished.set(mark, [row])
      else rows.push(row)
    }
  }
  const taken = new Set<RowId>()
  for (const row of newRows) {
    const name = ours.nameOf(row)
    if (!vanishedNames.has(name)) continue
    const former = ours
      .marksOf(row, name)
      .flatMap((mark) => vanished.get(mark) ?? [])
      .find((candidate) => !taken.has(candidate))
    if (former === undefined) continue
    taken.add(former)
    renames.set(row, former)
  }
  return renames
}

/** The number of a name that lacks its first or last part. */
const noName = -1

interface PersonMarks {
  /** A number for first and last name together, `noName` where either is blank. */
  nameOf(row: RowId): number
  /** What a person of that name is known by besides the email: the name with each number, then the name with the extension. */
  marksOf(row: RowId, name: number): readonly string[]
}

function marksOf(sheet: Sheet, names: Names): PersonMarks {
  const users = userColumns(sheet.columns)
  const text = (column: number): ((row: RowId) => string) => {
    if (column < 0) return () => ''
    const cells = columnAt(sheet.table, column)
    return (row) => cells.textOf(row).trim()
  }
  const [phone, extension] = [text(users.phone), text(users.extension)]
  const part = (column: number): ((row: RowId) => number) => names.reader(column < 0 ? null : columnAt(sheet.table, column))
  const [first, last] = [part(users.firstName), part(users.lastName)]
  return {
    nameOf(row) {
      const [given, family] = [first(row), last(row)]
      return given === blank || family === blank ? noName : pairNumber(given, family)
    },
    marksOf(row, name) {
      const numbers = numbersIn(phone(row)).map((digits) => `number\n${digits}\n${String(name)}`)
      const digits = extension(row)
      return digits === '' ? numbers : [...numbers, `extension\n${digits}\n${String(name)}`]
    },
  }
}

const blank = 0
/** A number for two. While both are small it is small too, so that it needs no object of its own in a set. */
const pairNumber = (first: number, second: number): number =>
  first < 0x8000 && second < 0x8000 ? first * 0x8000 + second : first * mostParts + second + 0x4000_0000
/** More than there are cells, and its square is still a whole number to the processor. */
const mostParts = 2 ** 26

/** A number for each first or last name, whatever its case: pairs of numbers are found faster than texts put together. */
class Names {
  private readonly numbers = new Map<string, number>([['', blank]])

  /** Of a coded column each distinct text is read once. */
  reader(column: TableColumn | null): (row: RowId) => number {
    if (column === null) return () => blank
    if (!column.coded) return (row) => this.numberOf(column.textOf(row))
    const known: (number | undefined)[] = Array.from({ length: column.codeCount })
    return (row) => {
      const code = column.codeOf(row)
      return (known[code] ??= this.numberOf(column.textOfCode(code)))
    }
  }

  private numberOf(text: string): number {
    const name = text.trim().normalize('NFC').toLowerCase()
    const known = this.numbers.get(name)
    if (known !== undefined) return known
    const number = this.numbers.size
    this.numbers.set(name, number)
    return number
  }
}

/** The digits of each number of a cell that the user keeps: `REMOVE|` numbers left out, marks and separators taken off. */
function numbersIn(cell: string): readonly string[] {
  if (cell === '') return []
  if (/^\+[1-9]\d{6,}$/u.test(cell)) return [cell.slice(1)]
  return cell
    .split(',')
    .filter((part) => !/^\s*REMOVE\|/iu.test(part))
    .map((part) => part.replace(/\D/gu, '').replace(/^00/u, ''))
    .filter((digits) => digits.length >= 7)
}
