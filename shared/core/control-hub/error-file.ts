import { err, ok, type Result } from '../../kit/result.ts'
import { isBlank } from '../diff/cell-meaning.ts'
import type { RowId, Table } from '../table/table.ts'

/**
 * The two errors that the vendor documents for wholesale, both repaired by taking the package away and giving it again
 * (domain.md §1.5, SEED-NO): `attributes-not-updated` leaves the licence change standing, `licence-not-updated` does not.
 */
export type ImportErrorKind = 'attributes-not-updated' | 'licence-not-updated' | 'other'

export interface ImportError {
  readonly email: string
  /** The row in the file that was imported (header 1), where the error file says so. */
  readonly row: number | null
  readonly message: string
  readonly kind: ImportErrorKind
  /** The row in the error file itself. */
  readonly at: number
}

export interface ErrorFile {
  readonly errors: readonly ImportError[]
  /** Headers of the columns that were taken for what they are. */
  readonly emailColumn: string
  readonly messageColumn: string
  readonly rowColumn: string | null
  /** Rows that name no user or say nothing. */
  readonly passedOver: number
}

export interface ErrorFileProblem {
  readonly detail: string
}

/**
 * Control Hub's list of what failed. Its columns are not documented, so any table does that has a column of emails and a column of
 * messages, in any order: headers that say so count most, then what stands in the cells.
 */
export function readErrorFile(table: Table): Result<ErrorFile, ErrorFileProblem> {
  const columns = table.columns.map((column, index) => ({ index, header: column.header, ...look(table, index) }))
  const email = best(columns, (column) => (column.emails === 0 ? 0 : column.emails + ownership(column.header)))
  if (email === null) return err({ detail: 'no column holds emails' })
  const rest = columns.filter((column) => column.index !== email.index)
  const message =
    best(rest, (column) =>
      messageHeader.test(column.header) && !codeHeader.test(column.header) && column.filled > 0 ? column.words + 1 : 0,
    ) ?? best(rest, (column) => (column.words >= 2 ? column.words : 0))
  if (message === null) return err({ detail: 'no column holds messages' })
  const row =
    rest.find((column) => rowHeader.test(column.header.trim()) && column.wholeNumbers === column.filled && column.filled > 0) ?? null

  const textOf = (column: number, id: RowId): string => table.columns[column]?.textOf(id).trim() ?? ''
  const errors: ImportError[] = []
  for (const id of table.rows) {
    const [user, said] = [textOf(email.index, id), textOf(message.index, id)]
    if (user === '' || said === '') continue
    const number = row === null ? '' : textOf(row.index, id)
    errors.push({ email: user, row: number === '' ? null : Number(number), message: said, kind: kindOf(said), at: table.numberOf(id) })
  }
  return ok({
    errors,
    emailColumn: email.header,
    messageColumn: message.header,
    rowColumn: row?.header ?? null,
    passedOver: table.rows.length - errors.length,
  })
}

const emailHeader = /e-?mail|e-?post|user ?id|bruker-?id|bruger-?id/iu
/** Emails beside a user that are not the user's own, or not the one that counts: the columns of the export, and who uploaded. */
const otherHeader = /manager|altern|secondary|admin|upload|created|request|leder|chef|sekund|opp?lasta?t|oprettet|opprettet/iu
const userHeader = /^user\b|^bru[kg]er\b/iu

/** How far a header says that its emails are the users' own. What stands in the cells adds 1 at most. */
function ownership(header: string): number {
  const said = header.trim()
  if (otherHeader.test(said)) return 0
  return emailHeader.test(said) || userHeader.test(said) ? 2 : 1
}

const messageHeader = /error|message|reason|descri|detail|feil|fejl|melding|meddelelse|årsak|årsag|beskri?v/iu
const codeHeader = /code|kode|\bid\b|tracking/iu
const rowHeader = /^(row|line|rad|linje|række|rækkenr|#)\b/iu

interface Look {
  readonly filled: number
  readonly wholeNumbers: number
  /** Share of the filled cells that look like an email, 0 to 1. A few odd ones do not matter, half of them do. */
  readonly emails: number
  /** Words per filled cell, on average. */
  readonly words: number
}

/** The first filled cells say what a column is: a file of all users says something of few of them only. */
const sampleSize = 200

function look(table: Table, index: number): Look {
  const column = table.columns[index]
  const texts: string[] = []
  for (const row of table.rows) {
    if (texts.length === sampleSize) break
    const text = column?.textOf(row) ?? ''
    if (!isBlank(text)) texts.push(text)
  }
  const matching = (pattern: RegExp): number => texts.filter((text) => pattern.test(text.trim())).length
  const share = texts.length === 0 ? 0 : matching(/^[^\s@]+@[^\s@]+$/u) / texts.length
  const words = texts.reduce((sum, text) => sum + text.trim().split(/\s+/u).length, 0)
  return {
    filled: texts.length,
    wholeNumbers: matching(/^\d+$/u),
    emails: share >= 0.5 ? share : 0,
    words: texts.length === 0 ? 0 : words / texts.length,
  }
}

/** The candidate with the highest score above 0; of equals the first. */
function best<T>(candidates: readonly T[], score: (candidate: T) => number): T | null {
  let [winner, high]: [T | null, number] = [null, 0]
  for (const candidate of candidates) {
    const reached = score(candidate)
    if (reached > high) [winner, high] = [candidate, reached]
  }
  return winner
}

const attributes = /attribut|egenskap/iu
const licence = /licen[sc]e|lisens|licens/iu
const refused = /can ?n(o|')t|can't|could ?n(o|')t|could not|unable|fail|\bno\b|\bikke\b|\bingen\b|mislyk/iu
const update = /updat|opp?dater|modif|chang|endre|ændre/iu

/** The exact English is not public (domain.md §9.5), and pages show translations: so by the words that must be there. */
export function kindOf(message: string): ImportErrorKind {
  if (!refused.test(message) || !update.test(message)) return 'other'
  if (attributes.test(message)) return 'attributes-not-updated'
  return licence.test(message) ? 'licence-not-updated' : 'other'
}
