import { isSamePerson, personKey } from '../../../shared/core/batch/approval.ts'
import { auditGenesis } from '../../../shared/core/batch/audit.ts'
import type { Approval, BatchContent, BatchItem } from '../../../shared/core/batch/batch.ts'
import type { ContentFrame } from '../../../shared/core/batch/read-content.ts'
import type { CustomerProfile } from '../../../shared/core/customer/profile.ts'
import type { BookRecord } from '../../../shared/core/review/comment.ts'
import { applyPolicy, type AppliedPolicy } from '../../../shared/core/review/policy.ts'
import { countForPolicy, policyFactsOf, policyFactsWith, type PolicyCounts } from '../../../shared/core/review/risks.ts'
import { successionText, type KeySuccession } from '../../../shared/core/review/key-succession.ts'
import { readSignature, statementText, writeSignature, type StatementPlace } from '../../../shared/core/review/statement.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { DecisionReason } from '../../../shared/core/review/decision-reason.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { ProvisioningStore } from '../../ports/provisioning-store.ts'
import type { OwnKey, PublicKey } from '../../ports/signers.ts'
import type { ReadBatch } from '../batches/read-batch.ts'
import type { Customers } from '../customers.ts'
import { storeError } from '../problems.ts'
import type { World } from '../world.ts'
import type { Policies } from './policies.ts'

/** The decisions on a batch as far as they hold, and how many of them it takes. */
export interface Standing {
  /** Those that count towards the policy. */
  readonly decisions: readonly Approval[]
  readonly policy: AppliedPolicy
}

/** A registered key, with when it was registered and, where another one of the same person followed, since when that one signs. */
export interface RegisteredKey extends PublicKey {
  readonly at: string
  readonly until: string | null
}

export interface Decisions {
  /**
   * Looks at every stored decision again: bound to this content, signed where the reviewer has a key, by that key, over exactly what is
   * stored. One that does not hold is an error, not a decision less.
   */
  standing(read: ReadBatch, content: BatchContent): Promise<Result<Standing, AppError>>
  /** The same, where the content was read in pieces. `counts`: by `policyCounter`, over all items. */
  standingWith(read: ReadBatch, frame: ContentFrame, counts: PolicyCounts): Promise<Result<Standing, AppError>>
  /** Counts what the policy of a customer looks at, over items as they come. */
  policyCounter(customer: string): Promise<Result<PolicyCounter, AppError>>
  /** The decision with its signature, where a passphrase was given. `unsigned` where the person has a key and gave none. */
  signed(read: ReadBatch, content: BatchContent, decision: Approval, passphrase: string | undefined): Promise<Result<Approval, AppError>>
  /** Why a decision does not hold; null where it does. `isNew`: it is to be recorded now, so only the key that signs now counts. */
  problemOf(read: ReadBatch, content: BatchContent, decision: Approval, isNew?: boolean): Promise<Result<DecisionReason | null, AppError>>
  /** All keys, of each person the one that signs now first, then those it followed. */
  keys(store: ProvisioningStore): Promise<Result<readonly RegisteredKey[], AppError>>
  /** Registers a key. In a name that has one already only a key that follows it, in the older one's own word (`successions`). */
  register(store: ProvisioningStore, key: KeyToRegister): Promise<Result<null, AppError>>
  /** A key that was prepared to follow becomes the person's here once the store knows it: what was broken off is carried on. */
  settleKey(store: ProvisioningStore | null, person: string): Promise<Result<OwnKey | null, AppError>>
  policyOf(content: BatchContent, customer?: CustomerProfile | null): Promise<Result<AppliedPolicy, AppError>>
}

export interface PolicyCounter {
  add(items: readonly BatchItem[]): void
  counts(): PolicyCounts
}

export interface KeyToRegister extends PublicKey {
  readonly successions?: readonly KeySuccession[]
}

export const placeOf = (batch: string, lineage: string, content: ContentFrame): StatementPlace => ({
  batch,
  lineage,
  summary: content.summary,
  confirmedRemovals: content.confirmedRemovals,
})

