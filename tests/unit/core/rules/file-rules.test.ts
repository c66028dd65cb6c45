import { describe, expect, test } from 'vitest'
import { recogniseColumns } from '../../../../shared/core/catalogue/recognise.ts'
import { checkTable } from '../../../../shared/core/rules/check-table.ts'
import { ruleset } from '../../../../shared/core/rules/ruleset.ts'
import { tableBuilder } from '../../../../shared/core/table/table-from-rows.ts'
import {
  check,
  facts,
  inputOf,
  listed,
  packageColumn,
  rulesIn,
  soundHeader,
  soundUser,
  type CheckShape,
} from '../../../support/rule-cases.ts'

const withHeader = (change: (header: readonly string[]) => string[], shape: CheckShape = {}): ReturnType<typeof check> =>
  check([soundUser(1)], { ...shape, header: change(soundHeader) })
const without = (name: string) => (header: readonly string[]) => header.filter((column) => column !== name)
const plus = (name: string) => (header: readonly string[]) => [...header, name]

test('no email column is said once', () => {
  const found = withHeader(without('User ID/Email (Required)'))
  expect(found.map(({ rule, row, column }) => ({ rule, row, column }))).toEqual([{ rule: 'file/no-email-column', row: null, column: null }])
})

test('no package column is said once, not on every row', () => {
  expect(
    rulesIn(withHeader((header) => header.filter((column) => !/^(Webex (Calling|Suite|Meetings|Voice)|Customer Assist)/.test(column)))),
  ).toEqual(['file/no-package-column'])
})

test('a header alone is no file of users', () => {
  expect(rulesIn(check([]))).toEqual(['file/no-rows'])
})

test('empty lines and another dialect are said as information', () => {
  const found = check([soundUser(1)], {
    more: { facts: { ...facts, emptyLines: 3, delimiter: ';', encoding: 'windows-1252', lineEnding: 'lf' } },
  })
  expect(found.map(({ rule, severity, message }) => [rule, severity, message])).toEqual([
    ['file/empty-lines', 'info', '3 empty lines were passed over.'],
    ['file/converted', 'info', expect.stringContaining('(; between the cells, windows-1252, line ends lf)') as string],
  ])
})

test('a row with too few or too many cells is an error of the row', () => {
  const builder = tableBuilder(soundHeader, 2)
  const cells = soundHeader.map((column) => soundUser(1)[column] ?? '')
  builder.add([...cells, 'surplus'], 2)
  builder.add(soundHeader.map((column) => soundUser(2)[column] ?? ''), 3) // prettier-ignore
  const input = { table: builder.finish(), columns: recogniseColumns(soundHeader), facts }
  expect(listed(checkTable(input)).map(({ rule, row, fix }) => ({ rule, row, fix }))).toEqual([
    { rule: 'file/ragged-row', row: 2, fix: { kind: 'ask', action: 'pad-row' } },
  ])
})

test('a header text that stands twice', () => {
  expect(withHeader(plus('Title')).map(({ rule, column }) => [rule, column])).toEqual([['file/duplicate-column', 'Title']])
})

test('two headers that mean one column: the store keeps one text of a user', () => {
  const found = withHeader(plus('Directory Number')).filter(({ rule }) => rule === 'file/duplicate-column')
  expect(found.map(({ severity, column }) => [severity, column])).toEqual([['error', 'Directory Number']])
  expect(found[0]?.message).toContain('means the same as “Extension”')
})

test.each([
  ['Email', 'User ID/Email (Required)'],
  ['webex suite [Sub1]', packageColumn('Webex Suite')],
])('a second column of emails or of one package is a column twice: %s', (second, first) => {
  const found = withHeader(plus(second)).filter(({ rule }) => rule === 'file/duplicate-column')
  expect(found.map(({ column }) => column)).toEqual([second])
  expect(found[0]?.message).toContain(`means the same as “${first}”`)
})

test("columns that the customer's profile names for one package are no column twice", () => {
  const packages = ['Pakke A', 'Pakke B'].map((column) => ({ package: 'Webex Suite' as const, column }))
  const header = [...soundHeader.filter((column) => column !== packageColumn('Webex Suite')), 'Pakke A', 'Pakke B']
  const user = { ...soundUser(1), 'Pakke A': 'TRUE', 'Pakke B': 'FALSE' }
  expect(rulesIn(check([user], { header, customer: { name: 'Fjordkraft AS', packages } }))).toEqual([])
})

