import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '../../../../backend/adapters/clock-system/clock-system.ts'
import { compose } from '../../../../backend/compose.ts'
import { must, onBench, problemOf } from '../../../support/backend.ts'
import { users } from '../../../support/user-file.ts'

const base = users(6)
const changed = users(6, (n) => (n < 3 ? { Department: 'Salg' } : {}))

/** A clock that stands still until it is set. */
function handClock(start: string) {
  let now = start
  let ran = 0
  return {
    clock: { ...systemClock, now: () => now, monotonic: () => ran },
    set: (time: string) => {
      ran += Date.parse(time) - Date.parse(now)
      now = time
    },
  }
}
const noon = '2026-11-21T12:00:00.000Z'
const ten = '2026-11-21T22:00:00.000Z'
const six = '2026-11-22T06:00:00.000Z'

test('an approved batch is pushed when its time has come and not before, by the same way as any other', () => {
  const { clock, set } = handClock(noon)
  return onBench(
    async ({ api, approved, events }) => {
      const { batch } = await approved(changed, base)
      const entry = must(await api['schedule.set']({ batch, by: ' Per ', notBefore: '2026-11-21T23:00:00+01:00', until: six }))
      expect(entry).toMatchObject({ batch, customer: 'Fjordkraft AS', by: 'Per', notBefore: ten, until: six, state: 'waiting' })
      set('2026-11-21T21:59:59.999Z')
      await new Promise((resolve) => setTimeout(resolve, 60))
      expect(must(await api['batches.show']({ batch })).state).toBe('approved')
      set(ten)
      await expect.poll(async () => must(await api['batches.show']({ batch })).state).toBe('applied')
      await expect.poll(async () => must(await api['schedule.list']({}))).toEqual([])
      const { receipt, verified } = must(await api['batches.receipt']({ batch }))
      expect([receipt.by, receipt.startedAt, verified]).toEqual(['Per', ten, true])
      expect(events.filter((event) => event.kind === 'batches-changed' && event.batch === batch).length).toBeGreaterThan(2)
    },
    { clock, tickMs: 10 },
  )
})

test('it outlives the program, and a window in which Roster did not run is missed and said, not made up for', () => {
  const { clock, set } = handClock(noon)
  return onBench(
    async ({ folder, backend, approved }) => {
      const first = await approved(changed, base)
      const { api } = backend.services
      must(await api['schedule.set']({ batch: first.batch, by: 'Per', notBefore: ten, until: six }))
      await backend.close()

      set('2026-11-22T08:00:00.000Z')
      const later = compose({ dataDir: path.join(folder, 'data'), clock, tickMs: 10 })
      const again = later.services.api
      expect(must(await again['schedule.list']({}))).toMatchObject([{ batch: first.batch, state: 'waiting' }])
      later.subscribe(() => undefined)
      await expect.poll(async () => must(await again['schedule.list']({}))).toMatchObject([{ state: 'missed' }])
      expect(must(await again['batches.show']({ batch: first.batch })).state).toBe('approved')
      must(await again['schedule.cancel']({ batch: first.batch }))
      expect(must(await again['schedule.list']({}))).toEqual([])

      // Without an end it is pushed as soon as Roster runs again.
      must(await again['schedule.set']({ batch: first.batch, by: 'Per', notBefore: '2026-11-23T22:00:00Z' }))
      await later.close()
      set('2026-11-30T08:00:00.000Z')
      const last = compose({ dataDir: path.join(folder, 'data'), clock, tickMs: 10 })
      last.subscribe(() => undefined)
      await expect.poll(async () => must(await last.services.api['batches.show']({ batch: first.batch })).state).toBe('applied')
      await last.close()
    },
    { clock, tickMs: 10 },
  )
})

test('a program that ends while a push writes its receipt waits for it', () => {
  const { clock, set } = handClock(noon)
  return onBench(
    async ({ folder, backend, approved }) => {
      const list = users(3_000)
      const { batch } = await approved(
        users(3_000, (n) => (n % 2 === 0 ? { Department: 'Salg' } : {})),
        list,
      )
      must(await backend.services.api['schedule.set']({ batch, by: 'Per', notBefore: ten }))
      set(ten)
      // Everything is applied; its receipt is being written.
      await expect
        .poll(async () => must(await backend.services.api['batches.show']({ batch })).state, { interval: 1, timeout: 20_000 })
        .toBe('applied')
      await backend.close()

      const later = compose({ dataDir: path.join(folder, 'data'), clock })
      expect(must(await later.services.api['batches.receipt']({ batch })).verified).toBe(true)
      await later.close()
    },
    { clock, tickMs: 10 },
  )
})

