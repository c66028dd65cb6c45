import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Slices } from '../../../../backend/services/jobs.ts'
import { whileIdle, type IdleWork } from '../../../../backend/workers/engine/idle-work.ts'

/** A time that passes when the test says so, or when work is done. */
function handClock() {
  let at = 0
  const sleepers: { readonly until: number; readonly wake: () => void }[] = []
  return {
    now: () => at,
    wait: (ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => {
          reject(new Error('aborted'))
        })
        sleepers.push({ until: at + ms, wake: resolve })
      }),
    work(ms: number) {
      at += ms
    },
    /** Lets so many ms pass, one by one. */
    async pass(ms: number) {
      for (const end = at + ms; at < end; at++) {
        for (const sleeper of sleepers.splice(0)) {
          if (sleeper.until > at) sleepers.push(sleeper)
          else sleeper.wake()
        }
        await setImmediate()
      }
    },
  }
}

/** Work of many steps of 1 ms each, of which it keeps count. */
function idle(afterMs: number) {
  const clock = handClock()
  const failures: unknown[] = []
  const state = { steps: 0, isOver: false, fails: false, mostAtOnce: 0 }
  let waited = 0
  const wait = (ms: number, signal: AbortSignal): Promise<void> => {
    waited = state.steps
    return clock.wait(ms, signal)
  }
  const work = async ({ pause }: Slices): Promise<void> => {
    for (let step = 0; step < 1_000; step++) {
      clock.work(1)
      state.steps++
      state.mostAtOnce = Math.max(state.mostAtOnce, state.steps - waited)
      await pause()
      if (state.fails) throw new Error('a bug')
    }
  }
  const idleWork: IdleWork = whileIdle(work, { afterMs, onFailure: (thrown) => failures.push(thrown), now: clock.now, wait })
  void idleWork.over.then(() => (state.isOver = true))
  return { clock, failures, state, idleWork }
}

describe('work that nobody asked for', () => {
  test('begins when nobody has called for long enough, and comes to its end a few steps at a time', async () => {
    const { clock, state, failures } = idle(1_000)
    await clock.pass(990)
    expect(state.steps).toBe(0)
    await clock.pass(20)
    expect(state.steps).toBeGreaterThan(0)
    for (let i = 0; i < 100 && !state.isOver; i++) await clock.pass(100)
    expect(state).toMatchObject({ steps: 1_000, isOver: true })
    expect(state.mostAtOnce).toBeLessThan(6)
    expect(failures).toEqual([])
  })

  test('does not begin while a call is under way, nor soon after', async () => {
    const { clock, state, idleWork } = idle(1_000)
    await clock.pass(500)
    idleWork.callBegun()
    await clock.pass(5_000)
    idleWork.callOver()
    await clock.pass(900)
    expect(state.steps).toBe(0)
    await clock.pass(1_200)
    expect(state.steps).toBeGreaterThan(0)
    idleWork.end()
  })

  test('stands still from a call on until some time after the last answer', async () => {
    const { clock, state, idleWork } = idle(0)
    await clock.pass(50)
    idleWork.callBegun()
    idleWork.callBegun()
    await clock.pass(20)
    const before = state.steps
    idleWork.callOver()
    await clock.pass(1_000)
    idleWork.callOver()
    await clock.pass(80)
    expect(state.steps).toBe(before)
    expect(before).toBeGreaterThan(0)
    await clock.pass(300)
    expect(state.steps).toBeGreaterThan(before)
    idleWork.end()
  })

  test.each([
    ['before it begins', 1_000],
    ['while it rests', 0],
  ])('ends at once when it is told to %s, and nobody hears of it', async (_, afterMs) => {
    const { clock, state, idleWork, failures } = idle(afterMs)
    await clock.pass(50)
    const before = state.steps
    idleWork.end()
    await idleWork.over
    await clock.pass(2_000)
    expect(state.steps).toBe(before)
    expect(failures).toEqual([])
  })

  test('tells of a failure once, and is over', async () => {
    const { clock, state, failures, idleWork } = idle(0)
    state.fails = true
    await clock.pass(50)
    await idleWork.over
    expect(failures).toEqual([new Error('a bug')])
  })
})
