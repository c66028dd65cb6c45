import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { planEdit } from '../../../../shared/core/edits/plan-edit.ts'
import { applyDelta } from '../../../../shared/core/table/apply-delta.ts'
import { keyHashOf, markOfBytes, markVersion } from '../../../../shared/core/table/cell-mark.ts'
import type { StoredColumn } from '../../../../shared/core/table/stored-column.ts'
import { readOk } from '../../../support/tables.ts'

const texts = ['anna@firma.no', '+4721500001', '0042', '', ' spaced', 'Åse', '=1']

/** Each column has each of them; a row of nothing would be passed over. */
const lines = texts.map((_, i) => [0, 1, 2].map((by) => texts[(i + by) % texts.length]!))

/** So many different texts that no column is coded. */
const filler = Array.from({ length: 12_000 }, (_, n) => `someone.${n}@firma.no,+47215${n + 10_000},${n + 7_000}`)
const marksOf = ({ cells }: StoredColumn, rows: readonly number[]) =>
  cells.kind === 'coded' || cells.marks === null ? null : rows.map((row) => [cells.marks![row], cells.hashes?.[row] ?? 0])

test('a cell that was edited is known as well as one that was read', () => {
  const read = readOk(`Email,Phone,Extension\r\n${[...lines.map((line) => line.join(',')), ...filler].join('\r\n')}`).table
  const edited = readOk(`Email,Phone,Extension\r\n${[...texts.map(() => 'a@b.no,+4721999999,1'), ...filler].join('\r\n')}`).table
  const rows = texts.map((_, row) => row)
  const long = '€'.repeat(32_767)
  const block = [...lines, [long, long, long]]
  const planned = planEdit(edited, { kind: 'paste', rows: [...rows, rows.length], columns: [0, 1, 2], texts: block })
  if (!planned.ok) throw new TypeError(planned.error.detail)
  applyDelta(edited, planned.value.delta)
  for (const [index, column] of edited.columns.entries()) {
    expect(marksOf(column, rows)).not.toBeNull()
    expect(marksOf(column, rows)).toEqual(marksOf(read.columns[index]!, rows))
    // Of a cell too long for its length to stand beside the others nothing is known.
    expect(marksOf(column, [rows.length])).toEqual([[0, expect.any(Number)]])
  }
})

test('marks and hashes mean what drafts of before have kept: whoever changes that raises `markVersion`, and this digest', () => {
  const texts = [...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)), ...['', 'Kari Ø', 'a.b@c.no', 'A.B@C.NO', '+4721500000', '0042', '=1+1', ' x', 'x?', '漢', `${'a'.repeat(70)}@b.no`].map((text) => new TextEncoder().encode(text))] // prettier-ignore
  const hash = createHash('sha256')
  for (const text of texts) hash.update(`${String(markOfBytes(text, 0, text.length))} ${String(keyHashOf(text, 0, text.length))}\n`)
  expect([markVersion, hash.digest('hex')]).toEqual([1, '56ae2722b74db09fd16761249537f005cfeac05ec86c2ab4e52ff2f68683faae'])
})
