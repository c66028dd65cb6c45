// @vitest-environment happy-dom
import { createPinia, type Pinia } from 'pinia'
import { createApp } from 'vue'
import { beforeEach, expect, test, vi } from 'vitest'
import { platformKey } from '../../renderer/src/platform/platform.ts'
import { useDraftStore, type DraftStore } from '../../renderer/src/state/draft-store.ts'
import { useJobs } from '../../renderer/src/state/jobs.ts'
import { useToasts } from '../../renderer/src/state/toasts.ts'
import { createText } from '../../renderer/src/text/i18n.ts'
import type { AppError } from '../../shared/contract/app-error.ts'
import type { View } from '../../shared/contract/draft-methods.ts'
import { err, ok, type Result } from '../../shared/kit/result.ts'
import { createFakeRoster, type FakeRoster } from './support/fake-roster.ts'

let fake: FakeRoster
let store: DraftStore
let pinia: Pinia

beforeEach(async () => {
  fake = createFakeRoster()
  // The words of the toasts belong to a component, as in the window.
  const app = createApp({
    setup() {
      useToasts()
      return () => null
    },
  })
  app.provide(platformKey, {
    kind: 'desktop',
    transport: fake.transport,
    notices: { state: () => 'no', ask: () => Promise.resolve(), show: () => undefined },
    pickFiles: () => Promise.resolve([]),
    receiveFile: () => Promise.reject(new Error('unused')),
    saveFile: () => Promise.resolve(true),
  })
  pinia = createPinia()
  app.use(pinia).use(createText('en')).mount(document.createElement('div'))
  store = app.runWithContext(() => useDraftStore('d-1'))
  await store.open()
})

const setCell = { kind: 'set-cells' as const, cells: [{ row: 1, column: 0, text: 'x' }] }

test('says saved only when the last revision is on disk', async () => {
  expect(store.isSaved).toBe(true)
  fake.override({
    'drafts.edit': () => Promise.resolve(ok({ revision: 5, cells: 1, state: { ...fake.draft(), revision: 5, savedRevision: 4 } })),
  })
  await store.edit(setCell)
  expect(store.isSaved).toBe(false)
  fake.emit({ kind: 'draft-changed', draftId: 'd-1', revision: 5, saved: true })
  expect(store.isSaved).toBe(true)
})

test('a saved mark that came before its answer is not lost', async () => {
  fake.override({
    'drafts.edit': () => {
      fake.emit({ kind: 'draft-changed', draftId: 'd-1', revision: 5, saved: true })
      return Promise.resolve(ok({ revision: 5, cells: 1, state: { ...fake.draft(), revision: 5, savedRevision: 4 } }))
    },
  })
  await store.edit(setCell)
  expect(store.state?.revision).toBe(5)
  expect(store.isSaved).toBe(true)
})

test('commands go one after the other, and a late older state does not come back', async () => {
  const running: number[] = []
  let most = 0
  let revision = fake.draft().revision
  fake.override({
    'drafts.edit': async () => {
      running.push(1)
      most = Math.max(most, running.length)
      await new Promise((resolve) => setTimeout(resolve, 3))
      running.pop()
      revision++
      return ok({ revision, cells: 1, state: { ...fake.draft(), revision, savedRevision: revision } })
    },
  })
  await Promise.all([store.edit(setCell), store.edit(setCell), store.edit(setCell)])
  expect(most).toBe(1)
  expect(store.state?.revision).toBe(revision)
  store.accept({ ...fake.draft(), revision: revision - 1 })
  expect(store.state?.revision).toBe(revision)
})

test('what a command of its own brings is not asked for once more, whichever comes first, the event or the answer', async () => {
  let revision = fake.draft().revision
  const changed = (): void => fake.emit({ kind: 'draft-changed', draftId: 'd-1', revision, saved: true })
  const edited = () => ok({ revision, cells: 1, state: { ...fake.draft(), revision, savedRevision: revision } })
  fake.override({
    'drafts.edit': async () => {
      revision++
      changed()
      // The answer lies on the line a little longer than the event.
      await new Promise((resolve) => setTimeout(resolve, 1))
      return edited()
    },
  })
  await Promise.all([store.edit(setCell), store.edit(setCell)])
  changed()
  await store.rename('after whatever was still to be asked')
  expect(fake.calls.filter(({ method }) => method === 'drafts.state')).toEqual([])
})

test('a state that was asked for beside a command never takes the place of the one that the command brought', async () => {
  const view = viewOf(sortedBy(2), 9)
  let answers = 0
  fake.override({
    'drafts.setView': async () => ok(view),
    'drafts.state': async () => {
      const before = fake.draft()
      await new Promise((resolve) => setTimeout(resolve, 3))
      answers++
      return ok(before)
    },
  })
  fake.emit({ kind: 'resumed' })
  await store.setView(sortedBy(2))
  await vi.waitFor(() => expect(answers).toBe(1), 5000)
  await store.rename('after whatever was still to be taken')
  expect(store.state?.view).toEqual(view)
})

test('a change made elsewhere is fetched', async () => {
  fake.setDraft({ revision: 9, savedRevision: 9, name: 'changed elsewhere' })
  fake.emit({ kind: 'draft-changed', draftId: 'd-1', revision: 9, saved: true })
  await new Promise((resolve) => setTimeout(resolve, 10))
  expect(store.state?.name).toBe('changed elsewhere')
})

