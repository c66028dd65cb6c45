import { createHash } from 'node:crypto'
import path from 'node:path'
import { err, ok } from '../../../shared/kit/result.ts'
import type { CustomerStore, StoredProfile } from '../../ports/customer-store.ts'
import type { FileAccess } from '../../ports/file-access.ts'

/** One JSON file a customer. The file's name starts like the customer's, for people who look; the hash keeps names apart. */
export function createCustomersFolder(folder: string, files: FileAccess): CustomerStore {
  const pathOf = (name: string): string => path.join(folder, fileNameOf(name))
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
  }
}

function fileNameOf(name: string): string {
  const key = name.trim().toLowerCase().normalize('NFC')
  const readable = key
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/gu, '-')
    .replace(/^-+|-+$/gu, '')
    .slice(0, 40)
  return `${readable || 'customer'}-${createHash('sha256').update(key).digest('hex').slice(0, 8)}.json`
}
