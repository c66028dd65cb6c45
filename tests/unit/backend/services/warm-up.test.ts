import { isUtf8 } from 'node:buffer'
import { readdir } from 'node:fs/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { TableReader } from '../../../../backend/services/files/read-table.ts'
import { Cancelled, type Slices } from '../../../../backend/services/jobs.ts'
import { oneOf, sampleLists } from '../../../../backend/services/warm-up/sample-lists.ts'
import { samplePeople, warmUp } from '../../../../backend/services/warm-up/warm-up.ts'
import { KernelScan } from '../../../../shared/core/csv/kernel-scan.ts'
import { finish } from '../../../../shared/kit/steps.ts'
import { onBench } from '../../../support/backend.ts'

/** Whatever else it asked of the world would throw. */
const world = { isUtf8, holdsNul: (bytes: Uint8Array) => bytes.includes(0) } as unknown as TableReader

/** Counts the pauses, and ends the work at one of them. */
function counting(last = Infinity): Slices & { readonly pauses: () => number } {
  let pauses = 0
  return {
    pauses: () => pauses,
    progress: () => undefined,
    pause: () => (++pauses > last ? Promise.reject(new Cancelled()) : Promise.resolve()),
  }
}

afterEach(() => void vi.restoreAllMocks())

describe('the warm-up', () => {
  test('finds what is wrong with the people of its list, and what became of them', async () => {
    const { rows, byRule, changes, changesShuffled } = await warmUp(world, counting())
    const one = (of: number): number => samplePeople / of
    expect(rows).toEqual({ before: samplePeople, after: samplePeople, shuffled: samplePeople })
    const planted = [
      'email/missing',
      'email/malformed',
      'email/duplicate',
      'boolean/invalid',
      'package/several',
      'calling/number-missing',
      'calling/location-missing',
      'phone/no-plus',
      'phone/duplicate',
      'extension/not-digits',
      'extension/duplicate',
      'site/missing',
      'jabber/calling-missing',
      'jabber/teams-missing',
      'caller-id/number',
    ]
    for (const rule of planted) expect.soft(byRule[rule] ?? 0, rule).toBeGreaterThan(one(oneOf.mistake) / planted.length / 2)
    expect(changes).toMatchObject({ add: one(oneOf.newcomer), remove: 0, rename: 0 })
    expect(changes.update).toBeGreaterThan(one(oneOf.change) / 2)
    expect(changes.packageChange).toBeGreaterThan(one(oneOf.change) / 10)
    // Whoever repeats an email is another one there.
    expect(changesShuffled.add).toBe(changes.add)
    expect(changesShuffled.unchanged).toBeLessThanOrEqual(changes.unchanged)
  })

  test('reads its lists with the kernel, as a file is read', async () => {
    const takes = vi.spyOn(KernelScan, 'takes')
    await warmUp(world, counting())
    expect(takes.mock.results.length).toBeGreaterThan(3)
    expect(takes.mock.results.every(({ value }) => value === true)).toBe(true)
  })

  test('has the same lists every time, without a line of anybody else', () => {
    const [first, again] = [finish(sampleLists(300)), finish(sampleLists(300))]
    expect(again).toEqual(first)
    const [after, shuffled] = [first.after, first.shuffled].map((bytes) => new TextDecoder().decode(bytes))
    expect(shuffled).not.toBe(after)
    expect(shuffled?.split('\r\n').toSorted()).toEqual(after?.split('\r\n').toSorted())
    expect(after?.match(/@[\w.]+/gu)?.every((domain) => domain.toLowerCase() === '@nordlys.example')).toBe(true)
  })

  test('pauses at every few rows, and ends at whichever pause it is told to', async () => {
    const whole = counting()
    await warmUp(world, whole)
    expect(whole.pauses()).toBeGreaterThan(samplePeople / 20)
    for (const share of [0, 0.1, 0.3, 0.6, 0.9]) {
      const last = Math.floor(share * whole.pauses())
      const work = counting(last)
      await expect(warmUp(world, work)).rejects.toThrow(Cancelled)
      expect(work.pauses()).toBe(last + 1)
    }
  })

  test('leaves no draft, no file and no event behind', () =>
    onBench(async ({ backend, api, folder, events }) => {
      await backend.warmUp(counting())
      expect(await readdir(folder, { recursive: true })).toEqual([])
      expect(await api['drafts.list']({})).toEqual({ ok: true, value: [] })
      expect(events).toEqual([])
    }))
})