test('licences of two subscriptions, and what Control Hub took out, are no column twice', () => {
  const header = ['Advanced Space Meetings [Sub1]', 'Advanced Space Meetings [Sub2]', 'UC Manager Profile', 'Calling Behavior']
  expect(rulesIn(withHeader((sound) => [...sound, ...header]))).not.toContain('file/duplicate-column')
})

describe('a column that is not in the catalogue', () => {
  test('is information as long as the customer is not known', () => {
    expect(withHeader(plus('Ansattnr')).map(({ rule, severity }) => [rule, severity])).toEqual([['file/unknown-column', 'info']])
  })
  test("is an error against the customer's own header, and nothing where that has it", () => {
    const customer = { name: 'Fjordkraft AS', header: soundHeader }
    expect(withHeader(plus('Ansattnr'), { customer }).map(({ rule, severity }) => [rule, severity])).toEqual([
      ['file/unknown-column', 'error'],
    ])
    expect(withHeader(plus('Ansattnr'), { customer: { ...customer, header: [...soundHeader, 'Ansattnr'] } })).toEqual([])
  })
  test("is an error where it is a licence of a name nobody knows and the customer's own header lacks it", () => {
    const licence = 'Webex Something New [Sub99]'
    const customer = { name: 'Fjordkraft AS', header: soundHeader }
    expect(withHeader(plus(licence))).toEqual([])
    expect(withHeader(plus(licence), { customer }).map(({ rule, severity, column }) => [rule, severity, column])).toEqual([
      ['file/unknown-column', 'error', licence],
    ])
    expect(withHeader(plus(licence), { customer: { ...customer, header: [...soundHeader, licence] } })).toEqual([])
  })
})

describe("a licence of a subscription that the customer's own header does not have", () => {
  const foreign = soundHeader.map((column) => column.replace('[Sub1]', '[Sub999]'))
  const licences = foreign.filter((column) => column.includes('[Sub999]'))
  const users = [Object.fromEntries(soundHeader.map((column, i) => [foreign[i]!, soundUser(1)[column] ?? '']))]
  const unknown = (customer: CheckShape['customer']): (string | null)[] =>
    check(users, { header: foreign, ...(customer === undefined ? {} : { customer }) })
      .filter(({ rule, severity }) => rule === 'file/unknown-column' && severity === 'error')
      .map(({ column }) => column)

  test('is an error: it is the file of another customer', () => {
    expect(unknown({ name: 'Fjordkraft AS', header: soundHeader })).toEqual(licences)
  })
  test('is none where the header is not known, names no subscription, or has the service suspended or under its old name', () => {
    expect(unknown(undefined)).toEqual([])
    expect(unknown({ name: 'Fjordkraft AS', header: soundHeader.map((column) => column.replace(' [Sub1]', '')) })).toEqual([])
    const older = foreign.map((column) => column.replace('Customer Assist', 'Customer Experience Essentials'))
    expect(unknown({ name: 'Fjordkraft AS', header: older.map((column) => column.replace(']', '] (Suspended)')) })).toEqual([])
  })
  test('is none where the profile names the subscription with the column of a package', () => {
    const packages = [{ package: 'Webex Suite' as const, column: 'Webex Suite [Sub999]' }]
    expect(unknown({ name: 'Fjordkraft AS', header: soundHeader, packages })).toEqual([])
    // A list of the first columns only says nothing of the others.
    expect(unknown({ name: 'Fjordkraft AS', header: ['First Name', 'Last Name'], packages })).toEqual([])
    expect(unknown({ name: 'Fjordkraft AS', header: ['First Name', 'Last Name'] })).toEqual([])
  })
})

