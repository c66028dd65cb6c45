import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto'
import path from 'node:path'
import { personKey } from '../../../shared/core/batch/approval.ts'
import { successionText, type KeySuccession } from '../../../shared/core/review/key-succession.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { FileAccess } from '../../ports/file-access.ts'
import type { PublicKey, SecretBox, SignerProblem, Signers } from '../../ports/signers.ts'

interface KeyFile extends PublicKey {
  readonly format: 1
  /** PKCS #8, DER, sealed by the box. */
  readonly sealed: string
  /** How this key came to follow earlier ones; absent for a first key. */
  readonly successions?: readonly KeySuccession[]
  /** The key that will follow: beside the present one until the store knows it. */
  readonly next?: { readonly sealed: string; readonly succession: KeySuccession } | null
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

  async function write(file: KeyFile, replace: boolean): Promise<Result<null, SignerProblem>> {
    const bytes = new Uint8Array(Buffer.from(`${JSON.stringify(file, null, 2)}\n`))
    const written = await files.write(pathOf(file.person), bytes, { replace })
    if (written.ok) return ok(null)
    return err(problem(written.error.reason === 'exists' ? 'exists' : 'not-writable', written.error.detail))
  }

  /** Null, or why the secret does not do for a key that is made or sealed now. */
  async function weakness(secret: string): Promise<SignerProblem | null> {
    if (secret.length >= shortestSecret || (secret === '' && (await box.keeping()).by === 'key-chain')) return null
    return problem('weak-secret', `a passphrase has at least ${shortestSecret} characters`)
  }

  /** The file of a person with its private half, opened. */
  async function opened(
    person: string,
    secret: string,
  ): Promise<Result<{ readonly file: KeyFile; readonly key: KeyObject; readonly der: Uint8Array }, SignerProblem>> {
    const file = await read(person)
    if (file === null) return err(problem('no-key', `there is no key of ${person} here`))
    const der = await box.open(file.sealed, secret)
    const key = der === null ? null : privateKeyOf(der)
    if (der === null || key === null) return err(problem('wrong-secret', 'the passphrase does not open the key'))
    return publicTextOf(key) === file.publicKey ? ok({ file, key, der }) : err(problem('wrong-secret', 'the key file was changed'))
  }

  const signed = (key: KeyObject, text: string): string => sign(null, Buffer.from(text, 'utf8'), key).toString('base64')

  return {
    keeping: () => box.keeping(),
    async create(person, secret) {
      const weak = await weakness(secret)
      if (weak !== null) return err(weak)
      const { publicText, der } = newPair()
      const made: PublicKey = { person: person.trim(), publicKey: publicText, fingerprint: fingerprintOf(publicText) ?? '' }
      const written = await write({ ...made, format: 1, sealed: await box.seal(der, secret) }, false)
      return written.ok ? ok(made) : written
    },
    async find(person) {
      const file = await read(person)
      if (file === null) return null
      const { person: name, publicKey, fingerprint, sealed, successions = [], next = null } = file
      return { person: name, publicKey, fingerprint, keptBy: box.keptBy(sealed), successions, next: next?.succession ?? null }
    },
    async sign(person, secret, text) {
      const own = await opened(person, secret)
      return own.ok ? ok({ key: own.value.file.fingerprint, signature: signed(own.value.key, text) }) : own
    },
    async reseal(person, secret, next) {
      const weak = await weakness(next)
      if (weak !== null) return err(weak)
      const own = await opened(person, secret)
      if (!own.ok) return own
      return write({ ...own.value.file, sealed: await box.seal(own.value.der, next) }, true)
    },
    async prepareNext(person, secret, next) {
      const weak = await weakness(next)
      if (weak !== null) return err(weak)
      const own = await opened(person, secret)
      if (!own.ok) return own
      const { file, key } = own.value
      const { publicText, der } = newPair()
      const said = { key: file.fingerprint, publicKey: publicText }
      const succession: KeySuccession = { ...said, signature: signed(key, successionText(file.person, said)) }
      const written = await write({ ...file, next: { sealed: await box.seal(der, next), succession } }, true)
      return written.ok ? ok(succession) : written
    },
    async promoteNext(person) {
      const file = await read(person)
      const next = file?.next ?? null
      if (file === null || next === null) return err(problem('no-key', `no key is prepared to follow that of ${person}`))
      const { publicKey } = next.succession
      const made: PublicKey = { person: file.person, publicKey, fingerprint: fingerprintOf(publicKey) ?? '' }
      const successions = [...(file.successions ?? []), next.succession]
      const written = await write({ ...made, format: 1, sealed: next.sealed, successions, next: null }, true)
      return written.ok ? ok(made) : written
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

const publicTextOf = (key: KeyObject): string => createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64')

function newPair(): { readonly publicText: string; readonly der: Uint8Array } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return {
    publicText: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    der: privateKey.export({ type: 'pkcs8', format: 'der' }),
  }
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
