import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareLists, type ListComparison } from '../../../../shared/core/diff/compare-lists.ts'
import { sheet, sheetOf, user } from '../../../support/sheets.ts'

const cells = (comparison: ListComparison) =>
  comparison.different.map((shared) => comparison.cellsOf(shared).map(({ column, here, there }) => [column.header, here, there]))

describe('two lists side by side', () => {
  it('says who stands in one only, and what differs, as texts', () => {
    const here = sheetOf([
      user('Kari', 'Webex Suite', { Location: '' }),
      user('Ola', 'Webex Suite'),
      user('Nils', 'Webex Suite', { 'Jabber Calling': 'usann' }),
      user('Ny', 'Webex Suite'),
    ])
    const there = sheetOf([
      user('Nils', 'Webex Suite'),
      user('Gammel', 'Webex Suite'),
      user('Ola', 'Webex Calling', { 'User ID/Email (Required)': ' OLA@firma.no' }),
      user('Kari', 'Webex Suite'),
    ])
    const compared = compareLists(here, there)
    expect(compared.onlyHere).toEqual([3])
    expect(compared.onlyThere).toEqual([1])
    expect(compared.same).toBe(1)
    // A blank cell is a difference here, though a change set leaves it alone; FALSE in another language is none.
    expect(cells(compared)).toEqual([
      [['Location', '', 'Oslo HQ']],
      [
        ['Webex Calling', 'FALSE', 'TRUE'],
        ['Webex Suite', 'TRUE', 'FALSE'],
      ],
    ])
    expect(compared.columns.map(({ column, users }) => [column.header, users])).toEqual([
      ['Location', 1],
      ['Webex Calling', 1],
      ['Webex Suite', 1],
    ])
    const location = compared.columns[0]?.column.index ?? -1
    expect(compared.differentIn(location)).toEqual([{ here: 0, there: 3 }])
  })

  it('sets rows aside that no email tells apart, and names the columns that only one list has', () => {
    const here = sheet(
      ['User ID/Email (Required)', 'Location', 'Shoe size'],
      [
        ['kari@firma.no', 'Oslo', '38'],
        ['KARI@firma.no', 'Bergen', '39'],
        ['', 'Oslo', ''],
      ],
    )
    const there = sheet(['User ID/Email (Required)', 'Location', 'Cost centre'], [['kari@firma.no', 'Oslo', '17']])
    expect(compareLists(here, there)).toMatchObject({
      onlyHere: [],
      onlyThere: [],
      different: [],
      same: 1,
      aside: { here: 2, there: 0 },
      columnsOnlyHere: ['Shoe size'],
      columnsOnlyThere: ['Cost centre'],
    })
  })

  it('is the same comparison with the lists exchanged', () => {
    const people = fc.uniqueArray(
      fc.record({
        name: fc.constantFrom('Kari', 'Ola', 'Nils', 'Anna', 'Eva'),
        place: fc.constantFrom('', 'Oslo', 'Bergen', ' '),
        text: fc.constantFrom('TRUE', 'sann', 'FALSE', '', 'kanskje'),
      }),
      { selector: ({ name }) => name },
    )
    const listOf = (list: readonly { name: string; place: string; text: string }[]) =>
      sheetOf(list.map(({ name, place, text }) => user(name, null, { Location: place, 'Jabber Calling': text })))
    fc.assert(
      fc.property(people, people, (left, right) => {
        const [forth, back] = [compareLists(listOf(left), listOf(right)), compareLists(listOf(right), listOf(left))]
        expect(back.onlyThere).toEqual(forth.onlyHere)
        expect(back.onlyHere).toEqual(forth.onlyThere)
        expect(back.same).toBe(forth.same)
        const both = (of: ListComparison, from: 'here' | 'there', to: 'here' | 'there') =>
          of.different
            .flatMap((shared) =>
              of.cellsOf(shared).map((cell) => [shared[from], shared[to], cell.column.header, cell[from], cell[to]].join('|')),
            )
            .sort()
        expect(both(back, 'there', 'here')).toEqual(both(forth, 'here', 'there'))
      }),
    )
  })
})
