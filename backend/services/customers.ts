import type { CustomerProfile } from '../../shared/core/customer/profile.ts'
import { learnProfile, withLearned } from '../../shared/core/customer/learn-profile.ts'
import { parseCustomerProfile } from '../../shared/core/customer/parse-profile.ts'
import { personKey } from '../../shared/core/batch/approval.ts'
import type { CustomerListItem } from '../../shared/contract/batch-methods.ts'
import type { AppError } from '../../shared/contract/app-error.ts'
import type { Api } from '../../shared/contract/method.ts'
import type { Methods } from '../../shared/contract/methods.ts'
import { err, ok, type Result } from '../../shared/kit/result.ts'
import type { StoredProfile } from '../ports/customer-store.ts'
import type { OpenStores } from './batches/open-stores.ts'
import { readTable } from './files/read-table.ts'
import { jsonOf } from './json-of.ts'
import { mergeList } from './profile-lists.ts'
import { fileError, storeError } from './problems.ts'
import type { CustomersService, FileSource, OpenedFile } from './services.ts'
import type { Tickets } from './tickets.ts'
import type { World } from './world.ts'

export type CustomerMethods = Pick<
  Api<Methods>,
  'customers.list' | 'customers.save' | 'customers.importProfile' | 'customers.delete' | 'customers.importList' | 'customers.learn'
>

export interface Customers {
  readonly service: CustomersService
  /** The saved profile of a name, case ignored; null where there is none. */
  find(name: string): Promise<Result<CustomerProfile | null, AppError>>
  /** The same of a name that must be one. */
  named(name: string): Promise<Result<CustomerProfile, AppError>>
  /** Of a customer that may be chosen: null where none is. */
  chosen(name: string | null | undefined): Promise<Result<CustomerProfile | null, AppError>>
}

export function createCustomers(world: World): Customers {
  const { customers: store, files, baseName } = world

  async function stored(): Promise<Result<readonly StoredProfile[], AppError>> {
    const saved = await store.list()
    if (saved.ok) return saved
    const { path, detail } = saved.error
    return err({ code: 'customer/unreadable', path, detail })
  }

  async function profiles(): Promise<Result<readonly CustomerProfile[], AppError>> {
    const saved = await stored()
    if (!saved.ok) return saved
    const readable = saved.value.flatMap(({ file, text }) => {
      const parsed = parseProfile(file, text)
      return parsed.ok ? [parsed.value] : []
    })
    return ok(readable.toSorted((a, b) => a.name.localeCompare(b.name)))
  }

  const find: Customers['find'] = async (name) => {
    const all = await profiles()
    return all.ok ? ok(all.value.find((profile) => personKey(profile.name) === personKey(name)) ?? null) : all
  }

  const named: Customers['named'] = async (name) => {
    const found = await find(name)
    if (!found.ok) return found
    return found.value === null ? err({ code: 'customer/not-found', customer: name }) : ok(found.value)
  }

  /** A saved profile that somebody edited by hand and that is no longer one: why, rather than that it is not there. */
  async function brokenProfile(name: string): Promise<AppError | null> {
    const saved = await stored()
    if (!saved.ok) return saved.error
    for (const { file, text } of saved.value) {
      const parsed = parseProfile(file, text)
      if (!parsed.ok && personKey(/"name"\s*:\s*"((?:[^"\\]|\\.)*)"/u.exec(text)?.[1] ?? '') === personKey(name)) return parsed.error
    }
    return null
  }

  async function readProfile(source: FileSource): Promise<Result<CustomerProfile, AppError>> {
    if ('bytes' in source) return profileFrom(source.name, () => jsonOf(source.bytes))
    const bytes = await files.read(source.path)
    return bytes.ok ? profileFrom(baseName(source.path), () => jsonOf(bytes.value)) : err(fileError(bytes.error))
  }

  async function save(profile: CustomerProfile): Promise<Result<CustomerProfile, AppError>> {
    const checked = parseCustomerProfile(profile)
    if (!checked.ok) return err({ code: 'profile/invalid', name: profile.name, ...checked.error })
    // Whom nobody can see might be the one that this would be written over.
    const saved = await stored()
    if (!saved.ok) return saved
    const written = await store.write(profile.name, `${JSON.stringify(profile, null, 2)}\n`)
    if (!written.ok) return err(fileError(written.error))
    world.emit({ kind: 'customers-changed' })
    return ok(profile)
  }

  return {
    find,
    named,
    chosen: async (name) => (name === null || name === undefined ? ok(null) : named(name)),
    service: {
      async resolve(nameOrPath) {
        if (/[/\\]|\.json$/iu.test(nameOrPath)) return readProfile({ path: nameOrPath })
        const found = await find(nameOrPath)
        if (!found.ok) return found
        if (found.value !== null) return ok(found.value)
        const broken = await brokenProfile(nameOrPath)
        if (broken !== null) return err(broken)
        return (await files.stat(nameOrPath)) === null
          ? err({ code: 'customer/not-found', customer: nameOrPath })
          : readProfile({ path: nameOrPath })
      },
      readProfile,
      list: profiles,
      async broken() {
        const saved = await stored()
        if (!saved.ok) return [saved.error]
        return saved.value.flatMap(({ file, text }) => {
          const profile = parseProfile(file, text)
          return profile.ok ? [] : [profile.error]
        })
      },
      save,
      async importList(name, what, source) {
        const known = await named(name)
        if (!known.ok) return known
        const file = await readTable(world, source, { isPlainList: true })
        if (!file.ok) return file
        const changed = await store.alone(async () => {
          // Read anew: another list may have come in while this one was read.
          const profile = await named(name)
          if (!profile.ok) return profile
          const merged = mergeList(profile.value, what, file.value)
          if (!merged.ok) return merged
          const saved = await save(merged.value.profile)
          return saved.ok ? merged : saved
        })
        return changed.ok ? changed.value : err(fileError(changed.error))
      },
    },
  }
}

