import { expect, test } from 'vitest'
import type { DiffSource } from '../../../../shared/contract/diff-methods.ts'
import { customerName, must, onBench, problemOf, type Bench } from '../../../support/backend.ts'
import { userCells, users } from '../../../support/user-file.ts'

const base = users(12)
const changed = users(12, (n) => (n < 3 ? { Department: 'Salg' } : n === 5 ? { Department: 'Innkjop', 'Last Name': 'Berg' } : {}))
const removing = [...users(12, (n) => (n === 2 ? { Department: 'Salg' } : {})).slice(0, 11), userCells(11, { package: null })]

const rows = async ({ api }: Bench, source: DiffSource, all = false, rest = false) =>
  must(await api['diff.rows']({ source, all, rest, from: 0, count: 100 }))
const seek = async ({ api }: Bench, source: DiffSource, from: number, by?: string, all = false) =>
  must(await api['diff.seek']({ source, all, from, direction: 'next', ...(by === undefined ? {} : { unseen: { by, seen: [] } }) })).place

test('a batch in the grid: only what changes, or all users and columns as the batch found them', () =>
  onBench(async (bench) => {
    const { api, submitted } = bench
    const { batch } = await submitted(changed, base)
    const source: DiffSource = { of: 'batch', batch }
    expect(must(await api['diff.open']({ source, context: false }))).toEqual({
      columns: [
        { key: 'Last Name', changes: 1 },
        { key: 'Department', changes: 4 },
      ],
      changes: 4,
      all: null,
    })
    const whole = must(await api['diff.open']({ source, context: true }))
    expect(whole.all).toBe(12)
    expect(whole.columns.map(({ key }) => key)).toContain('Extension')
    const all = await rows(bench, source, true, true)
    expect(all.total).toBe(12)
    expect(all.rows.filter(({ change }) => change !== null)).toHaveLength(4)
    const stays = all.rows.find(({ email }) => email === 'user.7@fjordkraft.no')
    expect(stays).toMatchObject({ change: null, cells: [], rest: { Department: 'Drift', Package: 'Webex Suite' } })
    const moved = all.rows.find(({ email }) => email === 'user.5@fjordkraft.no')
    expect(moved?.cells.map(({ column, before, after }) => [column, before, after])).toEqual([
      ['Last Name', 'Nordmann', 'Berg'],
      ['Department', 'Drift', 'Innkjop'],
    ])
    expect(moved?.rest).not.toHaveProperty('Department')
  }))

test('a draft in the grid, brought up to date with each edit', () =>
  onBench(async (bench) => {
    const { api, draft } = bench
    must(await api['customers.save']({ profile: { name: customerName } }))
    const { id, revision, columns } = await draft(removing, { baseline: base, customer: customerName })
    const source: DiffSource = { of: 'draft', draftId: id }
    const first = await rows(bench, source)
    expect(first.rows.map(({ email, intent, cells }) => [email, intent, cells.map(({ column, after }) => `${column}:${after}`)])).toEqual([
      ['user.2@fjordkraft.no', 'update', ['Department:Salg']],
      ['user.11@fjordkraft.no', 'remove', ['Package:']],
    ])
    const all = await rows(bench, source, true, true)
    expect(all.rows.map(({ row }) => row)).toEqual(Array.from({ length: 12 }, (_, n) => n + 2))
    expect(all.rows[4]).toMatchObject({ change: null, rest: { Department: 'Drift', Package: 'Webex Suite' } })
    const column = columns.findIndex(({ header }) => header === 'Department')
    const window = must(await api['drafts.window']({ draftId: id, from: 4, count: 1, columns: [column] }))
    const row = window.rows[0]?.id ?? -1
    must(await api['drafts.edit']({ draftId: id, revision, edit: { kind: 'set-cells', cells: [{ row, column, text: 'Innkjop' }] } }))
    expect((await rows(bench, source)).rows.map(({ email }) => email)).toContain('user.4@fjordkraft.no')
  }))

test('next unseen: by groups and by users that were marked alone; the meter counts both', () =>
  onBench(async (bench) => {
    const { api, submitted } = bench
    const { batch } = await submitted(changed, base)
    const source: DiffSource = { of: 'batch', batch }
    expect(await seek(bench, source, -1, 'Ola')).toBe(0)
    must(await api['review.mark']({ batch, by: 'Ola', groups: ['user:user.0@fjordkraft.no'], seen: true }))
    expect(await seek(bench, source, -1, 'Ola')).toBe(1)
    expect(await seek(bench, source, -1, 'Per'), 'what Ola saw, Per has not').toBe(0)
    const group = must(await api['batches.show']({ batch })).groups.find(({ count }) => count === 3)?.key ?? ''
    must(await api['review.mark']({ batch, by: 'Ola', groups: [group], seen: true }))
    expect(await seek(bench, source, -1, 'Ola')).toBe(3)
    expect(must(await api['review.get']({ batch, by: 'Ola' })).seenUsers).toBe(3)
    must(await api['review.mark']({ batch, by: 'Ola', groups: ['user:user.5@fjordkraft.no'], seen: true }))
    expect(await seek(bench, source, -1, 'Ola')).toBeNull()
    expect(must(await api['review.get']({ batch, by: 'Ola' })).seenUsers).toBe(4)
  }))

test('the place of a change among all users, and the next change from there', () =>
  onBench(async (bench) => {
    const { api, submitted } = bench
    const { batch } = await submitted(changed, base)
    const source: DiffSource = { of: 'batch', batch }
    const { place } = must(await api['diff.seek']({ source, all: true, from: -1, direction: 'next', change: 3 }))
    const all = await rows(bench, source, true)
    expect(all.rows[place ?? -1]?.email).toBe('user.5@fjordkraft.no')
    expect(await seek(bench, source, place ?? 0, undefined, true)).toBeNull()
    const before = must(await api['diff.seek']({ source, all: true, from: place ?? 0, direction: 'previous' })).place
    expect(all.rows[before ?? -1]?.email).toBe('user.2@fjordkraft.no')
  }))

test('a review file knows its changes and nothing beside them; another file is refused', () =>
  onBench(async (bench) => {
    const { api, submitted, ticket } = bench
    const { batch } = await submitted(changed, base)
    const out = must(await api['review.exportFile']({ batch }))
    const source: DiffSource = { of: 'file', ticket: out.ticket }
    expect(must(await api['diff.open']({ source, context: true }))).toMatchObject({ changes: 4, all: null })
    expect((await rows(bench, source, true, true)).total).toBe(4)
    const unseen = { by: '', seen: ['user:user.0@fjordkraft.no', 'user:user.1@fjordkraft.no'] }
    expect(must(await api['diff.seek']({ source, all: false, from: -1, direction: 'next', unseen }))).toMatchObject({
      place: 2,
      left: 2,
      row: { change: 2 },
    })
    const foreign: DiffSource = { of: 'file', ticket: await ticket('Email\r\na@x.no\r\n') }
    expect(problemOf(await api['diff.open']({ source: foreign, context: false }))).toMatchObject({
      code: 'review/unusable',
      reason: 'foreign',
    })
  }))
