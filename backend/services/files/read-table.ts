import { userColumns } from '../../../shared/core/catalogue/user-columns.ts'
import { recogniseColumns, scoreHeader } from '../../../shared/core/catalogue/recognise.ts'
import type { RecognisedColumn } from '../../../shared/core/catalogue/column.ts'
import { isViewOnly } from '../../../shared/core/control-hub/view-only.ts'
import type { Arrival } from '../../../shared/core/csv/arrival.ts'
import { readCsvSteps } from '../../../shared/core/csv/read-csv.ts'
import { sniff } from '../../../shared/core/csv/sniff.ts'
import type { SourceFacts } from '../../../shared/core/csv/source-facts.ts'
import type { CustomerProfile } from '../../../shared/core/customer/profile.ts'
import { limits } from '../../../shared/core/limits.ts'
import type { EditableTable } from '../../../shared/core/table/editable-table.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { FileProblem } from '../../ports/file-access.ts'
import { inSlices, quietWork, unlessCancelled, type Slices } from '../jobs.ts'
import { fileError, workbookError } from '../problems.ts'
import type { FileSource, OpenedFile } from '../services.ts'
import type { World } from '../world.ts'

export interface ReadTableOptions {
  readonly sheet?: string
  readonly customer?: CustomerProfile
  readonly signal?: AbortSignal
  /** Who is told how far the reading is, and may end it. */
  readonly work?: Slices
  /** What the reading is called there. */
  readonly step?: 'read' | 'baseline'
  /** Refuse a file that has no column of emails: nobody in it could be told apart from anybody in another. */
  readonly needsEmails?: boolean
  /** A list of other things than users: a single column of any name will do. */
  readonly isPlainList?: boolean
  /** Is shown the bytes of a file of this machine once all are there. A workbook's are not seen: who parses it reads it. */
  readonly onBytes?: (bytes: Uint8Array) => void
}

/** What reading a table needs. */
export type TableReader = Pick<World, 'files' | 'baseName' | 'isUtf8' | 'holdsNul' | 'breathe' | 'clock' | 'workbookReader'>

/** A CSV or XLSX file as a table with its columns recognised. The first bytes decide what it is, never its name. */
export async function readTable(
  world: TableReader,
  source: FileSource,
  options: ReadTableOptions = {},
): Promise<Result<OpenedFile, AppError>> {
  const name = 'path' in source ? world.baseName(source.path) : source.name
  const usable = 'path' in source ? await usableFile(world, source.path, name) : ok({ start: source.bytes.subarray(0, startLength) })
  if (!usable.ok) return usable
  const read = isContainer(usable.value.start, name)
    ? await readWorkbook(world, 'path' in source ? source.path : source.bytes, name, options)
    : await readBytes(world, source, name, options)
  if (!read.ok) return read
  const columns = recogniseTable(read.value.table, options.customer)
  const problem =
    noTableProblem(name, read.value.facts, columns, options.isPlainList === true) ??
    (options.needsEmails === true ? noEmailsProblem(read.value.facts, columns) : null)
  return problem === null ? ok({ ...read.value, columns }) : err(ofSheet(problem, read.value.facts))
}

/** What is wrong with one sheet: a cover page in front of the users is no reason to give the workbook up, so the others are named. */
function ofSheet(problem: AppError, { sheet, sheets = [] }: Pick<SourceFacts, 'sheet' | 'sheets'>): AppError {
  if (problem.code !== 'file/unusable' || sheet === undefined) return problem
  const detail = problem.reason === 'empty' ? `Sheet "${sheet}" is empty.` : `Sheet "${sheet}": ${problem.detail}`
  return { ...problem, detail, ...(sheets.some((name) => name !== sheet) ? { sheet, sheets } : {}) }
}

