import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeDelta, encodeDelta } from '../../shared/core/edits/delta-codec.ts'
import { invert } from '../../shared/core/edits/delta.ts'
import type { TableDelta } from '../../shared/core/edits/delta.ts'
import type { Edit } from '../../shared/core/edits/edit.ts'
import { planEdit } from '../../shared/core/edits/plan-edit.ts'
import { squash } from '../../shared/core/edits/squash.ts'
import { applyDelta } from '../../shared/core/table/apply-delta.ts'
import type { EditableTable } from '../../shared/core/table/editable-table.ts'
import { decodeTable, encodeTable } from '../../shared/core/table/table-codec.ts'
import { cellsOf, headerOf, readOk, written } from '../support/tables.ts'

/** A sheet as anybody would write it down: the plainest thing that does what a table must do. */
interface Model {
  header: string[]
  rows: { id: number; cells: string[] }[]
}

const text = fc.constantFrom('', 'a', 'b', 'Oslo', 'ø, "x"', 'l\nm', '漢字', 'aa')
const pick = fc.nat({ max: 1000 })
const picks = fc.array(pick, { minLength: 1, maxLength: 4 })

/** What to do, with places as numbers that are taken modulo what there is. */
const action = fc.oneof(
  fc.record({ kind: fc.constant('set-cells' as const), cells: fc.array(fc.tuple(pick, pick, text), { maxLength: 5 }) }),
  fc.record({ kind: fc.constant('fill' as const), rows: picks, columns: picks, text }),
  fc.record({ kind: fc.constant('paste' as const), rows: picks, columns: picks, texts: fc.array(fc.array(fc.option(text), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }) }), // prettier-ignore
  fc.record({ kind: fc.constant('replace' as const), find: fc.constantFrom('a', 'o', 'lo', 'ø'), replace: text, matchCase: fc.boolean(), wholeCell: fc.boolean() }), // prettier-ignore
  fc.record({ kind: fc.constant('insert-rows' as const), before: fc.option(pick), rows: fc.array(fc.array(text, { maxLength: 2 }), { minLength: 1, maxLength: 3 }) }), // prettier-ignore
  fc.record({ kind: fc.constant('duplicate-rows' as const), rows: picks }),
  fc.record({ kind: fc.constant('delete-rows' as const), rows: picks }),
  fc.record({ kind: fc.constant('rename-column' as const), column: pick, text }),
  fc.record({ kind: fc.constant('insert-column' as const), position: pick, header: text, text }),
  fc.record({ kind: fc.constant('drop-column' as const), column: pick }),
)
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never

const distinct = (numbers: readonly number[]): number[] => [...new Set(numbers)]

