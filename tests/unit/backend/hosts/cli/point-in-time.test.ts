import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { untilTime, waitFor, windowEnd } from '../../../../../backend/hosts/cli/point-in-time.ts'

const noon = new Date(2026, 10, 20, 12, 0, 0)
beforeEach(() => {
  vi.useFakeTimers({ now: noon })
})
afterEach(() => {
  vi.useRealTimers()
})

const minute = 60_000
test.each([
  ['12:30', 30 * minute],
  ['11:59', (24 * 60 - 1) * minute],
  ['12:00', 24 * 60 * minute],
  ['2026-11-20T12:00:05', 5000],
  ['2026-11-20T11:00', 0],
  ['25:00', null],
  ['soon', null],
  ['2026-13-40T12:00', null],
  ['2027-02-31T10:00', null],
  ['2026-11-21T12:00', 24 * 60 * minute],
])('%s is so far away at noon', (text, ms) => {
  expect(untilTime(text, noon)).toBe(ms)
})

test('a push waits for its time, and not a moment less', async () => {
  let done: boolean | null = null
  void waitFor(5 * minute, new AbortController().signal).then((waited) => (done = waited))
  await vi.advanceTimersByTimeAsync(5 * minute - 1)
  expect(done).toBeNull()
  await vi.advanceTimersByTimeAsync(1)
  expect(done).toBe(true)
})

test('a machine that slept over the time goes on as soon as it looks again', async () => {
  let done = false
  void waitFor(60 * minute, new AbortController().signal).then((waited) => (done = waited))
  vi.setSystemTime(noon.getTime() + 90 * minute)
  await vi.advanceTimersByTimeAsync(minute)
  expect(done).toBe(true)
})

test('who ends it while it waits ends it at once, and nothing was done', async () => {
  const controller = new AbortController()
  const waited = waitFor(60 * minute, controller.signal)
  await vi.advanceTimersByTimeAsync(10)
  controller.abort()
  await expect(waited).resolves.toBe(false)
})

test('a window ends a push that is still at work, at its time or when a machine that slept wakes up', async () => {
  const signal = windowEnd(10 * minute)
  await vi.advanceTimersByTimeAsync(10 * minute - 1000)
  expect(signal.aborted).toBe(false)
  await vi.advanceTimersByTimeAsync(1000)
  expect(signal.aborted).toBe(true)
  const slept = windowEnd(10 * minute)
  vi.setSystemTime(Date.now() + 60 * minute)
  await vi.advanceTimersByTimeAsync(1000)
  expect(slept.aborted).toBe(true)
})
