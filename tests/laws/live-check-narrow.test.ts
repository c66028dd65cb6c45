import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CustomerProfile } from '../../shared/core/customer/profile.ts'
import { planEdit } from '../../shared/core/edits/plan-edit.ts'
import { checkTable, type CheckedFindings } from '../../shared/core/rules/check-table.ts'
import { liveCheck } from '../../shared/core/rules/live-check.ts'
import { applyDelta } from '../../shared/core/table/apply-delta.ts'
import { EditableTable } from '../../shared/core/table/editable-table.ts'
import { inputOf, soundHeader, soundUser } from '../support/rule-cases.ts'

const email = 'User ID/Email (Required)'
/** Columns in which texts are edited, and what may stand there. */
const texts: Readonly<Record<string, readonly string[]>> = {
  [email]: ['', 'user.1@fjordkraft.no', 'user.2@fjordkraft.no', ' user.1@fjordkraft.no', 'user.9@fjordkraft.no', '\u0430.x@fjordkraft.no'],
  'External Caller ID Name Policy': ['', 'OTHER', 'LOCATION', 'x', '(clear)'],
  'Custom External Caller ID Name': ['', 'Me', '(clear)'],
  'Phone Number': ['', '+4721500001', 'REMOVE|+4721500001', 'REMOVE|+4721500001,REMOVE|+4721500002', 'PRIMARY|+4721500001,+4721500002', '(clear)'],
  Extension: ['', '2001', '(clear)'],
  Title: ['', 'A', 'B', ' =1', '(clear)'],
  Department: ['', 'A', 'B', 'X\ufffd'],
} // prettier-ignore
const switches = [
  'Basic Messaging', 'Basic Space Meetings', 'Advanced Messaging', 'Advanced Space Meetings', 'Webex Attendant Console Advanced [Sub1]',
  'Webex Calling [Sub1]', 'Webex Calling Standard [Sub1]', 'Webex Suite [Sub1]', 'Customer Assist [Sub1]', 'Webex Suite [Sub2]',
  'Webex Calling Standard [Sub2]',
] // prettier-ignore
const saidBySwitches = ['', 'TRUE', 'FALSE', 'sann', 'USANN', '(clear)', 'x']
const edited = [...Object.keys(texts), ...switches]
const textAt = (header: string, n: number): string => {
  const said = texts[header] ?? saidBySwitches
  return said[n % said.length]!
}

const second = { 'Webex Suite [Sub2]': 'FALSE', 'Webex Calling Standard [Sub2]': 'FALSE' }
const wide = [...soundHeader, ...Object.keys(second)]
const packages = switches.filter((header) => /^Webex (Calling|Suite)|^Customer/u.test(header))
/** Columns that some rules look at together: texts that meet by chance in all of them meet seldom. */
const themes: readonly (readonly string[])[] = [
  [email, 'External Caller ID Name Policy', 'Custom External Caller ID Name'],
  ['Title', 'Basic Messaging', ...packages],
  [email, 'Phone Number', 'Extension', ...packages],
  switches,
  edited,
]

const cases = fc.constantFrom(...themes).chain((theme) => {
  const people = fc
    .array(
      fc.record({
        n: fc.nat(4),
        name: fc.constantFrom('Webex Suite', 'Webex Calling', 'Webex Calling Standard', 'Webex Meetings', ''),
        cells: fc.array(fc.tuple(fc.constantFrom(...theme), fc.nat(9)), { maxLength: 6 }),
      }),
      { minLength: 1, maxLength: 7 },
    )
    .map((list) =>
      list.map(({ n, name, cells }) =>
        soundUser(n, { package: name, ...second, ...Object.fromEntries(cells.map(([header, text]) => [header, textAt(header, text)])) }),
      ),
    )
  return fc.record({
    users: people,
    baseline: fc.option(people, { nil: undefined }),
    header: fc
      .subarray(
        theme.filter((column) => column !== email),
        { maxLength: 2 },
      )
      .map((lacked) => wide.filter((column) => !lacked.includes(column))),
    edits: fc.array(
      fc.record({ rows: fc.array(fc.nat(9), { minLength: 1, maxLength: 3 }), wanted: fc.constantFrom(...theme), text: fc.nat(9) }),
      { minLength: 1, maxLength: 8 },
    ),
    asksEarly: fc.boolean(),
  })
})

const customer: CustomerProfile = {
  name: 'Fjordkraft',
  header: wide,
  rules: [
    { name: 'title-once', column: 'Title', unique: true },
    { name: 'title-of-some', column: 'Title', required: true, when: { column: 'Basic Messaging', oneOf: ['sann'] } },
    { name: 'messaging-of-suite', column: 'Basic Messaging', oneOf: ['true'], when: { package: 'Webex Suite' } },
  ],
}

const said = (findings: CheckedFindings): unknown => ({
  list: Array.from({ length: findings.count }, (_, i) => ({ ...findings.placeOf(i), ...findings.describe(i, 'en') })),
  summary: findings.summary,
  tally: findings.tally(),
  notRun: findings.notRun,
})

// What a narrow file has no column for counts as the baseline has it, so that findings follow from cells that the file lacks.
test.each([
  ['row by row', undefined],
  ['as sets', 0],
])('edits of a file that lacks columns are followed %s, as a check of the whole table would', (_, most) => {
  fc.assert(
    fc.property(cases, ({ users, baseline, header, edits, asksEarly }) => {
      const input = inputOf(users, { header, customer, ...(baseline === undefined ? {} : { baseline }) })
      const { table } = input
      if (!(table instanceof EditableTable)) throw new TypeError('the table cannot be edited')
      const live = liveCheck(input, most)
      if (asksEarly) live.findings.tally()
      for (const { rows: chosen, wanted, text } of edits) {
        const column = header.indexOf(wanted)
        const rows = [...new Set(chosen.map((row) => row % users.length))]
        const cells = rows.map((row, i) => ({ row, column, text: textAt(wanted, text + i) }))
        const planned = column < 0 ? null : planEdit(table, { kind: 'set-cells', cells })
        if (planned === null || !planned.ok || planned.value.delta.length === 0) continue
        const carryOut = (): void => applyDelta(table, planned.value.delta)
        expect(live.edit(Uint32Array.from(rows), [column], carryOut)).not.toBeNull()
        expect(said(live.findings)).toEqual(said(checkTable(input)))
      }
    }),
    { numRuns: 120 },
  )
})