test('what is not approved is not scheduled, nor a window that is over or ends before it begins', () => {
  const { clock } = handClock(noon)
  return onBench(
    async ({ api, submitted, approved }) => {
      const waiting = await submitted(changed, base)
      const early = await api['schedule.set']({ batch: waiting.batch, by: 'Per', notBefore: ten })
      expect(problemOf(early)).toEqual({ code: 'guard/not-approved', batch: waiting.batch, state: 'submitted' })
      const { batch } = await approved(changed, base)
      for (const [notBefore, until] of [
        ['tonight', six],
        [six, ten],
        ['2026-11-20T22:00:00Z', '2026-11-21T06:00:00Z'],
      ] as const)
        expect(problemOf(await api['schedule.set']({ batch, by: 'Per', notBefore, until })).code).toBe('guard/refused')
      expect(must(await api['schedule.list']({}))).toEqual([])
    },
    { clock },
  )
})

test('one that is no longer allowed when its time comes is refused, with the reason; pushed by hand it waits for nothing', () => {
  const { clock, set } = handClock(noon)
  return onBench(
    async ({ api, draft, approved }) => {
      const first = await approved(changed, base)
      must(await api['schedule.set']({ batch: first.batch, by: 'Per', notBefore: ten }))
      const second = await approved(
        users(6, (n) => (n === 5 ? { Department: 'Salg' } : {})),
        base,
      )
      must(await api['schedule.set']({ batch: second.batch, by: 'Per', notBefore: ten }))
      must(await api['batches.push']({ batch: second.batch, by: 'Per' }))
      expect(must(await api['schedule.list']({})).map(({ batch }) => batch)).toEqual([first.batch])

      // Somebody else changes the very users meanwhile, so that nothing of the batch can be applied.
      const { id } = await draft(
        users(6, (n) => (n < 3 ? { Department: 'Innkjøp' } : {})),
        { customer: 'Fjordkraft AS', baseline: base },
      )
      const other = must(await api['batches.submit']({ draftId: id, by: 'Kari' }))
      must(await api['batches.decide']({ batch: other.batch, by: 'Ola', decision: 'approved', digest: other.digest }))
      must(await api['batches.push']({ batch: other.batch, by: 'Per' }))
      set(ten)
      await expect
        .poll(async () => must(await api['schedule.list']({})))
        .toMatchObject([{ batch: first.batch, state: 'failed', error: { code: 'guard/stale-baseline' } }])
      expect(must(await api['batches.show']({ batch: first.batch })).state).toBe('approved')
    },
    { clock, tickMs: 10 },
  )
})

test('what is called off in one program is not pushed by another one on the same folder', () => {
  const { clock, set } = handClock(noon)
  return onBench(
    async ({ folder, api, approved }) => {
      const { batch } = await approved(changed, base)
      must(await api['schedule.set']({ batch, by: 'Per', notBefore: ten }))
      const other = compose({ dataDir: path.join(folder, 'data'), clock, tickMs: 10 })
      other.subscribe(() => undefined)
      expect(must(await other.services.api['schedule.list']({}))).toHaveLength(1)
      must(await api['schedule.cancel']({ batch }))
      set(ten)
      await new Promise((resolve) => setTimeout(resolve, 200))
      expect(must(await api['batches.show']({ batch })).state).toBe('approved')
      expect(must(await other.services.api['schedule.list']({}))).toEqual([])
      await other.close()
    },
    { clock, tickMs: 10 },
  )
})

test('a schedule file that is none is no reason not to work', () =>
  onBench(async ({ folder, api, approved }) => {
    const { batch } = await approved(changed, base)
    await writeFile(path.join(folder, 'data', 'schedule.json'), createHash('sha256').update('x').digest())
    expect(must(await api['schedule.list']({}))).toEqual([])
    must(await api['schedule.set']({ batch, by: 'Per', notBefore: '2999-01-01T00:00:00Z' }))
    expect(must(await api['schedule.list']({}))).toHaveLength(1)
  }))