export function createDecisions(world: World, policies: Policies, customers: Pick<Customers, 'find'>): Decisions {
  const { signers, clock } = world

  async function records(store: ProvisioningStore, batch: string | null): Promise<Result<readonly BookRecord[], AppError>> {
    if (store.book === undefined) return ok([])
    const found = await store.book.records(batch)
    return found.ok ? found : err(storeError(found.error, batch ?? ''))
  }

  async function keys(store: ProvisioningStore): Promise<Result<readonly RegisteredKey[], AppError>> {
    const found = await records(store, null)
    if (!found.ok) return found
    const chains = new Map<string, RegisteredKey[]>()
    for (const { kind, by, at, body } of found.value) {
      if (kind === 'key' && !chains.has(personKey(by))) {
        const { publicKey } = body as { readonly publicKey: string }
        const fingerprint = signers.fingerprintOf(publicKey)
        if (fingerprint !== null) chains.set(personKey(by), [{ person: by, publicKey, fingerprint, at, until: null }])
      }
      if (kind === 'succession') follow(chains.get(personKey(by)), body as KeySuccession, at)
    }
    return ok([...chains.values()].flat())
  }

  /** Puts the newer key before the older one, where the one that signs now says so. Any other record says nothing. */
  function follow(chain: RegisteredKey[] | undefined, succession: KeySuccession, at: string): void {
    const now = chain?.[0]
    const fingerprint = now === undefined ? null : successorOf(now, succession)
    if (now === undefined || chain === undefined || fingerprint === null) return
    chain[0] = { ...now, until: at }
    chain.unshift({ person: now.person, publicKey: succession.publicKey, fingerprint, at, until: null })
  }

  /** The fingerprint of the key that follows; null where the older key did not say so. */
  function successorOf({ person, publicKey, fingerprint }: PublicKey, succession: KeySuccession): string | null {
    const holds = succession.key === fingerprint && signers.verify(publicKey, successionText(person, succession), succession.signature)
    return holds ? signers.fingerprintOf(succession.publicKey) : null
  }

  /** The head as the chain has it now, `<entry>:<hash>`. */
  async function headOf(store: ProvisioningStore): Promise<Result<string, AppError>> {
    const none = await store.audit(0, 1)
    if (!none.ok) return err(storeError(none.error))
    if (none.value.total === 0) return ok(`0:${auditGenesis}`)
    const last = await store.audit(none.value.total - 1, 1)
    if (!last.ok) return err(storeError(last.error))
    const entry = last.value.entries[0]
    return ok(entry === undefined ? `0:${auditGenesis}` : `${entry.entry}:${entry.hash}`)
  }

  /** Whether the chain holds a head that a signature speaks of. */
  async function isInChain(store: ProvisioningStore, head: string): Promise<Result<boolean, AppError>> {
    const [number = '', hash = ''] = head.split(':')
    const entry = Number(number)
    if (entry === 0) return ok(hash === auditGenesis)
    const found = await store.audit(entry - 1, 1)
    return found.ok ? ok(found.value.entries[0]?.hash === hash) : err(storeError(found.error))
  }

  async function lineageOf(read: ReadBatch, content: ContentFrame): Promise<Result<string, AppError>> {
    if (content.target !== null) return ok(content.target.lineage)
    const status = await read.store.status()
    return status.ok ? ok(status.value.lineage) : err(storeError(status.error))
  }

  async function problemOf(
    read: ReadBatch,
    content: ContentFrame,
    decision: Approval,
    isNew = false,
  ): Promise<Result<DecisionReason | null, AppError>> {
    const { store, stored } = read
    if (decision.digest !== stored.digest) return ok('other-digest')
    const registered = await keys(store)
    if (!registered.ok) return registered
    const own = registered.value.filter(({ person }) => isSamePerson(person, decision.by))
    if (decision.signature === undefined) return ok(own.some(({ at }) => at <= decision.at) ? 'unsigned' : null)
    const signature = readSignature(decision.signature)
    if (signature === null) return ok('forged')
    const key = own.find(({ fingerprint }) => fingerprint === signature.key)
    if (key === undefined) return ok('unknown-key')
    if (key.until !== null && (isNew || decision.at > key.until)) return ok('replaced-key')
    const lineage = await lineageOf(read, content)
    if (!lineage.ok) return lineage
    const text = statementText(placeOf(stored.batch, lineage.value, content), decision, signature.auditHead)
    if (!signers.verify(key.publicKey, text, signature.signature)) return ok('forged')
    const inChain = await isInChain(store, signature.auditHead)
    return inChain.ok ? ok(inChain.value ? null : 'replayed') : inChain
  }

  async function policyOf(content: BatchContent, given?: CustomerProfile | null): Promise<Result<AppliedPolicy, AppError>> {
    const policy = await policies.read(content.customer)
    if (!policy.ok) return policy
    const customer = given === undefined ? await customers.find(content.customer) : ok(given)
    return customer.ok ? ok(applyPolicy(policy.value.policy, policyFactsOf(content, customer.value))) : customer
  }

  async function standing(read: ReadBatch, content: ContentFrame, policy: AppliedPolicy): Promise<Result<Standing, AppError>> {
    for (const decision of read.approvals) {
      const problem = await problemOf(read, content, decision)
      if (!problem.ok) return problem
      if (problem.value !== null) {
        return err({ code: 'guard/decision', batch: read.stored.batch, by: decision.by, reason: problem.value })
      }
    }
    const counts = (decision: Approval): boolean => !policy.signed || decision.decision === 'rejected' || decision.signature !== undefined
    return ok({ decisions: read.approvals.filter(counts), policy })
  }

  async function add(
    store: ProvisioningStore,
    kind: 'key' | 'succession',
    person: string,
    fingerprint: string,
    body: object,
  ): Promise<Result<null, AppError>> {
    const at = clock.now()
    const what = kind === 'key' ? 'key/registered' : 'key/replaced'
    const added = await store.book?.add(
      { kind, batch: null, by: person, at, body },
      { at, what, batch: null, digest: `sha256:${fingerprint}`, actor: fingerprint, counts: {} },
    )
    return added?.ok === false ? err(storeError(added.error)) : ok(null)
  }

  async function settleKey(store: ProvisioningStore | null, person: string): Promise<Result<OwnKey | null, AppError>> {
    const own = await signers.find(person)
    if (own === null || own.next === null || store === null) return ok(own)
    const known = await keys(store)
    if (!known.ok) return known
    const follows = signers.fingerprintOf(own.next.publicKey)
    if (!known.value.some(({ fingerprint, until }) => fingerprint === follows && until === null)) return ok(own)
    const promoted = await signers.promoteNext(person)
    return promoted.ok ? ok(await signers.find(person)) : err({ code: 'review/key', person, reason: promoted.error.reason })
  }

  return {
    keys,
    problemOf,
    policyOf,
    settleKey,
    async standing(read, content) {
      const policy = await policyOf(content)
      return policy.ok ? standing(read, content, policy.value) : policy
    },
    async standingWith(read, frame, counts) {
      const policy = await policies.read(frame.customer)
      return policy.ok ? standing(read, frame, applyPolicy(policy.value.policy, policyFactsWith(frame, counts))) : policy
    },
    async policyCounter(name) {
      const customer = await customers.find(name)
      if (!customer.ok) return customer
      let counts: PolicyCounts = { administrators: 0, losesCalling: 0 }
      return ok({
        add(items) {
          const more = countForPolicy(items, customer.value)
          counts = {
            administrators: counts.administrators + more.administrators,
            losesCalling: counts.losesCalling + more.losesCalling,
          }
        },
        counts: () => counts,
      })
    },
    async signed(read, content, decision, passphrase) {
      const { store, stored } = read
      const refuse = (reason: DecisionReason): Result<never, AppError> =>
        err({ code: 'guard/decision', batch: stored.batch, by: decision.by, reason })
      const own = await settleKey(store, decision.by)
      if (!own.ok) return own
      const opensAlone = own.value?.keptBy === 'key-chain' && store.book !== undefined
      if ((passphrase === undefined || passphrase === '') && !opensAlone) {
        const problem = await problemOf(read, content, decision)
        if (!problem.ok) return problem
        return problem.value === null ? ok(decision) : refuse(problem.value)
      }
      if (store.book === undefined) return refuse('no-book')
      const lineage = await lineageOf(read, content)
      if (!lineage.ok) return lineage
      const head = await headOf(store)
      if (!head.ok) return head
      const text = statementText(placeOf(stored.batch, lineage.value, content), decision, head.value)
      const signed = await signers.sign(decision.by, passphrase ?? '', text)
      if (!signed.ok) return err({ code: 'review/key', person: decision.by, reason: signed.error.reason })
      const whole: Approval = {
        ...decision,
        signature: writeSignature({ format: 1, auditHead: head.value, ...signed.value }),
      }
      const problem = await problemOf(read, content, whole, true)
      if (!problem.ok) return problem
      return problem.value === null ? ok(whole) : refuse(problem.value)
    },
    async register(store, key) {
      const refuse = (reason: DecisionReason): Result<never, AppError> => err({ code: 'guard/decision', batch: '', by: key.person, reason })
      if (store.book === undefined) return refuse('no-book')
      const known = await keys(store)
      if (!known.ok) return known
      const chain = known.value.filter(({ person }) => isSamePerson(person, key.person))
      const now = chain[0]
      if (now === undefined) return add(store, 'key', key.person, key.fingerprint, { publicKey: key.publicKey })
      if (now.fingerprint === key.fingerprint) return ok(null)
      // An older key of the person's, brought again: it has been followed, and says nothing new.
      if (chain.some(({ fingerprint }) => fingerprint === key.fingerprint)) return refuse('replaced-key')
      const from = key.successions?.findIndex((succession) => succession.key === now.fingerprint) ?? -1
      const steps: { readonly succession: KeySuccession; readonly fingerprint: string }[] = []
      let present: PublicKey = now
      for (const succession of from < 0 ? [] : (key.successions?.slice(from) ?? [])) {
        const fingerprint = successorOf(present, succession)
        if (fingerprint === null) return refuse('forged')
        steps.push({ succession, fingerprint })
        present = { person: now.person, publicKey: succession.publicKey, fingerprint }
      }
      if (present.fingerprint !== key.fingerprint) return refuse('key-taken')
      for (const { succession, fingerprint } of steps) {
        const added = await add(store, 'succession', now.person, fingerprint, succession)
        if (!added.ok) return added
      }
      return ok(null)
    },
  }
}
