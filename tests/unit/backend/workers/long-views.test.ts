import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Backend } from '../../../../backend/compose.ts'
import { createWorkerBackend } from '../../../../backend/workers/engine/client.ts'
import { createClient } from '../../../../shared/contract/client.ts'
import type { View } from '../../../../shared/contract/draft-methods.ts'
import type { Api, AppEvent } from '../../../../shared/contract/method.ts'
import { methods, type Methods } from '../../../../shared/contract/methods.ts'
import { must, problemOf } from '../../../support/backend.ts'

/** A draft of 300,000 users in the engine's thread, whose emails are all different and stand in no order. */
const count = 300_000
const email = (n: number): string => `${n % 7 === 0 ? 'ÅSE' : 'kari'}.${String((n * 48_271) % 300_007).padStart(6, '0')}@fjordkraft.no`
const file = `First Name,Last Name,User ID/Email (Required),Department\r\n${Array.from(
  { length: count },
  (_, n) => `Kari,Nordmann,${email(n)},${n % 3 === 0 ? 'Salg' : 'Drift'}\r\n`,
).join('')}`
const column = { email: 2, department: 3 } as const
const plain: View = { sort: [], filter: [] }
const byEmail: View = { ...plain, sort: [{ column: column.email, direction: 'up' }] }

let folder = ''
let backend: Backend
let api: Api<Methods>
let draftId = ''
const events: AppEvent[] = []

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'roster-views-'))
  backend = createWorkerBackend({ dataDir: folder })
  backend.subscribe((event) => events.push(event))
  api = createClient<Methods>(methods, {
    call: (method, input) => backend.dispatch(method, input),
    subscribe: (heard) => backend.subscribe(heard),
  })
  const { ticket } = await backend.registerBytes('users.csv', new TextEncoder().encode(file))
  draftId = must(await api['drafts.create']({ ticket })).id
}, 120_000)
afterAll(async () => {
  await backend.close()
  await rm(folder, { recursive: true, force: true })
})

const windowAt = async (from: number): Promise<readonly string[]> =>
  must(await api['drafts.window']({ draftId, from, count: 50, columns: [column.email] })).rows.map(({ cells: [text = ''] }) => text)
const stateOfView = async () => must(await api['drafts.state']({ draftId })).view
const stood = (from: number): string[] => Array.from({ length: 50 }, (_, i) => email(from + i))

/** A job has come so far that its progress is told. */
const begun = (job: string): Promise<unknown> =>
  vi.waitFor(() => expect(events.some((event) => event.kind === 'job' && event.job === job)).toBe(true), { interval: 1 })

/** Asks for windows until the work ends; how many were answered before. */
async function windowsDuring(work: Promise<unknown>, each: (rows: readonly string[], from: number) => void): Promise<number> {
  const done = work.then(() => null)
  let answered = 0
  for (;;) {
    const from = (answered * 7919) % (count - 50)
    const rows = await Promise.race([done, windowAt(from)])
    if (rows === null) return answered
    each(rows, from)
    answered++
  }
}