/** The action as an edit of the table and as a change of the model; null where there is nothing to act on. */
function translate(table: EditableTable, model: Model, what: Action): Edit | null {
  const { rows } = model
  const width = model.header.length
  const row = (n: number): { id: number; cells: string[] } => rows[n % rows.length]!
  const columnId = (position: number): number => table.live[position]!
  switch (what.kind) {
    case 'set-cells': {
      if (rows.length === 0 || width < 2) return null
      const cells = what.cells.map(([r, c, value]) => {
        row(r).cells[c % width] = value
        return { row: row(r).id, column: columnId(c % width), text: value }
      })
      return { kind: 'set-cells', cells }
    }
    case 'fill': {
      if (rows.length === 0) return null
      const columns = distinct(what.columns.map((c) => c % width))
      for (const r of what.rows) for (const c of columns) row(r).cells[c] = what.text
      return { kind: 'fill', rows: what.rows.map((r) => row(r).id), columns: columns.map(columnId), text: what.text }
    }
    case 'paste': {
      if (rows.length === 0) return null
      const columns = distinct(what.columns.map((c) => c % width))
      const targets = distinct(what.rows.map((r) => r % rows.length))
      targets.forEach((r, i) => {
        const line = what.texts[i % what.texts.length]!
        columns.forEach((c, j) => {
          const text = line[j % line.length] ?? null
          if (text !== null) rows[r]!.cells[c] = text
        })
      })
      return { kind: 'paste', rows: targets.map((r) => rows[r]!.id), columns: columns.map(columnId), texts: what.texts }
    }
    case 'replace': {
      const find = what.matchCase ? what.find : what.find.toLowerCase()
      for (const { cells } of rows) {
        cells.forEach((cell, c) => {
          if (what.wholeCell) cells[c] = (what.matchCase ? cell : cell.toLowerCase()) === find ? what.replace : cell
          else cells[c] = cell.replace(new RegExp(what.find, what.matchCase ? 'gu' : 'giu'), () => what.replace)
        })
      }
      return { kind: 'replace', find: what.find, replace: what.replace, rows: null, columns: null, matchCase: what.matchCase, wholeCell: what.wholeCell, regex: false } // prettier-ignore
    }
    case 'insert-rows': {
      const at = what.before === null || rows.length === 0 ? rows.length : what.before % rows.length
      const before = at === rows.length ? null : rows[at]!.id
      const lines = what.rows.map((line) => line.slice(0, width))
      const added = lines.map((line, i) => ({ id: table.rowLimit + i, cells: Array.from({ length: width }, (_, c) => line[c] ?? '') }))
      rows.splice(at, 0, ...added)
      return { kind: 'insert-rows', before, rows: lines }
    }
    case 'duplicate-rows': {
      if (rows.length === 0) return null
      const places = distinct(what.rows.map((r) => r % rows.length))
      const ids = places.map((r) => rows[r]!.id)
      let next = table.rowLimit
      model.rows = rows.flatMap((original) =>
        ids.includes(original.id) ? [original, { id: next++, cells: [...original.cells] }] : [original],
      )
      return { kind: 'duplicate-rows', rows: ids }
    }
    case 'delete-rows': {
      if (rows.length === 0) return null
      const ids = what.rows.map((r) => row(r).id)
      model.rows = rows.filter(({ id }) => !ids.includes(id))
      return { kind: 'delete-rows', rows: ids }
    }
    case 'rename-column': {
      model.header[what.column % width] = what.text
      return { kind: 'rename-column', column: columnId(what.column % width), header: what.text }
    }
    case 'insert-column': {
      const position = what.position % (width + 1)
      model.header.splice(position, 0, what.header)
      for (const { cells } of rows) cells.splice(position, 0, what.text)
      return { kind: 'insert-column', position, header: what.header, text: what.text }
    }
    case 'drop-column': {
      if (width < 2) return null
      const position = what.column % width
      const column = columnId(position)
      model.header.splice(position, 1)
      for (const { cells } of rows) cells.splice(position, 1)
      return { kind: 'drop-column', column }
    }
  }
}

const seen = (table: EditableTable): unknown => ({
  header: headerOf(table),
  rows: Array.from(table.rows),
  cells: cellsOf(table),
  ragged: [...table.ragged].sort(([a], [b]) => a - b),
})

const source = 'Name,Place,Note\nKari,Oslo,"a ""b"""\n\nOla,oslo\nÅse,Tromsø,"x\ny",surplus\nPer,,b\nKari,Oslo,aa'

/** A table that went through the actions, and each step's delta. The model is held against it after every step. */
function worked(actions: readonly Action[]): { table: EditableTable; deltas: TableDelta[] } {
  const { table } = readOk(source)
  const model: Model = { header: headerOf(table), rows: cellsOf(table).map((cells, id) => ({ id, cells })) }
  const deltas: TableDelta[] = []
  for (const what of actions) {
    const edit = translate(table, model, what)
    if (edit === null) continue
    const before = seen(table)
    const planned = planEdit(table, edit)
    if (!planned.ok) throw new Error(planned.error.detail)
    expect(seen(table)).toEqual(before)
    applyDelta(table, planned.value.delta)
    deltas.push(planned.value.delta)
    expect(headerOf(table)).toEqual(model.header)
    expect(Array.from(table.rows)).toEqual(model.rows.map(({ id }) => id))
    expect(cellsOf(table)).toEqual(model.rows.map(({ cells }) => cells))
  }
  return { table, deltas }
}

const actions = fc.array(action, { maxLength: 12 })

