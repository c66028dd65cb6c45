import { describe, expect, it } from 'vitest'
import { recogniseColumns } from '../../../../shared/core/catalogue/recognise.ts'
import { compareWithBaseline, compareWithNothing } from '../../../../shared/core/diff/compare-with-baseline.ts'
import type { Sheet } from '../../../../shared/core/diff/paired-columns.ts'
import { sheet, sheetOf, user } from '../../../support/sheets.ts'
import { readOk } from '../../../support/tables.ts'

const compare = (file: Sheet, baseline: Sheet) => compareWithBaseline({ ...file, baseline })
const changesOf = (file: Sheet, baseline: Sheet) => {
  const changes = compare(file, baseline)
  return Array.from({ length: changes.count }, (_, index) => changes.changeAt(index))
}
const none = { add: 0, update: 0, packageChange: 0, remove: 0, rename: 0, unchanged: 0 }

describe('a file held against the baseline', () => {
  it('is no change when nothing differs, and counts who is absent', () => {
    const baseline = sheetOf([user('Kari', 'Webex Calling'), user('Ola', 'Webex Suite')])
    const changes = compare(sheetOf([user('Kari', 'Webex Calling')]), baseline)
    expect(changes.summary).toEqual({ ...none, unchanged: 1 })
    expect(changes).toMatchObject({ absent: 1, count: 0 })
  })

  it('matches users by email, case and surrounding space ignored', () => {
    const file = sheetOf([user('Kari', 'Webex Calling', { 'User ID/Email (Required)': ' KARI@Firma.NO ' })])
    expect(compare(file, sheetOf([user('Kari', 'Webex Calling')])).summary).toEqual({ ...none, unchanged: 1 })
  })

  it('leaves alone what is blank and empties what says (clear)', () => {
    const baseline = sheetOf([user('Kari', 'Webex Calling'), user('Ola', 'Webex Calling', { Department: '' })])
    const file = sheetOf([
      user('Kari', 'Webex Calling', { Extension: '  ', Department: '(clear)', Location: '' }),
      user('Ola', 'Webex Calling', { Department: '(clear)' }),
    ])
    expect(changesOf(file, baseline)).toEqual([
      { intent: 'update', email: 'kari@firma.no', row: 2, cells: [{ column: 'Department', before: 'Drift', after: '' }] },
    ])
  })

  it('reads TRUE and FALSE by meaning and everything else to the letter', () => {
    const baseline = sheetOf([user('Kari', 'Webex Calling', { Extension: '42' }), user('Ola', 'Webex Calling')])
    const file = sheetOf([
      user('Kari', null, {
        'Webex Calling': 'sann',
        'Webex Suite': 'USANN',
        'Webex Meetings': 'f',
        'Jabber Calling': 'FALSK',
        Extension: '042',
      }),
      user('Ola', null, { 'Webex Calling': 'T', 'Jabber Calling': 'SAND', Department: 'Drift ' }),
    ])
    expect(changesOf(file, baseline)).toEqual([
      { intent: 'update', email: 'kari@firma.no', row: 2, cells: [{ column: 'Extension', before: '42', after: '042' }] },
      {
        intent: 'update',
        email: 'ola@firma.no',
        row: 3,
        cells: [
          { column: 'Department', before: 'Drift', after: 'Drift ' },
          { column: 'Jabber Calling', before: 'FALSE', after: 'TRUE' },
        ],
      },
    ])
  })

  it('sees no change in a read-only column', () => {
    const file = sheetOf([user('Kari', 'Webex Calling', { 'User Status': 'Pending' })])
    expect(compare(file, sheetOf([user('Kari', 'Webex Calling')])).summary.unchanged).toBe(1)
  })

  it('says a package change with both packages and the cells that differ', () => {
    const file = sheetOf([user('Ola', 'Webex Meetings'), user('Kari', 'Webex Suite', { Department: 'Salg' })])
    const baseline = sheetOf([user('Kari', 'Webex Calling'), user('Ola', 'Webex Meetings')])
    expect(changesOf(file, baseline)).toEqual([
      {
        intent: 'packageChange',
        email: 'kari@firma.no',
        row: 3,
        from: 'Webex Calling',
        to: 'Webex Suite',
        cells: [
          { column: 'Department', before: 'Drift', after: 'Salg' },
          { column: 'Webex Calling', before: 'TRUE', after: 'FALSE' },
          { column: 'Webex Suite', before: 'FALSE', after: 'TRUE' },
        ],
      },
    ])
    expect(compare(file, baseline).packages).toEqual([
      { package: 'Webex Calling', before: 1, after: 0 },
      { package: 'Webex Suite', before: 0, after: 1 },
      { package: 'Webex Meetings', before: 1, after: 1 },
    ])
  })

  it('takes a new TRUE beside blank cells for a package change', () => {
    const file = sheetOf([user('Kari', null, { 'Webex Calling': '', 'Webex Suite': 'TRUE', 'Webex Meetings': '' })])
    expect(changesOf(file, sheetOf([user('Kari', 'Webex Calling')]))).toMatchObject([{ from: 'Webex Calling', to: 'Webex Suite' }])
  })

  it('keeps the package of a user whose package cells are all blank', () => {
    const file = sheetOf([user('Kari', null, { 'Webex Calling': '', 'Webex Suite': '', 'Webex Meetings': '' })])
    const changes = compare(file, sheetOf([user('Kari', 'Webex Calling')]))
    expect(changes.summary).toEqual({ ...none, unchanged: 1 })
    expect(changes.packages).toEqual([{ package: 'Webex Calling', before: 1, after: 1 }])
  })
})

