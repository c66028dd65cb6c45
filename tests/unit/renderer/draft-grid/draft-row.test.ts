import { describe, expect, it } from 'vitest'
import type { WindowRow } from '../../../../shared/contract/draft-methods.ts'
import {
  beforeAt,
  cellView,
  draftRow,
  headView,
  keptText,
  packageNamed,
  placesOf,
  severityAt,
  toggled,
  withTexts,
} from '../../../../renderer/src/features/draft-grid/draft-row.ts'
import { groupsOf, whyOf } from '../../../../renderer/src/features/draft-grid/record-groups.ts'
import { shownColumnsOf, type ShownColumn } from '../../../../renderer/src/features/draft-grid/shown-column.ts'
import { draftColumns } from './columns.ts'

const all = shownColumnsOf(draftColumns, 'Package')
const asked = [0, 2, 3, 4]
const packages = [3, 4]
const at = (title: string): ShownColumn => all.find((column) => column.title === title) ?? all[0]!

function row(changes: Partial<WindowRow> = {}) {
  const base: WindowRow = {
    id: 5,
    number: 17,
    cells: ['Kari', 'Bergen', 'FALSE', 'TRUE'],
    severity: null,
    marks: [],
    intent: null,
    before: [],
    package: 'Webex Suite',
    isRemoval: false,
  }
  return draftRow({ ...base, ...changes }, asked, placesOf(asked, 5))
}

describe('a cell', () => {
  it('shows the text of the file, TRUE and FALSE small, other words as they are', () => {
    expect(cellView(row(), at('Location'), packages).text).toBe('Bergen')
    expect(cellView(row(), at('Webex Suite [Sub1]'), packages)).toMatchObject({ text: '✓', label: 'TRUE' })
    expect(cellView(row({ cells: ['Kari', '', 'USANN', 'SANN'] }), at('Webex Suite [Sub1]'), packages).text).toBe('SANN')
  })

  it('tells a blank from (clear)', () => {
    expect(cellView(row({ cells: ['(clear)', '', '', ''] }), at('First Name'), packages).look).toContain('is-clear')
    expect(cellView(row({ cells: ['', '', '', ''] }), at('First Name'), packages)).toEqual({ text: '', look: '' })
  })

  it('is marked by its finding and by its change', () => {
    const marked = row({ marks: [{ cell: 1, severity: 'error' }], before: [{ cell: 1, text: 'Oslo' }] })
    expect(cellView(marked, at('Location'), packages).look).toBe('has-error is-changed')
    expect(beforeAt(marked, at('Location'), all)).toBe('Oslo')
    expect(beforeAt(row(), at('Location'), all)).toBeNull()
  })

  it('of the package field has the worst finding of the package columns and says the package before', () => {
    const changed = row({
      marks: [
        { cell: 2, severity: 'warning' },
        { cell: 3, severity: 'error' },
      ],
      before: [
        { cell: 2, text: 'TRUE' },
        { cell: 3, text: 'FALSE' },
      ],
    })
    expect(severityAt(changed, at('Package'), packages)).toBe('error')
    expect(beforeAt(changed, at('Package'), all)).toBe('Webex Calling')
  })

  it('shows an edit at once', () => {
    expect(cellView(withTexts(row(), new Map([[2, 'Tromsø']])), at('Location'), packages).text).toBe('Tromsø')
  })
})

describe('a row head', () => {
  const words = { number: (n: number) => `row ${String(n)}`, severity: (s: string) => `has ${s}`, intent: (i: string) => i }

  it('has the row number of the file and says in words what its marks mean', () => {
    expect(headView(row({ severity: 'error', intent: 'packageChange' }), words)).toMatchObject({
      text: '17',
      look: 'is-packageChange',
      label: 'row 17, has error, packageChange',
    })
    expect(headView(row({ number: 0 }), words).text).toBe('+')
  })

  it('shows a removal above all else', () => {
    expect(headView(row({ intent: 'update', isRemoval: true }), words).look).toBe('is-remove')
  })
})

describe('what is typed', () => {
  it('becomes TRUE or FALSE in a licence column, whatever the language, and stays text elsewhere', () => {
    expect(keptText(at('Webex Suite [Sub1]'), 'sann')).toBe('TRUE')
    expect(keptText(at('Webex Suite [Sub1]'), 'perhaps')).toBe('perhaps')
    expect(keptText(at('First Name'), 'Sann')).toBe('Sann')
  })

  it('Space turns TRUE to FALSE and everything else to TRUE', () => {
    expect(['TRUE', 'SANN', 'FALSE', '', 'x'].map(toggled)).toEqual(['FALSE', 'FALSE', 'TRUE', 'TRUE', 'TRUE'])
  })

  it('names a package by its beginning, if by one only', () => {
    expect(packageNamed('suite')).toBe('Webex Suite')
    expect(packageNamed('Webex Calling')).toBe('Webex Calling')
    expect(packageNamed('webex calling s')).toBe('Webex Calling Standard')
    expect(packageNamed('webex')).toBeNull()
    expect(packageNamed('')).toBeNull()
  })
})

describe('the record of a user', () => {
  it('groups fields by what they are about', () => {
    expect(groupsOf(draftColumns).map(({ id, columns }) => [id, columns.length])).toEqual([
      ['identity', 2],
      ['package', 2],
      ['calling', 1],
    ])
  })

  it('says why a field is needed, by the package that needs it', () => {
    const location = draftColumns[2]!
    expect(whyOf(location, 'Webex Suite')).toBe('location')
    expect(whyOf(location, 'Webex Meetings')).toBeNull()
    expect(whyOf(location, null)).toBeNull()
  })
})
