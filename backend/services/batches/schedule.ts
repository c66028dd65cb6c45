import type { AppError } from '../../../shared/contract/app-error.ts'
import type { Api } from '../../../shared/contract/method.ts'
import type { Methods } from '../../../shared/contract/methods.ts'
import { scheduledJob, type ScheduledPush } from '../../../shared/contract/schedule-methods.ts'
import { inTurn } from '../../../shared/kit/in-turn.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { Jobs } from '../jobs.ts'
import { fileError } from '../problems.ts'
import type { World } from '../world.ts'
import type { Batches } from './batches.ts'

export type ScheduleMethods = Pick<Api<Methods>, 'schedule.list' | 'schedule.set' | 'schedule.cancel'>

export interface Schedule {
  readonly methods: ScheduleMethods
  /** Looks at the clock: begins what is due, stops what is over its time. Called every second while somebody could see it. */
  tick(): Promise<void>
  /** A batch that was pushed by hand waits for nothing any more. */
  forget(batch: string): Promise<void>
  /** What is under way is taken up again at the next start. */
  stop(): void
}

export interface ScheduleParts {
  readonly world: Pick<World, 'clock' | 'ownFiles' | 'folders' | 'join' | 'emit' | 'log'>
  readonly jobs: Pick<Jobs, 'cancel' | 'hold'>
  readonly batches: Pick<Batches, 'mayPush' | 'methods'>
}

/** A store that does not answer, or in which somebody else is at work, is tried again after so long. */
const againMs = 30_000
/** At the end of its window a push ends the portion under way; one that takes longer than this after it is rolled back. */
const graceMs = 60_000
const passing: readonly AppError['code'][] = ['store/unreachable', 'store/busy', 'batch/busy']

/**
 * Pushes that wait for their time, in a file of the data folder, so that they outlive the program. They go the way of any other push:
 * every guard looks at them when their time comes. They begin only while Roster runs here.
 */
