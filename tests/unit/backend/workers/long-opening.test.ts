import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Backend } from '../../../../backend/compose.ts'
import { createWorkerBackend } from '../../../../backend/workers/engine/client.ts'
import { createClient } from '../../../../shared/contract/client.ts'
import type { DraftEdit } from '../../../../shared/contract/draft-methods.ts'
import type { Api, AppEvent } from '../../../../shared/contract/method.ts'
import { methods, type Methods } from '../../../../shared/contract/methods.ts'
import { must, problemOf } from '../../../support/backend.ts'

const fileOf = (users: number): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(
    `First Name,Last Name,User ID/Email (Required),Department,Webex Calling\r\n${Array.from(
      { length: users },
      (_, n) => `Kari,Nordmann,kari.${String(n)}@fjordkraft.no,${n % 3 === 0 ? 'Salg' : 'Drift'},${n % 5 === 0 ? 'ja' : 'TRUE'}\r\n`,
    ).join('')}`,
  )

describe('while a list of 400,000 users is opened', () => {
  let folder = ''
  let backend: Backend
  let api: Api<Methods>
  let small = ''
  let ticket = ''
  const events: AppEvent[] = []

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'roster-opening-'))
    backend = createWorkerBackend({ dataDir: folder })
    backend.subscribe((event) => events.push(event))
    api = createClient<Methods>(methods, {
      call: (method, input) => backend.dispatch(method, input),
      subscribe: (heard) => backend.subscribe(heard),
    })
    const first = await backend.registerBytes('small.csv', fileOf(20))
    small = must(await api['drafts.create']({ ticket: first.ticket })).id
    ticket = (await backend.registerBytes('users.csv', fileOf(400_000))).ticket
  }, 120_000)
  afterAll(async () => {
    await backend.close()
    await rm(folder, { recursive: true, force: true })
  })

  const steps = (job: string): string[] => events.flatMap((event) => (event.kind === 'job' && event.job === job ? [event.step] : []))
  const begun = (job: string): Promise<unknown> =>
    vi.waitFor(() => expect(steps(job).length).toBeGreaterThan(0), { interval: 1, timeout: 20_000 })
  const drafts = async (): Promise<readonly string[]> => must(await api['drafts.list']({})).map(({ id }) => id)

  /** How many windows of the small draft are answered before the work ends. */
  async function windowsDuring(work: Promise<unknown>): Promise<number> {
    const state = { isOver: false }
    const done = work.finally(() => (state.isOver = true))
    let answered = 0
    for (;;) {
      const window = must(await api['drafts.window']({ draftId: small, from: 0, count: 20, columns: [2] }))
      expect(window.rows).toHaveLength(20)
      if (state.isOver) break
      answered++
    }
    await done
    return answered
  }

  test('windows of another draft are answered, and progress is told', async () => {
    const opening = api['drafts.create']({ ticket, job: 'open' })
    const answered = await windowsDuring(opening)
    const state = must(await opening)
    // The quicker the machine, the fewer there is time for.
    expect(answered).toBeGreaterThan(2)
    expect(new Set(steps('open'))).toEqual(new Set(['read', 'check']))
    expect(state.rows).toBe(400_000)
    must(await api['drafts.close']({ draftId: state.id }))

    const again = api['drafts.open']({ draftId: state.id, job: 'again' })
    expect(await windowsDuring(again)).toBeGreaterThan(2)
    expect(must(await again).findings).toEqual(state.findings)
    must(await api['drafts.close']({ draftId: state.id }))
  }, 60_000)

  test.each(['read', 'check'])('a cancel while it says "%s" leaves no draft behind', async (step) => {
    const before = await drafts()
    const job = `cancelled-${step}`
    const opening = api['drafts.create']({ ticket, job })
    await vi.waitFor(() => expect(steps(job)).toContain(step), { interval: 1, timeout: 20_000 })
    must(await api['jobs.cancel']({ job }))
    expect(problemOf(await opening).code).toBe('cancelled')
    expect(await drafts()).toEqual(before)
  })

  test('who has an opening cancelled cancels it for nobody else', async () => {
    const { id } = must(await api['drafts.create']({ ticket }))
    must(await api['drafts.close']({ draftId: id }))
    const first = api['drafts.open']({ draftId: id, job: 'first' })
    await begun('first')
    const second = api['drafts.state']({ draftId: id })
    must(await api['jobs.cancel']({ job: 'first' }))
    expect(problemOf(await first).code).toBe('cancelled')
    expect(must(await second).rows).toBe(400_000)
  }, 60_000)

  test('an edit that has the draft opened for it tells how far that is, and is not made after a cancel', async () => {
    const { id } = must(await api['drafts.create']({ ticket }))
    must(await api['drafts.close']({ draftId: id }))
    const edit: DraftEdit = { kind: 'set-cells', cells: [{ row: 1, column: 0, text: 'Åse' }] }
    const editing = api['drafts.edit']({ draftId: id, edit, job: 'edit' })
    await begun('edit')
    expect(steps('edit')).toContain('check')
    must(await api['jobs.cancel']({ job: 'edit' }))
    expect(problemOf(await editing).code).toBe('cancelled')
    expect(must(await api['drafts.history']({ draftId: id })).steps).toEqual([])
  }, 60_000)

  test('who waits for an opening of somebody else is free at once after a cancel, and the opening goes on', async () => {
    const { id } = must(await api['drafts.create']({ ticket }))
    must(await api['drafts.close']({ draftId: id }))
    const state = { isOpen: false }
    const first = api['drafts.open']({ draftId: id, job: 'goes-on' }).finally(() => (state.isOpen = true))
    await begun('goes-on')
    const second = api['drafts.open']({ draftId: id, job: 'waits' })
    const third = api['drafts.setView']({ draftId: id, view: { sort: [], filter: [] }, job: 'third' })
    must(await api['jobs.cancel']({ job: 'waits' }))
    expect(problemOf(await second).code).toBe('cancelled')
    expect(state.isOpen).toBe(false)
    expect(must(await first).rows).toBe(400_000)
    expect(must(await third).rows).toBe(400_000)
  }, 60_000)

  test('a draft that is being opened is in the list without trouble, and can be deleted', async () => {
    const { id } = must(await api['drafts.create']({ ticket }))
    must(await api['drafts.close']({ draftId: id }))
    const opening = api['drafts.open']({ draftId: id, job: 'deleted-meanwhile' })
    await begun('deleted-meanwhile')
    expect(must(await api['drafts.list']({})).find((one) => one.id === id)).toMatchObject({ trouble: null })
    must(await api['drafts.delete']({ draftId: id, confirmedName: id }))
    must(await opening)
    expect(await drafts()).not.toContain(id)
    expect(problemOf(await api['drafts.open']({ draftId: id })).code).toBe('draft/not-found')
  }, 60_000)

  test('a draft that is closed while it is being opened is closed then', async () => {
    const { id } = must(await api['drafts.create']({ ticket }))
    must(await api['drafts.close']({ draftId: id }))
    const opening = api['drafts.open']({ draftId: id, job: 'closed-meanwhile' })
    await begun('closed-meanwhile')
    must(await api['drafts.close']({ draftId: id }))
    must(await opening)
    expect(must(await api['drafts.state']({ draftId: id })).rows).toBe(400_000)
  }, 60_000)
})