describe('a removal', () => {
  const baseline = sheetOf([user('Kari', 'Webex Calling'), user('Ola', null)])

  it('is FALSE in every package column of a known user who has a package', () => {
    const file = sheetOf([user('Kari', null, { Department: 'Salg' }), user('Ola', null), user('Ny', null)])
    expect(changesOf(file, baseline)).toMatchObject([
      {
        intent: 'remove',
        email: 'kari@firma.no',
        from: 'Webex Calling',
        to: null,
        cells: [{ column: 'Webex Calling', before: 'TRUE', after: 'FALSE' }],
      },
      { intent: 'add', email: 'ny@firma.no', from: null, to: null },
    ])
    expect(compare(file, baseline).packages).toEqual([{ package: 'Webex Calling', before: 1, after: 0 }])
  })

  it('never comes from blank cells', () => {
    const file = sheetOf([user('Kari', null, { 'Webex Meetings': '' })])
    expect(compare(file, baseline).summary).toMatchObject({ remove: 0, packageChange: 1 })
    expect(changesOf(file, baseline)).toMatchObject([{ from: 'Webex Calling', to: null }])
  })

  it('needs package columns, and none that the file lacks', () => {
    const email = 'User ID/Email (Required)'
    expect(compare(sheet([email], [['kari@firma.no']]), baseline).summary).toMatchObject({ remove: 0, unchanged: 1 })
    const other = sheet([email, 'Webex Suite'], [['kari@firma.no', 'FALSE']])
    expect(compare(other, baseline).summary).toMatchObject({ remove: 0, unchanged: 1 })
  })

  it('is seen against a baseline that does not tell packages', () => {
    const names = sheet(['User ID/Email (Required)'], [['kari@firma.no']])
    expect(compare(sheetOf([user('Kari', null)]), names).summary).toMatchObject({ remove: 1 })
  })
})

