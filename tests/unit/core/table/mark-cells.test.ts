import { expect, test } from 'vitest'
import { planEdit } from '../../../../shared/core/edits/plan-edit.ts'
import { applyDelta } from '../../../../shared/core/table/apply-delta.ts'
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
