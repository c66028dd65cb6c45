import type { KeyChain, SecretBox } from '../../ports/signers.ts'
import { passphraseBox } from './passphrase-box.ts'

/**
 * Seals with the system's key chain: `k0:` alone, `k1:` over what the passphrase sealed already. Where the key chain cannot be used the
 * passphrase seals alone, and what was sealed so before opens as it did.
 */
export const keyChainBox = (chain: KeyChain): SecretBox => ({
  keeping: () => chain.keeping(),
  async seal(bytes, secret) {
    if ((await chain.keeping()).by !== 'key-chain') return passphraseBox.seal(bytes, secret)
    if (secret === '') return `k0:${await chain.encrypt(Buffer.from(bytes).toString('base64'))}`
    return `k1:${await chain.encrypt(await passphraseBox.seal(bytes, secret))}`
  },
  async open(sealed, secret) {
    const kind = sealed.slice(0, 3)
    if (kind !== 'k0:' && kind !== 'k1:') return passphraseBox.open(sealed, secret)
    const inner = await chain.decrypt(sealed.slice(3))
    if (inner === null) return null
    return kind === 'k0:' ? new Uint8Array(Buffer.from(inner, 'base64')) : passphraseBox.open(inner, secret)
  },
  keptBy: (sealed) => (sealed.startsWith('k0:') ? 'key-chain' : sealed.startsWith('k1:') ? 'both' : 'passphrase'),
})
