import { expect, test } from 'vitest'
import { catalogue } from '../../../../shared/core/catalogue/columns.ts'
import { otherFamilyOf } from '../../../../shared/core/catalogue/other-family.ts'
import { packageOf } from '../../../../shared/core/catalogue/package-of.ts'
import { recogniseColumns, scoreHeader } from '../../../../shared/core/catalogue/recognise.ts'
import { userColumns } from '../../../../shared/core/catalogue/user-columns.ts'

const one = (header: string): [string | undefined, string, string | null] => {
  const [column] = recogniseColumns([header])
  return [column?.column?.id, column!.match, column!.expected]
}

test('every name that Control Hub writes is exact, with and without a subscription', () => {
  for (const column of catalogue) {
    for (const name of [column.name, ...column.spellings]) {
      const match = column.kind === 'removed' ? 'removed' : 'exact'
      expect([name, ...one(name).slice(0, 2)]).toEqual([name, column.id, match])
      if (column.value === 'boolean') expect(one(`${name.trim()} [Sub123456]`).slice(0, 2)).toEqual([column.id, match])
    }
  }
})

test('every alias is known, never exact, and stands for one column only', () => {
  for (const column of catalogue) {
    for (const alias of column.aliases) {
      const match = column.kind === 'removed' ? 'removed' : 'renamed'
      expect([alias, ...one(alias)]).toEqual([alias, column.id, match, column.kind === 'removed' ? null : column.name])
    }
  }
})

test.each([
  ['first name', 'first-name'],
  ['FIRST  NAME ', 'first-name'],
  ['First\u00a0Name', 'first-name'],
  ['\ufeffFirst Name', 'first-name'],
  ['Mo\u0308ter', undefined],
  ['Ring pa\u030a Webex', 'call-on-webex'],
  ['Jabber\u2011anrop', 'jabber-calling'],
  ['Jabber anrop', 'jabber-calling'],
  ['Foretrukket Webex nettsted', 'site'],
  ['Epost', 'email'],
  ['On Prem UCM Calling', 'on-prem-ucm'],
  ['Prefered Webex Site', 'site'],
  ['M\u00c3\u00b8ter i grunnleggende rom', 'basic-meetings'],
  ['Ring p\u00c3\u00a5 Webex', 'call-on-webex'],
  ['M?ter i grunnleggende rom', 'basic-meetings'],
  ['Grundl\ufffdggende meddelelser', 'basic-messaging'],
  ['Hva?', undefined],
  ['Titl?', undefined],
])('%j is %s under another spelling', (header, id) => {
  const [column] = recogniseColumns([header])
  expect(column?.column?.id).toBe(id)
  expect(column?.match).toBe(id === undefined ? 'unknown' : 'renamed')
})

test("a customer's own header may come in another case or with other spaces, and is to be renamed", () => {
  const customer = {
    name: 'Fjordkraft AS',
    packages: [{ package: 'Webex Suite' as const, column: 'WxSuite Pakke' }],
    header: ['First Name', 'Kostnadssted', 'WxSuite Pakke'],
  }
  const found = recogniseColumns(['wxsuite  pakke', 'kostnadssted ', 'Kostnadssted', 'WxSuite Pakke', 'Ansattnr'], customer)
  expect(found.map(({ column, match, expected }) => [column?.package ?? null, match, expected])).toEqual([
    ['Webex Suite', 'renamed', 'WxSuite Pakke'],
    [null, 'renamed', 'Kostnadssted'],
    [null, 'exact', 'Kostnadssted'],
    ['Webex Suite', 'exact', 'WxSuite Pakke'],
    [null, 'unknown', null],
  ])
})

test.each(['Alternate Email 5', 'Alternate Phone 3', 'County', 'Site', 'Ansattnr', '', 'Webex', 'Name'])('%j is nobody', (header) => {
  expect(one(header)).toEqual([undefined, 'unknown', null])
})

