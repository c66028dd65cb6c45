import { describe, expect, it } from 'vitest'
import { planEdit } from '../../../../shared/core/edits/plan-edit.ts'
import { applyDelta } from '../../../../shared/core/table/apply-delta.ts'
import { tableFromRows } from '../../../../shared/core/table/table-from-rows.ts'
import { distinctValues } from '../../../../shared/core/table/distinct-values.ts'
import { sortingRows, sortRows } from '../../../../shared/core/table/sort-rows.ts'
import { filterRows, findCells } from '../../../../shared/core/table/views.ts'
import type { CellCondition } from '../../../../shared/core/table/views.ts'

const column = (texts: readonly string[]): ReturnType<typeof tableFromRows> => tableFromRows(['c'], texts.map((text) => [text])) // prettier-ignore
const sorted = (texts: readonly string[], locale: string, direction: 'up' | 'down' = 'up'): string[] => {
  const table = column(texts)
  return Array.from(sortRows(table, table.rows, [{ column: 0, direction }], locale), (row) => table.columns[0]!.textOf(row))
}

describe('sorting', () => {
  it('puts å æ ø and ä ö where each language has them', () => {
    const towns = ['Ås', 'Ærø', 'Zürich', 'Øst', 'Aalborg', 'Oslo']
    expect(sorted(towns, 'nb')).toEqual(['Oslo', 'Zürich', 'Ærø', 'Øst', 'Aalborg', 'Ås'])
    expect(sorted(['Öster', 'Ås', 'Zeta', 'Ängel', 'Ost'], 'sv')).toEqual(['Ost', 'Zeta', 'Ås', 'Ängel', 'Öster'])
    expect(sorted(['b', 'B', 'a', 'C'], 'en')).toEqual(['a', 'b', 'B', 'C'])
  })

  it('keeps empty cells last, up and down', () => {
    expect(sorted(['', 'b', '', 'a'], 'nb')).toEqual(['a', 'b', '', ''])
    expect(sorted(['', 'b', '', 'a'], 'nb', 'down')).toEqual(['b', 'a', '', ''])
  })

  it('takes the first key first and leaves equal rows in their order', () => {
    const table = tableFromRows(['a', 'b'], [['x', '2'], ['y', '1'], ['x', '1'], ['y', '1']]) // prettier-ignore
    const keys = [{ column: 0, direction: 'down' }, { column: 1, direction: 'up' }] as const // prettier-ignore
    expect(Array.from(sortRows(table, table.rows, keys, 'en'))).toEqual([1, 3, 2, 0])
  })

  it('orders more rows than 16 bits count', () => {
    const texts = Array.from({ length: 70_000 }, (_, i) => `u${String((i * 48_271) % 70_001).padStart(6, '0')}`)
    const result = sorted(texts, 'en')
    expect(result).toEqual([...texts].sort())
  })

  it('puts texts that an edit brings into a coded column meanwhile in their place', () => {
    const table = column(Array.from({ length: 120_000 }, () => 'm'))
    expect(table.columns[0]!.coded).toBe(true)
    const steps = sortingRows(table, table.rows, [{ column: 0, direction: 'up' }], 'en')
    expect(steps.next().done).toBe(false)
    const rows = Uint32Array.from({ length: 100 }, (_, n) => 119_900 + n)
    const texts = Array.from(rows, (row) => [`a${String(row)}`])
    const planned = planEdit(table, { kind: 'paste', rows, columns: [0], texts })
    if (!planned.ok) throw new Error(planned.error.detail)
    applyDelta(table, planned.value.delta)
    let step = steps.next()
    while (step.done !== true) step = steps.next()
    expect(step.value.subarray(0, 101)).toEqual(Uint32Array.of(...rows, 0))
  })
})

describe('filtering', () => {
  const table = column(['Oslo', 'oslo HQ', '', ' ', 'Bergen', 'Ås'])
  const kept = (condition: Omit<Extract<CellCondition, { kind: 'text' }>, 'kind' | 'column'>): number[] => {
    const result = filterRows(table, table.rows, [{ kind: 'text', column: 0, ...condition }])
    return result.ok ? Array.from(result.value) : []
  }

  it.each([
    ['contains', 'OSLO', [0, 1]],
    ['not-contains', 'o', [2, 3, 4, 5]],
    ['equals', 'oslo', [0]],
    ['starts', 'å', [5]],
    ['ends', 'hq', [1]],
    ['matches', '^o.*o$', [0]],
    ['blank', '', [2, 3]],
    ['not-blank', '', [0, 1, 4, 5]],
  ] as const)('%s %j', (test, text, rows) => {
    expect(kept({ test, text })).toEqual(rows)
  })

  it('keeps rows of a set of values, and of several conditions those that meet all', () => {
    const result = filterRows(table, table.rows, [
      { kind: 'values', column: 0, texts: ['Oslo', 'Bergen', ''] },
      { kind: 'text', column: 0, test: 'contains', text: 'b' },
    ])
    expect(result).toEqual({ ok: true, value: Uint32Array.of(4) })
  })

  it('says what is wrong with a pattern', () => {
    const result = filterRows(table, table.rows, [{ kind: 'text', column: 0, test: 'matches', text: '(' }])
    expect(result).toMatchObject({ ok: false, error: { reason: 'bad-pattern', pattern: '(' } })
  })

  it('answers at once for a pattern that would take a backtracking engine for ever', () => {
    const long = column(['a'.repeat(5_000) + '!'])
    const before = performance.now()
    expect(filterRows(long, long.rows, [{ kind: 'text', column: 0, test: 'matches', text: '^(a+)+$' }])).toMatchObject({ ok: true })
    expect(performance.now() - before).toBeLessThan(1000)
  })
})

describe('finding', () => {
  const table = tableFromRows(['a', 'b'], [['Oslo', 'x'], ['y', 'Oslo HQ'], ['oslo', 'oslo']]) // prettier-ignore
  const places = (options: Parameters<typeof findCells>[2]): string[] => {
    const result = findCells(table, table.rows, options)
    return result.ok ? Array.from(result.value.rows, (row, i) => `${String(row)}:${String(result.value.columns[i])}`) : []
  }

  it('goes row by row, case ignored unless asked for', () => {
    expect(places({ text: 'oslo' })).toEqual(['0:0', '1:1', '2:0', '2:1'])
    expect(places({ text: 'Oslo', matchCase: true })).toEqual(['0:0', '1:1'])
    expect(places({ text: 'oslo', wholeCell: true, columns: [1] })).toEqual(['2:1'])
    expect(places({ text: 'o.lo$', regex: true })).toEqual(['0:0', '2:0', '2:1'])
  })

  it('stops at the limit and says so', () => {
    expect(findCells(table, table.rows, { text: 'oslo', limit: 2 })).toMatchObject({
      ok: true,
      value: { isCut: true, rows: Uint32Array.of(0, 1) },
    })
  })
})

it('counts distinct values, the most frequent first', () => {
  const table = column(['b', 'a', 'b', '', 'b', 'a'])
  expect(distinctValues(table, 0, table.rows)).toEqual([
    { text: 'b', count: 3 },
    { text: 'a', count: 2 },
    { text: '', count: 1 },
  ])
  expect(distinctValues(table, 0, Uint32Array.of(1, 3))).toHaveLength(2)
})