describe('while a list of 300,000 is put in order', () => {
  test('windows of the old view are answered, progress is told, and then the new view stands', async () => {
    must(await api['drafts.setView']({ draftId, view: plain }))
    events.length = 0
    const sorting = api['drafts.setView']({ draftId, view: byEmail, job: 'sort' })
    const answered = await windowsDuring(sorting, (rows, from) => expect(rows).toEqual(stood(from)))
    expect(answered).toBeGreaterThan(1)
    expect(must(await sorting)).toMatchObject({ rows: count })
    const told = events.flatMap((event) => (event.kind === 'job' && event.job === 'sort' ? [event] : []))
    expect(told.some(({ state, step, done, total }) => state === 'running' && step === 'view' && done > 0 && total === 100)).toBe(true)
    expect(told.at(-1)).toMatchObject({ state: 'done' })
    // In English Å is an A: before K. The numbers have the same length.
    const all = Array.from({ length: count }, (_, n) => email(n)).sort()
    const expected = [...all.filter((text) => text.startsWith('Å')), ...all.filter((text) => text.startsWith('k'))]
    for (const from of [0, 123_456, count - 50]) expect(await windowAt(from)).toEqual(expected.slice(from, from + 50))
  })

  test('a cancel leaves the view as it was', async () => {
    must(await api['drafts.setView']({ draftId, view: plain }))
    const before = await stateOfView()
    const sorting = api['drafts.setView']({ draftId, view: byEmail, job: 'cancelled' })
    await begun('cancelled')
    must(await api['jobs.cancel']({ job: 'cancelled' }))
    expect(problemOf(await sorting)).toEqual({ code: 'cancelled' })
    expect(await stateOfView()).toEqual(before)
    expect(await windowAt(1000)).toEqual(stood(1000))
  })

  test('another view that is asked for meanwhile takes its place', async () => {
    const first = api['drafts.setView']({ draftId, view: byEmail, job: 'first' })
    await begun('first')
    const second = api['drafts.setView']({
      draftId,
      view: { ...plain, filter: [{ kind: 'text', column: column.department, test: 'equals', text: 'salg' }] },
    })
    expect(problemOf(await first)).toEqual({ code: 'cancelled' })
    expect(must(await second)).toMatchObject({ rows: count / 3, filter: [{ kind: 'text' }] })
    expect(await stateOfView()).toMatchObject({ rows: count / 3 })
  })

  test('rows that go meanwhile are not in the new view, and new ones stand at its end', async () => {
    must(await api['drafts.setView']({ draftId, view: plain }))
    const sorting = api['drafts.setView']({ draftId, view: byEmail, job: 'followed' })
    await begun('followed')
    must(await api['drafts.edit']({ draftId, edit: { kind: 'delete-rows', rows: [0, 5, 299_999] } }))
    must(await api['drafts.edit']({ draftId, edit: { kind: 'insert-rows', before: 1, rows: [['A', 'B', 'aaa@fjordkraft.no', 'Salg']] } }))
    expect(must(await sorting)).toMatchObject({ rows: count - 2 })
    const last = await windowAt(count - 52)
    expect(last.at(-1)).toBe('aaa@fjordkraft.no')
    const ids = must(await api['drafts.rowIds']({ draftId, from: 0, count }))
    expect(new Set(ids).size).toBe(count - 2)
    expect([0, 5, 299_999].filter((row) => ids.includes(row))).toEqual([])
    must(await api['drafts.undo']({ draftId }))
    must(await api['drafts.undo']({ draftId }))
  })

  test('a comparison with a baseline lets windows through, follows an edit made meanwhile, and can be cancelled', async () => {
    must(await api['drafts.setView']({ draftId, view: plain }))
    const ticketOf = async (): Promise<string> => (await backend.registerBytes('before.csv', new TextEncoder().encode(file))).ticket
    const setBaseline = (ticket: string, job: string) => api['drafts.setBaseline']({ draftId, baseline: { kind: 'file', ticket }, job })
    const compared = (job: string): Promise<unknown> =>
      vi.waitFor(() => expect(events.some((one) => one.kind === 'job' && one.job === job && one.step === 'compare')).toBe(true), {
        interval: 1,
      })

    const dropped = setBaseline(await ticketOf(), 'dropped')
    await compared('dropped')
    must(await api['jobs.cancel']({ job: 'dropped' }))
    expect(problemOf(await dropped)).toEqual({ code: 'cancelled' })
    expect(must(await api['drafts.state']({ draftId }))).toMatchObject({ baseline: null, changes: null })

    const comparing = setBaseline(await ticketOf(), 'compared')
    await compared('compared')
    must(await api['drafts.edit']({ draftId, edit: { kind: 'set-cells', cells: [{ row: 3, column: column.department, text: 'Lager' }] } }))
    expect(await windowsDuring(comparing, (rows, from) => expect(rows).toEqual(stood(from)))).toBeGreaterThan(1)
    const { changes, revision } = must(await comparing)
    expect(changes).toMatchObject({ update: 1, unchanged: count - 1, add: 0, absent: 0 })
    expect(must(await api['drafts.state']({ draftId }))).toMatchObject({ revision, baseline: { users: count } })
    must(await api['drafts.setBaseline']({ draftId, baseline: { kind: 'none' } }))
  })

  test('two drafts side by side let windows through, too, and can be cancelled', async () => {
    const { ticket } = await backend.registerBytes('other.csv', new TextEncoder().encode(file.replace('Kari,Nordmann', 'Kari,Vik')))
    const other = must(await api['drafts.create']({ ticket })).id
    const compare = (job: string) => api['editor.compareDrafts']({ draftId, other, list: 'different', from: 0, count: 10, job })
    const dropped = compare('side by side')
    await begun('side by side')
    must(await api['jobs.cancel']({ job: 'side by side' }))
    expect(problemOf(await dropped)).toEqual({ code: 'cancelled' })
    const comparing = compare('again')
    expect(await windowsDuring(comparing, (rows, from) => expect(rows).toEqual(stood(from)))).toBeGreaterThan(1)
    // The department that the test above changed, and the name.
    expect(must(await comparing).counts).toEqual({ different: 2, onlyHere: 0, onlyThere: 0, same: count - 2 })
    must(await api['drafts.close']({ draftId: other }))
  })

  test('find and the list of values let windows through, too, and can be cancelled', async () => {
    must(await api['drafts.setView']({ draftId, view: plain }))
    const options = {
      matchCase: false,
      wholeCell: false,
      regex: true,
      columns: null,
      direction: 'next',
      from: { viewRow: 0, column: 0 },
    } as const
    const finding = api['drafts.find']({ draftId, find: '^[å]se[.]12345.@', ...options })
    expect(await windowsDuring(finding, (rows, from) => expect(rows).toEqual(stood(from)))).toBeGreaterThan(0)
    const expected = Array.from({ length: count }, (_, n) => email(n)).filter((text) => /^åse\.12345.@/iu.test(text))
    expect(must(await finding)).toMatchObject({ column: column.email, total: expected.length })

    const values = api['drafts.distinct']({ draftId, column: column.email, limit: 10 })
    expect(await windowsDuring(values, (rows, from) => expect(rows).toEqual(stood(from)))).toBeGreaterThan(0)
    expect(must(await values)).toEqual({ values: Array.from({ length: 10 }, (_, n) => ({ text: email(n), count: 1 })), more: true })

    const dropped = api['drafts.find']({ draftId, find: '^[å]se[.]12345.@', ...options, job: 'find' })
    await begun('find')
    must(await api['jobs.cancel']({ job: 'find' }))
    expect(problemOf(await dropped)).toEqual({ code: 'cancelled' })
  })
})
