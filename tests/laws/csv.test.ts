import fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import type { Delimiter, Dialect, Encoding } from '../../shared/core/csv/source-facts.ts'
import { readCsv } from '../../shared/core/csv/read-csv.ts'
import { tableFromRows } from '../../shared/core/table/table-from-rows.ts'
import { bytesOf, cellsOf, headerOf, readOk, written } from '../support/tables.ts'

const delimiter = fc.constantFrom<Delimiter>(',', ';', '\t', '|')
const lineEnding = fc.constantFrom('crlf', 'lf', 'cr' as const)
const ends = { crlf: '\r\n', lf: '\n', cr: '\r' }

/** Texts full of what a CSV reader stumbles over. */
const nasty = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('a', 'B', '0', ' ', 'ø', 'Å', 'ß', '€', '漢', '😀', '\u00a0', '\ufeff', '\u2028') },
      { weight: 2, arbitrary: fc.constantFrom(',', ';', '\t', '|', '"', '""', '\n', '\r', '\r\n', "'", '=', 'TRUE') },
    ),
    { maxLength: 8 },
  ) // prettier-ignore
  .map((parts) => parts.join(''))
const filled = nasty.map((text) => `${text}x`)

/** A header and rows of its width; on each row something stands, since an empty line is no row. */
const sheet = fc.integer({ min: 1, max: 6 }).chain((width) =>
  fc.record({
    header: fc.array(filled, { minLength: width, maxLength: width }),
    rows: fc
      .array(fc.tuple(filled, fc.array(nasty, { minLength: width - 1, maxLength: width - 1 }), fc.nat()), { maxLength: 12 })
      .map((rows) => rows.map(([sure, others, at]) => others.toSpliced(at % width, 0, sure))),
  }),
)

describe('CSV', () => {
  it('is read as it was written, in every dialect', () => {
    const encoding = fc.constantFrom<Encoding>('utf-8', 'utf-16le', 'utf-16be')
    const dialect = fc.record({ delimiter, lineEnding, encoding, bom: fc.boolean() }) satisfies fc.Arbitrary<Dialect>
    fc.assert(
      fc.property(sheet, dialect, ({ header, rows }, how) => {
        const bytes = written(tableFromRows(header, rows), { dialect: how })
        const { table } = readOk(bytes, { delimiter: how.delimiter, encoding: how.encoding })
        expect(headerOf(table)).toEqual(header)
        expect(cellsOf(table)).toEqual(rows)
      }),
      { numRuns: 300 },
    )
  })

  it('is written as it was read, whatever the bytes, where nothing was edited', () => {
    const line = fc.array(fc.constantFrom('a', 'ø', '"', '""', ',', ';', ' ', '\n', '\r', '\r\n', '"x"', '"y, z"', '"l\nm"', ',,', '""'), { maxLength: 30 }) // prettier-ignore
    let read = 0
    fc.assert(
      fc.property(line, fc.boolean(), (parts, bom) => {
        const bytes = bytesOf(bom ? '\ufeff' : '', parts.join(''))
        const result = readCsv(bytes, { name: 'x.csv' })
        if (!result.ok) return
        read++
        expect(written(result.value.table, { dialect: result.value.facts })).toEqual(bytes)
      }),
      { numRuns: 1000 },
    )
    expect(read).toBeGreaterThan(300)
  })

  it('agrees with papaparse on valid input', () => {
    const quoting = fc.infiniteStream(fc.boolean())
    fc.assert(
      fc.property(sheet, delimiter, lineEnding, quoting, fc.boolean(), ({ header, rows }, mark, ending, alsoQuoted, lastEnd) => {
        const cell = (text: string): string =>
          alsoQuoted.next().value === true || text.startsWith('\ufeff') || [mark, '"', '\r', '\n'].some((special) => text.includes(special))
            ? `"${text.replaceAll('"', '""')}"`
            : text
        const text = [header, ...rows].map((cells) => cells.map(cell).join(mark)).join(ends[ending]) + (lastEnd ? ends[ending] : '')
        const theirs = Papa.parse<string[]>(text, { delimiter: mark, newline: ends[ending] as '\n', skipEmptyLines: true }).data
        const { table } = readOk(text, { delimiter: mark })
        expect([headerOf(table), ...cellsOf(table)]).toEqual(theirs)
      }),
      { numRuns: 500 },
    )
  })

  it('comes in or is refused with a reason, however mutilated: no crash, no lost row', () => {
    const base = Buffer.from('Name,Mail,"Note, long"\r\nKåre,k@f.no,"a ""b"""\r\nÅse,,"x\r\ny"\r\nPer,p@f.no,\r\n'.repeat(3))
    const change = fc.record({ at: fc.nat(base.length - 1), byte: fc.constantFrom(0x22, 0x2c, 0x0a, 0x0d, 0x00, 0xff, 0x41, 0xc3, 0x20), kind: fc.constantFrom('set', 'cut', 'put') }) // prettier-ignore
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        let bytes = [...base]
        for (const { at, byte, kind } of changes) {
          if (kind === 'set') bytes[at % bytes.length] = byte
          else if (kind === 'cut') bytes = bytes.toSpliced(at % bytes.length, 1)
          else bytes = bytes.toSpliced(at % bytes.length, 0, byte)
        }
        const input = Uint8Array.from(bytes)
        const result = readCsv(input, { name: 'x.csv' })
        if (!result.ok) return void expect(result.error.detail).not.toBe('')
        expect(written(result.value.table, { dialect: result.value.facts })).toEqual(input)
      }),
      { numRuns: Number(process.env['ROSTER_FUZZ_RUNS'] ?? 2000) },
    )
  })
})

describe('the fast path', () => {
  it('reads a large file as the tolerant reader would, cell by cell', () => {
    // Enough rows that columns turn plain, dictionaries grow and arrays are enlarged on the way.
    const words = ['Oslo', 'Bergen, HQ', 'Tromsø', '', 'say "hi"', 'two\nlines', 'FALSE', 'TRUE']
    const rows = Array.from({ length: 40_000 }, (_, i) => [
      `user${String(i)}@f.no`,
      words[(i * 7919) % words.length]!,
      i % 3 === 0 ? '' : `+47${String(20_000_000 + i)}`,
      `Site ${String((i * 31) % 700)}`,
      i % 50 === 0 ? `Note ${String(i)}, "x"` : '',
      i % 2 === 0 ? 'TRUE' : 'FALSE',
    ])
    const header = ['mail', 'word', 'phone', 'site', 'note', 'flag']
    const text = Papa.unparse([header, ...rows])
    const { table } = readOk(text)
    expect(table.columns.map((column) => column.coded)).toEqual([false, true, false, true, true, true])
    expect(cellsOf(table)).toEqual(rows)
    expect(table.columns[1]!.codeCount).toBe(words.length)
  })
})