test.each([
  ['Title', 'Tittel', 'Title'],
  ['Extension', 'Directory Number', 'Extension'],
  ['Phone Number', 'Direct Line', 'Phone Number'],
  ['User ID/Email (Required)', 'UserID/Email (Required)', 'User ID/Email (Required)'],
  ['Department', 'department ', 'Department'],
  ['Department', 'Departmnt', 'Department'],
  ['Location', 'Location\u00a0', 'Location'],
  [packageColumn('Customer Assist'), 'Customer Experience Essentials [Sub1]', 'Customer Assist [Sub1]'],
])('%s may come as %s and is to be renamed', (column, written, expected) => {
  const found = withHeader((header) => header.map((text) => (text === column ? written : text))).filter(({ rule }) =>
    rule.startsWith('file/'),
  )
  expect(found.map(({ rule, column: at, fix }) => ({ rule, column: at, fix }))).toEqual([
    { rule: 'file/renamed-column', column: written, fix: { kind: 'safe', action: 'rename-column', value: expected } },
  ])
})

test('a rename that would give one header twice is not offered', () => {
  expect(withHeader(plus('Tittel')).map(({ rule, fix }) => ({ rule, fix }))).toEqual([
    { rule: 'file/duplicate-column', fix: undefined },
    { rule: 'file/renamed-column', fix: undefined },
  ])
})

test('a column that Control Hub took out is to be dropped', () => {
  expect(withHeader(plus('UC Manager Profile')).map(({ rule, column, fix }) => ({ rule, column, fix }))).toEqual([
    { rule: 'file/removed-column', column: 'UC Manager Profile', fix: { kind: 'safe', action: 'drop-column' } },
  ])
})

test('a suspended service with a TRUE stops the whole file, without one it does not', () => {
  const name = 'Webex Meeting Assistant [Sub1] (Suspended)'
  const found = (text: string): string[] => rulesIn(check([{ ...soundUser(1), [name]: text }], { header: [...soundHeader, name] }))
  expect(found('SANN')).toContain('file/suspended-column')
  expect(found('FALSE')).toEqual([])
  expect(found('')).toEqual([])
})

test.each([
  [['Display Name', 'Role', 'Status', 'Email'], 'the short user report'],
  [['User ID', 'Location', 'Extension', 'Call Forwarding Always Enabled', 'Voicemail Enabled', 'Calling License'], 'a Webex Calling CSV'],
  [['UserID', 'Active', 'FirstName', 'LastName', 'UserName', 'Email', 'Language', 'TimeZone'], 'the CSV of a Meetings site'],
])('%o is another file', (header, words) => {
  const found = check([{ [header[0]!]: 'x' }], { header }).find(({ rule }) => rule === 'file/other-family')
  expect(found?.message).toContain(words)
})

test('more rows than one import takes, by the setting', () => {
  const users = [1, 2, 3].map((n) => soundUser(n))
  expect(rulesIn(check(users, { more: { settings: { maxRows: 3 } } }))).toEqual([])
  expect(check(users, { more: { settings: { maxRows: 2 } } }).map(({ rule, message }) => [rule, message])).toEqual([
    ['file/too-many-rows', '3 users are more than the 2 of one import: the export will be 2 files.'],
  ])
})

describe('limits', () => {
  const customer = { name: 'Fjordkraft AS', packages: [{ package: 'Webex Suite' as const, limit: 2 }] }
  test('count the users of the file', () => {
    expect(rulesIn(check([1, 2].map((n) => soundUser(n)), { customer }))).toEqual([]) // prettier-ignore
    expect(check([1, 2, 3].map((n) => soundUser(n)), { customer }).map(({ row, message }) => [row, message])).toEqual([[null, '3 users would have Webex Suite; 2 were bought.']]) // prettier-ignore
  })
  test('count users of the baseline that the file does not mention, and not those it removes', () => {
    const baseline = [1, 2].map((n) => soundUser(n))
    expect(rulesIn(check([soundUser(3)], { customer, baseline }))).toEqual(['package/over-limit'])
    expect(rulesIn(check([soundUser(1, { package: '' }), soundUser(3)], { customer, baseline }))).toEqual(['package/removal'])
  })
})

