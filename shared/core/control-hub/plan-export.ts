import type { RecognisedColumn } from '../catalogue/column.ts'
import { packageNames, type PackageName } from '../catalogue/packages.ts'
import { userColumns } from '../catalogue/user-columns.ts'
import { err, ok, type Result } from '../../kit/result.ts'
import { controlHubDialect, writeCsv } from '../csv/write-csv.ts'
import type { Change } from '../diff/change-set.ts'
import { isClear } from '../diff/cell-meaning.ts'
import type { Comparison } from '../diff/compare-with-baseline.ts'
import { columnAt, roleOf, type PairedColumn, type Sheet } from '../diff/paired-columns.ts'
import { tableFromRows } from '../table/table-from-rows.ts'
import { writtenPhones, writtenText } from './written-text.ts'

export interface ExportInput extends Sheet {
  readonly changeSet: Comparison
  /** `all`: the file's header less read-only and removed columns. `changed`: names, email and what really changes. */
  readonly mode: 'all' | 'changed'
  /** Users per file, at least 1; Control Hub takes 20,000. */
  readonly maxRows: number
  /** What the files are called after: `01-of-02-<name>.csv`. */
  readonly name: string
}

/** Why no files can be made. Each has the shape of the app error of the same code. */
export type ExportProblem =
  | { readonly code: 'guard/suspended-column'; readonly column: string; readonly rows: number }
  | { readonly code: 'guard/refused'; readonly detail: string }

export interface PlannedFile {
  readonly order: number
  readonly name: string
  readonly rows: number
  readonly adds: number
  readonly changes: number
  readonly removals: number
  /** The customer's users per package once this file and those before it are imported. */
  readonly packages: Readonly<Partial<Record<PackageName, number>>>
}

/** What the files cannot do, though the draft asks for it. */
export interface ExportNote {
  readonly email: string
  readonly column: string
  /**
   * `cannot-clear`: no CSV empties this cell. `second-user`: Control Hub makes a second user of a changed email.
   * `location`: the import ignores or refuses another location of a calling user.
   */
  readonly kind: 'cannot-clear' | 'second-user' | 'location'
}

export interface ExportPlan {
  readonly name: string
  readonly columns: 'all' | 'changed'
  readonly maxRows: number
  readonly files: readonly PlannedFile[]
  readonly notes: readonly ExportNote[]
  /** The whole file in chunks, made when asked for. UTF-8 without BOM, comma, CRLF after every line. `order` from 1. */
  bytesOf(order: number): Iterable<Uint8Array>
}

/**
 * The files that carry a change set into Control Hub: added and changed users first, removals last in files of their own, at most
 * `maxRows` users each. Users who do not change are in no file; without a baseline everyone is new and so in one.
 *
 * A user's package is one field: where it is touched or the user is new, one package column says TRUE and the others FALSE; of a
 * new user without a package the cells stay as the file has them, and where they all say FALSE the user is in a removal file. Other
 * licences, base licences included, go as the draft has them, and blank cells stay blank. Refused is what Control Hub would
 * refuse or read as something nobody asked for: TRUE below a suspended column, a package taken away without a removal,
 * a package whose old column the file does not have.
 */
export function planExport(input: ExportInput): Result<ExportPlan, ExportProblem> {
  const { changeSet, columns, mode, maxRows, name } = input
  if (!Number.isInteger(maxRows) || maxRows < 1)
    return err({ code: 'guard/refused', detail: `a file holds at least one user, not ${maxRows}` })
  if (userColumns(columns).email < 0) return err({ code: 'guard/refused', detail: 'there is no email column' })

  const all = Array.from({ length: changeSet.count }, (_, index) => index)
  const deletes = deletingRows(input)
  const removals = all.filter(deletes)
  const others = all.filter((index) => !deletes(index))
  const parts = [others, removals].map((indexes) => ({ indexes, columns: columnsToWrite(input, indexes) }))
  for (const part of parts) {
    const problem = packageProblem(input, part.indexes) ?? suspendedProblem(input, part.indexes, part.columns)
    if (problem !== null) return err(problem)
  }

  const chunks = parts.flatMap((part) => chunksOf(part.indexes, maxRows).map((indexes) => ({ ...part, indexes })))
  return ok({
    name,
    columns: mode,
    maxRows,
    files: describeFiles(
      changeSet,
      chunks.map((chunk) => chunk.indexes),
      name,
      deletes,
    ),
    notes: notesOf(input, others),
    bytesOf(order) {
      const chunk = chunks[order - 1]
      if (chunk === undefined) throw new RangeError(`There is no file ${order}; there are ${chunks.length}`)
      return fileBytes(input, chunk.columns, chunk.indexes)
    },
  })
}

