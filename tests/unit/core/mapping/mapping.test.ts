import { describe, expect, test } from 'vitest'
import { recogniseColumns } from '../../../../shared/core/catalogue/recognise.ts'
import type { CustomerProfile } from '../../../../shared/core/customer/profile.ts'
import { guessMapping, isForeign, withNewWords } from '../../../../shared/core/mapping/guess-mapping.ts'
import { mapTables } from '../../../../shared/core/mapping/map-tables.ts'
import { joinName, splitName } from '../../../../shared/core/mapping/names.ts'
import type { Mapping } from '../../../../shared/core/mapping/mapping.ts'
import { tableFromRows } from '../../../../shared/core/table/table-from-rows.ts'
import { distinctValues } from '../../../../shared/core/table/distinct-values.ts'
import type { Table } from '../../../../shared/core/table/table.ts'

const hrHeader = ['Ansattnr', 'Navn', 'E-post', 'Avdeling', 'Arbeidssted', 'Telefon', 'Internnr', 'Lisens']
const hrRows = [
  ['70000', 'Olsen, Freja', 'freja.olsen@fjordkraft.no', 'Nett', 'Bergen', '215 50 00 07', '0040', ''],
  ['70001', 'Vik, Henrik', 'henrik.vik@fjordkraft.no', 'Nett', 'Oslo', '215 50 01 07', '0041', 'Kun møter'],
  ['70002', 'Hansen, Gøran', 'goran.hansen@fjordkraft.no', 'Salg', 'Oslo', '215 50 02 07', '0042', 'Premium'],
]

const customer: CustomerProfile = {
  name: 'Fjordkraft AS',
  packages: [{ package: 'Webex Suite' }, { package: 'Webex Meetings', column: 'Webex Meetings [Sub9]' }],
  locations: [{ name: 'Oslo HQ' }, { name: 'Bergen' }],
  sites: ['fjordkraft.webex.com'],
}

const guess = (header: readonly string[], rows: readonly (readonly string[])[], of?: CustomerProfile) => {
  const table = tableFromRows(header, rows)
  return guessMapping(
    recogniseColumns(header, of).map((recognised, column) => ({ recognised, values: distinctValues(table, column, table.rows) })),
    of,
  )
}
const textsOf = (table: Table): readonly Readonly<Record<string, string>>[] =>
  Array.from(table.rows, (row) =>
    Object.fromEntries(table.live.map((column) => [table.columns[column]!.header, table.columns[column]!.textOf(row)])),
  )

