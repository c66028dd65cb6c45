import { personKey } from '../batch/approval.ts'
import { canonicalize } from '../batch/canonical.ts'

/** That one key of a person follows another, said by the older one: whoever trusts the older needs nobody else's word. */
export interface KeySuccession {
  /** Fingerprint of the older key. */
  readonly key: string
  /** The newer key: DER (SubjectPublicKeyInfo), base64. */
  readonly publicKey: string
  /** The older key's Ed25519 signature over `successionText`, base64. */
  readonly signature: string
}

/** What the older key signs. It names no store, so that the same word holds wherever the older key is known. */
export const successionText = (person: string, { key, publicKey }: Pick<KeySuccession, 'key' | 'publicKey'>): string =>
  canonicalize({ what: 'roster-key-succession', format: 1, person: personKey(person), key, publicKey })
