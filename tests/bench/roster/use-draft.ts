import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { compose, type Backend } from '../../../backend/compose.ts'
import type { InputOf, OutputOf } from '../../../shared/contract/method.ts'
import type { Methods } from '../../../shared/contract/methods.ts'
import { at } from '../user-columns.ts'

interface Prepared {
  readonly backend: Backend
  readonly folder: string
  readonly draftId: string
  readonly rows: number
}

type Call = <Name extends keyof Methods>(name: Name, input: InputOf<Methods[Name]>) => Promise<OutputOf<Methods[Name]>>

export const caller =
  (backend: Backend): Call =>
  async (name, input) => {
    const answer = await backend.dispatch(name, input)
    if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(answer.error)}`)
    return answer.value as never
  }

/** A draft of the file, on disk as it would be, in a backend in this process. */
export async function prepare({ file }: { readonly file: string }): Promise<Prepared> {
  const folder = mkdtempSync(path.join(tmpdir(), 'roster-bench-'))
  const backend = compose({ dataDir: folder })
  const ticket = await backend.registerPath(file)
  if (!ticket.ok) throw new Error(JSON.stringify(ticket.error))
  const { id, rows } = await caller(backend)('drafts.create', { ticket: ticket.value.ticket, job: 'create' })
  return { backend, folder, draftId: id, rows }
}

/** Milliseconds of each call, by what was asked. */
export type Times = Readonly<Record<string, readonly number[]>>

const editedColumns = [at.department, at.phone, at.extension, at.calling, at.location, at.email]

/** What a person does with a draft: edits all over it, views, and windows of them. */
export async function run(_args: unknown, { backend, folder, draftId, rows }: Prepared): Promise<Times> {
  const call = caller(backend)
  const times: Record<string, number[]> = {}
  const timed = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    const started = performance.now()
    await work()
    ;(times[what] ??= []).push(performance.now() - started)
  }
  const random = randomBelow(7)
  const edit = (n: number): InputOf<Methods['drafts.edit']> => {
    const column = editedColumns[n % editedColumns.length]!
    return { draftId, edit: { kind: 'set-cells', cells: [{ row: random(rows), column, text: `x${String(n)}` }] } }
  }
  // What is looked up by the first edit of a column is made then.
  for (let n = 0; n < editedColumns.length; n++) await timed('first edits', () => call('drafts.edit', edit(n)))
  for (let n = 0; n < 1200; n++) await timed('edits', () => call('drafts.edit', edit(n)))
  // A large edit is checked with what it can have changed, so it takes a part of what the check of all rows takes.
  const block = Array.from({ length: Math.min(rows, 50_000) }, (_, row) => row)
  const texts = block.map((n) => [`+4722${String(1_000_000 + n)}`, String(10_000 + (n % 40_000)), 'Oslo', 'TRUE', 'Consultant'])
  const columnsOfBlock = [at.phone, at.extension, at.location, at.calling, at.title]
  await timed('paste 50k rows', () =>
    call('drafts.edit', { draftId, edit: { kind: 'paste', rows: block, columns: columnsOfBlock, texts } }),
  )
  await timed('undo of the paste', () => call('drafts.undo', { draftId }))
  const fill = (): Promise<unknown> =>
    call('drafts.edit', { draftId, edit: { kind: 'fill', rows: null, columns: [at.department], text: 'Sales' } })
  await timed('fill of all rows', fill)
  await timed('undo of the fill', () => call('drafts.undo', { draftId }))
  const plain = { sort: [], filter: [] }
  const views: readonly (readonly [string, InputOf<Methods['drafts.setView']>['view']])[] = [
    ['sort', { ...plain, sort: [{ column: at.last, direction: 'up' }] }],
    ['sort distinct', { ...plain, sort: [{ column: at.email, direction: 'up' }] }],
    ['filter', { ...plain, filter: [{ kind: 'text', column: at.department, test: 'contains', text: 'sal' }] }],
    ['filter distinct', { ...plain, filter: [{ kind: 'text', column: at.email, test: 'contains', text: 'anna' }] }],
  ]
  const columns = Array.from({ length: 25 }, (_, column) => column)
  for (const [what, view] of views) {
    await timed(what, () => call('drafts.setView', { draftId, view }))
    const { view: shown } = await call('drafts.state', { draftId })
    for (let n = 0; n < 200; n++)
      await timed('windows', () => call('drafts.window', { draftId, from: random(Math.max(1, shown.rows - 200)), count: 200, columns }))
  }
  await backend.close()
  rmSync(folder, { recursive: true, force: true })
  return times
}

/** The same numbers every time. */
function randomBelow(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return state % limit
  }
}

/** Half of the times are below the first, 99 % below the second. */
export function stages(times: Times): Readonly<Record<string, number>> {
  const found: Record<string, number> = {}
  for (const [what, all] of Object.entries(times)) {
    const sorted = all.toSorted((a, b) => a - b)
    found[`${what} p50`] = sorted[sorted.length >> 1]!
    found[`${what} p99`] = sorted[Math.ceil(sorted.length * 0.99) - 1]!
  }
  return found
}

export const check = (times: Times): unknown => Object.fromEntries(Object.entries(times).map(([what, all]) => [what, all.length]))
