import { describe, expect, it } from 'vitest'
import { blockEdit, tableBlock } from '../../../../renderer/src/features/draft-grid/block-edit.ts'
import { firstLayout, packageColumnId, shownColumnsOf } from '../../../../renderer/src/features/draft-grid/shown-column.ts'
import { draftColumns } from './columns.ts'

const all = shownColumnsOf(draftColumns, 'Package')
const named = (...titles: readonly string[]) => titles.map((title) => all.find((column) => column.title === title) ?? fail(title))
const fail = (title: string): never => {
  throw new Error(`no column ${title}`)
}

describe('the columns of a draft', () => {
  it('show the package as one field behind the names, and pin the email', () => {
    expect(all.map(({ title }) => title)).toEqual([
      'First Name',
      'Email',
      'Package',
      'Location',
      'Webex Calling [Sub1]',
      'Webex Suite [Sub1]',
    ])
    expect(
      firstLayout(all, 1)
        .filter(({ isPinned }) => isPinned)
        .map(({ id }) => id),
    ).toEqual(['Email'])
  })

  it('have no package field where the file has no package column', () => {
    expect(shownColumnsOf(draftColumns.slice(0, 3), 'Package').some(({ id }) => id === packageColumnId)).toBe(false)
  })

  it('that stand twice are told apart', () => {
    const twice = shownColumnsOf([...draftColumns.slice(0, 1), { ...draftColumns[0]!, index: 1 }], 'Package')
    expect(new Set(twice.map(({ id }) => id)).size).toBe(2)
  })
})

describe('a block that is put into a draft', () => {
  it('speaks of the table’s own columns', () => {
    const block = tableBlock([['Oslo', 'Kari']], named('Location', 'First Name'), all)
    expect(block).toEqual({ columns: [2, 0], texts: [['Oslo', 'Kari']], unknownPackages: 0 })
    expect(blockEdit(block, [7, 9], 0, false)).toEqual({ kind: 'paste', rows: [7, 9], columns: [2, 0], texts: [['Oslo', 'Kari']] })
  })

  it('writes the package field to all package columns, in one edit', () => {
    const block = tableBlock([['Webex Suite'], ['webex calling']], named('Package'), all)
    expect(block).toEqual({
      columns: [3, 4],
      texts: [
        ['FALSE', 'TRUE'],
        ['TRUE', 'FALSE'],
      ],
      unknownPackages: 0,
    })
  })

  it('passes over what names no package, and never takes a package away by a blank', () => {
    const block = tableBlock([['Gold'], [''], ['Webex Suite']], named('Package'), all)
    expect(block.unknownPackages).toBe(1)
    expect(blockEdit(block, [1, 2], 1, false)).toEqual({
      kind: 'paste',
      rows: [1, 2],
      columns: [3, 4],
      texts: [
        [null, null],
        [null, null],
        ['FALSE', 'TRUE'],
      ],
      grow: true,
    })
    expect(blockEdit(tableBlock([['Gold']], named('Package'), all), [1], 0, false)).toBeNull()
  })

  it('takes the package columns where the block brings both them and the field', () => {
    const block = tableBlock([['Webex Suite', 'TRUE', 'FALSE']], named('Package', 'Webex Calling [Sub1]', 'Webex Suite [Sub1]'), all)
    expect(block).toEqual({ columns: [3, 4], texts: [['TRUE', 'FALSE']], unknownPackages: 0 })
  })

  it('grows the table and keeps texts where the pasted cell is blank, if that was asked for', () => {
    const block = tableBlock([['Oslo'], ['']], named('Location'), all)
    expect(blockEdit(block, [4], 1, true)).toEqual({
      kind: 'paste',
      rows: [4],
      columns: [2],
      texts: [['Oslo'], ['']],
      exceptBlank: true,
      grow: true,
    })
  })
})
