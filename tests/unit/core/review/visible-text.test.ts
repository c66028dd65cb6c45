import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { textRuns, visiblePieces } from '../../../../shared/core/review/visible-text.ts'

const shown = (text: string): string =>
  visiblePieces(text)
    .map((piece) => (piece.kind === 'plain' ? piece.text : `[${piece.shown}]`))
    .join('')

describe('a text as a reviewer must see it', () => {
  test.each([
    ['Kari\u00a0Berg', 'Kari[NBSP]Berg'],
    ['kari\u200b@nordlys.no', 'kari[ZWSP]@nordlys.no'],
    [' Oslo ', '[␣]Oslo[␣]'],
    ['\u202egpj.exe', '[RLO]gpj.exe'],
    ['line\r\nend', 'line[CR][LF]end'],
    ['\u0430dmin', '[admin]'],
    ['Ærlig Åse Ødegård', 'Ærlig Åse Ødegård'],
    ['Иван', 'Иван'],
  ])('%j is shown as %s', (text, wanted) => {
    expect(shown(text)).toBe(wanted)
  })

  test('loses nothing of any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) =>
          visiblePieces(text)
            .map((piece) => piece.text)
            .join('') === text,
      ),
    )
  })
})

describe('what changed inside a text', () => {
  test('is the word that changed', () => {
    expect(textRuns('Head of sales, Oslo and Bergen', 'Head of support, Oslo and Bergen')).toEqual([
      { kind: 'same', text: 'Head of ' },
      { kind: 'gone', text: 'sales' },
      { kind: 'new', text: 'support' },
      { kind: 'same', text: ', Oslo and Bergen' },
    ])
  })

  test('gives both texts back, whatever they are', () => {
    const words = fc.array(fc.constantFrom('a', 'b', ' ', ',', 'Oslo', '\u200b')).map((parts) => parts.join(''))
    fc.assert(
      fc.property(words, words, (before, after) => {
        const runs = textRuns(before, after)
        const without = (kind: 'gone' | 'new'): string =>
          runs
            .filter((run) => run.kind !== kind)
            .map((run) => run.text)
            .join('')
        return without('new') === before && without('gone') === after
      }),
    )
  })
})
