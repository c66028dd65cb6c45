import type { SafeStorage } from 'electron'
import type { KeyChain, Keeping } from '../../backend/ports/signers.ts'

type Storage = Pick<SafeStorage, 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'>

/**
 * The system's key chain over Electron's `safeStorage`: Keychain on macOS, DPAPI on Windows, GNOME Keyring or KWallet on Linux. Linux
 * without one of those encrypts with a password that everybody knows (`basic_text`): that is no key chain, and is said so.
 */
export const systemKeyChain = (storage: Storage, platform: NodeJS.Platform): KeyChain => ({
  async keeping(): Promise<Keeping> {
    if (platform === 'linux' && storage.getSelectedStorageBackend() === 'basic_text') return { by: 'passphrase', why: 'plain-text' }
    return (await storage.isAsyncEncryptionAvailable()) ? { by: 'key-chain' } : { by: 'passphrase', why: 'unavailable' }
  },
  encrypt: async (text) => (await storage.encryptStringAsync(text)).toString('base64'),
  async decrypt(sealed) {
    try {
      return (await storage.decryptStringAsync(Buffer.from(sealed, 'base64'))).result
    } catch {
      // Another person's or machine's, or changed: to the caller it simply does not open.
      return null
    }
  },
})
