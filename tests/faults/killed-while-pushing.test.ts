import { cp } from 'node:fs/promises'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { userFile, users } from '../support/user-file.ts'
import { inFolder, must, seeded, startChild, wait, withBackend } from './support.ts'

const trials = Number(process.env['ROSTER_FAULT_TRIALS'] ?? 10)
const items = 600

/** A folder with one approved batch: 600 users get another department. */
async function prepare(folder: string): Promise<string> {
  return withBackend(folder, async (api, backend) => {
    const upload = (text: string) => backend.registerBytes('users.csv', new TextEncoder().encode(text))
    const numbers = (n: number) => ({ Extension: String(20_000 + n), 'Phone Number': `+4721${String(500_000 + n)}` })
    must(await api['customers.save']({ profile: { name: 'Fjordkraft AS' } }))
    const state = must(
      await api['drafts.create']({
        ticket: (await upload(userFile(users(items, (n) => ({ ...numbers(n), Department: 'Salg' }))))).ticket,
        baselineTicket: (await upload(userFile(users(items, numbers)))).ticket,
        customer: 'Fjordkraft AS',
      }),
    )
    const batch = must(await api['batches.submit']({ draftId: state.id, by: 'Kari' }))
    expect(batch.summary.update).toBe(items)
    must(await api['batches.decide']({ batch: batch.batch, by: 'Ola', decision: 'approved', digest: batch.digest }))
    return batch.batch
  })
}

describe('a process that is killed while it pushes', () => {
  test(`leaves every item applied exactly once after resuming (${trials} batches)`, { timeout: 180_000 }, () =>
    inFolder(async (folder) => {
      const prepared = path.join(folder, 'prepared')
      const batch = await prepare(prepared)
      const random = seeded(7)
      let kills = 0
      for (let trial = 0; trial < trials; trial++) {
        const data = path.join(folder, `trial-${trial}`)
        await cp(prepared, data, { recursive: true })
        let mode = 'push'
        for (let attempt = 0; ; attempt++) {
          const child = startChild('push', data, batch, mode)
          const begun = await child.said('')
          if (attempt < 2 && begun.startsWith('done')) {
            await wait(random() * 40)
            await child.kill()
          } else await child.ended
          if (child.lines().some((line) => line.startsWith('ended'))) break
          kills++
          const state = await withBackend(data, async (api) => must(await api['batches.show']({ batch })).state)
          expect(['interrupted', 'applied']).toContain(state)
          if (state === 'applied') break
          mode = 'resume'
        }
        await withBackend(data, async (api) => {
          const shown = must(await api['batches.show']({ batch }))
          expect(shown).toMatchObject({
            state: 'applied',
            digestHolds: true,
            items: { total: items, applied: items, refused: 0, pending: 0 },
          })
          expect(must(await api['batches.receipt']({ batch })).verified).toBe(true)
          expect(must(await api['audit.verify']({})).broken).toBeNull()
        })
        expect(countByRowVersion(path.join(data, 'store.sqlite'))).toEqual([{ row_version: 2, users: items }])
      }
      expect(kills).toBeGreaterThan(trials / 2)
    }),
  )
})

/** 1: as seeded. 2: changed once. More would be changed more than once. */
function countByRowVersion(file: string): readonly unknown[] {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const rows = database
      .prepare("SELECT row_version, count(*) AS users FROM subscribers WHERE cells LIKE '%Salg%' GROUP BY row_version")
      .all()
    return rows.map((row) => ({ ...row }))
  } finally {
    database.close()
  }
}