describe('a new user', () => {
  it('comes with every cell that is not blank', () => {
    const [change] = changesOf(
      sheetOf([{ 'User ID/Email (Required)': 'ny@firma.no', 'Webex Suite': 'SANN', Department: '(clear)' }]),
      sheetOf([]),
    )
    expect(change).toEqual({
      intent: 'add',
      email: 'ny@firma.no',
      row: 2,
      from: null,
      to: 'Webex Suite',
      cells: [
        { column: 'User ID/Email (Required)', before: '', after: 'ny@firma.no' },
        { column: 'Webex Suite', before: '', after: 'TRUE' },
      ],
    })
  })

  it('is everyone where there is no baseline', () => {
    const changes = compareWithNothing(sheetOf([user('Kari', 'Webex Calling'), user('Ola', 'Webex Suite')]))
    expect(changes.summary).toEqual({ ...none, add: 2 })
    expect(changes).toMatchObject({ absent: 0, baselineUsers: null })
  })

  it('changes nobody by a file without emails, edited or not', () => {
    const baseline = sheetOf([user('Kari', 'Webex Suite'), user('Ola', null)])
    const file = sheet(['Last Name', 'Webex Suite'], [['Vik', 'FALSE'], ['Vik', 'TRUE']]) // prettier-ignore
    const comparison = compareWithBaseline({ ...file, baseline })
    const nothing = { add: 0, update: 0, packageChange: 0, remove: 0, rename: 0, unchanged: 0 }
    expect(comparison).toMatchObject({ summary: nothing, count: 0, absent: 2, baselineUsers: 2 })
    comparison.update([0, 1])
    expect(comparison).toMatchObject({ summary: nothing, count: 0 })
  })

  it('counts once when the email stands twice, and not at all without one', () => {
    const file = sheetOf([
      user('Kari', 'Webex Calling'),
      user('Kari', 'Webex Suite'),
      user('Ola', 'Webex Suite', { 'User ID/Email (Required)': ' ' }),
    ])
    expect(compareWithNothing(file).summary).toEqual({ ...none, add: 1 })
  })
})

describe('a suspected rename', () => {
  const phone = { 'Phone Number': '+4721000017' }
  const renamed = user('Kari', 'Webex Suite', {
    'User ID/Email (Required)': 'kari.vik@firma.no',
    'Phone Number': '4721000017',
    Extension: '',
  })

  it('is one change, with nobody added or absent', () => {
    const baseline = sheetOf([user('Kari', 'Webex Calling', phone), user('Ola', 'Webex Suite')])
    const changes = compare(sheetOf([renamed]), baseline)
    expect(changes.summary).toEqual({ ...none, rename: 1 })
    expect(changes.absent).toBe(1)
    expect(changes.changeAt(0)).toMatchObject({
      email: 'kari.vik@firma.no',
      formerEmail: 'kari@firma.no',
      from: 'Webex Calling',
      to: 'Webex Suite',
    })
    expect(changes.changeAt(0).cells.map((cell) => cell.column)).toEqual([
      'User ID/Email (Required)',
      'Phone Number',
      'Webex Calling',
      'Webex Suite',
    ])
    expect(changes.packages).toEqual([
      { package: 'Webex Calling', before: 1, after: 0 },
      { package: 'Webex Suite', before: 1, after: 2 },
    ])
  })

  it('goes by extension too, but not by the name alone', () => {
    const again = user('Kari', 'Webex Calling', { 'User ID/Email (Required)': 'k@firma.no' })
    expect(compare(sheetOf([again]), sheetOf([user('Kari', 'Webex Calling')])).summary.rename).toBe(1)
    expect(compare(sheetOf([{ ...again, Extension: '7' }]), sheetOf([user('Kari', 'Webex Calling')])).summary).toMatchObject({
      add: 1,
      rename: 0,
    })
  })

  it('pairs nobody who is still in the file', () => {
    const changes = compare(sheetOf([renamed, user('Kari', 'Webex Calling', phone)]), sheetOf([user('Kari', 'Webex Calling', phone)]))
    expect(changes.summary).toEqual({ ...none, add: 1, unchanged: 1 })
  })

  it('pairs each vanished user once', () => {
    const twice = [renamed, { ...renamed, 'User ID/Email (Required)': 'kv@firma.no' }]
    expect(compare(sheetOf(twice), sheetOf([user('Kari', 'Webex Calling', phone)])).summary).toMatchObject({ add: 1, rename: 1 })
  })
})

