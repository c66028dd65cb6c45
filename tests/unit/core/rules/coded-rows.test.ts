import { expect, test } from 'vitest'
import { bitsAdder, codeFinder, rowSlices, sliceRows } from '../../../../shared/core/rules/coded-rows.ts'
import { readOk } from '../../../support/tables.ts'

const count = sliceRows * 2 + 4_321
/** By column: how many texts there are in it. Few, so that two codes are read at once, and more than that. */
const sizes = [3, 15, 16, 40]

const { table } = readOk(
  `A,B,C,D\n${Array.from({ length: count }, (_, n) => sizes.map((size) => `t${((n * 7919) >>> 3) % size}`).join(',')).join('\n')}\n`,
)
const all = table.rows
const orders: readonly (readonly [string, Uint32Array])[] = [
  ['all', all],
  ['an odd number from an odd row on', all.subarray(1, count - 1)],
  ['some', all.filter((row) => row % 3 !== 0)],
  ['those of the end first', all.slice().reverse()],
  ['none', all.subarray(0, 0)],
]

test.each(orders)('codes are found and their bits added as row after row says: %s', (_, rows) => {
  for (const column of table.columns) {
    const isWanted = Uint8Array.from({ length: column.codeCount }, (_code, code) => (code % 5 === 2 ? 1 : 0))
    const bits = Uint16Array.from({ length: column.codeCount }, (_code, code) => (code * 37) & 0xffff)
    const find = codeFinder(column, isWanted)
    const add = bitsAdder(column, bits)
    const found = new Uint32Array(sliceRows)
    const into = new Uint16Array(sliceRows)
    const foundRows: number[] = []
    const added: number[] = []
    for (const slice of rowSlices(rows)) {
      const length = find(slice, found)
      for (let i = 0; i < length; i++) foundRows.push(slice.rows[found[i]!]!)
      into.fill(0x8000)
      add(slice, into)
      added.push(...into.subarray(0, slice.rows.length))
    }
    expect(column.coded).toBe(true)
    expect(foundRows).toEqual([...rows].filter((row) => isWanted[column.codeOf(row)] === 1))
    expect(added).toEqual(Array.from(rows, (row) => 0x8000 | bits[column.codeOf(row)]!))
  }
})
