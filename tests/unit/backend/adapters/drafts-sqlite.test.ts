import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { createSqliteDrafts } from '../../../../backend/adapters/drafts-sqlite/drafts-sqlite.ts'
import { createSqliteLocks } from '../../../../backend/adapters/owner-lock-sqlite/owner-lock-sqlite.ts'
import { DraftDamaged } from '../../../../backend/ports/draft-store.ts'
import { must } from '../../../support/backend.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'roster-drafts-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})
const locks = createSqliteLocks(path.join(folder, 'locks'))
const drafts = createSqliteDrafts(path.join(folder, 'drafts'), locks)
const filesOf = (id: string): readonly string[] => readdirSync(path.join(folder, 'drafts')).filter((name) => name.startsWith(id))

/** Larger than a piece. */
const large = Uint8Array.from({ length: 40_000_000 }, (_, i) => (i * 31 + (i >> 16)) & 0xff)
const parts = new Map([['table/source', large], ['table/rows', Uint8Array.of(1, 2, 3)], ['table/arena', new Uint8Array(0)]]) // prettier-ignore

test('a large draft is made in pieces, seen when it is whole, and comes back as it was', async () => {
  let pauses = 0
  const seen: number[] = []
  const pause = async (): Promise<void> => {
    pauses++
    await setImmediate()
    seen.push((await drafts.list()).length)
  }
  const made = must(await drafts.create('d-large', { name: 'large' }, parts, pause))
  expect(pauses).toBeGreaterThan(4)
  expect(new Set(seen)).toEqual(new Set([0]))
  expect((await drafts.list(() => true)).map(({ id, facts }) => [id, facts])).toEqual([['d-large', { name: 'large' }]])
  expect(made.append({ at: '2026-11-21T12:00:00Z', kind: 'edit', note: 'n' }, Uint8Array.of(7))).toBe(1)
  made.close()

  const again = must(await drafts.open('d-large'))
  expect(Buffer.compare(again.part('table/source')!, large)).toBe(0)
  expect([again.part('table/rows'), again.part('table/arena')?.length, again.part('table/none')]).toEqual([parts.get('table/rows'), 0, null]) // prettier-ignore
  const slices = [...again.readingPart('table/source')]
  expect(slices.length).toBeGreaterThan(1)
  expect(again.lastEntry).toBe(1)
  again.close()
  if (process.platform !== 'win32') expect(statSync(path.join(folder, 'drafts/d-large.sqlite')).mode & 0o777).toBe(0o600)

  const database = new DatabaseSync(path.join(folder, 'drafts/d-large.sqlite'))
  database.prepare('UPDATE parts SET crc = crc + 1 WHERE name = ? AND piece = 1').run('table/source')
  database.close()
  const damaged = must(await drafts.open('d-large'))
  expect(() => damaged.part('table/source')).toThrow(DraftDamaged)
  damaged.close()
})

test('a making that is ended in the middle leaves nothing, and frees the name', async () => {
  const ended = new Error('cancelled')
  let pauses = 0
  const pause = async (): Promise<void> => {
    if (++pauses === 2) throw ended
    await setImmediate()
  }
  await expect(drafts.create('d-ended', {}, parts, pause)).rejects.toBe(ended)
  expect(filesOf('d-ended')).toEqual([])
  must(await drafts.create('d-ended', {}, new Map())).close()
  expect(filesOf('d-ended')).toContain('d-ended.sqlite')
})

test('what a killed program left of a draft is cleared away; what another one is making stays', async () => {
  for (const id of ['d-killed', 'd-made']) writeFileSync(path.join(folder, 'drafts', `${id}.sqlite.part`), 'half')
  const held = locks.acquire('d-made')
  await drafts.list()
  expect([filesOf('d-killed'), filesOf('d-made')]).toEqual([[], ['d-made.sqlite.part']])
  if (held.ok) held.value.release()
  await drafts.list()
  expect(filesOf('d-made')).toEqual([])
})
