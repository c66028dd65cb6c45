import { expect, test } from 'vitest'
import { invert } from '../../../../shared/core/edits/delta.ts'
import { planEdit } from '../../../../shared/core/edits/plan-edit.ts'
import { applyDelta } from '../../../../shared/core/table/apply-delta.ts'
import { cellsOf, readOk } from '../../../support/tables.ts'

/** Two columns in which no text repeats. */
const rowCount = 3_000
const file = `Email,Phone\r\n${Array.from({ length: rowCount }, (_, n) => `someone.${n}@firma.no,+4721${500_000 + n}`).join('\r\n')}`
const rows = Array.from({ length: rowCount }, (_, row) => row)

test('a large paste that is done and taken back over and over takes room once', () => {
  const { table } = readOk(file)
  const before = cellsOf(table)
  const block = rows.map((n) => [`new.${n}@firma.no`, `+4722${600_000 + n}`])
  const used: number[] = []
  for (let round = 0; round < 20; round++) {
    const planned = planEdit(table, { kind: 'paste', rows, columns: [0, 1], texts: block })
    if (!planned.ok) throw new TypeError(planned.error.detail)
    applyDelta(table, planned.value.delta)
    expect(cellsOf(table)).toEqual(block)
    applyDelta(table, invert(planned.value.delta))
    expect(cellsOf(table)).toEqual(before)
    used.push(table.store.used)
  }
  expect(used[0]).toBeGreaterThan(rowCount * 40)
  expect(new Set(used).size).toBe(1)
})

test('ten thousand single edits take the room of their texts, and no more when they are made again', () => {
  const { table } = readOk(file)
  const edit = (n: number): void => {
    const cells = [{ row: n % rowCount, column: n % 2, text: n % 3 === 0 ? 'x' : `text ${n % 500}` }]
    const planned = planEdit(table, { kind: 'set-cells', cells })
    if (!planned.ok) throw new TypeError(planned.error.detail)
    applyDelta(table, planned.value.delta)
    expect(table.columns[n % 2]!.textOf(n % rowCount)).toBe(cells[0]!.text)
  }
  const start = table.store.used
  for (let n = 0; n < 10_000; n++) edit(n)
  const { used } = table.store
  expect(used - start).toBeLessThan(500 * 'text 499'.length)
  for (let n = 0; n < 10_000; n++) edit(n)
  expect(table.store.used).toBe(used)
})
