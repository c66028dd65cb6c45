import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Backend } from '../../../backend/compose.ts'
import { createWorkerBackend } from '../../../backend/workers/engine/client.ts'
import type { View } from '../../../shared/contract/draft-methods.ts'
import { at } from '../user-columns.ts'
import { caller } from './use-draft.ts'

interface Prepared {
  readonly backend: Backend
  readonly folder: string
  readonly draftId: string
  readonly rows: number
}

/** A draft of the file in the engine's thread, as the program has it. */
export async function prepare({ file }: { readonly file: string }): Promise<Prepared> {
  const folder = mkdtempSync(path.join(tmpdir(), 'roster-bench-'))
  const backend = createWorkerBackend({ dataDir: folder })
  const ticket = await backend.registerPath(file)
  if (!ticket.ok) throw new Error(JSON.stringify(ticket.error))
  const { id, rows } = await caller(backend)('drafts.create', { ticket: ticket.value.ticket })
  return { backend, folder, draftId: id, rows }
}

const plain: View = { sort: [], filter: [] }
const columns = Array.from({ length: 25 }, (_, column) => column)
const search = {
  matchCase: false,
  wholeCell: false,
  regex: false,
  columns: null,
  direction: 'next',
  from: { viewRow: 0, column: 0 },
} as const

/** What one window waited for at most while the whole list was gone through, in ms, and how long that took. */
export type Waits = Readonly<Record<string, number>>

/** Asks for one window after another, from anywhere in the list, while it is sorted, filtered and searched. */
export async function run(_args: unknown, { backend, folder, draftId, rows }: Prepared): Promise<Waits> {
  const call = caller(backend)
  const waits: Record<string, number> = {}
  const meanwhile = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    const started = performance.now()
    let isDone = false
    const done = work().then(() => {
      isDone = true
    })
    let longest = 0
    for (let from = 0; !(isDone as boolean); from = (from + 7_919) % Math.max(1, rows - 200)) {
      const asked = performance.now()
      const answered = call('drafts.window', { draftId, from, count: 200, columns })
      await Promise.race([answered, done])
      // The last one is behind the work; it waits for nothing more.
      await answered
      longest = Math.max(longest, performance.now() - asked)
    }
    await done
    waits[`longest wait, ${what}`] = longest
    waits[what] = performance.now() - started
  }
  await meanwhile('sort', () => call('drafts.setView', { draftId, view: { ...plain, sort: [{ column: at.email, direction: 'up' }] } }))
  await meanwhile('filter', () =>
    call('drafts.setView', { draftId, view: { ...plain, filter: [{ kind: 'text', column: at.email, test: 'contains', text: 'anna' }] } }),
  )
  await call('drafts.setView', { draftId, view: plain })
  await meanwhile('find', () => call('drafts.find', { draftId, find: 'no such text', ...search }))
  await meanwhile('values', () => call('drafts.distinct', { draftId, column: at.email, limit: 200 }))
  await backend.close()
  rmSync(folder, { recursive: true, force: true })
  return waits
}

export const stages = (waits: Waits): Waits => waits
export const check = (waits: Waits): unknown => Object.keys(waits)