describe('guessing what a foreign list means', () => {
  test('names of columns in Norwegian, the order of a name by its comma, words of packages', () => {
    const { mapping, by } = guess(hrHeader, hrRows)
    expect(mapping.columns.map(({ use }) => use)).toEqual([
      { kind: 'keep' },
      { kind: 'full-name', order: 'family-comma-given' },
      { kind: 'column', target: 'email' },
      { kind: 'column', target: 'department' },
      { kind: 'column', target: 'location' },
      { kind: 'column', target: 'phone-number' },
      { kind: 'column', target: 'extension' },
      { kind: 'package' },
    ])
    expect(by).toEqual(['nothing', 'name', 'name', 'name', 'name', 'name', 'name', 'name'])
    expect(mapping.columns[7]!.values).toEqual([
      { from: 'Kun møter', to: 'Webex Meetings' },
      { from: 'Premium', to: '' },
    ])
  })

  test('by what stands in a column whose name says nothing; no target twice', () => {
    const { mapping, by } = guess(
      ['a', 'b', 'c', 'd'],
      [
        ['Olsen, Freja', 'freja@fjordkraft.no', '+47 215 50 007', 'boss@fjordkraft.no'],
        ['Vik, Henrik', 'henrik@fjordkraft.no', '+47 215 50 107', 'boss@fjordkraft.no'],
      ],
    )
    expect(mapping.columns.map(({ use }) => use)).toEqual([
      { kind: 'full-name', order: 'family-comma-given' },
      { kind: 'column', target: 'email' },
      { kind: 'column', target: 'phone-number' },
      { kind: 'keep' },
    ])
    expect(by).toEqual(['content', 'content', 'content', 'nothing'])
  })

  test("the customer's own names for places, its only site, and Jabber that must be stated", () => {
    const { mapping } = guess(hrHeader, hrRows, customer)
    expect(mapping.columns[4]!.values).toEqual([{ from: 'Oslo', to: 'Oslo HQ' }])
    expect(mapping.constants).toEqual([
      { target: 'jabber-teams', text: 'FALSE' },
      { target: 'jabber-calling', text: 'FALSE' },
      { target: 'site', text: 'fjordkraft.webex.com' },
    ])
  })

  test('a Control Hub export is not foreign, a personnel list is', () => {
    expect(isForeign(recogniseColumns(hrHeader))).toBe(true)
    expect(isForeign(recogniseColumns(['First Name', 'User ID/Email (Required)', 'Webex Suite']))).toBe(false)
    expect(isForeign(recogniseColumns(['Fornavn', 'E-post', 'Webex Suite']))).toBe(false)
    expect(isForeign(recogniseColumns(['Fornavn', 'E-post', 'Webex-pakke']))).toBe(true)
    expect(isForeign(recogniseColumns(['Fornavn', 'Bruker-ID/e-post', 'Webex-pakke', 'Webex Calling']))).toBe(false)
  })

  test('“Webex-pakke” is the column that names the package, unless TRUE and FALSE stand in it', () => {
    const useOf = (...texts: readonly string[]) =>
      guess(
        ['E-post', 'Webex-pakke'],
        texts.map((text, i) => [`a${String(i)}@x.no`, text]),
      ).mapping.columns[1]!.use
    expect(useOf('Suite', 'Kun møter', '')).toEqual({ kind: 'package' })
    expect(useOf('SANN', 'USANN', '')).toEqual({ kind: 'column', target: 'webex-suite' })
  })

  test('what a directory calls its columns', () => {
    const header = ['sAMAccountName', 'givenName', 'sn', 'mail', 'telephoneNumber', 'ipPhone', 'physicalDeliveryOfficeName', 'Mobilnr.']
    expect(
      guess(header, [['kb', 'Kari', 'Berg', 'kari@x.no', '21', '1001', 'Oslo', '900 00 000']]).mapping.columns.map(({ use }) => use),
    ).toEqual([
      { kind: 'keep' },
      ...['first-name', 'last-name', 'email', 'phone-number', 'extension', 'location', 'mobile-number'].map((target) => ({
        kind: 'column',
        target,
      })),
    ])
  })

  test('a list of next month: words that it had before stay as they were said, new ones are understood', () => {
    const sampled = (rows: readonly (readonly string[])[]) => {
      const table = tableFromRows(hrHeader, rows)
      return recogniseColumns(hrHeader).map((recognised, column) => ({ recognised, values: distinctValues(table, column, table.rows) }))
    }
    const { mapping } = guess(hrHeader, hrRows)
    const december = sampled([...hrRows, ['70003', 'Dahl, Ada', 'ada@fjordkraft.no', 'Nett', 'Oslo', '', '', 'Kun tale']])
    expect(withNewWords(mapping, december).columns[7]!.values).toEqual([
      ...mapping.columns[7]!.values,
      { from: 'Kun tale', to: 'Webex Voice' },
    ])
    expect(withNewWords(mapping, sampled(hrRows))).toEqual(mapping)
  })
})

describe('splitting and joining names', () => {
  test.each([
    ['Olsen, Freja', 'family-comma-given', { given: 'Freja', family: 'Olsen' }],
    ['Freja  Marie Olsen', 'given-family', { given: 'Freja Marie', family: 'Olsen' }],
    ['Anna van der Berg', 'given-family', { given: 'Anna', family: 'van der Berg' }],
    ['Olsen Freja Marie', 'family-given', { given: 'Freja Marie', family: 'Olsen' }],
    ['Madonna', 'given-family', { given: 'Madonna', family: '' }],
    ['', 'given-family', { given: '', family: '' }],
  ] as const)('%s as %s', (text, order, expected) => {
    expect(splitName(text, order)).toEqual(expected)
    expect(joinName(splitName(text, order)).split(' ').sort()).toEqual(text.replace(',', '').trim().split(/\s+/).sort())
  })
})

