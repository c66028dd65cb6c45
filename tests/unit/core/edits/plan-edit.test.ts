import { describe, expect, it } from 'vitest'
import type { Edit } from '../../../../shared/core/edits/edit.ts'
import { emptyHistory, recorded, redone, undone } from '../../../../shared/core/edits/history.ts'
import type { History } from '../../../../shared/core/edits/history.ts'
import { planEdit } from '../../../../shared/core/edits/plan-edit.ts'
import type { PlannedEdit } from '../../../../shared/core/edits/plan-edit.ts'
import { applyDelta } from '../../../../shared/core/table/apply-delta.ts'
import type { EditableTable } from '../../../../shared/core/table/editable-table.ts'
import { tableFromRows } from '../../../../shared/core/table/table-from-rows.ts'
import { cellsOf, headerOf, numbersOf, readOk } from '../../../support/tables.ts'

const users = (): EditableTable => tableFromRows(['Name', 'Place'], [['Kari', 'Oslo'], ['Ola', 'oslo HQ'], ['Per', '']]) // prettier-ignore

function done(table: EditableTable, edit: Edit): PlannedEdit {
  const planned = planEdit(table, edit)
  if (!planned.ok) throw new Error(planned.error.detail)
  applyDelta(table, planned.value.delta)
  return planned.value
}

describe('labels', () => {
  it('say how many cells really changed, in which column, to what', () => {
    expect(done(users(), { kind: 'fill', rows: [0, 1, 2], columns: [1], text: 'Oslo' }).label).toEqual({
      kind: 'fill',
      count: 2,
      column: 'Place',
      text: 'Oslo',
    })
    expect(done(users(), { kind: 'replace', find: 'oslo', replace: 'Bergen', rows: null, columns: null, matchCase: false, wholeCell: false, regex: false }).label).toEqual({ kind: 'replace', count: 2, column: 'Place' }) // prettier-ignore
    expect(done(users(), { kind: 'delete-rows', rows: [2, 0] }).label).toEqual({ kind: 'delete-rows', count: 2 })
  })

  it('count nothing where nothing changes, and the delta is empty', () => {
    expect(done(users(), { kind: 'fill', rows: [0], columns: [1], text: 'Oslo' })).toEqual({ delta: [], label: { kind: 'fill', count: 0 } })
    expect(done(users(), { kind: 'rename-column', column: 0, header: 'Name' }).delta).toEqual([])
  })
})

describe('replace', () => {
  const replaced = (options: Partial<Extract<Edit, { kind: 'replace' }>>): string[] => {
    const table = users()
    done(table, { kind: 'replace', find: 'oslo', replace: 'X$1', rows: null, columns: [1], matchCase: false, wholeCell: false, regex: false, ...options }) // prettier-ignore
    return cellsOf(table).map((cells) => cells[1]!)
  }

  it('takes the replacement as it stands, dollar signs too', () => {
    expect(replaced({})).toEqual(['X$1', 'X$1 HQ', ''])
    expect(replaced({ matchCase: true })).toEqual(['Oslo', 'X$1 HQ', ''])
    expect(replaced({ wholeCell: true })).toEqual(['X$1', 'oslo HQ', ''])
  })

  it('takes a pattern’s groups up', () => {
    expect(replaced({ find: '(o)slo', regex: true, replace: '[$1]' })).toEqual(['[O]', '[o] HQ', ''])
    expect(replaced({ find: '(\\w+) HQ', regex: true, wholeCell: true, replace: '$1' })).toEqual(['Oslo', 'oslo', ''])
  })

  it('looks for characters, not for a pattern, unless told', () => {
    const table = tableFromRows(['a'], [['1.5'], ['125']]) // prettier-ignore
    done(table, { kind: 'replace', find: '1.5', replace: 'x', rows: null, columns: null, matchCase: false, wholeCell: false, regex: false })
    expect(cellsOf(table)).toEqual([['x'], ['125']])
  })
})

describe('paste', () => {
  it('leaves a cell alone where the block has none for it, and grows in the same step', () => {
    const table = users()
    done(table, {
      kind: 'paste',
      rows: [1, 2],
      columns: [0, 1],
      texts: [
        [null, 'Bergen'],
        ['Nils', null],
        [null, 'Moss'],
      ],
      grow: true,
    })
    expect(cellsOf(table)).toEqual([['Kari', 'Oslo'], ['Ola', 'Bergen'], ['Nils', ''], ['', 'Moss']]) // prettier-ignore
  })

  it('repeats a smaller block, as spreadsheets do', () => {
    const table = users()
    done(table, { kind: 'paste', rows: [0, 1, 2], columns: [0, 1], texts: [['a'], ['b']] })
    expect(cellsOf(table)).toEqual([['a', 'a'], ['b', 'b'], ['a', 'a']]) // prettier-ignore
  })

  it('leaves cells as they are where the text is empty and that was asked for', () => {
    const table = users()
    done(table, {
      kind: 'paste',
      rows: [0, 1],
      columns: [0, 1],
      texts: [
        ['', 'x'],
        ['y', ''],
      ],
      exceptBlank: true,
    })
    expect(cellsOf(table).slice(0, 2)).toEqual([['Kari', 'x'], ['y', 'oslo HQ']]) // prettier-ignore
  })

  it('adds rows for what does not fit, where that was asked for', () => {
    const table = users()
    const { label } = done(table, {
      kind: 'paste',
      rows: [2],
      columns: [0, 1],
      texts: [
        ['a', 'b'],
        ['c', 'd'],
      ],
      grow: true,
    })
    expect(cellsOf(table).slice(2)).toEqual([['a', 'b'], ['c', 'd']]) // prettier-ignore
    expect(label.count).toBe(4)
  })
})