describe('removals', () => {
  const baseline = [1, 2].map((n) => soundUser(n))
  const users = [
    soundUser(1, { package: '', Extension: '', 'Phone Number': '4.7E+10', 'Preferred Webex Site': '', 'Last Name': 'S\ufffd' }),
    soundUser(2),
  ]
  test('are errors until confirmed, and have no finding on what the user will no longer have', () => {
    expect(check(users, { baseline }).map(({ rule, severity, row }) => [rule, severity, row])).toEqual([['package/removal', 'error', 2]])
  })
  test('have none either where many users share the text that is wrong', () => {
    const everybody = [1, 2, 3, 4, 5, 6, 7, 8]
    const wrong = everybody.map((n) => soundUser(n, { 'Last Name': n < 3 ? 'S\ufffd' : 'Moe', ...(n === 1 ? { package: '' } : {}) }))
    const found = check(wrong, { baseline: everybody.map((n) => soundUser(n)) })
    expect(found.map(({ rule, row }) => [rule, row])).toEqual([
      ['package/removal', 2],
      ['text/lost-character', 3],
      ['name/beyond-ascii', 3],
    ])
  })
  test.each([[1], [new Set(['user.1@fjordkraft.no'])]])('are information once confirmed by %o', (confirmedRemovals) => {
    expect(check(users, { baseline, more: { confirmedRemovals } }).map(({ rule, severity }) => [rule, severity])).toEqual([
      ['package/removal', 'info'],
    ])
  })
  test.each([[2], [0], [new Set(['user.2@fjordkraft.no'])]])('stay errors when %o was confirmed', (confirmedRemovals) => {
    expect(check(users, { baseline, more: { confirmedRemovals } }).map(({ severity }) => severity)).toEqual(['error'])
  })
  test('never come from blank cells', () => {
    const blank = Object.fromEntries(soundHeader.slice(-6).map((column) => [column, '']))
    expect(check([{ ...soundUser(1), ...blank }], { baseline })).toEqual([])
  })
})

test('what another user of the baseline has is taken', () => {
  const baseline = [1, 2].map((n) => soundUser(n))
  expect(
    check([soundUser(3, { 'Phone Number': '+4721500002', 'First Name': 'Nina' })], { baseline }).map(({ rule, message }) => [
      rule,
      message,
    ]),
  ).toEqual([['phone/duplicate', '+4721500002 is the number of user.2@fjordkraft.no. A number belongs to one user.']])
})

test('rules that cannot run are listed with what they need; every other rule of the page ran', () => {
  const { notRun } = checkTable(inputOf([soundUser(1)]))
  const wanted = ruleset.filter((rule) => rule.needs.length > 0).map((rule) => rule.id)
  expect(notRun.map(({ rule }) => rule)).toEqual(wanted)
  expect(notRun.find(({ rule }) => rule === 'package/removal')?.needs).toBe('baseline')
  expect(notRun.find(({ rule }) => rule === 'email/unknown-domain')?.needs).toBe('customer.emailDomains or baseline')
})

test('a pattern chooses rules, and never makes another one fire', () => {
  const users = [soundUser(1, { 'Phone Number': '47 21 58 33 60', 'Jabber Calling': '' })]
  expect(rulesIn(check(users))).toEqual(['phone/no-plus', 'jabber/calling-missing'])
  expect(rulesIn(check(users, { more: { rulePattern: 'phone/*' } }))).toEqual(['phone/no-plus'])
  expect(rulesIn(check(users, { more: { rulePattern: '!phone/no-plus' } }))).toEqual(['jabber/calling-missing'])
  expect(rulesIn(check(users, { more: { ignored: new Set(['jabber/calling-missing']) } }))).toEqual(['phone/no-plus'])
})

test('findings stand in the order of rows, then of columns, the file first', () => {
  const users = [soundUser(2, { 'Jabber Calling': '', 'First Name': '' }), soundUser(1, { package: '' })]
  expect(check(users, { header: [...soundHeader, 'UC Manager Profile'] }).map(({ rule, row }) => [rule, row])).toEqual([
    ['file/removed-column', null],
    ['name/missing', 2],
    ['jabber/calling-missing', 2],
    ['package/none', 3],
  ])
})

