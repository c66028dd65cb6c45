import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareColumns, isDifferent } from '../../shared/core/diff/compared-cells.ts'
import { findingDifferences } from '../../shared/core/diff/find-differences.ts'
import { pairColumns } from '../../shared/core/diff/paired-columns.ts'
import { finish } from '../../shared/kit/steps.ts'
import { sheet } from '../support/sheets.ts'

const header = [
  'User ID/Email (Required)',
  'First Name',
  'Phone Number',
  'Webex Suite',
  'Webex Calling',
  'Jabber Calling',
  'Notes',
  'Title',
]
const words = ['TRUE', 'FALSE', '', 'true', 'SANN', 'maybe', '(clear)', ' ']

test('users differ as a look at each of their cells says, however columns are kept and rows stand', () => {
  const change = fc.record({
    row: fc.nat(),
    column: fc.integer({ min: 1, max: header.length - 1 }),
    text: fc.oneof(fc.constantFrom(...words, 'Kåre', 'kåre', '+4712345678'), fc.string({ maxLength: 8 })),
  })
  fc.assert(
    fc.property(
      fc.integer({ min: 600, max: 1400 }),
      fc.array(change, { maxLength: 120, size: 'max' }),
      fc.integer({ min: 1, max: 5000 }),
      fc.boolean(),
      (count, changes, step, oursAreFew) => {
        const rowOf = (n: number): string[] => [
          `user${String(n)}@acme.no`,
          ['Kåre', 'Ola', 'Anna'][n % 3]!,
          `+47${String(20_000_000 + n)}`,
          words[n % 3]!,
          words[(n * 7) % words.length]!,
          words[(n * 5) % 4]!,
          // Kept as codes on one side and as they are on the other.
          `note ${String(oursAreFew ? n % 5 : n)}`,
          n % 4 === 0 ? '' : `title ${String(n % 9)}`,
        ]
        const theirs = Array.from({ length: count }, (_, n) => rowOf(n))
        const ours = Array.from({ length: count }, (_, n) => rowOf((n * step) % count))
        if (oursAreFew) theirs.forEach((cells, n) => (cells[6] = `note ${String(n)}`))
        for (const { row, column, text } of changes) ours[row % count]![column] = text
        const [file, baseline] = [sheet(header, ours), sheet(header, theirs)]
        const partner = Int32Array.from({ length: count }, (_, n) => (n % 50 === 0 ? -1 : (n * step) % count))
        const compared = compareColumns(pairColumns(file, baseline))
        const found = new Uint8Array(count)
        finish(
          findingDifferences(
            compared,
            file.table,
            partner,
            Uint32Array.from({ length: count }, (_, place) => place),
            found,
          ),
        )
        expect(Array.from(found)).toEqual(Array.from(partner, (held, n) => (isDifferent(compared, n, held) ? 1 : 0)))
      },
    ),
    { numRuns: 30 },
  )
})
