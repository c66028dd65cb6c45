import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareWithBaseline, type Comparison } from '../../shared/core/diff/compare-with-baseline.ts'
import { planEdit } from '../../shared/core/edits/plan-edit.ts'
import type { CustomerProfile } from '../../shared/core/customer/profile.ts'
import { checkTable, type CheckedFindings, type CheckInput } from '../../shared/core/rules/check-table.ts'
import { liveCheck } from '../../shared/core/rules/live-check.ts'
import { applyDelta } from '../../shared/core/table/apply-delta.ts'
import { EditableTable } from '../../shared/core/table/editable-table.ts'
import { inputOf, soundHeader, soundUser } from '../support/rule-cases.ts'

const emails = ['', 'user.1@fjordkraft.no', 'USER.1@fjordkraft.no', 'user.2@fjordkraft.no', ' user.3@fjordkraft.no', 'ø@fjordkraft.no', 'Ø@fjordkraft.no', 'nobody', '(clear)'] // prettier-ignore
const numbers = ['', '+4721500001', '+47 21 50 00 01', '004721500001', '+4721500002', 'PRIMARY|+4721500001,+4721500003', 'REMOVE|+4721500001', '4721500002', '(clear)', 'x'] // prettier-ignore
const extensions = ['', '2001', '2002', '042', '42', '112', 'abc', ' 2001', '(clear)']
const locations = ['', 'Oslo HQ', 'oslo hq', 'Bergen', ' ']
const others = ['', 'TRUE', 'FALSE', 'sann', 'maybe', '(clear)', ' x', '=1', 'a\u0007', 'S\ufffd']
const textsOf = (header: string): readonly string[] =>
  header.startsWith('User ID') ? emails : header === 'Phone Number' ? numbers : header === 'Extension' ? extensions : header === 'Location' ? locations : others // prettier-ignore

const usedColumns = [0, 3, 5, 6, 10, 14, 13, 22, 24, 26, 27, 28, 29]
const edits = fc.array(
  fc.record({ rows: fc.array(fc.nat(30), { minLength: 1, maxLength: 4 }), column: fc.constantFrom(...usedColumns), text: fc.nat(20) }),
  { minLength: 1, maxLength: 12 },
)
const people = fc
  .array(
    fc.record({
      email: fc.nat(20),
      phone: fc.nat(20),
      extension: fc.nat(20),
      location: fc.nat(20),
      name: fc.constantFrom('Webex Suite', 'Webex Calling', 'Webex Meetings', 'Webex Voice', ''),
    }),
    { minLength: 1, maxLength: 14 },
  ) // prettier-ignore
  .map((list) =>
    list.map(({ email, phone, extension, location, name }, n) =>
      soundUser(n, {
        package: name,
        ...(email < emails.length ? { 'User ID/Email (Required)': emails[email]! } : {}),
        ...(phone < numbers.length ? { 'Phone Number': numbers[phone]! } : {}),
        ...(extension < extensions.length ? { Extension: extensions[extension]! } : {}),
        ...(location < locations.length ? { Location: locations[location]! } : {}),
      }),
    ),
  )
const customers = fc.option(
  fc.constant<CustomerProfile>({
    name: 'Fjordkraft',
    packages: [
      { package: 'Webex Suite', limit: 3 },
      { package: 'Webex Calling', limit: 1 },
    ],
    locations: [{ name: 'Oslo HQ', country: 'NO' }, { name: 'Bergen' }],
    extensionLength: 4,
    emailDomains: ['fjordkraft.no'],
    numbers: [{ number: '+4721500001', location: 'Oslo HQ' }, { number: '+4721500002' }],
    sites: ['fjordkraft.webex.com'],
    administrators: ['user.1@fjordkraft.no'],
    createdWith: 'Webex Suite',
  }),
  { nil: undefined },
)

function said(findings: CheckedFindings, rows: Uint32Array): unknown {
  const list = Array.from({ length: findings.count }, (_, i) => ({ ...findings.placeOf(i), ...findings.describe(i, 'en') }))
  return {
    list,
    summary: findings.summary,
    byRule: findings.byRule,
    tally: findings.tally(),
    ranges: Array.from(rows, (row) => findings.rangeOf(row)),
    notRun: findings.notRun,
  }
}

/** Null without a baseline: then nobody compares. */
const compared = ({ table, columns, baseline, customer }: CheckInput): Comparison | null =>
  baseline === undefined ? null : compareWithBaseline({ table, columns, baseline, customer })

function changed(changes: Comparison | null, rows: Uint32Array): unknown {
  if (changes === null) return null
  const { summary, packages, absent, count } = changes
  const list = Array.from({ length: count }, (_, i) => ({ ...changes.placeOf(i), ...changes.changeAt(i) }))
  const ofRows = Array.from(rows, (row) => ({
    intent: changes.intentOf(row),
    cells: changes.cellsOf(row).map(({ before, after }) => [before, after]),
  }))
  return { summary, packages, absent, list, ofRows }
}

const law = (isWide: boolean, asksEarly: boolean): void => {
  fc.assert(
    fc.property(people, fc.option(people, { nil: undefined }), customers, edits, (users, baseline, customer, steps) => {
      // So many other people below that texts do not repeat, and columns are not coded.
      const filler = isWide ? Array.from({ length: 200 }, (_, n) => soundUser(1000 + n, { 'Display Name': `Someone ${n}` })) : []
      const input: CheckInput = inputOf([...users, ...filler], {
        ...(baseline === undefined ? {} : { baseline }),
        ...(customer === undefined ? {} : { customer }),
      })
      const { table } = input
      if (!(table instanceof EditableTable)) throw new TypeError('the table cannot be edited')
      let live = liveCheck(input)
      if (asksEarly) live.findings.tally()
      let changes = compared(input)
      for (const { rows: chosen, column, text } of steps) {
        const texts = textsOf(soundHeader[column]!)
        const rows = [...new Set(chosen.map((row) => row % users.length))]
        const cells = rows.map((row, i) => ({ row, column, text: texts[(text + i) % texts.length]! }))
        const planned = planEdit(table, { kind: 'set-cells', cells })
        if (!planned.ok || planned.value.delta.length === 0) continue
        const carryOut = (): void => applyDelta(table, planned.value.delta)
        if (!live.edit(Uint32Array.from(rows), [column], carryOut)) {
          carryOut()
          live = liveCheck(input)
          changes = compared(input)
        } else changes?.update(rows)
        expect(said(live.findings, table.rows)).toEqual(said(checkTable(input), table.rows))
        expect(changed(changes, table.rows)).toEqual(changed(compared(input), table.rows))
      }
    }),
    { numRuns: isWide ? 30 : 120 },
  )
}

test('checking again what an edit can have changed says what a check of the whole table says', () => {
  law(false, false)
  law(false, true)
})

test('so it does where texts differ from row to row', () => {
  law(true, true)
})
