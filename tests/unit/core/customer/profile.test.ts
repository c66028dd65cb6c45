import { describe, expect, test } from 'vitest'
import { learnProfile, withLearned } from '../../../../shared/core/customer/learn-profile.ts'
import { parseCustomerProfile } from '../../../../shared/core/customer/parse-profile.ts'
import { checkTable } from '../../../../shared/core/rules/check-table.ts'
import { check, inputOf, packageColumn, sheet, soundHeader, soundUser, type Cells } from '../../../support/rule-cases.ts'

test('only the name is required', () => {
  expect(parseCustomerProfile({ name: 'Fjordkraft AS' })).toEqual({ ok: true, value: { name: 'Fjordkraft AS' } })
})

test.each([
  [{}, '/name', 'is missing'],
  [null, '/', 'must be object'],
  [{ name: '' }, '/name', 'must not have fewer than 1 characters'],
  [{ name: 'x', site: [] }, '/site', 'unknown key'],
  [{ name: 'x', packages: [{ package: 'Webex Suite', seats: 1 }] }, '/packages/0/seats', 'unknown key'],
  [{ name: 'x', packages: [{ package: 'Webex Sweet' }] }, '/packages/0/package', 'must be one of Webex Calling'],
  [{ name: 'x', packages: [{ package: 'Webex Suite', limit: -1 }] }, '/packages/0/limit', 'must be >= 0'],
  [{ name: 'x', locations: [{ name: 'Oslo', country: 'NOR' }] }, '/locations/0/country', 'must be the two capital letters of a country'],
  [{ name: 'x', extensionLength: '4' }, '/extensionLength', 'must be integer'],
  [{ name: 'x', rules: [{ name: 'a', column: 'Title', pattern: '(' }] }, '/rules/0/pattern', 'missing closing'],
  [
    { name: 'x', rules: [{ name: 'a', column: 'Title', when: { column: 'Title', pattern: '[' }, required: true }] },
    '/rules/0/when/pattern',
    'missing closing',
  ],
  [{ name: 'x', rules: [{ name: 'a', column: 'Title' }] }, '/rules/0', 'needs exactly one of'],
  [
    { name: 'x', rules: new Array(5_001).fill({ name: 'a', column: 'Title', unique: true }) },
    '/rules',
    'must not have more than 5000 items',
  ],
  [{ name: 'x', rules: [{ name: 'a', column: 'Title', required: true, unique: true }] }, '/rules/0', 'not required and unique'],
  [{ name: 'x', rules: [{ name: 'a', column: 'Title', required: true, sql: '' }] }, '/rules/0/sql', 'unknown key'],
  [
    {
      name: 'x',
      rules: [
        { name: 'a', column: 'Title', required: true },
        { name: 'a', column: 'Title', unique: true },
      ],
    },
    '/rules/1/name',
    'stands twice',
  ],
])('%o is refused at %s', (json, path, detail) => {
  const parsed = parseCustomerProfile(json)
  expect(parsed).toEqual({ ok: false, error: { path, detail: expect.stringContaining(detail) as string } })
})

test('an export teaches packages, header, sites, locations and domains, never the name', () => {
  const users = [1, 2, 3].map((n) =>
    soundUser(n, { Country: 'NO', ...(n === 3 ? { Location: 'Aarhus', Country: 'DK', 'Preferred Webex Site': 'dk.webex.com' } : {}) }),
  )
  const { table, columns } = sheet(users)
  expect(learnProfile(table, columns)).toEqual({
    header: soundHeader,
    packages: ['Webex Calling', 'Webex Calling Standard', 'Webex Suite', 'Webex Meetings', 'Webex Voice', 'Customer Assist'].map((name) => ({ package: name, column: packageColumn(name) })),
    sites: ['fjordkraft.webex.com', 'dk.webex.com'],
    locations: [{ name: 'Oslo HQ', country: 'NO' }, { name: 'Aarhus', country: 'DK' }],
    emailDomains: ['fjordkraft.no'],
    extensionLength: 4,
  }) // prettier-ignore
  const bare = sheet([soundUser(1, { Location: '', 'Preferred Webex Site': '' })])
  expect(Object.keys(learnProfile(bare.table, bare.columns))).toEqual(['header', 'packages', 'emailDomains', 'extensionLength'])
})

