import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import type { SecretBox } from '../../ports/signers.ts'

/** scrypt at 32 MiB: about a tenth of a second a try. */
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const
const parts = { salt: 16, iv: 12, tag: 16 } as const

/** AES-256-GCM under a key that scrypt makes of the passphrase. `s1:` and salt, IV, tag and cipher text in base64. */
export const passphraseBox: SecretBox = {
  keeping: async () => ({ by: 'passphrase', why: 'host' }),
  keptBy: () => 'passphrase',
  async seal(bytes, secret) {
    const salt = randomBytes(parts.salt)
    const iv = randomBytes(parts.iv)
    const cipher = createCipheriv('aes-256-gcm', await keyOf(secret, salt), iv)
    const sealed = Buffer.concat([cipher.update(bytes), cipher.final()])
    return `s1:${Buffer.concat([salt, iv, cipher.getAuthTag(), sealed]).toString('base64')}`
  },
  async open(sealed, secret) {
    if (!sealed.startsWith('s1:')) return null
    const all = Buffer.from(sealed.slice(3), 'base64')
    const ivAt = parts.salt
    const tagAt = ivAt + parts.iv
    const textAt = tagAt + parts.tag
    if (all.length <= textAt) return null
    const decipher = createDecipheriv('aes-256-gcm', await keyOf(secret, all.subarray(0, ivAt)), all.subarray(ivAt, tagAt), {
      authTagLength: parts.tag,
    })
    decipher.setAuthTag(all.subarray(tagAt, textAt))
    try {
      return Buffer.concat([decipher.update(all.subarray(textAt)), decipher.final()])
    } catch {
      return null
    }
  },
}

function keyOf(secret: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret.normalize('NFKC'), salt, 32, cost, (failed, key) => {
      if (failed === null) resolve(key)
      else reject(failed)
    })
  })
}
