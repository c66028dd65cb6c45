import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { SoundText, type Arrival } from '../../../../shared/core/csv/arrival.ts'
import type { CsvProblem } from '../../../../shared/core/csv/csv-problem.ts'
import { readCsvSteps, type ReadCsv, type ReadCsvOptions } from '../../../../shared/core/csv/read-csv.ts'
import { limits } from '../../../../shared/core/limits.ts'
import { StoredColumn } from '../../../../shared/core/table/stored-column.ts'
import type { Result } from '../../../../shared/kit/result.ts'
import { finish } from '../../../../shared/kit/steps.ts'
import { fileOf, findingsOf, seeded, shapes } from '../../../support/user-files.ts'

type Read = Result<ReadCsv, CsvProblem>
const options: ReadCsvOptions = { name: 'users.csv', isUtf8 }

/** Reads a file whose bytes come in piece by piece; what has not come in is noise, so that nothing read of it can go unseen. */
function readArriving(file: Uint8Array, pieces: () => number, more: Partial<ReadCsvOptions> = {}): { read: Read; waits: number } {
  const bytes = new Uint8Array(file.length).fill(0x22)
  const arrival: Arrival = { filled: 0, needed: 0 }
  const steps = readCsvSteps(bytes, { ...options, ...more, arrival })
  let waits = 0
  for (;;) {
    const step = steps.next()
    if (step.done === true) return { read: step.value, waits }
    if (arrival.filled >= arrival.needed) continue
    waits++
    expect(arrival.needed).toBeLessThanOrEqual(file.length)
    const upTo = Math.min(file.length, arrival.filled + Math.max(1, pieces()))
    bytes.set(file.subarray(arrival.filled, upTo), arrival.filled)
    arrival.filled = upTo
  }
}
const readWhole = (file: Uint8Array, more: Partial<ReadCsvOptions> = {}): Read =>
  finish(readCsvSteps(Uint8Array.from(file), { ...options, ...more }))

/** Long arrays by their digest: they are compared quickly. */
const briefly = (parts: object | null): unknown =>
  parts === null
    ? null
    : Object.fromEntries(
        Object.entries(parts).map(([name, part]: [string, unknown]) => [
          name,
          ArrayBuffer.isView(part)
            ? createHash('sha1')
                .update(part as Uint32Array)
                .digest('hex')
            : part,
        ]),
      )

/** All that a reading gave, as it is stored. */
const storedOf = (read: Read): unknown =>
  read.ok
    ? {
        facts: read.value.facts,
        source: briefly(read.value.table.source),
        rows: briefly({ rows: read.value.table.rows }),
        numbers: [0, 1, read.value.table.rows.length - 1].map((row) => read.value.table.numberOf(row)),
        columns: read.value.table.columns.map((column) => (column instanceof StoredColumn ? [column.header, briefly(column.cells)] : null)),
      }
    : read.error

test.each(shapes.map((shape, seed) => ({ seed, ...shape, rows: 60_000 })))(
  'what comes in piece by piece reads as what is there at once: $odd of 1,000 odd, delimiter "$delimiter" (seed $seed)',
  ({ seed, ...shape }) => {
    const file = fileOf(seed, shape)
    expect(file.length).toBeGreaterThan(3 * 1024 * 1024)
    const random = seeded(seed)
    const whole = readWhole(file)
    const arriving = readArriving(file, () => Math.floor(random() * 700_000))
    expect(arriving.waits).toBeGreaterThan(4)
    expect(storedOf(arriving.read)).toEqual(storedOf(whole))
    if (seed === 1 && arriving.read.ok && whole.ok) expect(findingsOf(arriving.read.value)).toEqual(findingsOf(whole.value))
  },
)

test('marks of the text are what they are for all of it: a byte order mark, a sep= line, ^Z at the end, no line end at the end', () => {
  const sound = fileOf(3, { rows: 40_000, delimiter: ';', odd: 0, lineEnd: '\r\n' })
  for (const file of [
    Buffer.concat([Buffer.from('\ufeffsep=;\r\n'), sound, Buffer.from([0x1a])]),
    Buffer.concat([sound, Buffer.from([0x1a])]),
    Buffer.concat([sound, Buffer.from([0x1a, 0x1a])]),
    sound.subarray(0, -2),
  ]) {
    const { read } = readArriving(file, () => 300_000)
    expect(storedOf(read)).toEqual(storedOf(readWhole(file)))
  }
}, 60_000)