test('suffixes: subscription, suspension and site are read and kept', () => {
  const parts = recogniseColumns([
    'Webex Suite [trialSub.9b2e-1]',
    'Webex Calling [Sub1] (Suspended)',
    'x.webex.com - WebEx Enterprise Edition [Sub1]',
    'Some New Service [Sub77]',
    'Webex suite[Sub1]',
    'Customer Experience Essentials [Sub3]',
  ])
  expect(
    parts.map(({ column, match, subscription, suspended, site, expected }) => [
      column?.name,
      match,
      subscription,
      suspended,
      site,
      expected,
    ]),
  ).toEqual([
    ['Webex Suite', 'exact', 'trialSub.9b2e-1', false, null, 'Webex Suite [trialSub.9b2e-1]'],
    ['Webex Calling', 'exact', 'Sub1', true, null, 'Webex Calling [Sub1] (Suspended)'],
    ['WebEx Enterprise Edition', 'exact', 'Sub1', false, 'x.webex.com', 'x.webex.com - WebEx Enterprise Edition [Sub1]'],
    ['Some New Service', 'exact', 'Sub77', false, null, 'Some New Service [Sub77]'],
    ['Webex Suite', 'renamed', 'Sub1', false, null, 'Webex Suite [Sub1]'],
    ['Customer Assist', 'renamed', 'Sub3', false, null, 'Customer Assist [Sub3]'],
  ])
})

test("a customer's own headers are exact knowledge", () => {
  const customer = {
    name: 'Fjordkraft AS',
    packages: [{ package: 'Webex Suite' as const, column: 'Suite seats' }],
    header: ['First Name', 'Employee no', 'webex voice'],
  }
  expect(
    recogniseColumns(['Suite seats', 'Employee no', 'webex voice', 'Other'], customer).map(({ column, match }) => [column?.id, match]),
  ).toEqual([
    ['webex-suite', 'exact'],
    [undefined, 'exact'],
    ['webex-voice', 'exact'],
    [undefined, 'unknown'],
  ])
})

test('a header row outscores a title line and a row of users', () => {
  expect(scoreHeader(['First Name', 'Last Name', 'User ID/Email (Required)', 'Webex Suite'])).toBe(8)
  expect(scoreHeader(['Brukere i Fjordkraft', '', ''])).toBe(0)
  expect(scoreHeader(['Kari', 'Moe', 'kari@fjordkraft.no', 'TRUE'])).toBeLessThan(2)
})

test('where two columns mean the same, the one with its name of today counts', () => {
  const users = userColumns(recogniseColumns(['Directory Number', 'Extension', 'Webex Suite [Sub1]', 'Webex Suite [Sub2]', 'Webex Voice']))
  expect(users.extension).toBe(1)
  expect(users.email).toBe(-1)
  expect(users.packages).toEqual(new Map([['Webex Suite', [2, 3]], ['Webex Voice', [4]]])) // prettier-ignore
  const cells = ['', '', 'FALSE', 'SANN', 'USANN']
  expect(packageOf(users, (column) => cells[column]!)).toBe('Webex Suite')
  expect(packageOf(users, () => 'TRUE')).toBeNull()
  expect(packageOf(users, () => 'FALSE')).toBeNull()
})

test('a user file is no other family, whatever its columns', () => {
  expect(otherFamilyOf(catalogue.map((column) => column.name))).toBeNull()
  expect(otherFamilyOf(['First Name', 'Last Name', 'Display Name', 'Email'])).toBeNull()
})

test('a Webex Calling CSV is one although it has the full name of the email column', () => {
  const calling = ['First Name', 'Last Name', 'User ID/Email (Required)', 'Calling License', 'Call Forwarding Always', 'Location']
  expect(otherFamilyOf(calling)).toBe('webex-calling')
  expect(otherFamilyOf([...calling, 'Webex Suite [Sub123456]'])).toBeNull()
  expect(otherFamilyOf(['First Name', 'Last Name', 'User ID/Email (Required)', 'Agent', 'Location'])).toBeNull()
})