/** Strict: an unknown key, a wrong type or a broken rule of the customer's own is refused with the path to it. */
export const parseProfile = (name: string, text: string): Result<CustomerProfile, AppError> =>
  profileFrom(name, () => JSON.parse(text) as unknown)

function profileFrom(name: string, read: () => unknown): Result<CustomerProfile, AppError> {
  let parsed: unknown
  try {
    parsed = read()
  } catch (thrown) {
    return err({ code: 'profile/invalid', name, path: '', detail: thrown instanceof Error ? thrown.message : 'is no JSON' })
  }
  const profile = parseCustomerProfile(parsed)
  return profile.ok ? profile : err({ code: 'profile/invalid', name, ...profile.error })
}

export interface CustomerParts {
  readonly world: World
  readonly customers: Customers
  readonly stores: OpenStores
  readonly tickets: Tickets
  /** A draft's rows, for learning from them. */
  readonly draftFile: (draftId: string) => Promise<Result<OpenedFile, AppError>>
}

export function customerMethods({ world, customers, stores, tickets, draftFile }: CustomerParts): CustomerMethods {
  const { service, find, named } = customers

  async function listItems(profiles: readonly CustomerProfile[]): Promise<Result<readonly CustomerListItem[], AppError>> {
    // Whose they are is all that is wanted: who holds them is asked of none.
    const drafts = await world.drafts.list(() => true)
    const found = await stores.find(undefined)
    if (!found.ok) return found
    const batches = found.value === null ? ok([]) : await found.value.batches()
    if (!batches.ok) return err(storeError(batches.error))
    return ok(
      profiles.map((profile) => {
        const isTheirs = (name: unknown): boolean => typeof name === 'string' && personKey(name) === personKey(profile.name)
        return {
          name: profile.name,
          profile,
          drafts: drafts.filter(({ facts }) => isTheirs(facts['customer'])).length,
          batches: batches.value.filter(({ customer }) => isTheirs(customer)).length,
        }
      }),
    )
  }

  async function listItem(profile: CustomerProfile): Promise<Result<CustomerListItem, AppError>> {
    const items = await listItems([profile])
    if (!items.ok) return items
    const [item] = items.value
    return item === undefined ? err({ code: 'customer/not-found', customer: profile.name }) : ok(item)
  }

  return {
    async 'customers.list'() {
      const profiles = await service.list()
      return profiles.ok ? listItems(profiles.value) : profiles
    },
    async 'customers.save'({ profile, formerName }) {
      const saved = await service.save(profile)
      if (!saved.ok) return saved
      if (formerName !== undefined && personKey(formerName) !== personKey(profile.name)) {
        const removed = await world.customers.remove(formerName)
        if (!removed.ok) return err(fileError(removed.error))
      }
      return listItem(saved.value)
    },
    async 'customers.importProfile'({ ticket }) {
      const source = tickets.source(ticket)
      if (!source.ok) return source
      const profile = await service.readProfile(source.value)
      if (!profile.ok) return profile
      const saved = await service.save(profile.value)
      return saved.ok ? listItem(saved.value) : saved
    },
    async 'customers.delete'({ name, confirmedName }) {
      if (name !== confirmedName) return err({ code: 'guard/refused', detail: 'the name typed is not the customer’s' })
      const profile = await named(name)
      if (!profile.ok) return profile
      const removed = await world.customers.remove(profile.value.name)
      if (!removed.ok) return err(fileError(removed.error))
      world.emit({ kind: 'customers-changed' })
      return ok(null)
    },
    async 'customers.importList'({ name, what, ticket }) {
      const source = tickets.source(ticket)
      return source.ok ? service.importList(name, what, source.value) : source
    },
    async 'customers.learn'({ name, source }) {
      const file = 'draftId' in source ? await draftFile(source.draftId) : await fileOf(source.ticket)
      if (!file.ok) return file
      const known = await find(name)
      if (!known.ok) return known
      return ok(withLearned(known.value ?? { name }, learnProfile(file.value.table, file.value.columns)))
    },
  }

  async function fileOf(ticket: string): Promise<Result<OpenedFile, AppError>> {
    const source = tickets.source(ticket)
    return source.ok ? readTable(world, source.value) : source
  }
}
