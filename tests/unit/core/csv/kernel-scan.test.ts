import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { KernelScan } from '../../../../shared/core/csv/kernel-scan.ts'
import { borrowKernel, giveBack } from '../../../../shared/core/csv/kernel.ts'
import { PlainScan } from '../../../../shared/core/csv/plain-scan.ts'
import { readCsv, type ReadCsv } from '../../../../shared/core/csv/read-csv.ts'
import { hasKeyHash, keyHashOf, markOfBytes } from '../../../../shared/core/table/cell-mark.ts'
import { limits } from '../../../../shared/core/limits.ts'
import { StoredColumn } from '../../../../shared/core/table/stored-column.ts'
import { contentOf, fileOf, findingsOf, header, seeded, shapes } from '../../../support/user-files.ts'

const root = path.join(import.meta.dirname, '../../../..')
const read = (bytes: Uint8Array, withoutKernel: boolean): ReadCsv => {
  const result = readCsv(Uint8Array.from(bytes), { name: 'users.csv', withoutKernel })
  if (!result.ok) throw new Error(result.error.detail)
  return result.value
}

test.each(shapes.map((shape, seed) => ({ seed, ...shape })))(
  'the kernel and its twin read the same: $rows rows, $odd of 1,000 odd, delimiter "$delimiter" (seed $seed)',
  ({ seed, ...shape }) => {
    const bytes = fileOf(seed, shape)
    const withKernel = read(bytes, false)
    const twin = read(bytes, true)
    expect(contentOf(withKernel)).toEqual(contentOf(twin))
    expect(findingsOf(withKernel)).toEqual(findingsOf(twin))
  },
)

test('a mark says what the bytes of the cell say', () => {
  const { table } = read(fileOf(7, { rows: 12_000, delimiter: ',', odd: 4, lineEnd: '\n' }), false)
  let marked = 0
  for (const column of table.columns) {
    if (!(column instanceof StoredColumn) || column.cells.kind !== 'plain' || column.cells.marks === null) continue
    for (const row of table.rows) {
      const start = column.storedStartOf(row)
      const bytes = column.storedBytesOf(row)
      const mark = markOfBytes(bytes, start, start + column.byteLengthOf(row))
      expect(column.cells.marks[row]).toBe(mark)
      if ((mark & hasKeyHash) !== 0) expect(column.cells.hashes![row]! | 0).toBe(keyHashOf(bytes, start, start + column.byteLengthOf(row)))
      marked++
    }
  }
  expect(marked).toBeGreaterThan(20_000)
})

test('the kernel takes most of a sound file', () => {
  const kernel = borrowKernel()
  expect(kernel).not.toBeNull()
  const bytes = fileOf(1, { rows: 6_000, delimiter: ',', odd: 1, lineEnd: '\n' })
  const from = bytes.indexOf(10) + 1
  const scan = new KernelScan(kernel!, {
    bytes,
    from,
    end: bytes.length,
    delimiter: 44,
    columnCount: header.length,
    firstNumber: 2,
    limits,
  })
  expect(scan.run()).toBeNull()
  expect(scan.gaveUp).toBe(false)
  expect(scan.rows).toBeGreaterThan(5_900)
})

test('the code that is checked in is what the source gives', () => {
  expect(execFileSync(process.execPath, ['scripts/build-kernel.mjs', '--check'], { cwd: root, encoding: 'utf8' })).toContain(
    'is what its source gives',
  )
})

test('where the kernel gets no more memory, its twin reads', () => {
  const bytes = fileOf(1, { rows: 6_000, delimiter: ',', odd: 0, lineEnd: '\n' })
  const kernel = borrowKernel()!
  // eslint-disable-next-line require-yield -- it fails before its first slice
  const scarce = vi.spyOn(KernelScan.prototype, 'steps').mockImplementation(function* () {
    // Far beyond what the memory has: what a refused `memory.grow` comes to.
    kernel.codeOfScratch(0, 0x7fff_0000)
    return null
  })
  const { table } = read(bytes, false)
  expect(scarce).toHaveBeenCalled()
  scarce.mockRestore()
  expect(contentOf({ table, facts: read(bytes, true).facts })).toEqual(contentOf(read(bytes, true)))
})

test('the kernel and its twin agree on 1,500 mutated files (seed 99)', () => {
  const random = seeded(99)
  const upTo = (most: number): number => Math.floor(random() * most)
  const pieces = ['"', '""', ',', ';', '\n', '\r', '\r\n', ',,', '"\n', '",', ' "', 'a"b', '\t', 'ø', '""",', '\n\n']
  const sources = shapes.map((shape, seed) => fileOf(seed, { ...shape, rows: 120 }))
  const encoder = new TextEncoder()
  let rows = 0
  for (let round = 0; round < 1_500; round++) {
    let bytes = sources[round % sources.length]!.slice(0, 400 + upTo(12_000))
    for (let i = upTo(6); i > 0; i--) {
      const at = upTo(bytes.length)
      bytes = Uint8Array.from([...bytes.subarray(0, at), ...encoder.encode(pieces[upTo(pieces.length)]), ...bytes.subarray(at + upTo(3))])
    }
    const from = bytes.indexOf(10) + 1
    const delimiter = shapes[round % sources.length]!.delimiter.charCodeAt(0)
    const input = { bytes, from, end: bytes.length, delimiter, columnCount: header.length, firstNumber: 2, limits }
    const read = <Scan extends KernelScan | PlainScan>(scan: Scan): unknown => {
      const problem = scan.run()
      if (scan instanceof KernelScan && scan.gaveUp) return null
      const columns = scan.finish(header)
      const texts = columns.map((column) => Array.from({ length: scan.rows }, (_, row) => column.textOf(row)))
      return { problem, rows: scan.rows, emptyLines: scan.emptyLines, endings: scan.endings, ragged: [...scan.ragged], starts: [...scan.rowStartsToEnd()], numbers: scan.numbersOrNull(), texts } // prettier-ignore
    }
    const kernel = borrowKernel()!
    const own = read(new KernelScan(kernel, input))
    giveBack(kernel)
    if (own === null) continue
    const twin = new PlainScan(input)
    expect(own, `round ${String(round)}`).toEqual(read(twin))
    rows += twin.rows
  }
  expect(rows).toBeGreaterThan(20_000)
})
