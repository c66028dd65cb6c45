import type { AppError } from '../../shared/contract/app-error.ts'
import type { Api } from '../../shared/contract/method.ts'
import type { Methods } from '../../shared/contract/methods.ts'
import type { StoreLogin } from '../../shared/contract/store-methods.ts'
import { err, ok, type Result } from '../../shared/kit/result.ts'
import type { ProvisioningStores } from '../ports/provisioning-store.ts'
import type { StorePasswords } from '../ports/store-passwords.ts'
import { storeError } from './problems.ts'
import type { World } from './world.ts'

/** The password that stands in the environment; an empty variable is as good as none. */
export const passwordGiven = (environment: Readonly<Record<string, string | undefined>>): string | undefined =>
  [environment['ROSTER_STORE_PASSWORD'], environment['PGPASSWORD']].find((each) => each !== undefined && each !== '')

export type StoreLoginMethods = Pick<Api<Methods>, 'store.login' | 'store.unlock' | 'store.forgetPassword'>

/** What is said when a store's server asks for a password; a function is asked only then, and gives '' where there is none. Undefined: what the client itself knows. */
type PasswordSource = (() => Promise<string>) | undefined

export interface StoreKeys {
  /** In this order: typed in this run, the environment, the key chain, the question at the terminal. */
  passwordFor(url: string): Promise<PasswordSource>
  /** One that the store took: connections that are made from now on say it. */
  type(url: string, password: string): void
  from(url: string): Promise<StoreLogin['password']>
  keep(url: string, password: string): Promise<boolean>
  forget(url: string): Promise<boolean>
  keeping: StorePasswords['keeping']
}

export interface StoreKeysOptions {
  readonly passwords: StorePasswords
  /** What stands in the environment. */
  readonly given: string | undefined
  /** Absent where nobody sits at a terminal, or the client has a password file of its own to look into. */
  readonly ask: (() => Promise<string>) | undefined
}

/** Passwords of the stores of this run. What was typed is held in memory only. */
export function createStoreKeys({ passwords, given, ask }: StoreKeysOptions): StoreKeys {
  const typed = new Map<string, string>()
  const kept = new Map<string, string>()
  /** Two connections that are made at once wait for one answer. */
  const asking = new Map<string, Promise<string>>()

  async function findKept(place: string): Promise<string | undefined> {
    const found = kept.get(place) ?? (await passwords.find(place))
    if (found !== null) kept.set(place, found)
    return found ?? undefined
  }
  async function askOnce(place: string, question: () => Promise<string>): Promise<string> {
    const asked = asking.get(place) ?? question()
    asking.set(place, asked)
    typed.set(place, await asked)
    return asked
  }

  return {
    async passwordFor(url) {
      const place = storePlace(url)
      const known = (): string | undefined => typed.get(place) ?? given ?? kept.get(place)
      if (known() === undefined) await findKept(place)
      if (known() === undefined && ask === undefined) return undefined
      return async () => known() ?? (ask === undefined ? '' : askOnce(place, ask))
    },
    type: (url, password) => void typed.set(storePlace(url), password),
    async from(url) {
      const place = storePlace(url)
      if (given !== undefined && !typed.has(place)) return 'environment'
      // Looked up anew: another program may have kept one, or taken it away.
      kept.delete(place)
      if ((await findKept(place)) !== undefined) return 'kept'
      return typed.has(place) ? 'typed' : 'none'
    },
    keep: (url, password) => passwords.keep(storePlace(url), password),
    async forget(url) {
      const place = storePlace(url)
      typed.delete(place)
      kept.delete(place)
      return passwords.forget(place)
    },
    keeping: () => passwords.keeping(),
  }
}

export interface StoreLoginParts {
  readonly stores: ProvisioningStores
  readonly keys: StoreKeys
  /** The address that is meant where none is named; null: the embedded store. */
  readonly url: string | null
  readonly emit: World['emit']
}

/** The password of the team's store: typed for this run, kept in the system's key chain, forgotten. */
export function storeLoginMethods({ stores, keys, url, emit }: StoreLoginParts): StoreLoginMethods {
  async function login(): Promise<StoreLogin> {
    const keeping = await keys.keeping()
    return {
      url: url === null ? null : `postgres://${storePlace(url)}`,
      password: url === null ? 'none' : await keys.from(url),
      keeping: keeping.by === 'key-chain' ? 'key-chain' : keeping.why,
    }
  }

  /** A connection of its own shows whether the store takes the password; until then no other one says it. */
  async function opens(address: string, password: string): Promise<Result<null, AppError>> {
    const opened = await stores.open(address, { create: false, password })
    if (!opened.ok) return err(storeError(opened.error))
    await opened.value.close()
    keys.type(address, password)
    return ok(null)
  }

  return {
    'store.login': async () => ok(await login()),
    async 'store.unlock'({ password, remember }) {
      if (url === null) return err({ code: 'guard/refused', detail: 'the store in the data folder wants no password' })
      const keeping = await keys.keeping()
      if (remember && keeping.by !== 'key-chain') return err({ code: 'store/no-key-chain', why: keeping.why })
      const opened = await opens(url, password)
      if (!opened.ok) return opened
      const isKept = !remember || (await keys.keep(url, password))
      emit({ kind: 'batches-changed', batch: null })
      return isKept ? ok(await login()) : err({ code: 'store/no-key-chain', why: 'unavailable' })
    },
    async 'store.forgetPassword'() {
      if (url !== null && !(await keys.forget(url))) return err({ code: 'store/no-key-chain', why: 'unavailable' })
      return ok(await login())
    },
  }
}

/** Whose password it is: login, host, port and database, each encoded. What else the address says changes nothing about that. */
function storePlace(url: string): string {
  if (!URL.canParse(url)) return encodeURIComponent(url)
  const { username, hostname, port, pathname, searchParams } = new URL(url)
  const host = searchParams.get('host') ?? (hostname === '' ? 'localhost' : hostname)
  const [user, database] = [username, pathname.slice(1)].map((part) => encodeURIComponent(decodeURIComponent(part)))
  return `${user ?? ''}@${host.startsWith('/') ? encodeURIComponent(host) : host}:${port === '' ? '5432' : port}/${database ?? ''}`
}
