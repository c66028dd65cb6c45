import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BatchItem } from '../../../../shared/core/batch/batch.ts'
import {
  diffColumns,
  diffRowOfItem,
  isSeenRow,
  orderOfAll,
  restOf,
  seekChange,
  userMark,
} from '../../../../shared/core/review/diff-grid.ts'
import { visiblePieces } from '../../../../shared/core/review/visible-text.ts'

const update = (number: number, email: string, cells: BatchItem['cells'] = []): BatchItem => ({
  number,
  intent: 'update',
  email,
  formerEmail: null,
  row: number + 2,
  from: null,
  to: null,
  cells,
})
const user = (email: string, cells: Readonly<Record<string, string>> = {}) => ({ email, package: 'Webex Suite' as const, cells })

describe('a row of the change grid', () => {
  test('has the package as one changed cell where it moves, and only then', () => {
    const moved: BatchItem = { ...update(0, 'a@x.no'), intent: 'packageChange', from: 'Webex Calling', to: 'Webex Suite' }
    expect(diffRowOfItem(moved).cells).toEqual([{ column: 'Package', before: 'Webex Calling', after: 'Webex Suite' }])
    const renamed: BatchItem = { ...moved, intent: 'rename', from: 'Webex Suite', formerEmail: 'b@x.no' }
    expect(diffRowOfItem(renamed)).toMatchObject({ cells: [], formerEmail: 'b@x.no' })
  })

  test('tells what stays from what changes', () => {
    const row = diffRowOfItem(update(0, 'a@x.no', [{ column: 'Department', before: 'Drift', after: 'Salg' }]))
    expect(restOf(row, user('a@x.no', { Department: 'Drift', Location: 'Oslo' }))).toEqual({ Location: 'Oslo', Package: 'Webex Suite' })
    expect(restOf(row, undefined)).toEqual({})
  })

  test('is seen when all its groups are, or when the user was marked, whatever the case of the address', () => {
    const row = { email: 'Kari@x.no', groups: ['one', 'two'] }
    expect(isSeenRow(row, new Set(['one']))).toBe(false)
    expect(isSeenRow(row, new Set(['one', 'two']))).toBe(true)
    expect(isSeenRow(row, new Set([userMark('kari@X.no')]))).toBe(true)
    expect(isSeenRow({ email: 'new@x.no', groups: [] }, new Set())).toBe(false)
  })
})

test('columns stand as the file has them, the package first, what is not in the header last', () => {
  const counts = new Map([
    ['Title', 2],
    ['Package', 1],
    ['Extra', 1],
  ])
  expect(diffColumns(counts, ['Department', 'Title', 'Never'], ['Department'])).toEqual([
    { key: 'Package', changes: 1 },
    { key: 'Department', changes: 0 },
    { key: 'Title', changes: 2 },
    { key: 'Extra', changes: 1 },
  ])
})

test('all users in one order: each change once, each user who stays once, by email', () => {
  const order = orderOfAll([update(0, 'C@x.no'), update(1, 'b@x.no')], [user('a@x.no'), user('b@x.no'), user('c@x.no'), user('d@x.no')])
  expect([...order]).toEqual([~0, 1, 0, ~3])
})

test('the next change is the first wanted one in the direction (law)', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -3, max: 5 })),
      fc.integer({ min: -1, max: 30 }),
      fc.constantFrom(1 as const, -1 as const),
      (places, from, direction) => {
        const wanted = (change: number): boolean => change % 2 === 0
        const found = seekChange(places.length, (place) => places[place] ?? -1, from, direction, wanted)
        const all = places.flatMap((change, place) => (change >= 0 && wanted(change) ? [place] : []))
        const expected = direction === 1 ? all.find((place) => place > from) : all.findLast((place) => place < from)
        // Behind the end there is nothing to go through; before it, going back begins where `from` says.
        if (from <= places.length) expect(found).toBe(expected ?? null)
      },
    ),
  )
})

test('a space between two runs of a text is no space at its end', () => {
  expect(visiblePieces(' og ', { start: true, end: true })).toEqual([{ kind: 'plain', text: ' og ' }])
  expect(visiblePieces(' og ', { start: true }).at(-1)).toMatchObject({ kind: 'invisible', shown: '␣' })
})
