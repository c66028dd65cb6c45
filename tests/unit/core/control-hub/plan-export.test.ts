import { describe, expect, it } from 'vitest'
import { recogniseColumns } from '../../../../shared/core/catalogue/recognise.ts'
import { buildManifest, manifestText, readManifest } from '../../../../shared/core/control-hub/manifest.ts'
import { planExport, type ExportPlan } from '../../../../shared/core/control-hub/plan-export.ts'
import { readCsv } from '../../../../shared/core/csv/read-csv.ts'
import { compareWithBaseline, compareWithNothing } from '../../../../shared/core/diff/compare-with-baseline.ts'
import type { Sheet } from '../../../../shared/core/diff/paired-columns.ts'
import { sheet, sheetOf, user } from '../../../support/sheets.ts'

const defaults = { mode: 'all', maxRows: 20_000, name: 'users.csv' } as const
type Options = Partial<{ readonly mode: 'all' | 'changed'; readonly maxRows: number; readonly name: string }>

function exportOf(file: Sheet, baseline: Sheet | null, options: Options = {}) {
  const changeSet = baseline === null ? compareWithNothing(file) : compareWithBaseline({ ...file, baseline })
  return planExport({ ...file, changeSet, ...defaults, ...options })
}
function planOf(file: Sheet, baseline: Sheet | null, options: Options = {}): ExportPlan {
  const plan = exportOf(file, baseline, options)
  if (!plan.ok) throw new Error(JSON.stringify(plan.error))
  return plan.value
}
const bytesOf = (plan: ExportPlan, order: number): Buffer => Buffer.concat([...plan.bytesOf(order)])
const linesOf = (plan: ExportPlan, order: number): readonly string[] => bytesOf(plan, order).toString('utf8').split('\r\n')

const baseline = sheetOf([
  user('Kari', 'Webex Calling'),
  user('Ola', 'Webex Suite'),
  user('Per', 'Webex Suite'),
  user('Siv', 'Webex Meetings'),
])

