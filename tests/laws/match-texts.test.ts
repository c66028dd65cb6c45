import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { finish } from '../../shared/kit/steps.ts'
import { keyHashOf } from '../../shared/core/table/cell-mark.ts'
import { matchingRows } from '../../shared/core/table/match-texts.ts'
import { tableFromRows } from '../../shared/core/table/table-from-rows.ts'
import { encodeUtf8 } from '../../shared/kit/text.ts'
import { readOk } from '../support/tables.ts'

interface Plain {
  readonly rightOf: readonly number[]
  readonly leftSameAs: readonly number[]
  readonly rightSameAs: readonly number[]
}

/** What a plain comparison of strings finds. */
function plainly(left: readonly string[], right: readonly string[], keyOf: (text: string) => string): Plain {
  const firstOf = (texts: readonly string[]): Map<string, number> => {
    const first = new Map<string, number>()
    texts.forEach((text, row) => {
      if (text.trim() !== '' && !first.has(keyOf(text))) first.set(keyOf(text), row)
    })
    return first
  }
  const [firstLeft, firstRight] = [firstOf(left), firstOf(right)]
  const same = (texts: readonly string[], first: Map<string, number>): number[] =>
    texts.map((text, row) => {
      const earlier = text.trim() === '' ? row : first.get(keyOf(text))
      return earlier === row || earlier === undefined ? -1 : earlier
    })
  return {
    rightOf: left.map((text) => (text.trim() === '' ? -1 : (firstRight.get(keyOf(text)) ?? -1))),
    leftSameAs: same(left, firstLeft),
    rightSameAs: same(right, firstRight),
  }
}

const emailKey = (text: string): string => text.trim().toLowerCase()

/** Files large enough that their columns are not coded and their cells are marked while they are read. */
const fileOf = (emails: readonly string[]) => readOk(`name,email\n${emails.map((email, n) => `n${String(n)},${email}\n`).join('')}`).table

describe('texts of two lists', () => {
  it('are matched as a plain comparison of strings matches them, whatever their order, case and kind', () => {
    const email = fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 0, max: 4000 }).map((n) => `user.${String(n)}@acme.no`) },
      fc.constantFrom(
        'USER.7@acme.no',
        ' user.8@acme.no',
        'user.8@acme.no ',
        'ÅSE@acme.no',
        'åse@acme.no',
        '',
        '  ',
        '\u00a0',
        'x',
        'K',
        'k',
      ),
    )
    const emails = fc.array(email, { minLength: 2500, maxLength: 3000, size: 'max' })
    fc.assert(
      fc.property(emails, emails, (left, right) => {
        const [ours, theirs] = [fileOf(left), fileOf(right)]
        const { rightOf, leftSameAs, rightSameAs, leftIsBlank } = finish(
          matchingRows(
            { column: ours.columns[1]!, rows: ours.rows },
            { column: theirs.columns[1]!, rows: theirs.rows },
            { ignoreCase: true, trim: true },
          ),
        )
        const found = [rightOf, leftSameAs, rightSameAs].map((rows) => Array.from(rows))
        const expected = plainly(left, right, emailKey)
        expect(found).toEqual([expected.rightOf, expected.leftSameAs, expected.rightSameAs])
        expect(Array.from(leftIsBlank)).toEqual(left.map((text) => (text.trim() === '' ? 1 : 0)))
      }),
      { numRuns: 20 },
    )
  })

  it('are told apart where they share a hash', () => {
    // Found by trying: there are some among a hundred thousand.
    const byHash = new Map<number, string>()
    const pairs: (readonly [string, string])[] = []
    for (let n = 0; pairs.length < 3; n++) {
      const text = `user${String(n)}@acme.no`
      const bytes = encodeUtf8(text)
      const hash = keyHashOf(bytes, 0, bytes.length)
      const other = byHash.get(hash)
      if (other === undefined) byHash.set(hash, text)
      else pairs.push([other, text])
    }
    const [[a, b], [c, d], [e, f]] = pairs as [[string, string], [string, string], [string, string]]
    const filler = Array.from({ length: 300 }, (_, n) => `filler${String(n)}@acme.no`)
    const check = (left: readonly string[], right: readonly string[]): void => {
      const [ours, theirs] = [left, right].map((texts) => tableFromRows(['c'], texts.map((text) => [text]))) // prettier-ignore
      const found = finish(
        matchingRows({ column: ours!.columns[0]!, rows: ours!.rows }, { column: theirs!.columns[0]!, rows: theirs!.rows }, {}),
      )
      expect({
        rightOf: Array.from(found.rightOf),
        leftSameAs: Array.from(found.leftSameAs),
        rightSameAs: Array.from(found.rightSameAs),
      }).toEqual(plainly(left, right, (text) => text))
    }
    check([a, ...filler, b, c, a], [b, ...filler, d, a, b])
    check([c, d, c, d, ...filler], [e, ...filler])
    check([e, ...filler], [f, ...filler, e, f])
    check([a], [b])
    check([], [a, b])
  })
})
