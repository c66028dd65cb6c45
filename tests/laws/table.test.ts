import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstRowWithSameText, joinRows } from '../../shared/core/table/matching-rows.ts'
import { decodeTable, encodeTable } from '../../shared/core/table/table-codec.ts'
import { tableFromRows } from '../../shared/core/table/table-from-rows.ts'
import type { EditableTable } from '../../shared/core/table/editable-table.ts'
import { orderTexts } from '../../shared/core/table/text-order.ts'
import { filterRows, rowsContaining, sortRows } from '../../shared/core/table/views.ts'
import { cellsOf, numbersOf, readOk, written } from '../support/tables.ts'

const text = fc
  .array(fc.constantFrom('a', 'A', 'ø', 'Ø', 'å', 'b', ' ', '\u00a0', '\t', '1', 'é', 'É', 'İ', 'ß', '漢'), { maxLength: 3 })
  .map((parts) => parts.join(''))
const options = fc.record({ ignoreCase: fc.boolean(), trim: fc.boolean(), skipBlank: fc.boolean() })

/** A column of the texts; the wide one has so many other texts below it that it is not coded. */
function columnOf(texts: readonly string[], isWide: boolean): { table: EditableTable; rows: Uint32Array } {
  const filler = isWide ? Array.from({ length: 400 }, (_, i) => [`filler ${String(i)}`]) : []
  const table = tableFromRows(['c'], [...texts.map((cell) => [cell]), ...filler])
  return { table, rows: table.rows.slice(0, texts.length) }
}

const keyOf = (cell: string, same: { ignoreCase: boolean; trim: boolean }): string => {
  const trimmed = same.trim ? cell.trim() : cell
  return same.ignoreCase ? trimmed.toLowerCase() : trimmed
}

describe('rows with equal text', () => {
  it('are those that a plain comparison of strings finds', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 40 }), options, fc.boolean(), (texts, same, isWide) => {
        const { table, rows } = columnOf(texts, isWide)
        expect(table.columns[0]!.coded).toBe(!isWide)
        const first = new Map<string, number>()
        const expected = texts.map((cell, row) => {
          if (same.skipBlank && cell.trim() === '') return -1
          const key = keyOf(cell, same)
          const earlier = first.get(key)
          if (earlier === undefined) first.set(key, row)
          return earlier ?? -1
        })
        expect(Array.from(firstRowWithSameText(table.columns[0]!, rows, same))).toEqual(expected)
      }),
      { numRuns: 500 },
    )
  })

  it('are joined as a plain comparison of strings joins them', () => {
    const texts = fc.array(text, { maxLength: 30 })
    fc.assert(
      fc.property(texts, texts, options, fc.boolean(), fc.boolean(), (left, right, same, leftWide, rightWide) => {
        const a = columnOf(left, leftWide)
        const b = columnOf(right, rightWide)
        const expected = left.map((cell) =>
          cell.trim() === '' ? -1 : right.findIndex((other) => other.trim() !== '' && keyOf(other, same) === keyOf(cell, same)),
        )
        expect(Array.from(joinRows(a.table.columns[0]!, a.rows, b.table.columns[0]!, b.rows, same))).toEqual(expected)
      }),
      { numRuns: 500 },
    )
  })
})

describe('sorting', () => {
  it('orders as the collator does, keeps equal rows in their order and puts empty cells last', () => {
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 60 }),
        fc.constantFrom('nb', 'sv', 'en'),
        fc.constantFrom('up', 'down' as const),
        fc.boolean(),
        (texts, locale, direction, isWide) => {
          const { table, rows } = columnOf(texts, isWide)
          const { compare } = new Intl.Collator(locale)
          const sign = direction === 'up' ? 1 : -1
          const expected = [...texts.keys()].sort((a, b) => {
            const [left, right] = [texts[a]!, texts[b]!]
            if (left === '' || right === '') return Number(left === '') - Number(right === '') || a - b
            return sign * compare(left, right) || a - b
          })
          expect(Array.from(sortRows(table, rows, [{ column: 0, direction }], locale))).toEqual(expected)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('a table in blobs', () => {
  it('comes back with the same rows, numbers, ragged rows and bytes', () => {
    const line = fc.array(fc.constantFrom('a', 'ø', ',', ',', '\n', '\n', '"x, y"', '漢'), { maxLength: 40 })
    fc.assert(
      fc.property(line, (parts) => {
        const { table, facts } = readOk(`a,b,c\n${parts.join('')}`)
        const blobs = new Map(encodeTable(table).map((blob) => [blob.name, Buffer.from(blob.bytes)]))
        const decoded = decodeTable((name) => blobs.get(name) ?? null)
        if (!decoded.ok) throw new Error(decoded.error.detail)
        expect(cellsOf(decoded.value)).toEqual(cellsOf(table))
        expect(numbersOf(decoded.value)).toEqual(numbersOf(table))
        expect([...decoded.value.ragged]).toEqual([...table.ragged])
        expect(written(decoded.value, { dialect: facts })).toEqual(written(table, { dialect: facts }))
      }),
      { numRuns: 300 },
    )
  })
})

describe('sorting many texts', () => {
  it('by keys first is what sorting by the collator alone is', () => {
    const letters = [
      'a',
      'A',
      'aa',
      'Aa',
      'b',
      'z',
      'ø',
      'Ø',
      'å',
      'ä',
      'é',
      'e',
      '-',
      ' ',
      '.',
      '1',
      '10',
      'ß',
      '漢',
      '\u0007',
      'th',
      '@',
      '😀',
    ]
    const word = fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.array(word, { minLength: 600, maxLength: 900 }), fc.constantFrom('nb', 'da', 'sv', 'en'), (texts, locale) => {
        const { compare } = new Intl.Collator(locale)
        const { order, ranks } = orderTexts(texts, locale)
        expect(Array.from(order)).toEqual([...texts.keys()].sort((a, b) => compare(texts[a]!, texts[b]!) || a - b))
        for (let i = 1; i < order.length; i++) {
          const step = compare(texts[order[i - 1]!]!, texts[order[i]!]!) === 0 ? 0 : 1
          expect(ranks[order[i]!]! - ranks[order[i - 1]!]!).toBe(step)
        }
      }),
      { numRuns: 40 },
    )
  })
})

describe('filtering', () => {
  it('by bytes is what filtering by texts is', () => {
    const tests = fc.constantFrom('contains', 'not-contains', 'equals', 'starts', 'ends', 'blank', 'not-blank' as const)
    fc.assert(
      fc.property(fc.array(text, { maxLength: 40 }), tests, text, fc.boolean(), (texts, test, wanted, isWide) => {
        const { table, rows } = columnOf(texts, isWide)
        const [cell, part] = [(row: number): string => texts[row]!.toLowerCase(), wanted.toLowerCase()]
        const holds = {
          contains: (row: number) => cell(row).includes(part),
          'not-contains': (row: number) => !cell(row).includes(part),
          equals: (row: number) => cell(row) === part,
          starts: (row: number) => cell(row).startsWith(part),
          ends: (row: number) => cell(row).endsWith(part),
          blank: (row: number) => cell(row).trim() === '',
          'not-blank': (row: number) => cell(row).trim() !== '',
        }[test]
        const filtered = filterRows(table, rows, [{ kind: 'text', column: 0, test, text: wanted }])
        expect(filtered.ok && Array.from(filtered.value)).toEqual([...texts.keys()].filter(holds))
        const found = [...texts.keys()].filter((row) => cell(row).includes(part))
        expect(Array.from(rowsContaining(table, rows, [0], wanted))).toEqual(found)
      }),
      { numRuns: 300 },
    )
  })
})
