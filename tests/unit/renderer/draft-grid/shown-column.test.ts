import { describe, expect, it } from 'vitest'
import type { DraftColumn } from '../../../../shared/contract/draft-methods.ts'
import { firstLayout, shownColumnsOf } from '../../../../renderer/src/features/draft-grid/shown-column.ts'
import { mergeLayout, setPinned, shownColumns, type ColumnLayout } from '../../../../renderer/src/grid/layout.ts'
import { draftColumns } from './columns.ts'

const [name, email, location, calling, suite] = draftColumns as readonly [DraftColumn, DraftColumn, DraftColumn, DraftColumn, DraftColumn]
const status: DraftColumn = { ...location, header: 'Brukerstatus', column: 'user-status', kind: 'read-only', value: 'text' }

/** The first layout of a file with these columns, in this order. */
function layoutOf(columns: readonly DraftColumn[]): readonly ColumnLayout[] {
  const placed = columns.map((column, index) => ({ ...column, index }))
  const at = placed.findIndex((column) => column.column === 'email')
  return firstLayout(shownColumnsOf(placed, 'Package'), at < 0 ? null : at)
}
const frozen = (layout: readonly ColumnLayout[]): readonly string[] =>
  shownColumns(layout).flatMap(({ id, isPinned }) => (isPinned ? [id] : []))

describe('columns before anybody moved one', () => {
  it('keep the email and the status in view, in this order, wherever the file has them', () => {
    expect(frozen(layoutOf([name, email, location, status, calling, suite]))).toEqual(['Email', 'Brukerstatus'])
    expect(frozen(layoutOf([status, name, email, calling, suite]))).toEqual(['Email', 'Brukerstatus'])
  })

  it('keep what there is of the two', () => {
    expect(frozen(layoutOf([name, email, calling]))).toEqual(['Email'])
    expect(frozen(layoutOf([name, status]))).toEqual(['Brukerstatus'])
    expect(frozen(layoutOf([name, location]))).toEqual([])
  })

  it('show every column once, the others in the order of the file and the package behind the names', () => {
    expect(layoutOf([status, name, email, location, suite]).map(({ id }) => id)).toEqual([
      'First Name',
      'Email',
      'Brukerstatus',
      'roster:package',
      'Location',
      'Webex Suite [Sub1]',
    ])
  })
})

describe('a layout that the person left', () => {
  const first = layoutOf([name, email, status, location, suite])

  it('wins: a status that scrolls goes on scrolling', () => {
    expect(frozen(mergeLayout(setPinned(first, 'Brukerstatus', false), first))).toEqual(['Email'])
  })

  it('takes a status that it did not know beside the email', () => {
    const before = layoutOf([name, email, location, suite])
    expect(frozen(mergeLayout(before, first))).toEqual(['Email', 'Brukerstatus'])
  })

  it('that froze nothing is given nothing frozen', () => {
    const before = setPinned(layoutOf([name, email, location, suite]), 'Email', false)
    expect(frozen(mergeLayout(before, first))).toEqual([])
  })
})
