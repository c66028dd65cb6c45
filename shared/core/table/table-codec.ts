import { err, ok } from '../../kit/result.ts'
import type { Result } from '../../kit/result.ts'
import { asPlainBytes } from '../../kit/bytes.ts'
import { finish, thereAlready, type Steps } from '../../kit/steps.ts'
import { decodeUtf8, encodeUtf8 } from '../../kit/text.ts'
import type { Dialect } from '../csv/source-facts.ts'
import { markVersion } from './cell-mark.ts'
import { EditableTable } from './editable-table.ts'
import { StoredColumn } from './stored-column.ts'
import type { ColumnCells } from './stored-column.ts'
import type { RaggedRow, RowId } from './table.ts'
import { TextStore } from './text-store.ts'

/** A table as named blobs. Numbers are as this machine keeps them (little-endian everywhere Roster runs). */
export interface TableBlob {
  readonly name: string
  readonly bytes: Uint8Array
  /** Never changes for the life of the draft: once written it need not be written again. */
  readonly isConstant: boolean
}

export interface UndecodableTable {
  readonly reason: 'damaged' | 'newer-version'
  readonly detail: string
}

const version = 1

/** What is no array: a small JSON text in the blob `table`. */
interface Head {
  readonly version: number
  readonly fileRows: number
  readonly firstNumber: number
  readonly rowLimit: number
  readonly live: readonly number[]
  readonly ragged: readonly (readonly [RowId, RaggedRow])[]
  readonly deletedRagged: readonly (readonly [RowId, RaggedRow])[]
  readonly columns: readonly ColumnHead[]
  readonly source: { readonly dialect: Dialect; readonly headerStart: number; readonly headers: readonly string[] } | null
}

interface ColumnHead {
  readonly header: string
  /** Bytes a code: 2 or 4; 0: not coded. */
  readonly codeBytes: 0 | 2 | 4
  readonly longLengths: readonly (readonly [RowId, number])[]
  /** What the marks and hashes that are kept mean (`markVersion`); absent: there are none, or a program wrote this that knew of none. */
  readonly marks?: number
  readonly hashes?: boolean
}

/** Law: `decodeTable(encodeTable(t))` reads, edits and writes as `t` does. The blobs share no memory with the table but the constant ones. */
export function encodeTable(table: EditableTable): readonly TableBlob[] {
  const { rowLimit, store, source } = table
  const blobs: TableBlob[] = []
  const put = (name: string, array: Uint8Array | Uint16Array | Uint32Array, isConstant = false): void => {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
    blobs.push({ name, bytes: isConstant ? bytes : bytes.slice(), isConstant })
  }
  const head: Head = {
    version,
    fileRows: table.fileRows,
    firstNumber: table.firstNumber,
    rowLimit,
    live: table.live,
    ragged: [...table.ragged],
    deletedRagged: [...table.deletedRagged],
    columns: table.columns.map(columnHead),
    source: source === null ? null : { dialect: source.dialect, headerStart: source.headerStart, headers: source.headers },
  }
  put('table', encodeUtf8(JSON.stringify(head)))
  put('source', store.source, true)
  put('arena', store.arena.subarray(0, store.used))
  put('rows', table.rows)
  if (table.numbers !== null) put('numbers', table.numbers, true)
  if (source !== null) put('row-starts', source.rowStarts, true)
  if (table.touched !== null) put('touched', table.touched)
  table.columns.forEach(({ cells }, index) => {
    const name = `column-${String(index)}`
    if (cells.kind === 'coded') {
      put(`${name}-codes`, cells.codes.subarray(0, rowLimit))
      put(`${name}-starts`, cells.dictionary.starts.subarray(0, cells.dictionary.count))
      put(`${name}-lengths`, cells.dictionary.lengths.subarray(0, cells.dictionary.count))
    } else {
      put(`${name}-starts`, cells.starts.subarray(0, rowLimit))
      put(`${name}-lengths`, cells.lengths.subarray(0, rowLimit))
      if (cells.marks !== null) put(`${name}-marks`, cells.marks.subarray(0, rowLimit))
      if (cells.hashes !== null) put(`${name}-hashes`, cells.hashes.subarray(0, rowLimit))
    }
  })
  return blobs
}

function columnHead({ header, cells }: StoredColumn): ColumnHead {
  if (cells.kind === 'coded') return { header, codeBytes: cells.codes instanceof Uint16Array ? 2 : 4, longLengths: [] }
  const marks = cells.marks === null ? {} : { marks: markVersion, hashes: cells.hashes !== null }
  return { header, codeBytes: 0, longLengths: [...cells.longLengths], ...marks }
}

/** Gives a blob by its name, in slices; null where there is none. */
export type BlobReader = (name: string) => Steps<Uint8Array | null>

/** The table of blobs that `encodeTable` made; `blob` gives one by its name, null where there is none. */
export const decodeTable = (blob: (name: string) => Uint8Array | null): Result<EditableTable, UndecodableTable> =>
  finish(decodingTable((name) => thereAlready(blob(name))))