test('what an export teaches is put to the profile, and takes nothing away', () => {
  const profile = {
    name: 'Fjordkraft AS',
    packages: [{ package: 'Webex Suite' as const, limit: 500 }, { package: 'Webex Voice' as const, column: 'Webex Voice [Sub1]' }],
    locations: [{ name: 'Oslo HQ', country: 'NO' }, { name: 'Bergen' }],
    sites: ['old.webex.com'],
    numbers: [{ number: '+4721000001', location: 'Oslo HQ' }],
    administrators: ['admin@fjordkraft.no'],
    extensionLength: 5,
    directorySynced: true,
    header: ['First Name'],
    rules: [{ name: 'title', column: 'Title', required: true }],
    wholesale: { customerId: 'c-1' },
  } // prettier-ignore
  const learned = {
    header: ['First Name', 'Email'],
    packages: [{ package: 'Webex Suite' as const, column: 'Webex Suite [Sub2]' }, { package: 'Webex Meetings' as const, column: 'Webex Meetings [Sub2]' }],
    locations: [{ name: 'Oslo HQ' }, { name: 'Bergen', country: 'NO' }, { name: 'Aarhus', country: 'DK' }],
    sites: ['old.webex.com', 'new.webex.com'],
    emailDomains: ['fjordkraft.no'],
    extensionLength: 4,
  } // prettier-ignore
  expect(withLearned(profile, learned)).toEqual({
    ...profile,
    header: learned.header,
    packages: [
      { package: 'Webex Suite', column: 'Webex Suite [Sub2]', limit: 500 },
      { package: 'Webex Voice', column: 'Webex Voice [Sub1]' },
      { package: 'Webex Meetings', column: 'Webex Meetings [Sub2]' },
    ],
    locations: [{ name: 'Oslo HQ', country: 'NO' }, { name: 'Bergen', country: 'NO' }, { name: 'Aarhus', country: 'DK' }],
    sites: ['old.webex.com', 'new.webex.com'],
    emailDomains: ['fjordkraft.no'],
  }) // prettier-ignore
  expect(withLearned(withLearned(profile, learned), learned)).toEqual(withLearned(profile, learned))
  // Two columns of one package: each a line of its own, nothing guessed about which is which.
  const twice = { packages: [{ package: 'Webex Suite' as const, column: 'A' }, { package: 'Webex Suite' as const, column: 'B' }] } // prettier-ignore
  expect(withLearned({ name: 'x', packages: [{ package: 'Webex Suite', column: 'A', limit: 3 }] }, twice).packages).toEqual([
    { package: 'Webex Suite', column: 'A', limit: 3 },
    { package: 'Webex Suite', column: 'B' },
  ])
})

