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

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'neighbouring columns of few values are read as by the twin, also when that changes (seed %i)',
  (seed) => {
    const random = seeded(seed)
    const upTo = (most: number): number => Math.floor(random() * most)
    const texts = ['TRUE', 'FALSE', '', 'true ', '"Sales, Nordic"', '"5"" pipe"', '""', 'Århus', 'x'.repeat(30), '"two\nlines"', '0042']
    const valuesOf = (): readonly string[] =>
      Array.from({ length: [1, 2, 4, 11, 60, 3_000][upTo(6)]! }, (_, i) =>
        i < texts.length ? texts[upTo(texts.length)]! : `v${String(i)}`,
      )
    const columns = Array.from({ length: 6 + upTo(20) }, () => ({ early: valuesOf(), late: valuesOf(), turn: 6_000 + upTo(9_000) }))
    const lineEnd = seed % 2 === 0 ? '\n' : '\r\n'
    const rows = Array.from({ length: 12_000 }, (_, row) =>
    columns.map(({ early, late, turn }) => (row < turn ? early : late)).map((values) => values[upTo(values.length)]!).join(',') + lineEnd,
  ) // prettier-ignore
    const bytes = Buffer.from(`${columns.map((_, i) => `H${String(i)}`).join(',')}${lineEnd}${rows.join('')}`)
    expect(contentOf(read(bytes, false))).toEqual(contentOf(read(bytes, true)))
  },
)

test.each([0, 100])('the kernel keeps the columns coded that its twin does, in rows of %i bytes and more', (bytes) => {
  const rows = Array.from({ length: 60_000 }, (_, i) => `${i < 10_000 && i % 10 < 6 ? `v${String(i)}` : 'v0'},${'x'.repeat(bytes)}k\n`)
  const kinds = [false, true].map((withoutKernel) =>
    read(Buffer.from(`A,B\n${rows.join('')}`), withoutKernel).table.columns.map(({ coded }) => coded),
  )
  expect(kinds).toEqual([[false, true], [false, true]]) // prettier-ignore
})

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

test('a mark is right for every byte at every place, and for texts that are nearly an email, a number or digits (seed 5)', () => {
  const random = seeded(5)
  const upTo = (most: number): number => Math.floor(random() * most)
  const one = (of: string): string => of[upTo(of.length)]!
  const signs = [...Array.from({ length: 96 }, (_, i) => String.fromCharCode(32 + i)), '\t', '\u0001', 'ø', 'ÿ', 'Ā', '–', '😀']
    .filter((sign) => sign !== '"' && sign !== ',') // prettier-ignore
  const digits = (length: number): string => Array.from({ length }, () => one('0123456789')).join('')
  const word = (length: number): string => Array.from({ length }, () => one('abcopqzABOPZ019-_.')).join('')
  const kinds = [
    () => digits(upTo(70)),
    () => `+${digits(upTo(20))}`,
    () => `${word(upTo(40))}@${word(upTo(30))}`,
    () => `${word(1 + upTo(8))}@${word(1 + upTo(8))}.${word(2)}`,
    () => word(upTo(70)),
  ]
  const texts = Array.from({ length: 12_000 }, (_, i) => {
    const text = kinds[i % kinds.length]!()
    if (random() < 0.5) return text
    const at = upTo(text.length + 1)
    return text.slice(0, at) + signs[i % signs.length]! + text.slice(at)
  })
  const { table } = read(Buffer.from(`A,B\n${texts.map((text, i) => `${text},${String(i)}\n`).join('')}`), false)
  const column = table.columns[0]
  if (!(column instanceof StoredColumn) || column.cells.kind !== 'plain') throw new Error('the texts differ')
  const { marks, hashes } = column.cells
  for (const row of table.rows) {
    const start = column.storedStartOf(row)
    const end = start + column.byteLengthOf(row)
    const bytes = column.storedBytesOf(row)
    const mark = markOfBytes(bytes, start, end)
    expect(marks![row], JSON.stringify(column.textOf(row))).toBe(mark)
    if ((mark & hasKeyHash) !== 0) expect(hashes![row]! | 0).toBe(keyHashOf(bytes, start, end))
  }
})

test('hashes are kept only of columns that have some', () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => `Kari ${String(i)} Lie,kari.${String(i)}@fjordkraft.no,${String(1000 + i)}\n`)
  const { table } = read(Buffer.from(`Name,Email,Extension\n${rows.join('')}`), false)
  const kept = table.columns.map(
    (column) => column instanceof StoredColumn && column.cells.kind === 'plain' && column.cells.hashes !== null,
  )
  expect(kept).toEqual([false, true, true])
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