/** The same in slices: a column or a piece of a blob at a time. */
export function* decodingTable(blob: BlobReader): Steps<Result<EditableTable, UndecodableTable>> {
  try {
    const head = JSON.parse(textOf(yield* needed(blob, 'table'))) as Head
    if (head.version !== version)
      return err({
        reason: 'newer-version',
        detail: `The table was written in format ${String(head.version)}, known is ${String(version)}.`,
      })
    const arena = copyOf(yield* needed(blob, 'arena'))
    const store = new TextStore(asPlainBytes(yield* needed(blob, 'source')), arena, arena.length)
    const reach = store.base + arena.length
    const columns: StoredColumn[] = []
    for (const column of head.columns) {
      columns.push(yield* decodingColumn(blob, column, `column-${String(columns.length)}`, head.rowLimit, store, reach))
      yield columns.length / head.columns.length
    }
    const numbers = yield* blob('numbers')
    const touched = yield* blob('touched')
    const rows = numbers32(yield* needed(blob, 'rows'))
    const rowStarts = head.source === null ? null : numbers32(yield* needed(blob, 'row-starts'))
    if (rows.some((row) => row >= head.rowLimit)) throw new Damage('a row points beyond the table')
    const table = new EditableTable({
      store,
      columns,
      fileRows: head.fileRows,
      numbers: numbers === null ? null : numbers32(numbers),
      firstNumber: head.firstNumber,
      ragged: head.ragged,
      source: head.source === null || rowStarts === null ? null : { ...head.source, rowStarts },
      rows,
      rowLimit: head.rowLimit,
      live: head.live,
      touched: touched === null ? null : copyOf(touched),
    })
    for (const [row, shape] of head.deletedRagged) table.deletedRagged.set(row, shape)
    return ok(table)
  } catch (problem) {
    if (problem instanceof Damage || problem instanceof SyntaxError) return err({ reason: 'damaged', detail: problem.message })
    throw problem
  }
}

class Damage extends Error {}

function* decodingColumn(
  blob: BlobReader,
  { header, codeBytes, longLengths, marks: version, hashes: hasHashes }: ColumnHead,
  name: string,
  rowLimit: number,
  store: TextStore,
  reach: number,
): Steps<StoredColumn> {
  const starts = numbers32(yield* needed(blob, `${name}-starts`))
  const lengthBytes = yield* needed(blob, `${name}-lengths`)
  let cells: ColumnCells
  if (codeBytes === 0) {
    const lengths = numbers16(lengthBytes)
    if (starts.length !== rowLimit || lengths.length !== rowLimit) throw new Damage(`${name} has not the table's number of rows`)
    const isKnown = version === markVersion
    const marks = isKnown ? numbers16(yield* needed(blob, `${name}-marks`)) : null
    const hashes = isKnown && hasHashes === true ? numbers32(yield* needed(blob, `${name}-hashes`)) : null
    if ((marks ?? starts).length !== rowLimit || (hashes ?? starts).length !== rowLimit)
      throw new Damage(`${name} has not the table's number of rows`)
    cells = { kind: 'plain', starts, lengths, longLengths: new Map(longLengths), marks, hashes }
    for (let row = 0; row < rowLimit; row++) if (starts[row]! + lengths[row]! > reach) throw new Damage(`${name} points beyond the texts`)
  } else {
    const codeBlob = yield* needed(blob, `${name}-codes`)
    const codes = codeBytes === 2 ? numbers16(codeBlob) : numbers32(codeBlob)
    const lengths = numbers32(lengthBytes)
    if (codes.length !== rowLimit || lengths.length !== starts.length) throw new Damage(`${name} has not the table's number of rows`)
    const count = starts.length
    for (let row = 0; row < rowLimit; row++) if (codes[row]! >= count) throw new Damage(`${name} holds a code without a text`)
    for (let code = 0; code < count; code++) if (starts[code]! + lengths[code]! > reach) throw new Damage(`${name} points beyond the texts`)
    cells = { kind: 'coded', codes, dictionary: { starts, lengths, count } }
  }
  return new StoredColumn(header, store, cells)
}

function* needed(blob: BlobReader, name: string): Steps<Uint8Array> {
  const bytes = yield* blob(name)
  if (bytes === null) throw new Damage(`the part "${name}" is missing`)
  return bytes
}

const textOf = (bytes: Uint8Array): string => decodeUtf8(bytes, 0, bytes.length)

/** Not `slice`: a Node Buffer's shares its memory. */
const copyOf = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes)

function numbers32(bytes: Uint8Array): Uint32Array {
  if (bytes.length % 4 !== 0) throw new Damage('an array of numbers is cut')
  return new Uint32Array(copyOf(bytes).buffer)
}

function numbers16(bytes: Uint8Array): Uint16Array {
  if (bytes.length % 2 !== 0) throw new Damage('an array of numbers is cut')
  return new Uint16Array(copyOf(bytes).buffer)
}