describe("a customer's own rules", () => {
  const found = (rule: object, users: readonly Cells[], baseline?: readonly Cells[]): unknown[] => {
    const profile = parseCustomerProfile({ name: 'Fjordkraft AS', rules: [{ name: 'own', ...rule }] })
    if (!profile.ok) throw new Error(profile.error.detail)
    return check(users, { customer: profile.value, ...(baseline === undefined ? {} : { baseline }) })
      .filter(({ rule: id }) => id === 'custom/own')
      .map(({ rule: id, severity, row, message }) => [id, severity, row, message])
  }
  test('required, for a package, with the message of the customer', () => {
    const rule = { column: 'Title', required: true, severity: 'error', message: 'Fill in the title.', when: { package: 'Webex Suite' } }
    expect(found(rule, [soundUser(1), soundUser(2, { Title: 'Leder' }), soundUser(3, { package: 'Webex Voice' })])).toEqual([
      ['custom/own', 'error', 2, 'Fill in the title.'],
    ])
    expect(found(rule, [soundUser(1)], [soundUser(1, { Title: 'Leder' })])).toEqual([])
  })
  test('pattern, in linear time', () => {
    const rule = { column: 'Department', pattern: '^(a+)+$' }
    expect(
      found(rule, [
        soundUser(1, { Department: `${'a'.repeat(30_000)}b` }),
        soundUser(2, { Department: 'aaa' }),
        soundUser(3, { Department: '' }),
      ]),
    ).toHaveLength(1)
  })
  test('one of, when another cell says so', () => {
    const rule = { column: 'Department', oneOf: ['Drift', 'Salg'], when: { column: 'Location', oneOf: ['Bergen'] } }
    expect(found(rule, [soundUser(1, { Department: 'X' }), soundUser(2, { Department: 'X', Location: 'Bergen' })])).toEqual([
      ['custom/own', 'warning', 3, '“X” is none of the values allowed here: Drift, Salg.'],
    ])
  })
  test('unique, case ignored, blanks aside', () => {
    const rule = { column: 'Title', unique: true }
    expect(found(rule, [soundUser(1, { Title: 'A1' }), soundUser(2, { Title: 'a1' }), soundUser(3), soundUser(4)])).toEqual([
      ['custom/own', 'warning', 3, '“a1” stands in row 2 already.'],
    ])
  })
  test('TRUE and FALSE are read by their meaning', () => {
    const spelled = ['FALSE', 'USANN', 'f', 'False'].map((text, i) => soundUser(i, { 'Jabber Calling': text }))
    expect(found({ column: 'Jabber Calling', oneOf: ['FALSE'] }, spelled)).toEqual([])
    expect(found({ column: 'Title', required: true, when: { column: 'Jabber Calling', oneOf: ['FALSE'] } }, spelled)).toHaveLength(4)
    // In the rule itself, too.
    expect(found({ column: 'Jabber Calling', oneOf: ['usann'] }, spelled)).toEqual([])
    expect(found({ column: 'Title', required: true, when: { column: 'Jabber Calling', oneOf: ['false'] } }, spelled)).toHaveLength(4)
  })
  test('a blank cell of an existing user keeps what the baseline holds', () => {
    const kept = [soundUser(1, { Department: '' }), soundUser(2)]
    const before = [soundUser(1, { Department: 'Salg' }), soundUser(2)]
    expect(found({ column: 'Title', required: true, when: { column: 'Department', oneOf: ['Salg'] } }, kept, before)).toHaveLength(1)
    expect(found({ column: 'Title', required: true, when: { column: 'Department', blank: true } }, kept, before)).toEqual([])
    expect(
      found(
        { column: 'Title', unique: true },
        [soundUser(1, { Title: 'A1' }), soundUser(2)],
        [soundUser(1), soundUser(2, { Title: 'a1' })],
      ),
    ).toEqual([['custom/own', 'warning', 3, '“a1” stands in row 2 already.']])
    expect(found({ column: 'Department', oneOf: ['Drift'] }, kept, before)).toEqual([])
  })
  test('a user to be removed holds nothing that must stand only once', () => {
    const removed = soundUser(1, { package: '', Title: 'A1' })
    const before = [soundUser(1, { Title: 'A1' }), soundUser(2)]
    expect(found({ column: 'Title', unique: true }, [removed, soundUser(2, { Title: 'A1' })], before)).toEqual([])
    expect(found({ column: 'Title', unique: true }, [soundUser(2, { Title: 'A1' }), removed], before)).toEqual([])
  })
  test('a rule whose column the file lacks is listed as not run', () => {
    const rules = [
      { name: 'own', column: 'Cost centre', required: true },
      { name: 'other', column: 'Title', required: true, when: { column: 'Floor', blank: false } },
    ]
    const { byRule, notRun } = checkTable(inputOf([soundUser(1)], { customer: { name: 'Fjordkraft AS', rules } }))
    expect(Object.keys(byRule).filter((id) => id.startsWith('custom/'))).toEqual([])
    expect(notRun.filter(({ rule }) => rule.startsWith('custom/'))).toEqual([
      { rule: 'custom/own', needs: 'Cost centre' },
      { rule: 'custom/other', needs: 'Floor' },
    ])
  })
})
