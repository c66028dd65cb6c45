import { verifyChain, type AuditEntry, type AuditHead } from '../../shared/core/batch/audit.ts'
import type { AppError } from '../../shared/contract/app-error.ts'
import type { AuditLine } from '../../shared/contract/batch-methods.ts'
import type { Api } from '../../shared/contract/method.ts'
import type { Methods } from '../../shared/contract/methods.ts'
import { err, ok, type Result } from '../../shared/kit/result.ts'
import type { ProvisioningStore, StoreProblem } from '../ports/provisioning-store.ts'
import { anchorOf, parseReceipt } from './batches/receipts.ts'
import type { OpenStores } from './batches/open-stores.ts'
import { fileError, storeError } from './problems.ts'
import type { StoreService } from './services.ts'
import type { StoreUsers } from './store-users.ts'
import type { World } from './world.ts'

export type StoreMethods = Pick<Api<Methods>, 'store.status' | 'audit.list' | 'audit.verify'>

const page = 10_000

export function storeMethods(world: World, stores: OpenStores): StoreMethods {
  return {
    async 'store.status'({ store: url }) {
      // A mistyped name is no new store; the one in the data folder is made by whoever asks first.
      const store = await (url === undefined ? stores.create(url) : stores.need(url))
      if (!store.ok) return store
      const status = await store.value.status()
      if (!status.ok) return err(storeError(status.error))
      const { lineage, serial, customers, subscribers, batches } = status.value
      return ok({ url: store.value.url, lineage, serial, customers, subscribers, batches })
    },
    async 'audit.list'({ from, count }) {
      const found = await stores.find(undefined)
      if (!found.ok) return found
      if (found.value === null) return ok({ total: 0, entries: [] })
      const entries = await found.value.audit(from, count)
      if (!entries.ok) return err(storeError(entries.error))
      const actors = await found.value.actors()
      if (!actors.ok) return err(storeError(actors.error))
      const lineOf = ({ entry, at, what, batch, counts, actor, hash }: AuditEntry): AuditLine => ({
        entry,
        at,
        by: actors.value.get(actor) ?? '',
        what,
        batch,
        counts,
        hash,
      })
      return ok({ total: entries.value.total, entries: entries.value.entries.map(lineOf) })
    },
    async 'audit.verify'() {
      const found = await stores.find(undefined)
      if (!found.ok) return found
      const entries = found.value === null ? ok([]) : await allEntries(found.value)
      if (!entries.ok) return entries
      const anchors = await anchorsOf(world, found.value)
      if (!anchors.ok) return anchors
      const { entries: count, head, broken } = verifyChain(entries.value, world.hasher, anchors.value)
      return ok({ entries: count, head: head.hash, broken })
    },
  }
}

async function allEntries(store: ProvisioningStore): Promise<Result<readonly AuditEntry[], AppError>> {
  const entries: AuditEntry[] = []
  for (;;) {
    const next = await store.audit(entries.length, page)
    if (!next.ok) return err(storeError(next.error))
    entries.push(...next.value.entries)
    if (next.value.entries.length < page) return ok(entries)
  }
}

/** Heads that were recorded elsewhere: with each push in the store, and in every receipt that lies in the data folder. */
async function anchorsOf(
  { ownFiles, folders, join }: World,
  store: ProvisioningStore | null,
): Promise<Result<readonly AuditHead[], AppError>> {
  const anchors: AuditHead[] = []
  for (const name of await ownFiles.list(folders.receipts)) {
    if (!name.endsWith('.json') || name.startsWith('.')) continue
    const bytes = await ownFiles.read(join(folders.receipts, name))
    const receipt = bytes.ok ? parseReceipt(Buffer.from(bytes.value).toString('utf8')) : null
    const anchor = receipt === null ? null : anchorOf(receipt.auditHead)
    if (anchor !== null) anchors.push(anchor)
  }
  if (store === null) return ok(anchors)
  const batches = await store.batches()
  if (!batches.ok) return err(storeError(batches.error))
  for (const { batch } of batches.value) {
    const pushes = await store.pushes(batch)
    if (!pushes.ok) return err(storeError(pushes.error))
    for (const { auditHead } of pushes.value) if (auditHead !== null) anchors.push(auditHead)
  }
  return ok(anchors)
}

export function createStoreService({ files }: Pick<World, 'files'>, stores: OpenStores, storeUsers: StoreUsers): StoreService {
  return {
    async init(url) {
      const store = await stores.init(url)
      return store.ok ? ok(null) : store
    },
    async keepApart(url) {
      const store = await stores.need(url)
      if (!store.ok) return store
      if (store.value.enforceRoles === undefined) {
        return err({ code: 'guard/refused', detail: 'a store in a file cannot tell people apart; roles need PostgreSQL' })
      }
      const kept = await store.value.enforceRoles()
      return kept.ok ? ok(null) : err(storeError(kept.error))
    },
    async backup(path, { store: url, ...options }) {
      const store = await stores.need(url)
      if (!store.ok) return store
      const backed = await files.writeThrough<StoreProblem>(path, options, (beside) => store.value.backup(beside))
      if (backed.ok) return ok(null)
      const problem = backed.error
      if (problem.kind === 'file-problem') return err(fileError(problem))
      // People asked for `path`; the name beside it means nothing to them.
      return err(storeError(problem.reason === 'not-writable' ? { ...problem, path } : problem))
    },
    baseline: (customer, url) => storeUsers.sheet(customer, url),
  }
}
