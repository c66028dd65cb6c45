import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { compose, type ComposedBackend, type ComposeOptions } from '../../backend/compose.ts'
import type { AppError } from '../../shared/contract/app-error.ts'
import type { BatchDetail } from '../../shared/contract/batch-methods.ts'
import type { DraftState } from '../../shared/contract/draft-methods.ts'
import type { Api, AppEvent, InputOf } from '../../shared/contract/method.ts'
import type { Methods } from '../../shared/contract/methods.ts'
import type { Result } from '../../shared/kit/result.ts'
import { userFile } from './user-file.ts'

/** A whole backend over a data folder of its own: real files, real SQLite. */
export interface Bench {
  readonly folder: string
  readonly backend: ComposedBackend
  readonly api: Api<Methods>
  readonly events: readonly AppEvent[]
  ticket(text: string, name?: string): Promise<string>
  draft(
    rows: readonly (readonly string[])[],
    options?: { baseline?: readonly (readonly string[])[]; customer?: string },
  ): Promise<DraftState>
  /** A batch of a draft, submitted by Kari. */
  submitted(rows: readonly (readonly string[])[], baseline: readonly (readonly string[])[], removals?: number): Promise<BatchDetail>
  /** … and approved by Ola. */
  approved(rows: readonly (readonly string[])[], baseline: readonly (readonly string[])[], removals?: number): Promise<BatchDetail>
}

export const customerName = 'Fjordkraft AS'

export async function onBench(work: (bench: Bench) => Promise<void>, options: Partial<ComposeOptions> = {}): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'roster-bench-'))
  const backend = compose({ dataDir: path.join(folder, 'data'), ...options })
  const { api } = backend.services
  const events: AppEvent[] = []
  backend.subscribe((event) => events.push(event))
  const ticket = async (text: string, name = 'users.csv'): Promise<string> =>
    (await backend.registerBytes(name, new TextEncoder().encode(text))).ticket
  const draft: Bench['draft'] = async (rows, { baseline, customer } = {}) =>
    must(
      await api['drafts.create']({
        ticket: await ticket(userFile(rows)),
        ...(baseline === undefined ? {} : { baselineTicket: await ticket(userFile(baseline), 'export.csv') }),
        ...(customer === undefined ? {} : { customer }),
      }),
    )
  const submitted: Bench['submitted'] = async (rows, baseline, removals = 0) => {
    must(await api['customers.save']({ profile: { name: customerName } }))
    const { id } = await draft(rows, { baseline, customer: customerName })
    if (removals > 0) must(await api['drafts.confirmRemovals']({ draftId: id, count: removals }))
    return must(await api['batches.submit']({ draftId: id, by: 'Kari', confirmRemovals: removals }))
  }
  const approved: Bench['approved'] = async (rows, baseline, removals = 0) => {
    const { batch, digest } = await submitted(rows, baseline, removals)
    return must(await api['batches.decide']({ batch, by: 'Ola', decision: 'approved', digest, confirmRemovals: removals }))
  }
  try {
    await work({ folder, backend, api, events, ticket, draft, submitted, approved })
  } finally {
    await backend.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** What is proposed for a list that Control Hub did not write, as the person who agrees sends it back. */
export async function proposedMapping(
  api: Bench['api'],
  ticket: string,
): Promise<InputOf<Methods['mapping.createDraft']>['sources'][number]['mapping']> {
  const { columns, constants, joinDisplayName } = must(await api['mapping.propose']({ ticket }))
  return {
    columns: columns.map(({ header, use, values }) => ({ header, use, values: [...values] })),
    constants: [...constants],
    joinDisplayName,
  }
}

export function must<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

export function problemOf(result: Result<unknown, AppError>): AppError {
  if (result.ok) throw new Error(`it went well: ${JSON.stringify(result.value).slice(0, 300)}`)
  return result.error
}
