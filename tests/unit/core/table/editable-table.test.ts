import { describe, expect, it } from 'vitest'
import { planEdit } from '../../../../shared/core/edits/plan-edit.ts'
import { invert } from '../../../../shared/core/edits/delta.ts'
import { applyDelta } from '../../../../shared/core/table/apply-delta.ts'
import { decodeTable, encodeTable } from '../../../../shared/core/table/table-codec.ts'
import { markVersion } from '../../../../shared/core/table/cell-mark.ts'
import type { EditableTable } from '../../../../shared/core/table/editable-table.ts'
import { tableFromRows } from '../../../../shared/core/table/table-from-rows.ts'
import { CellFlag } from '../../../../shared/core/table/table.ts'
import { cellsOf, numbersOf, readOk } from '../../../support/tables.ts'

describe('a table from rows', () => {
  it('numbers its rows from 2 and keeps ragged ones', () => {
    const table = tableFromRows(['a', 'b'], [['1', '2'], ['3'], ['4', '5', '6']]) // prettier-ignore
    expect(numbersOf(table)).toEqual([2, 3, 4])
    expect(cellsOf(table)[1]).toEqual(['3', ''])
    expect([...table.ragged.keys()]).toEqual([1, 2])
  })

  it('codes what repeats and not what does not', () => {
    const table = tableFromRows(['mail', 'flag'], Array.from({ length: 1000 }, (_, i) => [`u${String(i)}@f.no`, i % 2 === 0 ? 'TRUE' : 'FALSE'])) // prettier-ignore
    expect(table.columns.map((column) => column.coded)).toEqual([false, true])
    const flag = table.columns[1]!
    expect(flag.codeOf(0)).toBe(flag.codeOf(2))
    expect(flag.textOfCode(flag.codeOf(1))).toBe('FALSE')
    expect(flag.isEmpty(0)).toBe(false)
  })

  it('gives the same code to equal texts only, through edits that outgrow 16 bits', () => {
    const table = tableFromRows(['a'], Array.from({ length: 70_000 }, () => ['same'])) // prettier-ignore
    const texts = Array.from(table.rows, (row) => [`edit ${String(row)}`])
    const planned = planEdit(table, { kind: 'paste', rows: table.rows, columns: [0], texts })
    if (!planned.ok) throw new Error(planned.error.detail)
    applyDelta(table, planned.value.delta)
    expect(table.columns[0]!.textOf(69_999)).toBe('edit 69999')
    expect(new Set(Array.from(table.rows, (row) => table.columns[0]!.codeOf(row))).size).toBe(70_000)
    applyDelta(table, invert(planned.value.delta))
    expect(new Set(Array.from(table.rows, (row) => table.columns[0]!.codeOf(row))).size).toBe(1)
  })
})

describe('flags', () => {
  it.each([
    ['plain', 0],
    ['', 0],
    ['Kåre', CellFlag.beyondAscii],
    ['a b', CellFlag.space],
    [' a', CellFlag.space | CellFlag.edgeSpace],
    ['a\t', CellFlag.control | CellFlag.edgeSpace],
    ['a\nb', CellFlag.control],
    ['=1', CellFlag.formulaStart],
    ['+47', CellFlag.formulaStart],
    ['a+b', 0],
    ['what?', CellFlag.questionMark],
    ['\t@', CellFlag.control | CellFlag.edgeSpace | CellFlag.formulaStart],
  ])('of %j', (text, flags) => {
    for (const filler of [0, 300]) {
      const table = tableFromRows(['c'], [[text], ...Array.from({ length: filler }, (_, i) => [`x${String(i)}`])]) // prettier-ignore
      expect(table.columns[0]!.flagsOf(0)).toBe(flags)
    }
  })
})

