import { expect, test } from 'vitest'
import { freshest } from '../../renderer/src/state/freshest.ts'

/** Asks about subjects in turn, has the answers come in the order of `places`, and gives them in the order of the asking. */
async function answersTo(subjects: readonly string[], places: readonly number[]): Promise<readonly (string | null)[]> {
  const fresh = freshest()
  const waiting = subjects.map(() => Promise.withResolvers<null>())
  const answers = subjects.map((about, place) =>
    fresh(async () => {
      await waiting[place]?.promise
      return `${about}${String(place)}`
    }, about),
  )
  for (const place of places) {
    waiting[place]?.resolve(null)
    await answers[place]
  }
  return Promise.all(answers)
}

test('answers that come in the order of their asking are all taken, however many there are', async () => {
  expect(await answersTo(['a', 'a', 'a'], [0, 1, 2])).toEqual(['a0', 'a1', 'a2'])
})

test('an answer that comes after the one to a later asking is out of date', async () => {
  expect(await answersTo(['a', 'a', 'a'], [1, 0, 2])).toEqual([null, 'a1', 'a2'])
})

test('an answer about what is no longer asked about is none', async () => {
  expect(await answersTo(['a', 'b'], [0, 1])).toEqual([null, 'b1'])
})