describe('rows', () => {
  it('that are new have no number in the spreadsheet', () => {
    const table = users()
    done(table, { kind: 'insert-rows', before: 1, rows: [['New']] })
    expect(cellsOf(table).map(([name]) => name)).toEqual(['Kari', 'New', 'Ola', 'Per'])
    expect(numbersOf(table)).toEqual([2, 0, 3, 4])
  })

  it('are duplicated right below, surplus cells included', () => {
    const { table } = readOk('a,b\n1,2,3\n4,5\n')
    done(table, { kind: 'duplicate-rows', rows: [1, 0] })
    expect(cellsOf(table).map(([first]) => first)).toEqual(['1', '1', '4', '4'])
    expect([...table.ragged.values()].map(({ surplus }) => surplus)).toEqual([['3'], ['3']])
  })

  it('that are ragged get the shape of the header', () => {
    const { table } = readOk('a,b\n1\n1,2,3\n')
    expect(done(table, { kind: 'pad-rows', rows: [0, 1] }).label.count).toBe(2)
    expect(table.ragged.size).toBe(0)
  })
})

describe('columns', () => {
  it('keep their index when another is dropped or put in', () => {
    const table = users()
    done(table, { kind: 'insert-column', position: 0, header: 'Id', text: 'x' })
    done(table, { kind: 'drop-column', column: 0 })
    expect(headerOf(table)).toEqual(['Id', 'Place'])
    expect(table.live).toEqual([2, 1])
    expect(cellsOf(table)[0]).toEqual(['x', 'Oslo'])
  })
})

describe('what cannot be done', () => {
  it.each([
    ['no-such-row', { kind: 'fill', rows: [7], columns: [0], text: 'x' }],
    ['no-such-row', { kind: 'delete-rows', rows: [-1] }],
    ['no-such-column', { kind: 'fill', rows: [0], columns: [2], text: 'x' }],
    ['no-such-column', { kind: 'insert-rows', before: null, rows: [['a', 'b', 'c']] }],
    ['bad-text', { kind: 'set-cells', cells: [{ row: 0, column: 0, text: 'a\0' }] }],
    ['bad-text', { kind: 'fill', rows: [0], columns: [0], text: '\ud800' }],
    ['over-limit', { kind: 'fill', rows: [0], columns: [0], text: 'x'.repeat(40_000) }],
    ['bad-pattern', { kind: 'replace', find: '(', replace: '', rows: null, columns: null, matchCase: true, wholeCell: false, regex: true }],
    ['no-such-place', { kind: 'insert-column', position: 9, header: 'x' }],
    ['no-such-column', { kind: 'compose', edits: [{ kind: 'drop-column', column: 0 }, { kind: 'drop-column', column: 0 }] }], // prettier-ignore
  ] satisfies readonly (readonly [string, Edit])[])('%s', (reason, edit) => {
    const table = users()
    expect(planEdit(table, edit)).toMatchObject({ ok: false, error: { reason } })
    expect(cellsOf(table)).toEqual(cellsOf(users()))
    expect(headerOf(table)).toEqual(['Name', 'Place'])
  })

  it('includes rows and columns beyond the limits', () => {
    const limits = { fileBytes: 0, rows: 3, columns: 2, cellCharacters: 10, emptyLines: 0 }
    expect(planEdit(users(), { kind: 'insert-rows', before: null, rows: [[]] }, limits)).toMatchObject({ error: { reason: 'over-limit' } })
    expect(planEdit(users(), { kind: 'insert-column', position: 0, header: 'x' }, limits)).toMatchObject({
      error: { reason: 'over-limit' },
    })
  })
})

describe('history', () => {
  it('goes back and forth, and forgets what was undone when something new is done', () => {
    let history: History<string> = recorded(recorded(emptyHistory, 'a'), 'b')
    const back = undone(history)
    expect(back?.step).toBe('b')
    history = back!.history
    expect(redone(history)).toEqual({ step: 'b', history: { done: ['a', 'b'], undone: [] } })
    expect(recorded(history, 'c')).toEqual({ done: ['a', 'c'], undone: [] })
    expect(undone(emptyHistory)).toBeNull()
    expect(redone(emptyHistory)).toBeNull()
  })
})
