import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkTable } from '../../shared/core/rules/check-table.ts'
import { planFixes } from '../../shared/core/rules/plan-fixes.ts'
import { applied, inputOf, listed, soundHeader, soundUser, type Cells } from '../support/rule-cases.ts'

const texts = ['', ' ', '(clear)', ' TRUE', 'sann', 'USANN', 'f', 'maybe', '+47 21 58 33 60', '0047 21583360', '4721583360', '4,72E+10', '(+44) (0)20 7946 0958',
  'PRIMARY|0047 21583360,REMOVE|+47-21583361', '42', '0042', '112', 'BjÃ¸rn', 'S\ufffdr', 'a\u0007b', '\u202eabc', '\u200b', ' \u00a0x\u00a0 ', '=1+1', 'Webex Suite',
  'user.1@fjordkraft.no', 'USER.2@fjordkraft.no ', 'Verified', 'Ve\u0001rified', '\t'] // prettier-ignore
const cell = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...texts) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
)
const cells: fc.Arbitrary<Cells> = fc.dictionary(fc.constantFrom(...soundHeader), cell, { maxKeys: 8 })
const people = fc.array(cells, { maxLength: 5 }).map((list) => list.map((own, n) => soundUser(n, own)))
const header = fc.constantFrom(
  soundHeader,
  [...soundHeader, 'UC Manager Profile'],
  soundHeader.map((name) => (name === 'Extension' ? 'Internnummer' : name)),
)
const files = fc.record({ users: people, header, baseline: fc.option(people, { nil: undefined }) })

test('after “fix all safe” no finding with a safe fix remains, and each change was called for', () => {
  fc.assert(
    fc.property(files, ({ users, header: columns, baseline }) => {
      const input = inputOf(users, { header: columns, ...(baseline === undefined ? {} : { baseline }) })
      const plan = planFixes(input, checkTable(input), { safeOnly: true })
      const after = applied(input, plan)
      expect(listed(checkTable(after)).filter((finding) => finding.fix?.kind === 'safe')).toEqual([])
      for (const change of plan.cells) {
        // Put back, the cell has a safe finding again: nothing was touched without need.
        const undone = planFixes(input, checkTable(input), { safeOnly: true }).cells.filter((other) => other !== change)
        const without = applied(input, {
          ...plan,
          cells: undone.filter((other) => other.row !== change.row || other.column !== change.column),
        })
        const found = checkTable(without)
        const named = Array.from({ length: found.count }, (_, i) => i).filter((i) => found.fixOf(i)?.kind === 'safe')
        const name = input.table.columns[change.column]!.header
        expect(named.map((i) => found.describe(i, 'en')).map(({ row, column }) => `${String(row)} ${String(column)}`)).toContain(
          `${input.table.numberOf(change.row)} ${plan.columns.find((one) => one.kind === 'rename' && one.column === change.column) ? 'Extension' : name}`,
        )
      }
    }),
    { numRuns: 150 },
  )
})

test('every finding has words in every language, and a check never fails', () => {
  fc.assert(
    fc.property(files, ({ users, header: columns, baseline }) => {
      const found = checkTable(inputOf(users, { header: columns, ...(baseline === undefined ? {} : { baseline }) }))
      const counts: Record<string, number> = {}
      for (let i = 0; i < found.count; i++) {
        const messages = (['en', 'nb', 'da'] as const).map((language) => found.describe(i, language).message)
        expect(messages.every((message) => message !== '' && !message.includes('undefined'))).toBe(true)
        counts[found.placeOf(i).rule] = (counts[found.placeOf(i).rule] ?? 0) + 1
      }
      expect(counts).toEqual(found.byRule)
    }),
    { numRuns: 150 },
  )
})
