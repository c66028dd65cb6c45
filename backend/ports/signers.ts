import type { Result } from '../../shared/kit/result.ts'

/** Reviewers' keys on this machine: Ed25519, one a person. A private key never leaves the adapter, and lies on the disk sealed only. */
export interface Signers {
  /** Makes a person's key. `exists`: there is one already, which is left alone. */
  create(person: string, secret: string): Promise<Result<PublicKey, SignerProblem>>
  /** Null: this person has no key here. */
  find(person: string): Promise<PublicKey | null>
  /** Signs the UTF-8 bytes of a text; base64. */
  sign(person: string, secret: string, text: string): Promise<Result<{ readonly key: string; readonly signature: string }, SignerProblem>>
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
  seal(bytes: Uint8Array, secret: string): Promise<string>
  /** Null: it does not open. */
  open(sealed: string, secret: string): Promise<Uint8Array | null>
}