/** The live columns, in their order, each with its index in the table. */
export function recogniseTable(table: EditableTable, customer: CustomerProfile | undefined): readonly RecognisedColumn[] {
  const headers = table.live.map((index) => table.columns[index]?.header ?? '')
  return recogniseColumns(headers, customer).map((column, place) => ({ ...column, index: table.live[place] ?? place }))
}

/** What is looked at to tell what a file is. */
const startLength = 512

function isContainer(start: Uint8Array, name: string): boolean {
  const { kind } = sniff(start, name)
  return kind === 'zip' || kind === 'ole'
}

/** The first bytes of a file that may be opened; none of a pipe, which can be read only once. */
async function usableFile({ files }: TableReader, path: string, name: string): Promise<Result<{ readonly start: Uint8Array }, AppError>> {
  const found = await files.stat(path)
  if (found === null) return err({ code: 'file/not-found', path })
  if (found.isFolder) return err({ code: 'file/unusable', name, reason: 'not-a-table', detail: 'This is a folder, not a file.' })
  if (found.size > limits.fileBytes) {
    const megabytes = (size: number): number => Math.ceil(size / 1024 / 1024)
    const detail = `The file has ${megabytes(found.size)} MB; at most ${megabytes(limits.fileBytes)} MB can be opened.`
    return err({ code: 'file/unusable', name, reason: 'over-limit', detail })
  }
  if (found.size === 0) return ok({ start: new Uint8Array(0) })
  const start = await files.readStart(path, startLength)
  return start.ok ? ok({ start: start.value }) : err(fileError(start.error))
}

async function readBytes(world: TableReader, source: FileSource, name: string, options: ReadTableOptions): Promise<Read> {
  if ('bytes' in source) return readText(world, source.bytes, name, options)
  const coming = comingFile(world, source.path)
  try {
    const first = await unlessCancelled(coming.first, options.signal)
    const read = first === null ? null : await readText(world, first, name, options, coming).catch(orBrokenOff)
    const bytes = await unlessCancelled(coming.whole, options.signal)
    if (!bytes.ok) return err(fileError(bytes.error))
    options.onBytes?.(bytes.value)
    if (read !== null && bytes.value === first) return read
    // A workbook may come out of a pipe.
    return isContainer(bytes.value.subarray(0, startLength), name)
      ? await readWorkbook(world, bytes.value, name, options)
      : await readText(world, bytes.value, name, options)
  } finally {
    coming.stop()
  }
}

function orBrokenOff(thrown: unknown): null {
  if (thrown instanceof BrokenOff) return null
  throw thrown
}

/** A file that is being read. */
interface ComingFile {
  /** The array into which a large file comes, once its first piece is there; null for one that is there at once, or cannot be read. */
  readonly first: Promise<Uint8Array<ArrayBuffer> | null>
  readonly whole: Promise<Result<Uint8Array<ArrayBuffer>, FileProblem>>
  readonly arrival: Arrival
  /** When as much is there as is needed to go on; false: no more comes, or it is another file than it was. */
  enough(): Promise<boolean>
  stop(): void
}

function comingFile({ files }: TableReader, path: string): ComingFile {
  const arrival = { filled: 0, needed: 0 }
  const ending = new AbortController()
  let tell: () => void = () => undefined
  let isOver = false
  let array: Uint8Array<ArrayBuffer> | null = null
  const news = (): Promise<void> => new Promise((resolve) => (tell = resolve))
  const firstNews = news()
  const whole = files
    .read(path, limits.fileBytes, {
      signal: ending.signal,
      onPiece(bytes, filled) {
        array = bytes
        arrival.filled = filled
        tell()
      },
    })
    .then((read) => {
      isOver = true
      if (read.ok && read.value === array) arrival.filled = array.length
      tell()
      return read
    })
  return {
    first: firstNews.then(() => array),
    whole,
    arrival,
    async enough() {
      while (arrival.filled < arrival.needed && !isOver) await news()
      return arrival.filled >= arrival.needed
    },
    stop: () => {
      ending.abort()
    },
  }
}