describe('the files for Control Hub', () => {
  const file = sheetOf([
    user('Kari', null),
    user('Ny', null, { 'Webex Suite': 'SANN', 'Webex Calling': '', 'Webex Meetings': '', 'Jabber Calling': 'usann' }),
    user('Ola', null, { 'Webex Calling': 'TRUE', 'Webex Suite': '', 'Webex Meetings': '', Extension: '' }),
    user('Per', null, { 'Webex Calling': '', 'Webex Suite': '', 'Webex Meetings': '', Department: 'Salg, "nord"' }),
    user('Siv', 'Webex Meetings'),
  ])

  it('hold adds and changes first, removals last in a file of their own, and nobody who does not change', () => {
    const plan = planOf(file, baseline)
    expect(plan.files).toEqual([
      {
        order: 1,
        name: '01-of-02-users.csv',
        rows: 3,
        adds: 1,
        changes: 2,
        removals: 0,
        packages: { 'Webex Calling': 2, 'Webex Suite': 2, 'Webex Meetings': 1 },
      },
      {
        order: 2,
        name: '02-of-02-users-removals.csv',
        rows: 1,
        adds: 0,
        changes: 0,
        removals: 1,
        packages: { 'Webex Calling': 1, 'Webex Suite': 2, 'Webex Meetings': 1 },
      },
    ])
    expect(linesOf(plan, 1)).toEqual([
      'First Name,Last Name,User ID/Email (Required),Extension,Phone Number,Location,Department,Jabber Calling,Webex Calling,Webex Suite,Webex Meetings',
      'Ny,Vik,ny@firma.no,0042,,Oslo HQ,Drift,FALSE,FALSE,TRUE,FALSE',
      'Ola,Vik,ola@firma.no,,,Oslo HQ,Drift,FALSE,TRUE,FALSE,FALSE',
      'Per,Vik,per@firma.no,0042,,Oslo HQ,"Salg, ""nord""",FALSE,,,',
      '',
    ])
    expect(linesOf(plan, 2)[1]).toBe('Kari,Vik,kari@firma.no,0042,,Oslo HQ,Drift,FALSE,FALSE,FALSE,FALSE')
    expect(bytesOf(plan, 1).subarray(0, 3).toString('latin1')).toBe('Fir')
  })

  it('say FALSE in every package column of nobody who keeps a package', () => {
    const head = ['First Name', 'Last Name', 'User ID/Email (Required)', 'Department']
    const held = sheet(
      [...head, 'Webex Calling [Sub1]', 'Webex Calling [Sub2]', 'Webex Suite'],
      [
        ['Ola', 'Vik', 'ola@firma.no', 'Drift', 'FALSE', 'FALSE', 'TRUE'],
        ['Siv', 'Vik', 'siv@firma.no', 'Drift', 'TRUE', 'FALSE', 'FALSE'],
      ],
    )
    // No column for the package that Ola keeps.
    const narrow = sheet([...head, 'Webex Calling [Sub1]'], [['Ola', 'Vik', 'ola@firma.no', 'Salg', 'FALSE']])
    expect(linesOf(planOf(narrow, held), 1)[1]).toBe('Ola,Vik,ola@firma.no,Salg,')
    // Siv moves to another subscription, so the calling columns are written; Ola's Suite must stand beside them.
    const moved = sheet(
      [...head, 'Webex Calling [Sub1]', 'Webex Calling [Sub2]', 'Webex Suite'],
      [
        ['Ola', 'Vik', 'ola@firma.no', 'Salg', 'FALSE', 'FALSE', 'TRUE'],
        ['Siv', 'Vik', 'siv@firma.no', 'Drift', 'FALSE', 'TRUE', 'FALSE'],
      ],
    )
    expect(linesOf(planOf(moved, held, { mode: 'changed' }), 1).slice(1, 3)).toEqual([
      'Ola,Vik,ola@firma.no,Salg,FALSE,FALSE,TRUE',
      'Siv,Vik,siv@firma.no,Drift,FALSE,TRUE,FALSE',
    ])
  })

  it('hold only names, email and what changes when asked so', () => {
    const plan = planOf(file, baseline, { mode: 'changed' })
    expect(linesOf(plan, 2)).toEqual([
      'First Name,Last Name,User ID/Email (Required),Webex Calling,Webex Suite,Webex Meetings',
      'Kari,Vik,kari@firma.no,FALSE,FALSE,FALSE',
      '',
    ])
    const update = planOf(sheetOf([user('Per', 'Webex Suite', { Department: 'Salg' })]), baseline, { mode: 'changed' })
    expect(linesOf(update, 1)).toEqual(['First Name,Last Name,User ID/Email (Required),Department', 'Per,Vik,per@firma.no,Salg', ''])
  })

  it('hold at most so many users each', () => {
    const many = sheetOf(Array.from({ length: 25 }, (_, n) => user(`P${n}`, 'Webex Suite')))
    const plan = planOf(many, null, { maxRows: 10, name: 'C:\\Kunder\\Åse & co.xlsx' })
    expect(plan.files.map((part) => [part.name, part.rows])).toEqual([
      ['01-of-03-Åse & co.csv', 10],
      ['02-of-03-Åse & co.csv', 10],
      ['03-of-03-Åse & co.csv', 5],
    ])
    expect(plan.files.map((part) => part.packages)).toEqual([{ 'Webex Suite': 10 }, { 'Webex Suite': 20 }, { 'Webex Suite': 25 }])
    expect(linesOf(plan, 3)[1]).toContain('p20@firma.no')
    expect(() => plan.bytesOf(4)).toThrow(RangeError)
  })

  it('are none when nothing changes', () => {
    expect(planOf(baseline, baseline).files).toEqual([])
  })

  it('open again without a difference', () => {
    const plan = planOf(file, null)
    expect(plan.files.map(({ name }) => name)).toEqual(['01-of-02-users.csv', '02-of-02-users-removals.csv'])
    // The second file without its header, behind the first.
    const bytes = Buffer.concat([bytesOf(plan, 1), Buffer.from(linesOf(plan, 2).slice(1).join('\r\n'))])
    const read = readCsv(new Uint8Array(bytes), { name: 'x.csv' })
    if (!read.ok) throw new Error(read.error.detail)
    expect(read.value.facts).toMatchObject({ delimiter: ',', bom: false, lineEnding: 'crlf', encoding: 'utf-8' })
    const { table } = read.value
    const again = { table, columns: recogniseColumns(table.columns.map((column) => column.header)) }
    expect(compareWithBaseline({ ...again, baseline: file }).count).toBe(0)
    expect(compareWithBaseline({ ...file, baseline: again }).count).toBe(0)
  })
})

