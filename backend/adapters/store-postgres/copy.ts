import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ClientBase } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'

/** A value in PostgreSQL's COPY text form. */
function field(value: string | number | boolean | null): string {
  if (value === null) return '\\N'
  if (typeof value !== 'string') return typeof value === 'number' ? String(value) : value ? 't' : 'f'
  return /[\\\n\r\t]/u.test(value) ? value.replaceAll(/[\\\n\r\t]/gu, (sign) => escapes[sign] ?? sign) : value
}
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

export type CopyRow = readonly (string | number | boolean | null)[]

/** One row of COPY's text form, with its line end. */
export function copyLine(row: CopyRow): string {
  let line = field(row[0] ?? null)
  for (let i = 1; i < row.length; i++) line += `\t${field(row[i] ?? null)}`
  return `${line}\n`
}

/** A quarter of a megabyte a piece: large enough for the wire, small enough to let other work go on between. */
const pieceLength = 256 * 1024

function* piecesOf<T>(rows: Iterable<T>, rowOf: (row: T) => CopyRow): Generator<Buffer> {
  let text = ''
  for (const element of rows) {
    text += copyLine(rowOf(element))
    if (text.length < pieceLength) continue
    yield Buffer.from(text)
    text = ''
  }
  if (text !== '') yield Buffer.from(text)
}

/** Rows into a table as fast as the server takes them. `into`: `table (column, …)`. */
export async function copyInto<T>(client: ClientBase, into: string, rows: Iterable<T>, rowOf: (row: T) => CopyRow): Promise<void> {
  await pipeline(Readable.from(piecesOf(rows, rowOf)), client.query(copyFrom(`COPY ${into} FROM STDIN`)))
}
