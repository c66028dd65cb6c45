import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { finish } from '../../shared/kit/steps.ts'
import { firstRowWithSameText, matchRows } from '../../shared/core/table/matching-rows.ts'
import { decodeTable, encodeTable } from '../../shared/core/table/table-codec.ts'
import { tableFromRows } from '../../shared/core/table/table-from-rows.ts'
import type { EditableTable } from '../../shared/core/table/editable-table.ts'
import { sortRows } from '../../shared/core/table/sort-rows.ts'
import { rankTexts } from '../../shared/core/table/text-order.ts'
import { TextStore } from '../../shared/core/table/text-store.ts'
import { filterRows, findCells, rowsContaining } from '../../shared/core/table/views.ts'
import { cellsOf, numbersOf, readOk, written } from '../support/tables.ts'

const text = fc
  .array(fc.constantFrom('a', 'A', 'ø', 'Ø', 'å', 'b', ' ', '\u00a0', '\t', '1', 'é', 'É', 'İ', 'ß', '漢'), { maxLength: 3 })
  .map((parts) => parts.join(''))
const options = fc.record({ ignoreCase: fc.boolean(), trim: fc.boolean() })

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
          if (cell.trim() === '') return -1
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
        expect(Array.from(matchRows(a.table.columns[0]!, a.rows, b.table.columns[0]!, b.rows, same).rightOf)).toEqual(expected)
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
  const stored = (texts: readonly string[]) => {
    const store = new TextStore(new Uint8Array(0))
    const starts = Uint32Array.from(texts, (one) => store.addText(one))
    const lengths = Uint32Array.from(starts, (start, i) => (starts[i + 1] ?? store.used) - start)
    return { source: store.source, arena: store.arena, base: store.base, starts, lengths }
  }
  const locales = fc.constantFrom('nb', 'da', 'sv', 'en', 'fi', 'de')
  const collated = (texts: readonly string[], locale: string): void => {
    const { compare } = new Intl.Collator(locale)
    const { ranks, most } = finish(rankTexts(stored(texts), locale))
    const order = [...texts.keys()].sort((a, b) => compare(texts[a]!, texts[b]!) || a - b)
    let rank = 0
    const expected = new Uint32Array(texts.length)
    order.forEach((place, i) => {
      if (i === 0 || compare(texts[order[i - 1]!]!, texts[place]!) !== 0) rank++
      expected[place] = rank
    })
    const wrong = order.find((place) => ranks[place] !== expected[place])
    expect(wrong === undefined ? null : [texts[wrong], ranks[wrong], expected[wrong]]).toBeNull()
    expect(most).toBe(rank)
  }
  const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(0x20 + i))
  const western = Array.from({ length: 64 }, (_, i) => String.fromCharCode(0xc0 + i))
  const nordic = [
    'a',
    'A',
    'aa',
    'Aa',
    'aA',
    'AA',
    'b',
    'o',
    'e',
    'z',
    'ø',
    'Ø',
    'ö',
    'å',
    'Å',
    'æ',
    'Æ',
    'ä',
    'é',
    'ü',
    '-',
    ' ',
    '1',
    '@',
  ]
  const odd = ['ß', 'þ', '漢', '\u0007', '\u00a0', '😀', 'a\u030a', '\u0301', 'ł', 'th', '\n', '\t']

  it.each([
    ['any printable ASCII', printable, 6],
    ['western letters', [...printable, ...western], 4],
    ['Nordic letters, with pairs', nordic, 5],
    ['texts longer than a few keys', ['a', 'A', 'aa', 'å', 'b', 'ø'], 45],
    ['characters without weights among others', [...nordic, ...odd], 4],
    ['long texts without weights', ['a', 'b', '漢', 'ß', 'ё'], 40],
  ])('gives %s the places that the collator gives them', (_, letters, most) => {
    const word = fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: most }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.array(word, { minLength: 0, maxLength: 700, size: 'max' }), locales, (texts, locale) => {
        collated(texts, locale)
      }),
      { numRuns: 25 },
    )
  })

  it('goes on where thousands have the same beginning, or are the same', () => {
    const texts = Array.from({ length: 60_000 }, (_, i) => `${'common beginning of all '.repeat(2)}${String((i * 7919) % 20_011)}`)
    collated(texts, 'nb')
    collated(
      texts.map((one, i) => (i % 3 === 0 ? 'Same' : i % 3 === 1 ? 'same' : one)),
      'da',
    )
  })

  it('comes in slices, the share that is done never less than before', () => {
    const texts = Array.from({ length: 50_000 }, (_, i) => `${String((i * 7919) % 50_021)}${i % 5 === 0 ? 'ß' : ''}`)
    const shares = [...rankTexts(stored(texts), 'en')]
    expect(shares.length).toBeGreaterThan(10)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true)
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

describe('finding cells', () => {
  it('by bytes is what looking at the texts is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(text, text), { maxLength: 30 }),
        text.filter((wanted) => wanted !== ''),
        fc.record({ matchCase: fc.boolean(), wholeCell: fc.boolean() }),
        fc.integer({ min: 0, max: 20 }),
        fc.boolean(),
        (pairs, wanted, { matchCase, wholeCell }, limit, isWide) => {
          const filler = isWide ? Array.from({ length: 400 }, (_, i) => [`filler ${String(i)}`, 'filler']) : []
          const table = tableFromRows(['c', 'd'], [...pairs, ...filler])
          const fold = (cell: string): string => (matchCase ? cell : cell.toLowerCase())
          const holds = (cell: string): boolean => (wholeCell ? fold(cell) === fold(wanted) : fold(cell).includes(fold(wanted)))
          const all = pairs.flatMap((cells, row) => cells.flatMap((cell, column) => (holds(cell) ? [[row, column]] : [])))
          const found = findCells(table, table.rows.slice(0, pairs.length), { text: wanted, matchCase, wholeCell, limit })
          if (!found.ok) throw new Error(found.error.detail)
          expect(Array.from(found.value.rows, (row, i) => [row, found.value.columns[i]])).toEqual(all.slice(0, limit))
          expect(found.value.isCut).toBe(all.length > limit)
        },
      ),
      { numRuns: 300 },
    )
  })
})