export function createSchedule({ world, jobs, batches }: ScheduleParts): Schedule {
  const { clock, ownFiles, folders, join, emit, log } = world
  const file = join(folders.data, 'schedule.json')
  const running = new Set<string>()
  const nextTry = new Map<string, number>()
  let known: readonly ScheduledPush[] | null = null
  let isTicking = false
  let isStopped = false
  // The file is read and written whole, so writers wait for each other.
  const inOrder = inTurn()

  /** `fresh`: what another program on the same folder has written meanwhile counts. */
  async function load(fresh = true): Promise<readonly ScheduledPush[]> {
    if (known !== null && !fresh) return known
    const bytes = await ownFiles.read(file)
    known = bytes.ok ? entriesOf(Buffer.from(bytes.value).toString('utf8')) : []
    return known
  }

  function change(work: (entries: readonly ScheduledPush[]) => readonly ScheduledPush[]): Promise<Result<null, AppError>> {
    return inOrder(async (): Promise<Result<null, AppError>> => {
      const before = await load()
      const after = work(before)
      const bytes = new Uint8Array(Buffer.from(`${JSON.stringify({ format: 1, pushes: after }, null, 2)}\n`))
      const written = await ownFiles.write(file, bytes, { replace: true })
      if (!written.ok) return err(fileError(written.error))
      known = after
      return ok(null)
    })
  }

  const without = (entries: readonly ScheduledPush[], batch: string) => entries.filter((entry) => entry.batch !== batch)
  async function put(entry: ScheduledPush): Promise<Result<null, AppError>> {
    const changed = await change((entries) => [...without(entries, entry.batch), entry])
    emit({ kind: 'batches-changed', batch: entry.batch })
    return changed
  }
  async function drop(batch: string): Promise<Result<null, AppError>> {
    nextTry.delete(batch)
    if (!(await load()).some((entry) => entry.batch === batch)) return ok(null)
    const changed = await change((entries) => without(entries, batch))
    emit({ kind: 'batches-changed', batch })
    return changed
  }

  const isOver = ({ until }: ScheduledPush, now: number): boolean => until !== null && now >= Date.parse(until)

  async function begin(entry: ScheduledPush): Promise<void> {
    const { batch, by } = entry
    // Called off or begun in another program on the same folder.
    if (!(await load()).some((one) => one.batch === batch && one.scheduledAt === entry.scheduledAt)) return
    const shown = await batches.methods['batches.show']({ batch })
    // Somebody is at work on it: there is nothing to do until it is seen how that ends.
    if (shown.ok && shown.value.state === 'pushing') return void nextTry.set(batch, clock.monotonic() + againMs)
    if (shown.ok && (shown.value.state === 'applied' || shown.value.state === 'partly-applied')) return void (await drop(batch))
    await put({ ...entry, state: 'pushing', error: null })
    const mode = shown.ok && shown.value.state === 'interrupted' ? 'resume' : 'push'
    const pushed = shown.ok ? await batches.methods['batches.push']({ batch, by, mode, job: scheduledJob(batch) }) : shown
    if (isStopped) return
    if (pushed.ok) return void (await drop(batch))
    const { error } = pushed
    log.event('schedule/ended', { batch, code: error.code })
    if (passing.includes(error.code) && !isOver(entry, Date.parse(clock.now()))) {
      nextTry.set(batch, clock.monotonic() + againMs)
      await put({ ...entry, state: 'waiting', error })
    } else if (error.code === 'cancelled') {
      // Stopped at the end of its window, or by somebody who then decides what becomes of it.
      await (isOver(entry, Date.parse(clock.now())) ? put({ ...entry, state: 'missed', error: null }) : drop(batch))
    } else await put({ ...entry, state: 'failed', error })
  }

  async function look(entry: ScheduledPush, now: number): Promise<void> {
    const { batch, state } = entry
    if (running.has(batch)) {
      if (isOver(entry, now - graceMs)) jobs.cancel(scheduledJob(batch))
      else if (isOver(entry, now)) jobs.hold(scheduledJob(batch))
      return
    }
    // `pushing` and not running: the program ended in the middle of it.
    if (state === 'missed' || state === 'failed') return
    if (isOver(entry, now)) return void (await put({ ...entry, state: 'missed', error: null }))
    if (now < Date.parse(entry.notBefore) || clock.monotonic() < (nextTry.get(batch) ?? 0)) return
    running.add(batch)
    void begin(entry).finally(() => running.delete(batch))
  }

  return {
    async tick() {
      if (isTicking || isStopped) return
      isTicking = true
      try {
        const now = Date.parse(clock.now())
        for (const entry of await load(false)) await look(entry, now)
      } finally {
        isTicking = false
      }
    },
    async forget(batch) {
      if (!running.has(batch)) await drop(batch)
    },
    stop() {
      isStopped = true
    },
    methods: {
      async 'schedule.list'() {
        return ok(await load())
      },
      async 'schedule.set'({ batch, by, notBefore, until }) {
        const now = clock.now()
        const problem = timesProblem(Date.parse(notBefore), until === undefined ? null : Date.parse(until), Date.parse(now))
        if (problem !== null) return err({ code: 'guard/refused', detail: problem })
        if (running.has(batch)) return err({ code: 'batch/busy', batch, owner: by })
        const may = await batches.mayPush(batch, 'push')
        if (!may.ok) return may
        const entry: ScheduledPush = {
          batch,
          customer: may.value.stored.customer,
          by: by.trim(),
          notBefore: new Date(notBefore).toISOString(),
          until: until === undefined ? null : new Date(until).toISOString(),
          scheduledAt: now,
          state: 'waiting',
          error: null,
        }
        nextTry.delete(batch)
        const kept = await put(entry)
        return kept.ok ? ok(entry) : kept
      },
      async 'schedule.cancel'({ batch }) {
        if (running.has(batch)) jobs.cancel(scheduledJob(batch))
        return drop(batch)
      },
    },
  }
}

function timesProblem(notBefore: number, until: number | null, now: number): string | null {
  if (Number.isNaN(notBefore) || Number.isNaN(until ?? 0)) return 'a time is written like 2026-11-21T22:30:00Z'
  if (until !== null && until <= notBefore) return 'the end of the window lies before its beginning'
  return until !== null && until <= now ? 'the window is over already' : null
}

/** What is no schedule of this form counts as none; the file stays until something is scheduled. */
function entriesOf(text: string): readonly ScheduledPush[] {
  try {
    const parsed = JSON.parse(text) as { readonly format?: unknown; readonly pushes?: unknown }
    return parsed.format === 1 && Array.isArray(parsed.pushes) ? (parsed.pushes as readonly ScheduledPush[]) : []
  } catch {
    return []
  }
}