describe('columns', () => {
  const email = 'User ID/Email (Required)'

  it('are the same by meaning, whatever the file calls them and wherever they stand', () => {
    const baseline = sheet([email, 'Extension', 'Webex Suite [Sub1]', 'Advanced Messaging'], [['a@firma.no', '42', 'TRUE', 'TRUE']])
    const file = sheet(['Webex Suite', 'Directory Number', 'Advanced Messaging ', email], [['SAND', '42', 'T', 'a@firma.no']])
    expect(compare(file, baseline).summary).toEqual({ ...none, unchanged: 1 })
  })

  it('of two subscriptions are kept apart', () => {
    const headers = [email, 'Webex Meeting Assistant [Sub1]', 'Webex Meeting Assistant [Sub2]']
    const file = sheet([email, headers[2] ?? '', headers[1] ?? ''], [['a@firma.no', 'TRUE', 'FALSE']])
    expect(compare(file, sheet(headers, [['a@firma.no', 'FALSE', 'TRUE']])).summary).toMatchObject({ unchanged: 1 })
    expect(compare(file, sheet(headers, [['a@firma.no', 'TRUE', 'FALSE']])).summary).toMatchObject({ update: 1 })
  })

  it('that nobody knows go by their header', () => {
    const file = sheet([email, 'Kostnadssted'], [['a@firma.no', '12']])
    expect(compare(file, sheet([email, 'Kostnadssted'], [['a@firma.no', '12']])).summary).toMatchObject({ unchanged: 1 })
    expect(compare(file, sheet([email, 'Kostnad'], [['a@firma.no', '12']])).summary).toMatchObject({ update: 1 })
  })

  it('of a licence that the baseline lacks change nothing by FALSE', () => {
    const file = sheet([email, 'Real Time Translation [Sub1]', 'Customer Assist [Sub1]'], [['a@firma.no', 'FALSE', 'USANN']])
    expect(compare(file, sheet([email], [['a@firma.no']])).summary.update).toBe(0)
  })

  it('are compared alike where values repeat and where they do not', () => {
    const many = Array.from({ length: 3000 }, (_, n) =>
      user(`P${n}`, n % 2 === 0 ? 'Webex Suite' : 'Webex Calling', { Extension: String(10_000 + n) }),
    )
    const file = many.map((cells, n) => (n % 3 === 0 ? { ...cells, Extension: '9', Department: 'Salg' } : cells))
    expect(compare(sheetOf(file), sheetOf(many)).summary).toEqual({ ...none, update: 1000, unchanged: 2000 })
  })
})

it('knows the limits of the profile', () => {
  const file = sheetOf([user('Kari', 'Webex Suite')])
  const customer = {
    name: 'Firma',
    packages: [
      { package: 'Webex Suite' as const, limit: 5 },
      { package: 'Webex Voice' as const, limit: 2 },
    ],
  }
  expect(compareWithNothing({ ...file, customer }).packages).toEqual([
    { package: 'Webex Suite', before: 0, after: 1, limit: 5 },
    { package: 'Webex Voice', before: 0, after: 0, limit: 2 },
  ])
})

it('gives changes in the order of the rows and refuses an index that is none', () => {
  const baseline = sheetOf([user('Kari', 'Webex Calling'), user('Ola', 'Webex Calling')])
  const changes = compare(sheetOf([user('Ny', 'Webex Suite'), user('Ola', null), user('Kari', 'Webex Suite')]), baseline)
  expect([0, 1, 2].map((index) => changes.placeOf(index))).toEqual([
    { intent: 'add', row: 0, baselineRow: -1 },
    { intent: 'remove', row: 1, baselineRow: 1 },
    { intent: 'packageChange', row: 2, baselineRow: 0 },
  ])
  expect(() => changes.changeAt(3)).toThrow(RangeError)
})

it('takes the same bytes for the same cells only where both headers name them', () => {
  const rows = 'kari@firma.no,HR,Boss\nola@firma.no,IT,Clerk\n'
  const listOf = (header: string): Sheet => {
    const { table } = readOk(`User ID/Email (Required),Department${header}\n${rows}`)
    return { table, columns: recogniseColumns(table.columns.map((column) => column.header)) }
  }
  expect(compare(listOf(',Title'), listOf(',Title')).summary).toEqual({ ...none, unchanged: 2 })
  expect(compare(listOf(',Title'), listOf('')).summary).toEqual({ ...none, update: 2 })
  expect(compare(listOf(',Title'), listOf(',Location')).summary).toEqual({ ...none, update: 2 })
})
