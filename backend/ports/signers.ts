import type { KeySuccession } from '../../shared/core/review/key-succession.ts'
import type { Result } from '../../shared/kit/result.ts'

/** Reviewers' keys on this machine: Ed25519, one a person. A private key never leaves the adapter, and lies on the disk sealed only. */
export interface Signers {
  /** How a key that is made now would be kept. */
  keeping(): Promise<Keeping>
  /** Makes a person's key. `exists`: there is one already, which is left alone. */
  create(person: string, secret: string): Promise<Result<PublicKey, SignerProblem>>
  /** Null: this person has no key here. */
  find(person: string): Promise<OwnKey | null>
  /** Signs the UTF-8 bytes of a text; base64. */
  sign(person: string, secret: string, text: string): Promise<Result<{ readonly key: string; readonly signature: string }, SignerProblem>>
  /** Seals the same key anew, with another passphrase. */
  reseal(person: string, secret: string, next: string): Promise<Result<null, SignerProblem>>
  /** Makes the key that will follow, and lets the present one say so. Until `promoteNext` the present one still signs. */
  prepareNext(person: string, secret: string, next: string): Promise<Result<KeySuccession, SignerProblem>>
  /** From now on the prepared key is the person's. */
  promoteNext(person: string): Promise<Result<PublicKey, SignerProblem>>
  verify(publicKey: string, text: string, signature: string): boolean
  /** Null where the text is no Ed25519 public key. */
  fingerprintOf(publicKey: string): string | null
}

export interface PublicKey {
  readonly person: string
  /** DER (SubjectPublicKeyInfo), base64. */
  readonly publicKey: string
  /** SHA-256 of the DER form, hex. */
  readonly fingerprint: string
}

export interface OwnKey extends PublicKey {
  readonly keptBy: KeptBy
  /** How this key came to follow earlier ones, the oldest first. */
  readonly successions: readonly KeySuccession[]
  /** A key that was prepared to follow, and has not been promoted yet. */
  readonly next: KeySuccession | null
}

/** What opens a key: `both` wants the key chain and the passphrase. */
export type KeptBy = 'passphrase' | 'key-chain' | 'both'

/**
 * `host`: this host has no key chain to use. `unavailable`: there is one, but it cannot be used now. `plain-text`: the system would only
 * pretend to encrypt.
 */
export type Keeping = { readonly by: 'key-chain' } | { readonly by: 'passphrase'; readonly why: 'host' | 'unavailable' | 'plain-text' }

export interface SignerProblem {
  readonly kind: 'signer-problem'
  /** `wrong-secret`: the passphrase does not open the key, or the key's file was changed. */
  readonly reason: 'exists' | 'no-key' | 'wrong-secret' | 'weak-secret' | 'not-writable'
  readonly detail: string
}

/**
 * Seals a few bytes so that only who knows the secret, or the system's key chain, opens them. The desktop's seals with the key chain; the
 * one for all other hosts with a passphrase.
 */
export interface SecretBox {
  keeping(): Promise<Keeping>
  /** An empty secret is none: only a key chain seals without. */
  seal(bytes: Uint8Array, secret: string): Promise<string>
  /** Null: it does not open. */
  open(sealed: string, secret: string): Promise<Uint8Array | null>
  keptBy(sealed: string): KeptBy
}

/** The system's own store of secrets, as far as a box needs it. */
export interface KeyChain {
  keeping(): Promise<Keeping>
  encrypt(text: string): Promise<string>
  /** Null: it was encrypted by another person or machine, or was changed. */
  decrypt(sealed: string): Promise<string | null>
}
