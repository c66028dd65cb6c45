import { createHash } from 'node:crypto'
import type { FileAccess } from '../../ports/file-access.ts'
import type { KeyChain } from '../../ports/signers.ts'
import type { StorePasswords } from '../../ports/store-passwords.ts'

/** For a host whose key chain seals texts (Electron): a file of the data folder with what it sealed. The file says nothing of the places. */
export function createSealedPasswords(file: string, files: FileAccess, chain: KeyChain): StorePasswords {
  const keyOf = (place: string): string => createHash('sha256').update(place).digest('hex')

  /** Null: there is such a file, but nobody can say what it keeps. It is not written over. */
  async function read(): Promise<Readonly<Record<string, string>> | null> {
    const bytes = await files.read(file)
    if (!bytes.ok) return bytes.error.reason === 'not-found' ? {} : null
    try {
      const { format, sealed } = JSON.parse(Buffer.from(bytes.value).toString('utf8')) as { format?: unknown; sealed?: unknown }
      return format === 1 && typeof sealed === 'object' ? (sealed as Record<string, string> | null) : null
    } catch {
      return null
    }
  }
  async function write(sealed: Readonly<Record<string, string>>): Promise<boolean> {
    if (Object.keys(sealed).length === 0) return (await files.remove(file)).ok
    const bytes = new Uint8Array(Buffer.from(`${JSON.stringify({ format: 1, sealed }, null, 2)}\n`))
    return (await files.write(file, bytes, { replace: true })).ok
  }

  return {
    keeping: () => chain.keeping(),
    async find(place) {
      const sealed = (await read())?.[keyOf(place)]
      return sealed === undefined || (await chain.keeping()).by !== 'key-chain' ? null : chain.decrypt(sealed)
    },
    async keep(place, password) {
      if ((await chain.keeping()).by !== 'key-chain') return false
      const kept = await read()
      if (kept === null) return false
      try {
        return await write({ ...kept, [keyOf(place)]: await chain.encrypt(password) })
      } catch {
        // The key chain was locked or refused between the question and the deed.
        return false
      }
    },
    async forget(place) {
      const kept = await read()
      if (kept === null) return false
      const { [keyOf(place)]: gone, ...left } = kept
      return gone === undefined || (await write(left))
    },
  }
}