describe('a foreign list in Control Hub’s columns', () => {
  const mapped = (change: (mapping: Mapping) => Mapping = (mapping) => mapping) => {
    const mapping = change(guess(hrHeader, hrRows, customer).mapping)
    return textsOf(mapTables([{ table: tableFromRows(hrHeader, hrRows), mapping }], { customer }))
  }

  test('names split and joined, text as it stands, packages by word, the customer’s own header', () => {
    expect(mapped()[1]).toEqual({
      'First Name': 'Henrik',
      'Last Name': 'Vik',
      'Display Name': 'Henrik Vik',
      'User ID/Email (Required)': 'henrik.vik@fjordkraft.no',
      Extension: '0041',
      'Phone Number': '215 50 01 07',
      Location: 'Oslo HQ',
      'Jabber with Webex Teams': 'FALSE',
      'Jabber Calling': 'FALSE',
      'Preferred Webex Site': 'fjordkraft.webex.com',
      Department: 'Nett',
      'Webex Suite': 'FALSE',
      'Webex Meetings [Sub9]': 'TRUE',
      Ansattnr: '70001',
    })
  })

  test('without a word for a package every package cell stays blank: it removes nobody', () => {
    const [first, , third] = mapped()
    expect([first!['Webex Suite'], first!['Webex Meetings [Sub9]']]).toEqual(['', ''])
    expect([third!['Webex Suite'], third!['Webex Meetings [Sub9]']]).toEqual(['', ''])
  })

  test('a word of the customer’s own, a package for all others, a column left out', () => {
    const rows = mapped((mapping) => ({
      ...mapping,
      constants: [...mapping.constants, { target: 'package', text: 'Webex Meetings' }],
      columns: mapping.columns.map((column) =>
        column.use.kind === 'package'
          ? { ...column, values: [...column.values.filter(({ from }) => from !== 'Premium'), { from: 'premium', to: 'Webex Suite' }] }
          : column.header === 'Ansattnr'
            ? { ...column, use: { kind: 'drop' as const } }
            : column,
      ),
    }))
    expect(rows.map((row) => row['Webex Suite'])).toEqual(['FALSE', 'FALSE', 'TRUE'])
    expect(rows.map((row) => row['Webex Meetings [Sub9]'])).toEqual(['TRUE', 'TRUE', 'FALSE'])
    expect(rows[0]).not.toHaveProperty('Ansattnr')
  })

  test('two kept columns of one name stay two, and in a second list the second goes under the second', () => {
    const header = ['Email', 'Note', 'Note', '']
    const source = (...rows: readonly (readonly string[])[]) => ({
      table: tableFromRows(header, rows),
      mapping: guess(header, rows).mapping,
    })
    const table = mapTables([source(['a@x.no', 'one', 'two', 'z']), source(['b@x.no', '', 'four', ''])])
    const rows = Array.from(table.rows, (row) => table.live.map((column) => table.columns[column]!.textOf(row)))
    expect(table.live.map((column) => table.columns[column]!.header).slice(-3)).toEqual(['Note', 'Note', ''])
    expect(rows.map((row) => row.slice(-3))).toEqual([
      ['one', 'two', 'z'],
      ['', 'four', ''],
    ])
  })

  test('several lists one after the other, each with a mapping of its own', () => {
    const other = ['Email', 'First Name', 'Last Name', 'Ansattnr']
    const otherRows = [['ada@fjordkraft.no', 'Ada', 'Dahl', '9']]
    const table = mapTables([
      { table: tableFromRows(hrHeader, hrRows), mapping: guess(hrHeader, hrRows).mapping },
      { table: tableFromRows(other, otherRows), mapping: guess(other, otherRows).mapping },
    ])
    const rows = textsOf(table)
    expect(rows).toHaveLength(4)
    expect(rows[3]).toMatchObject({ 'First Name': 'Ada', 'Display Name': 'Ada Dahl', Ansattnr: '9', Extension: '' })
    expect(Array.from(table.rows, (row) => table.numberOf(row))).toEqual([2, 3, 4, 5])
  })
})
