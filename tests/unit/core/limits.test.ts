import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { workbookLimits } from '../../../backend/adapters/xlsx/limits.ts'
import { limits } from '../../../shared/core/limits.ts'

/** The rows of the tables of docs/limits.md, table by table: name and number. */
const tables = readFileSync(new URL('../../../docs/limits.md', import.meta.url), 'utf8')
  .split(/\n\n/u)
  .filter((part) => part.startsWith('| what'))
  .map((part) =>
    Object.fromEntries(
      [...part.matchAll(/\| +([\d,]+) \| `(\w+)` +\|/gu)].map(([, number = '', name = '']) => [name, Number(number.replaceAll(',', ''))]),
    ),
  )

test('docs/limits.md says what Roster takes at most', () => {
  expect(tables).toEqual([limits, workbookLimits])
})
