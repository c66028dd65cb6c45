import { createHash } from 'node:crypto'
import type { FileAccess } from '../../ports/file-access.ts'
import type { KeyChain } from '../../ports/signers.ts'
import type { StorePasswords } from '../../ports/store-passwords.ts'

/** For a host whose key chain seals texts (Electron): a file of the data folder with what it sealed. The file says nothing of the places. */
export function createSealedPasswords(file: string, files: FileAccess, chain: KeyChain): StorePasswords {
  const keyOf = (place: string): string => createHash('sha256').update(place).digest('hex')

  async function read(): Promise<Readonly<Record<string, string>>> {
    const bytes = await files.read(file)
    if (!bytes.ok) return {}
    try {
      const kept = JSON.parse(Buffer.from(bytes.value).toString('utf8')) as { readonly format?: unknown; readonly sealed?: unknown }
      return kept.format === 1 && typeof kept.sealed === 'object' ? ((kept.sealed ?? {}) as Record<string, string>) : {}
    } catch {
      return {}
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
      const sealed = (await read())[keyOf(place)]
      return sealed === undefined || (await chain.keeping()).by !== 'key-chain' ? null : chain.decrypt(sealed)
    },
    async keep(place, password) {
      if ((await chain.keeping()).by !== 'key-chain') return false
      try {
        return await write({ ...(await read()), [keyOf(place)]: await chain.encrypt(password) })
      } catch {
        // The key chain was locked or refused between the question and the deed.
        return false
      }
    },
    async forget(place) {
      const { [keyOf(place)]: gone, ...left } = await read()
      return gone === undefined || (await write(left))
    },
  }
}
