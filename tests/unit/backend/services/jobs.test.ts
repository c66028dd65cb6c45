import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createJobs } from '../../../../backend/services/jobs.ts'
import { ok } from '../../../../shared/kit/result.ts'

test('a backend that closes ends all jobs, those without a name too, and knows when they are over', async () => {
  let now = 0
  const jobs = createJobs({ emit: () => undefined, breathe: () => setImmediate(), monotonic: () => (now += 20) })
  const ended: string[] = []
  const work = (name: string, job: string | undefined) =>
    jobs.run(job, async ({ pause, signal }) => {
      try {
        while (!signal.aborted || name === 'deaf') {
          await pause()
          if (name === 'deaf') break
        }
      } finally {
        ended.push(name)
      }
      return ok(null)
    })
  const results = [work('named', 'j-1'), work('nameless', undefined), work('deaf', undefined)]
  jobs.cancelAll()
  await jobs.ended()
  expect(ended.sort()).toEqual(['deaf', 'named', 'nameless'])
  const [named, nameless] = await Promise.all(results)
  expect([named?.ok, nameless?.ok]).toEqual([false, false])
  await jobs.ended()
})
