import { isUtf8 } from 'node:buffer'
import { expect, test } from 'vitest'
import { readCsv, type ReadCsv } from '../../../../shared/core/csv/read-csv.ts'
import { readCsvInTwo, readHalf, type HalfJob, type HalfRows } from '../../../../shared/core/csv/read-in-two.ts'
import { finish } from '../../../../shared/kit/steps.ts'
import { contentOf, fileOf, findingsOf, seeded, shapes } from '../../../support/user-files.ts'

function asShared(bytes: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
  shared.set(bytes)
  return shared
}

async function readInTwo(bytes: Uint8Array): Promise<ReadCsv | null> {
  const other = (job: HalfJob): Promise<HalfRows | null> => Promise.resolve(finish(readHalf(structuredCloneOf(job), isUtf8)))
  const read = await readCsvInTwo(asShared(bytes), { name: 'users.csv', isUtf8, readHalf: other, leastBytes: 1, inSlices: (steps) => Promise.resolve(finish(steps)) }) // prettier-ignore
  if (read !== null && !read.ok) throw new Error('no problem comes from here')
  return read === null ? null : read.value
}

/** As it comes to another thread: memory is shared, all else copied. */
const structuredCloneOf = (job: HalfJob): HalfJob => structuredClone(job)

const readInOne = (bytes: Uint8Array): ReadCsv => {
  const read = readCsv(Uint8Array.from(bytes), { name: 'users.csv' })
  if (!read.ok) throw new Error(read.error.detail)
  return read.value
}

test.each([
  { rows: 14_000, delimiter: ',', odd: 0, lineEnd: '\r\n' },
  { rows: 14_000, delimiter: ';', odd: 3, lineEnd: '\n' },
  { rows: 24_000, delimiter: '\t', odd: 10, lineEnd: '\r\n' },
])('two halves read as one file: $odd of 1,000 odd, delimiter "$delimiter"', async (shape) => {
  for (const seed of [2]) {
    const bytes = fileOf(seed, shape)
    const inTwo = await readInTwo(bytes)
    expect(inTwo).not.toBeNull()
    expect(contentOf(inTwo!)).toEqual(contentOf(readInOne(bytes)))
    expect(findingsOf(inTwo!)).toEqual(findingsOf(readInOne(bytes)))
    expect([...inTwo!.table.source!.rowStarts]).toEqual([...readInOne(bytes).table.source!.rowStarts])
  }
})

test('a byte order mark, a sep= line and a DOS end of text stay what they are', async () => {
  const sound = fileOf(3, { rows: 14_000, delimiter: ';', odd: 0, lineEnd: '\r\n' })
  const bytes = Buffer.concat([Buffer.from('\ufeffsep=;\r\n'), sound, Buffer.from([0x1a])])
  expect(contentOf((await readInTwo(bytes))!)).toEqual(contentOf(readInOne(bytes)))
})

test('a column that repeats in one half only, or in each half by itself, reads as in one', async () => {
  const line = (row: number): string =>
    [
      row < 20_000 ? 'Oslo' : `Place ${String(row)}`,
      row < 20_000 ? `Place ${String(row)}` : 'Oslo',
      `Room ${String(row < 20_000 ? row % 50 : 1000 - (row % 70))}`,
      `n${String(row % 30_000)}`,
      row % 3 === 0 ? '"say ""hi"""' : '',
    ].join(',')
  const bytes = Buffer.from(['A,B,C,D,E', ...Array.from({ length: 40_000 }, (_, row) => line(row)), ''].join('\n'))
  const inTwo = await readInTwo(bytes)
  expect(contentOf(inTwo!)).toEqual(contentOf(readInOne(bytes)))
  expect(inTwo!.table.columns.map(({ coded }) => coded)).toEqual([false, false, true, false, true])
})

test('what is odd in one half is left to one thread: damage, another encoding, a quote across the middle, more rows than laid out', async () => {
  const sound = fileOf(1, { rows: 14_000, delimiter: ',', odd: 0, lineEnd: '\n' })
  const withBytes = (at: number, ...bytes: readonly number[]): Uint8Array => {
    const copy = Uint8Array.from(sound)
    copy.set(bytes, at)
    return copy
  }
  for (const share of [0.1, 0.49, 0.51, 0.9]) {
    const at = Math.floor(sound.length * share)
    expect(await readInTwo(withBytes(at, 0))).toBeNull()
    expect(await readInTwo(withBytes(at, 0xff))).toBeNull()
  }
  // A note of many lines that look like rows: the place of the cut lies within a cell.
  const rows = new TextDecoder().decode(sound).split('\n')
  const note = `"${rows
    .slice(1, -1)
    .filter((line) => !line.includes('"'))
    .join('\n')}"`
  const across = Buffer.from([rows[0], ...rows.slice(1, 4_000), ['Kari', 'Lie', 'k@x.no', '', '', '', '', '', note].join(','), ...rows.slice(1, 4_000), ''].join('\n')) // prettier-ignore
  expect(await readInTwo(across)).toBeNull()
  // Long rows first, then far more short ones than the beginning let expect.
  const short = Buffer.from(['A,B', ...Array.from({ length: 3_000 }, () => `${'x'.repeat(400)},1`), ...Array.from({ length: 400_000 }, () => 'y,2'), ''].join('\n')) // prettier-ignore
  expect(await readInTwo(short)).toBeNull()
})

test('read in two or not, 400 mutated files are the same table (seed 7)', async () => {
  const random = seeded(7)
  const upTo = (most: number): number => Math.floor(random() * most)
  const pieces = ['"', '""', ',', ';', '\n', '\r', '\r\n', ',,', '"\n', '",', 'a"b', 'ø', '\n\n']
  const sources = shapes.slice(0, 4).map((shape, seed) => fileOf(seed, { ...shape, rows: 9_000 }))
  let inTwoParts = 0
  for (let round = 0; round < 400; round++) {
    const source = sources[round % sources.length]!
    const middle = source.length >> 1
    const pieced: Uint8Array[] = []
    let from = 0
    for (const at of Array.from({ length: upTo(3) }, () => middle - 400 + upTo(800)).sort((a, b) => a - b)) {
      if (at < from) continue
      pieced.push(source.subarray(from, at), Buffer.from(pieces[upTo(pieces.length)]!))
      from = at + upTo(3)
    }
    const bytes = Buffer.concat([...pieced, source.subarray(from)])
    const inTwo = await readInTwo(bytes)
    if (inTwo === null) continue
    inTwoParts++
    if (round % 8 === 0) expect(contentOf(inTwo), `round ${String(round)}`).toEqual(contentOf(readInOne(bytes)))
    else expect([...inTwo.table.source!.rowStarts], `round ${String(round)}`).toEqual([...readInOne(bytes).table.source!.rowStarts])
  }
  expect(inTwoParts).toBeGreaterThan(100)
}, 120_000)