describe('ragged rows', () => {
  it('go and come with their row', () => {
    const { table } = readOk('a,b\n1\n2,3\n')
    const planned = planEdit(table, { kind: 'delete-rows', rows: [0] })
    if (!planned.ok) throw new Error(planned.error.detail)
    applyDelta(table, planned.value.delta)
    expect(table.ragged.size).toBe(0)
    applyDelta(table, invert(planned.value.delta))
    expect(table.ragged.get(0)).toEqual({ cellCount: 1, surplus: [] })
  })
})

describe('blobs', () => {
  const blobsOf = (): Map<string, Uint8Array> => {
    const { table } = readOk(`mail,flag\n${Array.from({ length: 300 }, (_, i) => `u${String(i)}@f.no,TRUE`).join('\n')}\n`)
    return new Map(encodeTable(table).map(({ name, bytes }) => [name, bytes]))
  }

  it('do not change when the table is edited afterwards', () => {
    const { table } = readOk('a,b\n1,2\n')
    const blobs = new Map(encodeTable(table).map(({ name, bytes }) => [name, bytes]))
    const planned = planEdit(table, { kind: 'fill', rows: [0], columns: [0, 1], text: 'changed' })
    if (planned.ok) applyDelta(table, planned.value.delta)
    const decoded = decodeTable((name) => blobs.get(name) ?? null)
    expect(decoded.ok && cellsOf(decoded.value)).toEqual([['1', '2']])
  })

  it.each(['table', 'arena', 'rows', 'column-0-starts', 'column-1-codes', 'row-starts'])(
    'without %s, or with half of it, are damaged',
    (name) => {
      for (const damaged of [null, Uint8Array.of(1, 2, 3)]) {
        const blobs = blobsOf()
        if (damaged === null) blobs.delete(name)
        else blobs.set(name, damaged)
        expect(decodeTable((wanted) => blobs.get(wanted) ?? null)).toMatchObject({ ok: false, error: { reason: 'damaged' } })
      }
    },
  )

  it('keep what the reader of the file saw of cells, unless marks have come to mean another thing', () => {
    const { table } = readOk(
      `mail,name\n${Array.from({ length: 20_000 }, (_, i) => `u${String(i)}@fjordkraft.no,Kari ${String(i)} Ø\n`).join('')}`,
    )
    const planned = planEdit(table, { kind: 'fill', rows: [7], columns: [0], text: 'new@fjordkraft.no' })
    if (planned.ok) applyDelta(table, planned.value.delta)
    const seen = (of: EditableTable): unknown =>
      of.columns.map(({ cells }) => (cells.kind === 'plain' ? [cells.marks?.subarray(0, 20_000), cells.hashes?.subarray(0, 20_000)] : null))
    const blobs = new Map(encodeTable(table).map(({ name, bytes }) => [name, bytes]))
    const decoded = (): EditableTable => {
      const read = decodeTable((name) => blobs.get(name) ?? null)
      if (!read.ok) throw new Error(read.error.detail)
      return read.value
    }
    expect(seen(table)).toEqual([
      [expect.any(Uint16Array), expect.any(Uint32Array)],
      [expect.any(Uint16Array), undefined],
    ])
    expect(seen(decoded())).toEqual(seen(table))
    const head = Buffer.from(blobs.get('table')!).toString()
    blobs.set('table', Buffer.from(head.replaceAll(`"marks":${String(markVersion)}`, '"marks":0')))
    expect(seen(decoded())).toEqual([[undefined, undefined], [undefined, undefined]]) // prettier-ignore
    blobs.set('table', Buffer.from(head))
    blobs.set('column-0-marks', blobs.get('column-0-marks')!.subarray(2))
    expect(decoded).toThrow('number of rows')
  })

  it('of a later version are refused', () => {
    const blobs = blobsOf()
    const head = Buffer.from(blobs.get('table')!).toString().replace('"version":1', '"version":2')
    blobs.set('table', Buffer.from(head))
    expect(decodeTable((name) => blobs.get(name) ?? null)).toMatchObject({ ok: false, error: { reason: 'newer-version' } })
  })
})
