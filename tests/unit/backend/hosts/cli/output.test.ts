import { expect, test } from 'vitest'
import { columnsOf, jsonPieces, visible, visibleWords } from '../../../../../backend/hosts/cli/output.ts'

test('a document with lists is the JSON of head and lists together', () => {
  const head = { rows: 2, summary: { error: 1 } }
  const many = Array.from({ length: 5000 }, (_, n) => ({ n, text: `value "${n}" \u2028 æ` }))
  const pieces = [...jsonPieces(head, { findings: many, none: [] })]
  expect(pieces.length).toBeGreaterThan(3)
  expect(JSON.parse(pieces.join(''))).toEqual({ ...head, findings: many, none: [] })
  expect(JSON.parse([...jsonPieces({}, { findings: [1, 2] })].join(''))).toEqual({ findings: [1, 2] })
  expect(JSON.parse([...jsonPieces({ a: 1 }, {})].join(''))).toEqual({ a: 1 })
  expect([...jsonPieces([], {})].join('')).toBe('[]\n')
})

test('a cell can neither command the terminal nor hide', () => {
  expect(visible('a\u001B[31mb\r\nc')).toBe('a⟨U+001B⟩[31mb⟨U+000D⟩⟨U+000A⟩c')
  expect(visible('moc.live\u202E@x\u200B')).toBe('moc.live⟨U+202E⟩@x⟨U+200B⟩')
  expect(visible('Åse Bjørnø 🦊')).toBe('Åse Bjørnø 🦊')
  expect(visible('x'.repeat(100), 10)).toBe('xxxxxxxxxx…')
})

test('what was said in several lines stands in one', () => {
  expect(visibleWords(' Could not\r\nupdate\n\n  Kari\u001B[31m ', 400)).toBe('Could not update Kari⟨U+001B⟩[31m')
})

test('columns line up', () => {
  expect(
    columnsOf(
      [
        ['1', 'a', 'end'],
        ['100', 'bcd', ''],
      ],
      new Set([0]),
    ),
  ).toEqual(['  1  a    end', '100  bcd  '])
})