test('damage, another encoding, NUL, an unterminated quote, too many rows: each is said as of the whole file', () => {
  const sound = fileOf(1, { rows: 40_000, delimiter: ',', odd: 0, lineEnd: '\n' })
  const withBytes = (share: number, ...news: readonly number[]): Uint8Array => {
    const at = Math.floor(sound.length * share)
    return Buffer.concat([sound.subarray(0, at), Uint8Array.from(news), sound.subarray(at)])
  }
  for (const share of [0.001, 0.3, 0.5, 0.99, 1])
    for (const news of [[0], [0xff], [0xe5], [0x22], [0x0a, 0x0a], [0xc3]]) {
      const file = withBytes(share, ...news)
      expect(storedOf(readArriving(file, () => 900_000).read), `${String(share)} ${String(news)}`).toEqual(storedOf(readWhole(file)))
    }
  for (const rows of [1_000, 30_000]) {
    const few = { limits: { ...limits, rows } }
    expect(storedOf(readArriving(sound, () => 900_000, few).read)).toEqual(storedOf(readWhole(sound, few)))
    const damaged = withBytes(0.9, 0)
    expect(storedOf(readArriving(damaged, () => 900_000, few).read)).toEqual(storedOf(readWhole(damaged, few)))
  }
  const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(new TextDecoder().decode(sound), 'utf16le')])
  expect(storedOf(readArriving(wide, () => 2_000_000).read)).toEqual(storedOf(readWhole(wide)))
}, 120_000)

test('a title of more than a megabyte, or a header behind it, is looked for when all is there', () => {
  const sound = fileOf(1, { rows: 40_000, delimiter: ',', odd: 0, lineEnd: '\n' })
  const scoreHeader = (cells: readonly string[]): number => cells.filter((cell) => cell.includes('Name')).length
  for (const title of [`"${'title '.repeat(400_000)}"\n`, 'Report\nReport\nReport\n', `${'x'.repeat(1_300_000)}\n`]) {
    const file = Buffer.concat([Buffer.from(title), sound])
    expect(storedOf(readArriving(file, () => 500_000, { scoreHeader }).read)).toEqual(storedOf(readWhole(file, { scoreHeader })))
  }
})

test('200 mutated files read in pieces are what they are at once (seed 11)', () => {
  const random = seeded(11)
  const upTo = (most: number): number => Math.floor(random() * most)
  const news = ['"', '""', ',', ';', '\n', '\r', '\r\n', ',,', '"\n', '",', 'a"b', 'ø', '\n\n', '\u0000', '€']
  const sources = shapes.slice(0, 4).map((shape, seed) => fileOf(seed, { ...shape, rows: 30_000 }))
  for (let round = 0; round < 200; round++) {
    const source = sources[round % sources.length]!
    const places = Array.from({ length: upTo(4) }, () => upTo(source.length)).sort((a, b) => a - b)
    const pieces: Uint8Array[] = []
    let from = 0
    for (const at of places) {
      if (at < from) continue
      pieces.push(source.subarray(from, at), Buffer.from(news[upTo(news.length)]!))
      from = Math.min(source.length, at + upTo(3))
    }
    const file = Buffer.concat([...pieces, source.subarray(from)])
    const arriving = storedOf(readArriving(file, () => upTo(1_500_000)).read)
    expect(arriving, `round ${String(round)}`).toEqual(storedOf(readWhole(file)))
  }
}, 120_000)

test('no character is looked at before all its bytes are there', () => {
  const text = 'åæø€😀'.repeat(5)
  const bytes = Buffer.from(text)
  for (let first = 0; first < bytes.length; first++) {
    const arrival: Arrival = { filled: first, needed: 0 }
    const sound = new SoundText(bytes, arrival, 0, { isUtf8 })
    expect(sound.reaches(bytes.length)).toBe(false)
    expect(sound.isDamaged()).toBe(false)
    expect(isUtf8(bytes.subarray(0, sound.sound))).toBe(true)
    expect(first - sound.sound).toBeLessThan(4)
    arrival.filled = bytes.length
    expect([sound.reaches(bytes.length), sound.isDamaged(), sound.sound]).toEqual([true, false, bytes.length])
  }
  const cut: Arrival = { filled: 4, needed: 0 }
  const half = new SoundText(bytes.subarray(0, 3), cut)
  expect([half.reaches(3), half.isDamaged()]).toEqual([true, true])
})
