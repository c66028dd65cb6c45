import { expect, test } from 'vitest'
import { checkTable } from '../../../../shared/core/rules/check-table.ts'
import { planFixes } from '../../../../shared/core/rules/plan-fixes.ts'
import { applied, inputOf, listed, rulesIn, soundHeader, soundUser } from '../../../support/rule-cases.ts'

const column = (name: string): number => soundHeader.indexOf(name)

test('all safe: one text per cell, however many repairs it took', () => {
  const input = inputOf([
    soundUser(1, { 'Phone Number': ' 0047 21\u00a058 33 60', 'Jabber Calling': 'usann', Department: ' Drift' }),
    soundUser(2),
  ])
  const plan = planFixes(input, checkTable(input), { safeOnly: true })
  expect(plan).toEqual({
    cells: [
      { row: 0, column: column('Phone Number'), text: '+4721583360' },
      { row: 0, column: column('Jabber Calling'), text: 'FALSE' },
      { row: 0, column: column('Department'), text: 'Drift' },
    ],
    columns: [],
    perRule: { 'text/surrounding-space': 2, 'boolean/localized': 1, 'phone/international-prefix': 1 },
  })
  expect(listed(checkTable(applied(input, plan)))).toEqual([])
})

test('all safe: columns are renamed and dropped, and what to ask is left', () => {
  const header = [...soundHeader.map((name) => (name === 'Title' ? 'Tittel' : name)), 'Calling Behavior']
  const input = inputOf([soundUser(1, { 'Phone Number': '4721583360' })], { header })
  const plan = planFixes(input, checkTable(input), { safeOnly: true })
  expect(plan.cells).toEqual([])
  expect(plan.columns).toEqual([
    { kind: 'rename', column: column('Title'), header: 'Title' },
    { kind: 'drop', column: header.length - 1 },
  ])
  expect(rulesIn(listed(checkTable(applied(input, plan))))).toEqual(['phone/no-plus'])
})

test('one finding, all alike, one rule', () => {
  const input = inputOf(
    [1, 2, 3].map((n) => soundUser(n, { 'Last Name': n === 3 ? 'MÃ¸ller' : 'SÃ¸rensen', 'Phone Number': `47215833${n}0` })),
  )
  const findings = checkTable(input)
  const place = { rule: 'text/mojibake', row: 0, column: column('Last Name') }
  const cells = (selection: Parameters<typeof planFixes>[2]): string[] =>
    planFixes(input, findings, selection).cells.map((cell) => cell.text)
  expect(cells({ place, safeOnly: false })).toEqual(['Sørensen'])
  expect(cells({ place, alike: true, safeOnly: false })).toEqual(['Sørensen', 'Sørensen'])
  expect(cells({ rule: 'text/mojibake', safeOnly: false })).toEqual(['Sørensen', 'Sørensen', 'Møller'])
  expect(cells({ rule: 'text/mojibake', safeOnly: true })).toEqual([])
})

test('planning changes nothing', () => {
  const input = inputOf([soundUser(1, { 'Jabber Calling': '' })])
  planFixes(input, checkTable(input), { safeOnly: true })
  expect(rulesIn(listed(checkTable(input)))).toEqual(['jabber/calling-missing'])
})
