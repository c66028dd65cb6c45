import pg from 'pg'
import { expect, test } from 'vitest'
import { copyFormatOf, copyInto, copyRows, copyWritten, type CopyRows } from '../../../../backend/adapters/store-postgres/copy.ts'
import { serverPassword, startPostgres } from '../../../support/postgres.ts'

interface Line {
  readonly number: number | null
  readonly flag: boolean
  readonly hash: string
  readonly text: string | null
  readonly cells: Readonly<Record<string, string>>
}
const lines: readonly Line[] = [
  { number: 1, flag: true, hash: '00ff', text: 'Åse\t"Ø"\\N\r\n', cells: { 'First Name': 'Åse "Ø" \\ \u2028', __proto: '' } },
  { number: -(2 ** 31), flag: false, hash: '', text: null, cells: {} },
  { number: null, flag: true, hash: 'ab'.repeat(32), text: '\\.', cells: { 7: 'x'.repeat(300), Ünïcode: '👩‍🚀\n\u0001' } },
]
function write({ number, flag, hash, text, cells }: Line, to: CopyRows): void {
  to.row(5)
  to.integer(number)
  to.flag(flag)
  to.hex(hash)
  to.text(text)
  to.json(cells)
}

test('rows arrive as they were in either form, streamed or written beforehand', async () => {
  const server = await startPostgres({ fsync: false })
  const client = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'postgres', password: serverPassword, database: 'postgres' })
  await client.connect()
  try {
    expect(await copyFormatOf(client)).toBe('binary')
    for (const format of ['binary', 'text'] as const) {
      await client.query(
        'DROP TABLE IF EXISTS t; CREATE TABLE t (place SERIAL, number INTEGER, flag BOOLEAN, hash BYTEA, text TEXT, cells TEXT)',
      )
      const into = 't (number, flag, hash, text, cells)'
      await copyInto(client, format, into, lines, write)
      const rows = copyRows(format)
      for (const line of lines) write(line, rows)
      rows.end()
      await copyWritten(client, format, into, rows.take())
      const found = await client.query("SELECT number, flag, encode(hash, 'hex') AS hash, text, cells FROM t ORDER BY place")
      expect(found.rows).toEqual([...lines, ...lines].map((line) => ({ ...line, cells: JSON.stringify(line.cells) })))
      await expect(copyInto(client, format, into, [{ ...lines[0], text: '\0' } as Line], write)).rejects.toMatchObject({ code: '22021' })
    }
  } finally {
    await client.end()
    await server.stop()
  }
})