test('an empty list of a profile holds nothing: what would need it does not run, and nobody is wrong because of it', () => {
  const customer = { name: 'Fjordkraft AS', packages: [], locations: [], sites: [], numbers: [], emailDomains: [], header: [] }
  const checked = checkTable({ ...inputOf([soundUser(1)]), customer })
  expect(checked.count).toBe(0)
  expect(checked.notRun.map(({ needs }) => needs)).toEqual(
    expect.arrayContaining(['customer.packages', 'customer.locations', 'customer.sites', 'customer.numbers']),
  )
  expect(withHeader(plus('Ansattnr'), { customer }).map(({ rule, severity }) => [rule, severity])).toEqual([
    ['file/unknown-column', 'info'],
  ])
})

test('before a customer has any user there is nothing to compare a domain with, and that is said', () => {
  const first = inputOf([soundUser(1)], { baseline: [] })
  expect(rulesIn(listed(checkTable(first)))).not.toContain('email/unknown-domain')
  expect(checkTable(first).notRun).toContainEqual({ rule: 'email/unknown-domain', needs: 'customer.emailDomains or baseline' })
  const known = inputOf([soundUser(1)], { baseline: [], customer: { name: 'Fjordkraft AS', emailDomains: ['elsewhere.no'] } })
  expect(rulesIn(listed(checkTable(known)))).toContain('email/unknown-domain')
})

test.each([
  ['kari\u200b@fjordkraft.no', 'holds U+200B:'],
  ['kåri@fjordkraft.no', 'holds å:'],
  ['ka\u030ari@fjordkraft.no', 'holds \u25cc\u030a:'],
])('a character that an email may not hold can be seen in the message: %j', (text, words) => {
  const found = check([{ ...soundUser(1), 'User ID/Email (Required)': text }]).find(({ rule }) => rule === 'email/character')
  expect(found?.message).toContain(words)
})

test('a stray sign in the email of a removal is found and repaired: with it Control Hub would find nobody', () => {
  const removal = { ...soundUser(1, { package: '' }), 'User ID/Email (Required)': '\u00a0user.1@fjordkraft.no ', Department: ' Drift' }
  const found = check([removal], { baseline: [soundUser(1)] })
  expect(found.map(({ rule, column, fix }) => [rule, column, fix?.value])).toEqual([
    ['package/removal', null, undefined],
    ['text/surrounding-space', 'User ID/Email (Required)', 'user.1@fjordkraft.no'],
  ])
})

test('a reason that Roster wrote beside a row is nothing of the user, whatever it quotes', () => {
  const reasons = ['What is wrong', 'Hva som er galt', 'Hvad der er galt', 'Roster: why it was rejected']
  const users = ['“Troms\ufffd” is no location', '+4721000001 becomes +4721000002', ' \u200b'].map((text, i) => ({
    ...soundUser(i),
    ...Object.fromEntries(reasons.map((header) => [header, text])),
  }))
  for (const reason of reasons) expect(check(users, { header: [...soundHeader, reason] })).toEqual([])
})

test('one package TRUE in the columns of two subscriptions is given twice', () => {
  const second = 'Webex Suite [Sub2]'
  const header = [...soundHeader, second]
  const found = check(
    ['TRUE', 'sann', 'FALSE', ''].map((text, i) => ({ ...soundUser(i), [second]: text })),
    { header },
  )
  expect(found.filter(({ rule }) => rule === 'package/several').map(({ row, column }) => [row, column])).toEqual([
    [2, null],
    [3, null],
  ])
  expect(found[0]?.message).toContain('Webex Suite [Sub1], Webex Suite [Sub2]')
  const moved = check([{ ...soundUser(1), [packageColumn('Webex Suite')]: 'FALSE', [second]: 'TRUE' }], {
    header,
    baseline: [soundUser(1)],
  })
  expect(rulesIn(moved)).not.toContain('package/several')
  expect(rulesIn(withHeader(plus(packageColumn('Webex Suite'))))).toEqual(['file/duplicate-column'])
})

test('a file without a column of names says so once a row, one with half of them says which is missing', () => {
  const named = (change: (header: readonly string[]) => string[]) => withHeader(change).map(({ rule, row, column }) => [rule, row, column])
  expect(named((header) => header.filter((column) => !['First Name', 'Last Name'].includes(column)))).toEqual([['name/missing', 2, null]])
  expect(named(without('Last Name'))).toEqual([['name/missing', 2, null]])
})