describe('what Control Hub would refuse or misread', () => {
  it('without a baseline, whoever is FALSE in every package column is among the removals, and blank cells stay blank', () => {
    const blank = { 'Webex Calling': '', 'Webex Suite': '', 'Webex Meetings': '' }
    const none = { 'Webex Calling': 'FALSE', 'Webex Suite': 'FALSE', 'Webex Meetings': 'FALSE' }
    const plan = planOf(
      sheetOf([user('Kari', 'Webex Suite'), { ...user('Ola', 'Webex Suite'), ...blank }, { ...user('Per', 'Webex Suite'), ...none }]),
      null,
    )
    expect(plan.files.map(({ name, adds, removals }) => [name, adds, removals])).toEqual([
      ['01-of-02-users.csv', 2, 0],
      ['02-of-02-users-removals.csv', 0, 1],
    ])
    expect(linesOf(plan, 1)[1]).toMatch(/TRUE/u)
    expect(linesOf(plan, 1)[2]).not.toMatch(/FALSE,FALSE,FALSE/u)
    expect(linesOf(plan, 2)[1]).toContain('per@')
  })

  const email = 'User ID/Email (Required)'

  it('is refused: TRUE under a suspended column', () => {
    const headers = [email, 'Webex Suite', 'Real Time Translation (Suspended)']
    expect(exportOf(sheet(headers, [['a@firma.no', 'TRUE', 'TRUE']]), null)).toEqual({
      ok: false,
      error: { code: 'guard/suspended-column', column: 'Real Time Translation (Suspended)', rows: 1 },
    })
    expect(exportOf(sheet(headers, [['a@firma.no', 'TRUE', 'FALSE']]), null).ok).toBe(true)
  })

  it('is refused: a package taken away that is no removal', () => {
    expect(exportOf(sheetOf([user('Kari', null, { 'Webex Suite': '' })]), baseline)).toMatchObject({
      ok: false,
      error: { code: 'guard/refused' },
    })
  })

  it('is refused: a package whose old column is not in the file', () => {
    expect(exportOf(sheet([email, 'Webex Suite'], [['kari@firma.no', 'TRUE']]), baseline)).toMatchObject({
      ok: false,
      error: { code: 'guard/refused', detail: expect.stringContaining('Webex Calling') },
    })
  })

  it('is refused: no email column, no rows a file', () => {
    expect(exportOf(sheet(['First Name'], [['Kari']]), null)).toMatchObject({ ok: false })
    expect(exportOf(baseline, null, { maxRows: 0 })).toMatchObject({ ok: false })
  })

  it('is noted: cells that no CSV empties, moved locations, changed emails', () => {
    const phone = { 'Phone Number': '+4721000017' }
    const before = sheetOf([user('Kari', 'Webex Calling', phone), user('Ola', 'Webex Suite'), user('Per', 'Webex Suite')])
    const plan = planOf(
      sheetOf([
        user('Kari', 'Webex Calling', { 'Phone Number': '(clear)', Department: '(clear)' }),
        user('Ola', 'Webex Suite', { Location: 'Bergen' }),
        user('Per', 'Webex Suite', { [email]: 'per.vik@firma.no' }),
        user('Ny', 'Webex Suite', { Department: '(clear)' }),
      ]),
      before,
    )
    expect(plan.notes).toEqual([
      { email: 'kari@firma.no', column: 'Department', kind: 'cannot-clear' },
      { email: 'ola@firma.no', column: 'Location', kind: 'location' },
      { email: 'per.vik@firma.no', column: email, kind: 'second-user' },
    ])
    expect(linesOf(plan, 1)[1]).toBe('Kari,Vik,kari@firma.no,0042,REMOVE|+4721000017,Oslo HQ,,FALSE,TRUE,FALSE,FALSE')
  })
})

describe('the manifest', () => {
  const plan = planOf(sheetOf([user('Kari', null), user('Ny', 'Webex Suite')]), baseline)
  const facts = { customer: 'Firma', madeAt: '2026-11-21T08:00:00Z', digest: null, language: 'en' } as const
  const manifest = buildManifest(plan, ['a'.repeat(64), 'b'.repeat(64)], facts)

  it('says the mode and the steps, one file at a time, and shouts where users are deleted', () => {
    expect(manifest).toMatchObject({
      importMode: 'Add and remove services',
      columns: 'all',
      maxRows: 20_000,
      files: [{ order: 1 }, { order: 2 }],
    })
    expect(manifest.steps).toHaveLength(6)
    expect(manifest.steps[1]).toContain('01-of-02-users.csv (file 1 of 2, 1 user: 1 added)')
    expect(manifest.steps[3]).toContain('DELETES 1 user.')
    for (const language of ['nb', 'da'] as const) {
      const other = buildManifest(plan, ['a'.repeat(64), 'b'.repeat(64)], { ...facts, language })
      expect(other.steps).toHaveLength(6)
      expect(other.steps[1]).toMatch(/1 bru[kg]er: 1 ny\)/u)
      expect(other.steps[3]).toContain('SLETTER 1')
    }
  })

  it('is read back, and refused with the place where it was spoilt', () => {
    expect(readManifest(manifestText(manifest))).toEqual({ ok: true, value: manifest })
    expect(readManifest('{')).toMatchObject({ ok: false })
    const spoilt = (change: object): unknown => readManifest(JSON.stringify({ ...manifest, ...change }))
    expect(spoilt({ maxRows: 0 })).toMatchObject({ ok: false, error: { path: '/maxRows' } })
    expect(spoilt({ format: 2 })).toMatchObject({ ok: false })
    expect(spoilt({ more: 1 })).toMatchObject({ ok: false })
    expect(spoilt({ files: manifest.files.toReversed() })).toMatchObject({ ok: false, error: { path: '/files/0/order' } })
    expect(spoilt({ files: manifest.files.map((file) => ({ ...file, name: '../x.csv' })) })).toMatchObject({ ok: false })
  })

  it('says so when there is nothing to import', () => {
    const empty = buildManifest(planOf(baseline, baseline), [], facts)
    expect(empty.files).toEqual([])
    expect(empty.steps).toEqual(['There is nothing to import: no user changes.'])
  })
})
