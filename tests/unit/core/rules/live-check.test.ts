import { expect, test } from 'vitest'
import { planEdit } from '../../../../shared/core/edits/plan-edit.ts'
import { checkTable, type CheckedFindings } from '../../../../shared/core/rules/check-table.ts'
import { liveCheck, type LiveCheck } from '../../../../shared/core/rules/live-check.ts'
import { applyDelta } from '../../../../shared/core/table/apply-delta.ts'
import { EditableTable } from '../../../../shared/core/table/editable-table.ts'
import { inputOf, soundHeader, soundUser, type Cells } from '../../../support/rule-cases.ts'

const email = 'User ID/Email (Required)'
const phone = 'Phone Number'

interface Edited {
  readonly live: LiveCheck
  set(column: string, texts: Readonly<Record<number, string>>): void
}

/** Users in the order of the table, and edits of them: one after the other, or as a set of rows. */
function edited(users: readonly Cells[], asSet: boolean, baseline?: readonly Cells[]): Edited {
  const input = inputOf(
    users.map((cells, n) => soundUser(n, cells)),
    baseline === undefined ? {} : { baseline: baseline.map((cells, n) => soundUser(n, cells)) },
  )
  const { table } = input
  if (!(table instanceof EditableTable)) throw new TypeError('the table cannot be edited')
  const live = liveCheck(input, asSet ? 0 : undefined)
  return {
    live,
    set(header, texts) {
      const column = soundHeader.indexOf(header)
      const cells = Object.entries(texts).map(([row, text]) => ({ row: Number(row), column, text }))
      const planned = planEdit(table, { kind: 'set-cells', cells })
      if (!planned.ok) throw new TypeError(planned.error.detail)
      const carryOut = (): void => applyDelta(table, planned.value.delta)
      const rows = Uint32Array.from(cells, ({ row }) => row)
      expect(live.edit(rows, [column], carryOut)).not.toBeNull()
      expect(duplicates(live.findings)).toEqual(duplicates(checkTable(input)))
    },
  }
}

const duplicates = (findings: CheckedFindings): readonly string[] =>
  Array.from({ length: findings.count }, (_, i) => findings.describe(i, 'en')).flatMap(({ rule, row, message }) =>
    /^(phone|email)\/duplicate$|^identity\/renamed$/u.test(rule) ? [`${String(row)}: ${message}`] : [],
  )

for (const asSet of [false, true]) {
  const renamed = (row: number): unknown => expect.stringMatching(new RegExp(`^${String(row)}: .*former@firma\\.no`, 'u'))
  const way = asSet ? 'as a set' : 'one by one'

  test(`whoever no longer repeats an email holds a number again, and others repeat that (${way})`, () => {
    const users = [{ [email]: 'one@firma.no' }, { [email]: 'one@firma.no', [phone]: '+4721500001' }, { [phone]: '+4721500001' }]
    const { live, set } = edited(users, asSet)
    expect(duplicates(live.findings)).toEqual([expect.stringMatching(/^3: .*one@firma\.no/u)])
    set(email, { 0: 'another@firma.no' })
    expect(duplicates(live.findings)).toEqual([expect.stringMatching(/^4: .*\+4721500001.*row 3/u)])
  })

  test(`of several numbers the one that is repeated stays a finding when another one is given to somebody later (${way})`, () => {
    const users = [{ [phone]: '+4721500002' }, { [phone]: 'PRIMARY|+4721500001,+4721500002' }, { [phone]: '+4721500003' }]
    const { live, set } = edited(users, asSet)
    set(phone, { 2: '+4721500001' })
    expect(duplicates(live.findings)).toEqual([expect.stringMatching(/^3: .*row 2/u), expect.stringMatching(/^4: .*row 3/u)])
  })

  test(`who is taken for a renamed user follows when another one is no longer (${way})`, () => {
    const person = { 'First Name': 'Kari', 'Last Name': 'Moe', Extension: '' }
    const former = { ...person, [email]: 'former@firma.no', [phone]: 'PRIMARY|+4721500001,+4721500002' }
    const first = { ...person, [email]: 'first@firma.no', [phone]: '+4721500001' }
    const second = { ...person, [email]: 'second@firma.no', [phone]: '+4721500002' }
    const { live, set } = edited([first, second], asSet, [former])
    // The second one has a number that is still the former user's.
    expect(duplicates(live.findings)).toEqual([renamed(2), renamed(3)])
    expect(live.findings.byRule['identity/renamed']).toBe(1)
    set('Last Name', { 0: 'Lie' })
    expect(live.findings.byRule).toMatchObject({ 'identity/renamed': 1, 'phone/duplicate': 1 })
    set('Last Name', { 0: 'Moe', 1: 'Lie' })
    expect(live.findings.byRule).toMatchObject({ 'identity/renamed': 1, 'phone/duplicate': 1 })
  })

  test(`where the first holder of a number goes, the next one is who the others repeat (${way})`, () => {
    const { live, set } = edited([{ [phone]: '+4721500001' }, { [phone]: '+4721500001' }, { [phone]: '004721500001' }], asSet)
    set(phone, { 0: '+4721500009' })
    expect(duplicates(live.findings)).toEqual([expect.stringMatching(/^4: .*row 3/u)])
    set(phone, { 0: '+47 21 50 00 01' })
    expect(duplicates(live.findings)).toEqual([expect.stringMatching(/^3: .*row 2/u), expect.stringMatching(/^4: .*row 2/u)])
  })
}

test('of an email that very many have the first one goes, comes back and is passed by', () => {
  const many = 2_500
  const users = Array.from({ length: many }, (_, n) => ({
    [email]: n % 2 === 0 ? 'all@firma.no' : `own.${n}@firma.no`,
    [phone]: `+472150${1000 + (n >> 1)}`,
  }))
  const { live, set } = edited(users, false)
  const repeats = (): number => duplicates(live.findings).length
  // Who repeats an email holds no number; the first one does, and shares it with the user behind.
  const before = [many / 2 - 1, 1]
  expect(repeats()).toBe(before[0]! + before[1]!)
  const said = duplicates(live.findings)
  set(email, { 0: 'away@firma.no' })
  expect(duplicates(live.findings)).not.toEqual(said)
  expect(duplicates(live.findings).filter((one) => one.includes('row 4'))).toHaveLength(many / 2 - 2 + 1)
  set(email, { 0: 'all@firma.no' })
  expect(duplicates(live.findings)).toEqual(said)
  set(email, { 1: 'all@firma.no', 0: 'away@firma.no' })
  expect(duplicates(live.findings).filter((one) => one.includes('row 3'))).toHaveLength(many / 2 - 1)
})