function chunksOf(indexes: readonly number[], size: number): readonly (readonly number[])[] {
  return Array.from({ length: Math.ceil(indexes.length / size) }, (_, chunk) => indexes.slice(chunk * size, (chunk + 1) * size))
}

const touchesPackage = (change: Pick<Change, 'intent'>): boolean => change.intent !== 'update'

/**
 * What Control Hub would delete: a removal, and whoever the baseline does not know while the file says FALSE in every package
 * column. Without a baseline nobody knows whether such a user is there, so the row stands where it is seen: among the removals.
 */
function deletingRows(input: ExportInput): (index: number) => boolean {
  const { changeSet } = input
  const packages = input.columns.filter((column) => roleOf(column, -1) === 'package').map((column) => cellWriter(input, column))
  return (index) =>
    changeSet.placeOf(index).intent === 'remove' ||
    (packages.length > 0 && changeSet.packageAt(index) === null && packages.every((write) => write(index) === 'FALSE'))
}

/** Names and email always go along: Control Hub wants them, and a person must be able to read the file. */
function columnsToWrite({ columns, changeSet, mode }: ExportInput, indexes: readonly number[]): readonly RecognisedColumn[] {
  const users = userColumns(columns)
  const writable = columns.filter((column) => roleOf(column, users.email) !== 'ignored')
  if (mode === 'all') return writable
  const packages = [...users.packages.values()].flat()
  const wanted = new Set([users.firstName, users.lastName, users.displayName, users.email])
  for (const index of indexes) {
    for (const cell of changeSet.cellsAt(index)) wanted.add(cell.column.index)
    if (touchesPackage(changeSet.placeOf(index))) for (const column of packages) wanted.add(column)
  }
  // All or none: FALSE in every package column of a file deletes, and the one that says TRUE must not be left out.
  if (packages.some((column) => wanted.has(column))) for (const column of packages) wanted.add(column)
  return writable.filter((column) => wanted.has(column.index))
}

function packageProblem({ changeSet, columns }: ExportInput, indexes: readonly number[]): ExportProblem | null {
  const { packages } = userColumns(columns)
  for (const index of indexes) {
    const { intent, email, from = null, to = null } = changeSet.changeAt(index)
    if (intent !== 'packageChange') continue
    if (to === null) {
      const detail = `${email} would be left without a package, which Control Hub reads as a removal: set every package column FALSE to remove, or choose one`
      return { code: 'guard/refused', detail }
    }
    if (from !== null && !packages.has(from)) {
      return { code: 'guard/refused', detail: `${email} leaves ${from}, but the file has no column for it: add the column` }
    }
  }
  return null
}

function suspendedProblem(input: ExportInput, indexes: readonly number[], columns: readonly RecognisedColumn[]): ExportProblem | null {
  for (const column of columns.filter((candidate) => candidate.suspended)) {
    const write = cellWriter(input, column)
    const rows = indexes.filter((index) => write(index) === 'TRUE').length
    if (rows > 0) return { code: 'guard/suspended-column', column: column.header, rows }
  }
  return null
}

function fileBytes(input: ExportInput, columns: readonly RecognisedColumn[], indexes: readonly number[]): Iterable<Uint8Array> {
  const writers = columns.map((column) => cellWriter(input, column))
  const header = columns.map((column) => column.header)
  const rows = indexes.map((index) => writers.map((write) => write(index)))
  const written = writeCsv(tableFromRows(header, rows), { dialect: controlHubDialect })
  if (!written.ok) throw new Error(written.error.detail) // UTF-8 holds every character
  return written.value
}

function cellWriter(input: ExportInput, column: RecognisedColumn): (index: number) => string {
  const { changeSet, table } = input
  const cells = columnAt(table, column.index)
  const isBoolean = column.column?.value === 'boolean'
  const paired = changeSet.columns.find((candidate) => candidate.index === column.index)
  if (paired?.role === 'package' && paired.package !== null) return packageWriter(input, paired, paired.package)
  if (column.column?.id === 'phone-number') {
    return (index) => {
      const { row, baselineRow } = changeSet.placeOf(index)
      return writtenPhones(cells.textOf(row), baselineRow < 0 ? '' : (paired?.baseline?.textOf(baselineRow) ?? ''))
    }
  }
  return (index) => writtenText(cells.textOf(changeSet.placeOf(index).row), isBoolean)
}

