import { expect, test } from 'vitest'
import { findingStore } from '../../../../shared/core/rules/finding-store.ts'

test('findings come in order of file, row, column and rule, however they were found', () => {
  const rows = 70_000
  // The last row of the file stands first.
  const positionOf = Int32Array.from({ length: rows }, (_, row) => rows - 1 - row)
  const store = findingStore()
  const added: [rule: number, level: number, row: number, column: number, extra: number][] = []
  const add = (rule: number, level: number, row: number, column: number, extra: number): void => {
    store.of(rule, level, column).add(row, extra)
    added.push([rule, level, row, column, extra])
  }
  for (let row = 0; row < rows; row += 1) add(9, 1, row, row % 3, row % 5 === 0 ? row : 0)
  for (let row = rows - 1; row > 0; row -= 7) add(2, 0, row, row % 3, 0)
  add(1, 2, -1, -1, 4)
  add(0, 2, -1, 2, 0)
  store.of(5, 1, -1).addMany(Int32Array.of(3, 4, 5), Int32Array.of(30, 40, 50), 2)
  added.push([5, 1, 3, -1, 30], [5, 1, 4, -1, 40])

  const place = (row: number): number => (row < 0 ? -1 : positionOf[row]!)
  const expected = added.sort((a, b) => place(a[2]) - place(b[2]) || a[3] - b[3] || a[0] - b[0])
  const sorted = store.sorted(positionOf, rows)
  const listed = Array.from({ length: sorted.count }, (_, i) => [
    Math.floor(sorted.kinds[i]! / 3),
    sorted.kinds[i]! % 3,
    sorted.rows[i],
    sorted.columns[i],
    sorted.extras[i],
  ])
  expect(listed).toEqual(expected)
  expect(store.count).toBe(added.length)
  expect(Array.from(store.counts(10)).reduce((sum, count) => sum + count, 0)).toBe(added.length)
})

test('many at once, with what was noted of them and without, stand as if they had come one by one', () => {
  const positionOf = Int32Array.from({ length: 400 }, (_, row) => row)
  const many = findingStore()
  const single = findingStore()
  let row = 0
  for (const [count, isNoted] of [
    [3, true],
    [20, false],
    [50, true],
    [1, false],
    [90, true],
    [200, false],
  ] as const) {
    const rows = Int32Array.from({ length: count }, () => row++)
    const extras = isNoted ? rows.map((one) => one * 10 + 1) : null
    // What lies behind the count is of somebody else.
    many.of(4, 0, 2).addMany(Int32Array.of(...rows, 399), extras === null ? null : Int32Array.of(...extras, 7), count)
    rows.forEach((one, i) => {
      single.of(4, 0, 2).add(one, extras === null ? 0 : extras[i]!)
    })
  }
  expect(many.sorted(positionOf, 400)).toEqual(single.sorted(positionOf, 400))
  expect(many.count).toBe(364)
})