test('a failed command leaves the state as it was and hands the error on', async () => {
  const before = store.state
  fake.override({ 'drafts.edit': () => Promise.resolve({ ok: false, error: { code: 'draft/read-only', draftId: 'd-1' } }) })
  const result = await store.edit(setCell)
  expect(result).toEqual({ ok: false, error: { code: 'draft/read-only', draftId: 'd-1' } })
  expect(store.state).toBe(before)
})

test('rows of several ranges are asked for once each', async () => {
  store.setSelection({
    active: { viewRow: 4, columnIndex: 0 },
    activeRow: { id: 4, number: 6 },
    ranges: [
      { from: 2, to: 4, columns: [0] },
      { from: 4, to: 5, columns: [1] },
    ],
    rows: 4,
    cells: 5,
  })
  expect(await store.selectedRowIds()).toEqual([2, 3, 4, 5])
})

test('an edit on its way is not saved yet, and can be taken back', async () => {
  let answer: () => void = () => undefined
  fake.override({
    'drafts.edit': async () => {
      await new Promise<void>((resolve) => (answer = resolve))
      return ok({ revision: 5, cells: 1, state: { ...fake.draft(), revision: 5, savedRevision: 5 } })
    },
  })
  const edit = store.edit(setCell)
  await Promise.resolve()
  expect(store.isSaved).toBe(false)
  expect(store.canUndo).toBe(true)
  await new Promise((resolve) => setTimeout(resolve, 1))
  answer()
  await edit
  expect(store.isSaved).toBe(true)
})

const sortedBy = (column: number): View => ({ sort: [{ column, direction: 'up' }], filter: [] })
const viewOf = (view: View, number: number) => ({ ...view, number, rows: 3 })

test('while rows are put in order there is a way out, and after it the view is the one before', async () => {
  const jobs = useJobs(pinia)
  const before = store.state?.view
  const answer = Promise.withResolvers<Result<ReturnType<typeof viewOf>, AppError>>()
  fake.override({ 'drafts.setView': () => answer.promise, 'jobs.cancel': async () => ok(null) })
  const sorting = store.setView(sortedBy(2))
  await vi.waitFor(() => expect(fake.calls.some(({ method }) => method === 'drafts.setView')).toBe(true))
  const [job] = jobs.jobs
  expect(job).toMatchObject({ label: 'draft.viewing', subject: null })
  await jobs.cancel(job?.id ?? '')
  expect(fake.calls.at(-1)).toMatchObject({ method: 'jobs.cancel', input: { job: job?.id } })
  answer.resolve(err({ code: 'cancelled' }))
  await sorting
  expect(jobs.jobs).toEqual([])
  expect(store.state?.view).toEqual(before)
})

test.each([
  ['view', 'drafts.setView', () => store.setView(sortedBy(2))],
  [
    'baseline',
    'drafts.setBaseline',
    () => useJobs(pinia).run('comparing', (job) => store.setBaseline({ baseline: { kind: 'store' }, job })),
  ],
] as const)('a %s that is cancelled while an edit is before it is not asked for afterwards', async (_, method, ask) => {
  const jobs = useJobs(pinia)
  const edited = Promise.withResolvers<null>()
  fake.override({
    'drafts.edit': async () => {
      await edited.promise
      return ok({ revision: 5, cells: 1, state: { ...fake.draft(), revision: 5, savedRevision: 5 } })
    },
    'jobs.cancel': async () => ok(null),
  })
  const edit = store.edit(setCell)
  const asked = ask()
  await vi.waitFor(() => expect(jobs.jobs).toHaveLength(1))
  await jobs.cancel(jobs.jobs[0]?.id ?? '')
  edited.resolve(null)
  await Promise.all([edit, asked])
  expect(fake.calls.filter((call) => call.method === method)).toEqual([])
  expect(jobs.jobs).toEqual([])
})

test('a view that cannot be made says why, and the one before stands', async () => {
  const toasts = useToasts(pinia)
  const before = store.state?.view
  fake.override({ 'drafts.setView': async () => err({ code: 'edit/impossible', detail: 'missing closing )' }) })
  await store.setView({ sort: [], filter: [{ kind: 'text', column: 2, test: 'matches', text: '(' }] })
  expect(toasts.toasts).toMatchObject([{ kind: 'error', text: 'That could not be done: missing closing ). Nothing was changed.' }])
  expect(store.state?.view).toEqual(before)
})

test('of several views that are asked for, the one before is dropped, those between are never made, and the last one stands', async () => {
  const asked: View[] = []
  const cancelled: string[] = []
  const first = Promise.withResolvers<Result<ReturnType<typeof viewOf>, AppError>>()
  fake.override({
    'drafts.setView': async ({ view }) => {
      asked.push(view)
      return asked.length === 1 ? first.promise : ok(viewOf(view, 9))
    },
    'jobs.cancel': async ({ job }) => {
      cancelled.push(job)
      first.resolve(err({ code: 'cancelled' }))
      return ok(null)
    },
  })
  const one = store.setView(sortedBy(1))
  await vi.waitFor(() => expect(asked).toHaveLength(1))
  await Promise.all([one, store.setView(sortedBy(2)), store.setView(sortedBy(3))])
  expect(asked).toEqual([sortedBy(1), sortedBy(3)])
  expect(cancelled).toHaveLength(2)
  expect(store.state?.view).toEqual(viewOf(sortedBy(3), 9))
})

test('what another window did while nothing was heard is asked for when the events come again', async () => {
  fake.setDraft({ revision: 9, savedRevision: 9 })
  expect(store.state?.revision).not.toBe(9)
  fake.emit({ kind: 'resumed' })
  await vi.waitFor(() => expect(store.state?.revision).toBe(9), 5000)
})