/**
 * Where several columns give one package (two subscriptions), the one that the file has TRUE gives it, else the first.
 */
function packageWriter({ changeSet, columns, table }: ExportInput, column: PairedColumn, name: PackageName): (index: number) => string {
  const { packages } = userColumns(columns)
  const siblings = (packages.get(name) ?? []).map((index) => ({ index, cells: columnAt(table, index) }))
  return (index) => {
    const { row } = changeSet.placeOf(index)
    const own = writtenText(column.file.textOf(row), true)
    if (!touchesPackage(changeSet.placeOf(index))) {
      // FALSE takes nothing from a user whose package the file has no column for, but FALSE alone reads as a removal.
      const kept = changeSet.packageAt(index)
      return own === 'FALSE' && kept !== null && !packages.has(kept) ? '' : own
    }
    // Nobody asked for a package: a FALSE that the file does not say would delete a user who is there already.
    const { intent } = changeSet.placeOf(index)
    if ((intent === 'add' || intent === 'rename') && changeSet.packageAt(index) === null) return own
    if (changeSet.packageAt(index) !== name) return 'FALSE'
    const giver = siblings.find(({ cells }) => writtenText(cells.textOf(row), true) === 'TRUE') ?? siblings[0]
    return giver?.index === column.index ? 'TRUE' : 'FALSE'
  }
}

function describeFiles(
  changeSet: Comparison,
  chunks: readonly (readonly number[])[],
  name: string,
  deletes: (index: number) => boolean,
): readonly PlannedFile[] {
  const users = new Map<PackageName, number>(changeSet.packages.map((count) => [count.package, count.before]))
  const digits = Math.max(2, String(chunks.length).length)
  const padded = (number: number): string => String(number).padStart(digits, '0')
  return chunks.map((indexes, chunk) => {
    const file = { adds: 0, changes: 0, removals: 0 }
    for (const index of indexes) {
      const change = changeSet.changeAt(index)
      if (deletes(index)) file.removals++
      else if (change.intent === 'add' || change.intent === 'rename') file.adds++
      else file.changes++
      if (change.from) users.set(change.from, (users.get(change.from) ?? 0) - 1)
      if (change.to) users.set(change.to, (users.get(change.to) ?? 0) + 1)
    }
    const known = packageNames.flatMap((packageName) => {
      const count = users.get(packageName)
      return count === undefined ? [] : [[packageName, count] as const]
    })
    const suffix = file.removals > 0 ? '-removals' : ''
    return {
      order: chunk + 1,
      name: `${padded(chunk + 1)}-of-${padded(chunks.length)}-${fileStem(name)}${suffix}.csv`,
      rows: indexes.length,
      ...file,
      packages: Object.fromEntries(known),
    }
  })
}

/** A name that every file system takes: no path, no ending, nothing that Windows forbids. */
function fileStem(name: string): string {
  const base = name.split(/[/\\]/u).at(-1) ?? ''
  const stem = base
    .replace(/\.(csv|xlsx|xlsm|xls|txt|tsv)$/iu, '')

    .replace(/[<>:"|?*\u0000-\u001f]/gu, '-')
    .replace(/^[. ]+|[. ]+$/gu, '')
  return stem === '' ? 'users' : stem
}

function notesOf({ changeSet, table }: ExportInput, indexes: readonly number[]): readonly ExportNote[] {
  const notes: ExportNote[] = []
  const emailColumn = changeSet.columns.find((column) => column.role === 'email')
  const clearable = changeSet.columns.filter((column) => column.role === 'cell')
  for (const index of indexes) {
    const { intent, row, baselineRow } = changeSet.placeOf(index)
    if (baselineRow < 0) continue
    const email = emailColumn?.file.textOf(row).trim() ?? ''
    if (intent === 'rename') notes.push({ email, column: emailColumn?.header ?? '', kind: 'second-user' })
    const changed = new Set(changeSet.cellsAt(index).map((cell) => cell.column.index))
    for (const column of clearable.filter((candidate) => changed.has(candidate.index))) {
      const valueKind = column.recognised.column?.value
      const text = columnAt(table, column.index).textOf(row)
      if (isClear(text) && column.recognised.column?.id !== 'phone-number')
        notes.push({ email, column: column.header, kind: 'cannot-clear' })
      else if (valueKind === 'location' && intent !== 'rename') notes.push({ email, column: column.header, kind: 'location' })
    }
  }
  return notes
}