describe('edits', () => {
  it('do to the table what they do to a plain sheet; taken back in order, nothing is left of them', () => {
    fc.assert(
      fc.property(actions, (list) => {
        const fresh = readOk(source)
        const { table, deltas } = worked(list)
        for (const delta of deltas.toReversed()) applyDelta(table, invert(delta))
        expect(seen(table)).toEqual(seen(fresh.table))
        const isWhole = table.columns.length === 3
        if (isWhole) expect(Buffer.from(written(table, { dialect: fresh.facts })).toString()).toBe(source)
      }),
      { numRuns: 300 },
    )
  })

  it('can be redone after they were undone', () => {
    fc.assert(
      fc.property(actions, (list) => {
        const { table, deltas } = worked(list)
        const after = seen(table)
        for (const delta of deltas.toReversed()) applyDelta(table, invert(delta))
        for (const delta of deltas) applyDelta(table, delta)
        expect(seen(table)).toEqual(after)
      }),
      { numRuns: 200 },
    )
  })

  it('squashed into one step have the same effect, there and back', () => {
    fc.assert(
      fc.property(actions, (list) => {
        const { table, deltas } = worked(list)
        const other = readOk(source).table
        const before = seen(other)
        const one = squash(deltas)
        applyDelta(other, one)
        expect(seen(other)).toEqual(seen(table))
        applyDelta(other, invert(one))
        expect(seen(other)).toEqual(before)
      }),
      { numRuns: 200 },
    )
  })

  it('composed into one edit have the same effect as one after the other', () => {
    const fills = fc.array(fc.record({ rows: fc.subarray([0, 1, 2, 3], { minLength: 1 }), columns: fc.subarray([0, 1, 2], { minLength: 1 }), text }), { maxLength: 5 }) // prettier-ignore
    fc.assert(
      fc.property(fills, (list) => {
        const one = readOk(source).table
        const other = readOk(source).table
        const edits: Edit[] = list.flatMap((fill): Edit[] => [
          { kind: 'fill', ...fill },
          { kind: 'insert-rows', before: 0, rows: [['n']] },
        ])
        const planned = planEdit(one, { kind: 'compose', edits })
        if (!planned.ok) throw new Error(planned.error.detail)
        expect(seen(one)).toEqual(seen(other))
        applyDelta(one, planned.value.delta)
        for (const edit of edits) {
          const single = planEdit(other, edit)
          if (single.ok) applyDelta(other, single.value.delta)
        }
        expect(seen(one)).toEqual(seen(other))
      }),
      { numRuns: 100 },
    )
  })
})

describe('bytes of a delta', () => {
  it('say the same as the delta', () => {
    fc.assert(
      fc.property(actions, (list) => {
        for (const delta of worked(list).deltas) expect(decodeDelta(encodeDelta(delta))).toEqual({ ok: true, value: delta })
      }),
      { numRuns: 200 },
    )
  })

  it('are refused when damaged, and never read as something endless', () => {
    const { deltas } = worked([{ kind: 'fill', rows: [0, 1], columns: [0, 2], text: '漢字' }, { kind: 'insert-rows', before: null, rows: [['a']] }]) // prettier-ignore
    const bytes = encodeDelta(deltas.flat())
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(bytes.length), (at, byte, length) => {
        const damaged = bytes.slice(0, Math.max(1, length))
        damaged[at % damaged.length] = byte
        expect(() => decodeDelta(damaged)).not.toThrow()
      }),
      { numRuns: 500 },
    )
    expect(decodeDelta(bytes.slice(0, -1))).toMatchObject({ ok: false, error: { reason: 'damaged' } })
    expect(decodeDelta(Uint8Array.of(9, 0))).toMatchObject({ ok: false, error: { reason: 'newer-version' } })
    expect(decodeDelta(new Uint8Array(0))).toMatchObject({ ok: false, error: { reason: 'damaged' } })
  })
})

describe('a snapshot between edits', () => {
  it('changes nothing: what comes after has the same effect, undo included', () => {
    fc.assert(
      fc.property(actions, actions, (first, second) => {
        const { table, deltas } = worked(first)
        const blobs = new Map(encodeTable(table).map(({ name, bytes }) => [name, bytes]))
        const decoded = decodeTable((name) => blobs.get(name) ?? null)
        if (!decoded.ok) throw new Error(decoded.error.detail)
        const copy = decoded.value
        expect(seen(copy)).toEqual(seen(table))
        for (const { kind, ...rest } of second.filter((what) => what.kind === 'fill')) {
          const rows = Array.from(table.rows).filter((_, i) => rest.rows.includes(i))
          for (const one of [table, copy]) {
            const planned = planEdit(one, { kind, rows, columns: [table.live[0]!], text: rest.text })
            if (planned.ok) applyDelta(one, planned.value.delta)
          }
        }
        expect(seen(copy)).toEqual(seen(table))
        if (second.every((what) => what.kind !== 'fill')) {
          for (const delta of deltas.toReversed()) applyDelta(copy, invert(delta))
          expect(seen(copy)).toEqual(seen(readOk(source).table))
        }
      }),
      { numRuns: 150 },
    )
  })
})
