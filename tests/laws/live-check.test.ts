import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareWithBaseline, type Comparison } from '../../shared/core/diff/compare-with-baseline.ts'
import { invert } from '../../shared/core/edits/delta.ts'
import { planEdit } from '../../shared/core/edits/plan-edit.ts'
import type { CustomerProfile } from '../../shared/core/customer/profile.ts'
import { checkTable, type CheckedFindings, type CheckInput } from '../../shared/core/rules/check-table.ts'
import { liveCheck } from '../../shared/core/rules/live-check.ts'
import { applyDelta } from '../../shared/core/table/apply-delta.ts'
import { EditableTable } from '../../shared/core/table/editable-table.ts'
import type { Table } from '../../shared/core/table/table.ts'
import { readOk } from '../support/tables.ts'
import { inputOf, soundHeader, soundUser } from '../support/rule-cases.ts'

const emails = ['', 'user.1@fjordkraft.no', 'USER.1@fjordkraft.no', 'user.2@fjordkraft.no', ' user.3@fjordkraft.no', 'ø@fjordkraft.no', 'Ø@fjordkraft.no', 'straße@fjordkraft.no', 'STRASSE@fjordkraft.no', 'İ@fjordkraft.no', 'i\u0307@fjordkraft.no', 'nobody', '(clear)'] // prettier-ignore
const numbers = ['', '+4721500001', '+47 21 50 00 01', '004721500001', '+4721500002', 'PRIMARY|+4721500001,+4721500003', 'REMOVE|+4721500001', '4721500002', '(clear)', 'x'] // prettier-ignore
const extensions = ['', '2001', '2002', '042', '42', '112', 'abc', ' 2001', '(clear)']
const locations = ['', 'Oslo HQ', 'oslo hq', 'Bergen', ' ', '(clear)']
const others = ['', 'TRUE', 'FALSE', 'sann', 'maybe', '(clear)', ' x', '=1', 'a\u0007', 'S\ufffd']
const textsOf = (header: string): readonly string[] =>
  header.startsWith('User ID') ? emails : header === 'Phone Number' ? numbers : header === 'Extension' ? extensions : header === 'Location' ? locations : others // prettier-ignore

const usedColumns = [0, 2, 3, 5, 6, 10, 14, 13, 17, 18, 22, 24, 26, 27, 28, 29]
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
    rules: [
      { name: 'cost-centre-once', column: 'Department', unique: true },
      { name: 'suite-title-once', column: 'Title', unique: true, when: { package: 'Webex Suite' } },
      { name: 'name-once-in-bergen', column: 'Display Name', unique: true, when: { column: 'Location', oneOf: ['Bergen'] } },
    ],
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

/** `most`: edits of more rows are checked as sets of rows; 0: all are. */
const law = (isWide: boolean, asksEarly: boolean, most?: number): void => {
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
      const live = liveCheck(input, most)
      if (asksEarly) live.findings.tally()
      const changes = compared(input)
      for (const { rows: chosen, column, text } of steps) {
        const texts = textsOf(soundHeader[column]!)
        const rows = [...new Set(chosen.map((row) => row % users.length))]
        const cells = rows.map((row, i) => ({ row, column, text: texts[(text + i) % texts.length]! }))
        const planned = planEdit(table, { kind: 'set-cells', cells })
        if (!planned.ok || planned.value.delta.length === 0) continue
        const carryOut = (): void => applyDelta(table, planned.value.delta)
        const others = live.edit(Uint32Array.from(rows), [column], carryOut)
        expect(others).not.toBeNull()
        changes?.update(rows, true, others!)
        expect(said(live.findings, table.rows)).toEqual(said(checkTable(input), table.rows))
        expect(changed(changes, table.rows)).toEqual(changed(compared(input), table.rows))
      }
    }),
    { numRuns: isWide ? 30 : 120 },
  )
}

