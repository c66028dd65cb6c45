import { isSamePerson, personKey } from '../../../shared/core/batch/approval.ts'
import { auditGenesis } from '../../../shared/core/batch/audit.ts'
import type { Approval, BatchContent } from '../../../shared/core/batch/batch.ts'
import type { CustomerProfile } from '../../../shared/core/customer/profile.ts'
import type { BookRecord } from '../../../shared/core/review/comment.ts'
import { applyPolicy, type AppliedPolicy } from '../../../shared/core/review/policy.ts'
import { policyFactsOf } from '../../../shared/core/review/risks.ts'
import { readSignature, statementText, writeSignature, type StatementPlace } from '../../../shared/core/review/statement.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { DecisionReason } from '../../../shared/core/review/decision-reason.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { ProvisioningStore } from '../../ports/provisioning-store.ts'
import type { PublicKey } from '../../ports/signers.ts'
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

/** A registered key, with when it was registered. */
export interface RegisteredKey extends PublicKey {
  readonly at: string
}

export interface Decisions {
  /**
   * Looks at every stored decision again: bound to this content, signed where the reviewer has a key, by that key, over exactly what is
   * stored. One that does not hold is an error, not a decision less.
   */
  standing(read: ReadBatch, content: BatchContent): Promise<Result<Standing, AppError>>
  /** The decision with its signature, where a passphrase was given. `unsigned` where the person has a key and gave none. */
  signed(read: ReadBatch, content: BatchContent, decision: Approval, passphrase: string | undefined): Promise<Result<Approval, AppError>>
  /** Why a decision does not hold; null where it does. */
  problemOf(read: ReadBatch, content: BatchContent, decision: Approval): Promise<Result<DecisionReason | null, AppError>>
  keys(store: ProvisioningStore): Promise<Result<readonly RegisteredKey[], AppError>>
  register(store: ProvisioningStore, key: PublicKey): Promise<Result<null, AppError>>
  policyOf(content: BatchContent, customer?: CustomerProfile | null): Promise<Result<AppliedPolicy, AppError>>
}

export const placeOf = (batch: string, lineage: string, content: BatchContent): StatementPlace => ({
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
    const first = new Map<string, RegisteredKey>()
    for (const { kind, by, at, body } of found.value) {
      if (kind !== 'key' || first.has(personKey(by))) continue
      const { publicKey } = body as { readonly publicKey: string }
      const fingerprint = signers.fingerprintOf(publicKey)
      if (fingerprint !== null) first.set(personKey(by), { person: by, publicKey, fingerprint, at })
    }
    return ok([...first.values()])
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

  async function lineageOf(read: ReadBatch, content: BatchContent): Promise<Result<string, AppError>> {
    if (content.target !== null) return ok(content.target.lineage)
    const status = await read.store.status()
    return status.ok ? ok(status.value.lineage) : err(storeError(status.error))
  }

  async function problemOf(read: ReadBatch, content: BatchContent, decision: Approval): Promise<Result<DecisionReason | null, AppError>> {
    const { store, stored } = read
    if (decision.digest !== stored.digest) return ok('other-digest')
    const registered = await keys(store)
    if (!registered.ok) return registered
    const key = registered.value.find(({ person }) => isSamePerson(person, decision.by))
    if (decision.signature === undefined) return ok(key !== undefined && key.at <= decision.at ? 'unsigned' : null)
    const signature = readSignature(decision.signature)
    if (signature === null) return ok('forged')
    if (key?.fingerprint !== signature.key) return ok('unknown-key')
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
    const customer = given === undefined ? await customers.find(content.customer) : given
    return ok(applyPolicy(policy.value.policy, policyFactsOf(content, customer)))
  }

  return {
    keys,
    problemOf,
    policyOf,
    async standing(read, content) {
      const policy = await policyOf(content)
      if (!policy.ok) return policy
      for (const decision of read.approvals) {
        const problem = await problemOf(read, content, decision)
        if (!problem.ok) return problem
        if (problem.value !== null) {
          return err({ code: 'guard/decision', batch: read.stored.batch, by: decision.by, reason: problem.value })
        }
      }
      const counts = (decision: Approval): boolean =>
        !policy.value.signed || decision.decision === 'rejected' || decision.signature !== undefined
      return ok({ decisions: read.approvals.filter(counts), policy: policy.value })
    },
    async signed(read, content, decision, passphrase) {
      const { store, stored } = read
      const refuse = (reason: DecisionReason): Result<never, AppError> =>
        err({ code: 'guard/decision', batch: stored.batch, by: decision.by, reason })
      if (passphrase === undefined || passphrase === '') {
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
      const signed = await signers.sign(decision.by, passphrase, text)
      if (!signed.ok) return err({ code: 'review/key', person: decision.by, reason: signed.error.reason })
      const whole: Approval = {
        ...decision,
        signature: writeSignature({ format: 1, auditHead: head.value, ...signed.value }),
      }
      const problem = await problemOf(read, content, whole)
      if (!problem.ok) return problem
      return problem.value === null ? ok(whole) : refuse(problem.value)
    },
    async register(store, key) {
      if (store.book === undefined) return err({ code: 'guard/decision', batch: '', by: key.person, reason: 'no-book' })
      const known = await keys(store)
      if (!known.ok) return known
      const own = known.value.find(({ person }) => isSamePerson(person, key.person))
      if (own?.fingerprint === key.fingerprint) return ok(null)
      if (own !== undefined) return err({ code: 'guard/decision', batch: '', by: key.person, reason: 'key-taken' })
      const at = clock.now()
      const added = await store.book.add(
        { kind: 'key', batch: null, by: key.person, at, body: { publicKey: key.publicKey } },
        { at, what: 'key/registered', batch: null, digest: `sha256:${key.fingerprint}`, actor: key.fingerprint, counts: {} },
      )
      return added.ok ? ok(null) : err(storeError(added.error))
    },
  }
}