type Read = Result<{ readonly table: EditableTable; readonly facts: SourceFacts }, AppError>

async function readText(
  world: TableReader,
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
  { work = quietWork(world), step = 'read', signal }: ReadTableOptions,
  coming?: ComingFile,
): Promise<Read> {
  const { isUtf8, holdsNul } = world
  const steps = readCsvSteps(bytes, { name, scoreHeader, isUtf8, holdsNul, ...(coming === undefined ? {} : { arrival: coming.arrival }) })
  const read = await inSlices(steps, coming === undefined ? work : asItComes(work, coming, signal), step)
  return read.ok ? read : err({ code: 'file/unusable', name, ...read.error })
}

/** Thrown where a file that is read while it comes in comes to no end. */
class BrokenOff extends Error {}

/** Pauses that also wait for the bytes which are needed next. */
const asItComes = ({ pause, progress }: Slices, coming: ComingFile, signal: AbortSignal | undefined): Slices => ({
  progress,
  async pause() {
    await pause()
    if (coming.arrival.filled >= coming.arrival.needed) return
    if (!(await unlessCancelled(coming.enough(), signal))) throw new BrokenOff()
  },
})

/** `source`: its bytes, or its path: the process that parses it then reads it itself, and it is never held here. */
async function readWorkbook(
  world: TableReader,
  source: Uint8Array<ArrayBuffer> | string,
  name: string,
  { sheet, signal, work, step = 'read' }: ReadTableOptions,
): Promise<Read> {
  const content = await world.workbookReader.read(source, {
    ...(sheet === undefined ? {} : { sheet }),
    ...(signal === undefined ? {} : { signal }),
  })
  if (!content.ok) return err(workbookError(name, content.error))
  const { csv, sheets, notices } = content.value
  const { isUtf8, holdsNul } = world
  const steps = readCsvSteps(csv, { name, scoreHeader, isUtf8, holdsNul, encoding: 'utf-8', delimiter: ',' })
  const read = await inSlices(steps, work ?? quietWork(world), step)
  const known = { sheet: content.value.sheet, sheets: sheets.filter(({ hidden }) => !hidden).map((one) => one.name) }
  if (!read.ok) return err(ofSheet({ code: 'file/unusable', name, ...read.error }, known))
  const facts: SourceFacts = { ...read.value.facts, format: 'xlsx', ...known, notices }
  return ok({ table: read.value.table, facts })
}

/** Nothing in the first row is known: perhaps it is data, perhaps the file is no table at all. */
function noTableProblem(
  name: string,
  { headerRow }: SourceFacts,
  columns: readonly RecognisedColumn[],
  isPlainList: boolean,
): AppError | null {
  if (isViewOnly(columns.map(({ header }) => header))) {
    const detail =
      'This is a copy for viewing only: its cells carry marks that do not belong to the users. Open the file that it was made from.'
    return { code: 'file/unusable', name, reason: 'view-only', detail, row: headerRow }
  }
  if (columns.some(({ column }) => column !== null)) return null
  if (columns.some(({ header }) => /^\S+@\S+\.\S+$/u.test(header.trim()))) {
    const detail = `Row ${headerRow} holds a user, not column names. Put the header row above it.`
    return { code: 'file/unusable', name, reason: 'no-header', detail, row: headerRow }
  }
  if (columns.length > 1 || isPlainList) return null
  return {
    code: 'file/unusable',
    name,
    reason: 'not-a-table',
    detail: 'There is one column, and it is none that a user list has.',
    row: headerRow,
  }
}

function noEmailsProblem({ name, headerRow }: SourceFacts, columns: readonly RecognisedColumn[]): AppError | null {
  if (userColumns(columns).email >= 0) return null
  const detail =
    'No column is recognised as “User ID/Email (Required)”, and users are told apart by it. Give the column of the emails that name.'
  return { code: 'file/unusable', name, reason: 'no-emails', detail, row: headerRow }
}