/** Thousands of users of whom many share what they hold; edits of whole blocks of cells, some of them taken back. */
const blocks = fc.array(
  fc.record({
    first: fc.nat(2_000),
    count: fc.constantFrom(1, 3, 60, 250, 1_500, 2_400),
    every: fc.constantFrom(1, 1, 2, 7),
    columns: fc.uniqueArray(fc.oneof(fc.constantFrom(3, 5, 6, 10), fc.constantFrom(...usedColumns), fc.nat(soundHeader.length - 1)), {
      minLength: 1,
      maxLength: 5,
    }),
    text: fc.nat(20),
    /** How many different texts there are in the block; many: as many as rows. */
    texts: fc.constantFrom(1, 5, 10_000),
    isRemoval: fc.boolean(),
    isTakenBack: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
)

const packageHeaders = soundHeader.flatMap((header, column) => (/^Webex (Calling|Suite|Meetings|Voice)|^Customer Assist/u.test(header) ? [column] : [])) // prettier-ignore

/** A text of its own for every number, of the kind that the column holds. */
const ownText = (header: string, n: number): string =>
  header.startsWith('User ID') ? `shared.${n % 900}@fjordkraft.no` : header === 'Phone Number' ? `+472150${1000 + n}` : header === 'Extension' ? String(1000 + n) : `${header} ${n}` // prettier-ignore

const csvOf = ({ columns, rows }: Table): string =>
  [columns.map(({ header }) => header), ...Array.from(rows, (row) => columns.map((column) => column.textOf(row)))]
    .map((cells) => cells.map((cell) => (/[",\r\n]/u.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(','))
    .join('\r\n')

/** All findings in short, and some of them in full. */
function shortlySaid(findings: CheckedFindings): unknown {
  const places = Array.from({ length: findings.count }, (_, i) => {
    const { rule, severity, row, column } = findings.placeOf(i)
    return `${rule} ${severity} ${row} ${column}`
  })
  const sharing = places.flatMap((place, i) => (/duplicate/u.test(place) || i % 101 === 0 ? [findings.describe(i, 'en')] : []))
  return { places, sharing, summary: findings.summary, byRule: findings.byRule, tally: findings.tally() }
}

test('so it does after edits of thousands of rows, and after these are taken back', () => {
  fc.assert(
    fc.property(
      fc.record({ hasBaseline: fc.boolean(), isRead: fc.boolean(), asksEarly: fc.boolean(), most: fc.constantFrom(undefined, 20) }),
      customers,
      blocks,
      (shape, customer, steps) => {
        const { hasBaseline, isRead, asksEarly, most } = shape
        const size = 2_500
        const user = (n: number, salt: number) =>
          soundUser(n, {
            package: ['Webex Suite', 'Webex Calling', 'Webex Meetings'][n % 3]!,
            ...(n % 5 === salt ? { 'Phone Number': `+472150${1000 + (n % 600)}` } : {}),
            ...(n % 7 === salt ? { 'Phone Number': `PRIMARY|+472150${1000 + (n % 500)},+472150${1000 + ((n * 3) % 600)}` } : {}),
            ...(n % 11 === salt ? { 'Phone Number': `+4521${500_000 + (n % 300)}` } : {}),
            ...(n % 8 === salt ? { 'User ID/Email (Required)': `shared.${n % 160}@fjordkraft.no` } : {}),
            ...(n % 97 === 0 ? { 'Phone Number': numbers[(n + salt) % numbers.length]! } : {}),
            ...(n % 4 === 0 ? { Extension: String(2000 + (n % 300)), Location: locations[n % 3]! } : {}),
            ...(n % 50 === 3 ? { 'User ID/Email (Required)': emails[(n + salt) % 6]! } : {}),
          })
        const users = Array.from({ length: size }, (_, n) => user(n, 1))
        const built = inputOf(users, {
          ...(hasBaseline
            ? {
                baseline: users.map((one, n) =>
                  n % 13 === 5 ? { ...one, 'User ID/Email (Required)': `former.${n}@fjordkraft.no` } : n % 9 === 0 ? user(n, 2) : one,
                ),
              }
            : {}),
          ...(customer === undefined ? {} : { customer }),
        })
        // A table that was read from a file knows more of its cells than one that was built.
        const table = isRead ? readOk(csvOf(built.table)).table : built.table
        const input: CheckInput = { ...built, table }
        if (!(table instanceof EditableTable)) throw new TypeError('the table cannot be edited')
        const live = liveCheck(input, most)
        if (asksEarly) live.findings.tally()
        const changes = compared(input)
        for (const { first, count, every, columns, text, texts, isRemoval, isTakenBack } of steps) {
          const rows = [...table.rows].slice(first, first + count * every).filter((_, i) => i % every === 0)
          if (rows.length === 0) continue
          const block = rows.map((_, i) =>
            columns.map((column) => {
              const header = soundHeader[column]!
              return texts > 5 ? ownText(header, i + text) : textsOf(header)[(text + (i % texts)) % textsOf(header).length]!
            }),
          )
          const planned = planEdit(
          table,
          isRemoval
            ? { kind: 'fill', rows, columns: packageHeaders, text: 'FALSE' }
            : { kind: 'paste', rows, columns, texts: block },
        ) // prettier-ignore
          if (!planned.ok) throw new TypeError(planned.error.detail)
          const { delta } = planned.value
          for (const change of isTakenBack ? [delta, invert(delta)] : [delta]) {
            if (change.length === 0) continue
            const changedRows = new Set(change.flatMap((step) => (step.kind === 'cells' ? [...step.rows] : [])))
            const changedColumns = change.flatMap((step) => (step.kind === 'cells' ? [step.column] : []))
            const carryOut = (): void => applyDelta(table, change)
            const others = live.edit(Uint32Array.from(changedRows), changedColumns, carryOut)
            expect(others).not.toBeNull()
            changes?.update(changedRows, true, others!)
            expect(shortlySaid(live.findings)).toEqual(shortlySaid(checkTable(input)))
            expect(changed(changes, table.rows)).toEqual(changed(compared(input), table.rows))
          }
        }
      },
    ),
    { numRuns: 12 },
  )
})

test('checking again what an edit can have changed says what a check of the whole table says', () => {
  law(false, false)
  law(false, true)
})

test('so it does where texts differ from row to row', () => {
  law(true, true)
})

test('so it does where the rows that an edit touches are checked as a set', () => {
  law(false, false, 0)
  law(false, true, 0)
  law(true, true, 0)
})
