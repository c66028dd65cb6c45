import { createHash } from 'node:crypto'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { inTurn } from '../../../shared/kit/in-turn.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { CustomerStore, StoredProfile } from '../../ports/customer-store.ts'
import type { FileAccess, FileProblem } from '../../ports/file-access.ts'
import type { HeldLock, OwnerLocks } from '../../ports/owner-lock.ts'

/** One JSON file a customer. The file's name starts like the customer's, for people who look; the hash keeps names apart. */
export function createCustomersFolder(folder: string, files: FileAccess, locks: OwnerLocks): CustomerStore {
  const pathOf = (name: string): string => path.join(folder, fileNameOf(name))

  async function heldLock(): Promise<Result<HeldLock, FileProblem>> {
    let owner = ''
    for (let tries = 0; tries < patience; tries++) {
      try {
        const lock = locks.acquire('profiles')
        if (lock.ok) return lock
        owner = lock.error.owner
      } catch (thrown) {
        return err(notWritable(folder, thrown instanceof Error ? thrown.message : String(thrown)))
      }
      await sleep(pauseMs)
    }
    return err(notWritable(folder, `${owner} is changing profiles`))
  }

  // Within this process they stand in line: who waits for the lock itself would keep its holder from going on.
  const take = inTurn()

  async function locked<T>(change: () => Promise<T>): Promise<Result<T, FileProblem>> {
    const lock = await heldLock()
    if (!lock.ok) return lock
    try {
      return ok(await change())
    } finally {
      lock.value.release()
    }
  }

  return {
    async list() {
      const names = await files.namesIn(folder)
      if (!names.ok) return names
      const profiles: StoredProfile[] = []
      for (const file of names.value.filter((name) => name.endsWith('.json') && !name.startsWith('.'))) {
        const content = await files.read(path.join(folder, file))
        if (content.ok) profiles.push({ file, text: Buffer.from(content.value).toString('utf8') })
        // Somebody may have deleted it since.
        else if (content.error.reason !== 'not-found') return err(content.error)
      }
      return ok(profiles)
    },
    write: (name, text) => files.write(pathOf(name), Buffer.from(text), { replace: true }),
    remove: (name) => files.remove(pathOf(name)),
    alone: (change) => take(() => locked(change)),
  }
}

/** A change takes thousandths of a second; so many pauses, and the lock's own patience with each, are some ten seconds. */
const patience = 100
const pauseMs = 10

const notWritable = (folder: string, detail: string): FileProblem => ({
  kind: 'file-problem',
  reason: 'not-writable',
  path: folder,
  detail,
})

function fileNameOf(name: string): string {
  const key = name.trim().toLowerCase().normalize('NFC')
  const readable = key
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/gu, '-')
    .replace(/^-+|-+$/gu, '')
    .slice(0, 40)
  return `${readable || 'customer'}-${createHash('sha256').update(key).digest('hex').slice(0, 8)}.json`
}
