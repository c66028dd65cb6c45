import { describe, expect, it } from 'vitest'
import { freeze } from '../../../../shared/core/batch/freeze.ts'
import { subscribersFromTable } from '../../../../shared/core/batch/subscribers-from-table.ts'
import { reconcile } from '../../../../shared/core/control-hub/reconcile.ts'
import { compareWithBaseline } from '../../../../shared/core/diff/compare-with-baseline.ts'
import type { Sheet } from '../../../../shared/core/diff/paired-columns.ts'
import { hasher } from '../../../support/hasher.ts'
import { sheetOf, user } from '../../../support/sheets.ts'

const number = { 'Phone Number': '+4721000017' }
const baseline = sheetOf([
  user('Kari', 'Webex Calling', number),
  user('Ola', 'Webex Suite'),
  user('Per', 'Webex Suite'),
  user('Siv', 'Webex Suite'),
])
const wanted = sheetOf([
  user('Kari', 'Webex Suite', { 'Phone Number': '+4721000018,REMOVE|+4721000017', Department: '(clear)' }),
  user('Ola', null),
  user('Per', 'Webex Suite', { Department: 'Salg' }),
  user('Ny', 'Webex Meetings'),
])
const facts = { customer: 'Firma', author: 'Kari', rulesetVersion: '1', target: null, baseline: 'file', confirmedRemovals: 1 } as const
const content = freeze(compareWithBaseline({ ...wanted, baseline }), facts, hasher)
const against = (fresh: Sheet) => reconcile({ content, fresh, before: subscribersFromTable(baseline) })

const done = [
  user('Kari', 'Webex Suite', { 'Phone Number': '+4721000018', Department: '' }),
  user('Per', 'Webex Suite', { Department: 'Salg' }),
]
const siv = user('Siv', 'Webex Suite')

describe('a fresh export held against a batch', () => {
  it('shows that all landed', () => {
    const found = against(sheetOf([...done, user('Ny', 'Webex Meetings', { 'User Status': 'Pending' }), siv]))
    expect(found).toMatchObject({ counts: { landed: 4, 'not-landed': 0, differently: 0 }, byOthers: [], unseen: [], catchUp: null })
  })

  it('shows that nothing landed, and makes a file that tries again', () => {
    const found = against(baseline)
    expect(found.counts).toEqual({ landed: 0, 'not-landed': 4, differently: 0 })
    expect(found.byOthers).toEqual([])
    if (found.catchUp === null) throw new Error('no file')
    expect(freeze(compareWithBaseline({ ...found.catchUp, baseline }), facts, hasher).items.map((item) => ({ ...item, row: 0 }))).toEqual(
      content.items.map((item) => ({ ...item, row: 0 })),
    )
  })

  it('sees that a number was taken away from a user who keeps another', () => {
    const of = (cell: string): Sheet => sheetOf([user('Kari', 'Webex Calling', { 'Phone Number': cell })])
    const two = of('+4721000017,+4721000018')
    const asked = freeze(compareWithBaseline({ ...of('REMOVE|+4721000018'), baseline: two }), facts, hasher)
    expect(reconcile({ content: asked, fresh: of('+4721000017') }).counts).toMatchObject({ landed: 1 })
    expect(reconcile({ content: asked, fresh: two }).counts).toMatchObject({ 'not-landed': 1 })
  })

  it('does not lay an added user’s package at somebody else’s door where the store’s users stand for those from before', () => {
    const before = subscribersFromTable(sheetOf([...done, user('Ny', 'Webex Meetings'), siv]))
    const fresh = sheetOf([...done, user('Ny', 'Webex Suite'), siv])
    const found = reconcile({ content, fresh, before })
    expect(found.items.filter((item) => item.landing !== 'landed').map((item) => item.email)).toEqual(['ny@firma.no'])
    expect(found.byOthers).toEqual([])
  })

  it('names the column that landed otherwise, and tries only that user again', () => {
    const half = user('Kari', 'Webex Suite', number)
    const found = against(sheetOf([half, user('Per', 'Webex Suite', { Department: 'Salg' }), user('Ny', 'Webex Meetings'), siv]))
    expect(found.items.filter((item) => item.landing !== 'landed')).toEqual([
      {
        number: 0,
        email: 'kari@firma.no',
        landing: 'differently',
        columns: [
          { column: 'Phone Number', wanted: '+4721000018,REMOVE|+4721000017', found: '+4721000017' },
          { column: 'Department', wanted: '', found: 'Drift' },
        ],
      },
    ])
    expect(found.catchUp?.table.rows).toHaveLength(1)
  })

  it('tells a user who is not there from one who is there without a package', () => {
    const found = against(sheetOf([user('Kari', 'Webex Suite', { 'Phone Number': '+4721000018', Department: '' }), user('Ny', null), siv]))
    expect(found.items.filter((item) => item.landing !== 'landed').map(({ email, columns }) => [email, columns])).toEqual([
      ['per@firma.no', [{ column: 'User ID/Email (Required)', wanted: 'per@firma.no', found: '' }]],
      ['ny@firma.no', [{ column: 'Package', wanted: 'Webex Meetings', found: '' }]],
    ])
  })

  it('tells what somebody else did meanwhile', () => {
    const found = against(
      sheetOf([
        ...done,
        user('Ny', 'Webex Meetings'),
        user('Siv', 'Webex Voice' as 'Webex Suite', { Extension: '7' }),
        user('Fremmed', 'Webex Suite'),
      ]),
    )
    expect(found.byOthers).toEqual([
      {
        email: 'siv@firma.no',
        kind: 'changed',
        columns: [
          { column: 'Package', before: 'Webex Suite', found: '' },
          { column: 'Extension', before: '0042', found: '7' },
        ],
      },
      { email: 'fremmed@firma.no', kind: 'added', columns: [] },
    ])
  })
})
