import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto'
import path from 'node:path'
import { personKey } from '../../../shared/core/batch/approval.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { FileAccess } from '../../ports/file-access.ts'
import type { PublicKey, SecretBox, SignerProblem, Signers } from '../../ports/signers.ts'

interface KeyFile extends PublicKey {
  readonly format: 1
  /** PKCS #8, DER, sealed by the box. */
  readonly sealed: string
}

/** A passphrase shorter than this would be found by trying. */
const shortestSecret = 8

/** One file a person in a folder of the data folder. The name of the file says nothing of the person's. */
export function createKeysFolder(folder: string, files: FileAccess, box: SecretBox): Signers {
  const pathOf = (person: string): string =>
    path.join(folder, `${createHash('sha256').update(personKey(person)).digest('hex').slice(0, 24)}.json`)

  async function read(person: string): Promise<KeyFile | null> {
    const bytes = await files.read(pathOf(person))
    if (!bytes.ok) return null
    try {
      const file = JSON.parse(Buffer.from(bytes.value).toString('utf8')) as Omit<KeyFile, 'format'> & { readonly format: number }
      return file.format === 1 && fingerprintOf(file.publicKey) === file.fingerprint ? { ...file, format: 1 } : null
    } catch {
      return null
    }
  }

  return {
    async create(person, secret) {
      if (secret.length < shortestSecret) return err(problem('weak-secret', `a passphrase has at least ${shortestSecret} characters`))
      const { publicKey, privateKey } = generateKeyPairSync('ed25519')
      const publicText = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
      const made: PublicKey = { person: person.trim(), publicKey: publicText, fingerprint: fingerprintOf(publicText) ?? '' }
      const file: KeyFile = { ...made, format: 1, sealed: await box.seal(privateKey.export({ type: 'pkcs8', format: 'der' }), secret) }
      const written = await files.write(pathOf(person), new Uint8Array(Buffer.from(`${JSON.stringify(file, null, 2)}\n`)))
      if (written.ok) return ok(made)
      return err(problem(written.error.reason === 'exists' ? 'exists' : 'not-writable', written.error.detail))
    },
    async find(person) {
      const file = await read(person)
      return file === null ? null : { person: file.person, publicKey: file.publicKey, fingerprint: file.fingerprint }
    },
    async sign(person, secret, text) {
      const file = await read(person)
      if (file === null) return err(problem('no-key', `there is no key of ${person} here`))
      const opened = await box.open(file.sealed, secret)
      const key = opened === null ? null : privateKeyOf(opened)
      if (key === null) return err(problem('wrong-secret', 'the passphrase does not open the key'))
      return signWith(key, file, text)
    },
    verify(publicKey, text, signature) {
      const key = publicKeyOf(publicKey)
      const bytes = Buffer.from(signature, 'base64')
      // Base64 has bits that say nothing: of all spellings of a signature only the one that was written is the signature.
      return key !== null && bytes.toString('base64') === signature && verify(null, Buffer.from(text, 'utf8'), key, bytes)
    },
    fingerprintOf,
  }
}

/** A key file whose halves do not belong together signs nothing. */
function signWith(
  key: KeyObject,
  { publicKey, fingerprint }: PublicKey,
  text: string,
): Result<{ readonly key: string; readonly signature: string }, SignerProblem> {
  const own = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64')
  if (own !== publicKey) return err(problem('wrong-secret', 'the key file was changed'))
  return ok({ key: fingerprint, signature: sign(null, Buffer.from(text, 'utf8'), key).toString('base64') })
}

const problem = (reason: SignerProblem['reason'], detail: string): SignerProblem => ({ kind: 'signer-problem', reason, detail })

function privateKeyOf(der: Uint8Array): KeyObject | null {
  try {
    return createPrivateKey({ key: Buffer.from(der), type: 'pkcs8', format: 'der' })
  } catch {
    return null
  }
}

function publicKeyOf(text: string): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), type: 'spki', format: 'der' })
    const isSame = key.export({ type: 'spki', format: 'der' }).toString('base64') === text
    return key.asymmetricKeyType === 'ed25519' && isSame ? key : null
  } catch {
    return null
  }
}

function fingerprintOf(publicKey: string): string | null {
  return publicKeyOf(publicKey) === null ? null : createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex')
}
