import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { app } from './app.ts'

/** What the machine is like: `none` has no key chain, `basic_text` is a Linux that would only pretend. */
const kind = (): string => process.env['ELECTRON_HOST_KEY_CHAIN'] ?? 'gnome_libsecret'

/** The key of the key chain, kept beside the profile as an operating system would keep it elsewhere. */
function systemKey(): Buffer {
  const folder = path.join(app.getPath('userData'), 'system-key-chain')
  const file = path.join(folder, 'key')
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, randomBytes(32))
  }
  return readFileSync(file)
}

export const safeStorage = {
  getSelectedStorageBackend: () => (kind() === 'none' ? 'unknown' : kind()),
  isAsyncEncryptionAvailable: async () => kind() !== 'none',
  async encryptStringAsync(text: string): Promise<Buffer> {
    if (kind() === 'none') throw new Error('Encryption is not available')
    const iv = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', systemKey(), iv)
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([Buffer.from('v11'), iv, cipher.getAuthTag(), sealed])
  },
  async decryptStringAsync(sealed: Buffer): Promise<{ readonly result: string; readonly shouldReEncrypt: boolean }> {
    if (kind() === 'none' || sealed.subarray(0, 3).toString() !== 'v11') throw new Error('Error while decrypting the ciphertext')
    const decipher = createDecipheriv('aes-256-gcm', systemKey(), sealed.subarray(3, 15))
    decipher.setAuthTag(sealed.subarray(15, 31))
    return { result: Buffer.concat([decipher.update(sealed.subarray(31)), decipher.final()]).toString('utf8'), shouldReEncrypt: false }
  },
}
