import { describe, expect, test } from 'vitest'
import { userFile, users } from '../support/user-file.ts'
import { columnAfter } from './deeds.ts'
import { inFolder, must, seeded, startChild, wait, withBackend } from './support.ts'

const trials = Number(process.env['ROSTER_FAULT_TRIALS'] ?? 20)

describe('a process that is killed while it edits', () => {
  test(`has every acknowledged edit on disk, in order (${trials} kills)`, { timeout: 120_000 }, () =>
    inFolder(async (folder) => {
      const before = users(12)
      const draftId = await withBackend(folder, async (api, backend) => {
        const { ticket } = await backend.registerBytes('users.csv', new TextEncoder().encode(userFile(before)))
        return must(await api['drafts.create']({ ticket })).id
      })
      const random = seeded(1)
      let saved = 0
      for (let trial = 0; trial < trials; trial++) {
        const child = startChild('edit', folder, draftId)
        await child.said('ready')
        await wait(random() * 60)
        await child.kill()
        const acknowledged = child.lines().filter((line) => line.startsWith('saved'))
        saved = Number(acknowledged.at(-1)?.split(' ')[1] ?? saved)
        for (const line of acknowledged) expect(line).toMatch(/^saved (\d+) \1$/u)

        await withBackend(folder, async (api) => {
          const state = must(await api['drafts.open']({ draftId }))
          expect(state.readOnly).toBe(false)
          // At most the one that was under way is there beside them.
          expect(state.revision).toBeGreaterThanOrEqual(saved)
          expect(state.revision).toBeLessThanOrEqual(saved + 1)
          saved = state.revision
          const block = must(await api['drafts.block']({ draftId, from: 0, count: 12, columns: [0] }))
          const texts = before.map(([first = '']) => first)
          expect(block.flat()).toEqual(columnAfter(texts, saved))
        })
      }
      expect(saved).toBeGreaterThan(trials)
    }),
  )
})
