import { isSamePerson, personKey } from '../../../shared/core/batch/approval.ts'
import type { BatchContent } from '../../../shared/core/batch/batch.ts'
import { commentsOf, replacementOf, seenOf, type BookRecord } from '../../../shared/core/review/comment.ts'
import { userMark } from '../../../shared/core/review/diff-grid.ts'
import { seenItems } from '../../../shared/core/review/groups.ts'
import { applyPolicy } from '../../../shared/core/review/policy.ts'
import { risksOf } from '../../../shared/core/review/risks.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { KeyState, PolicyState, ReviewState } from '../../../shared/contract/review-methods.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import { actorOf, batchFact } from '../batches/audit-facts.ts'
import type { ReadBatch } from '../batches/read-batch.ts'
import { jsonOf } from '../json-of.ts'
import { storeError } from '../problems.ts'
import { evidenceMethods } from './evidence.ts'
import { fileMethods, keyFileOf } from './files.ts'
import { partialMethods } from './partial.ts'
import { bookOf, driftedRows, type ReviewMethods, type ReviewParts } from './review-parts.ts'

export function reviewMethods(parts: ReviewParts): ReviewMethods {
  const { world, stores, tickets, batches, customers, decisions, policies, groups } = parts
  const { clock, hasher, emit, signers } = world

  async function recordsOf(read: ReadBatch): Promise<Result<readonly BookRecord[], AppError>> {
    if (read.store.book === undefined) return ok([])
    const records = await read.store.book.records(read.stored.batch)
    return records.ok ? records : err(storeError(records.error, read.stored.batch))
  }

  async function say(
    batch: string,
    by: string,
    kind: BookRecord['kind'],
    body: unknown,
    what: string | null,
  ): Promise<Result<string, AppError>> {
    const found = await batches.read(batch)
    if (!found.ok) return found
    const { read } = found.value
    const book = bookOf(read, by)
    if (!book.ok) return book
    const at = clock.now()
    const fact = what === null ? null : batchFact(what, read.stored, actorOf(by, read.stored.hashKey, hasher), at)
    const added = await book.value.add({ kind, batch, by: by.trim(), at, body }, fact)
    if (!added.ok) return err(storeError(added.error, batch))
    emit({ kind: 'batches-changed', batch })
    return ok(at)
  }

  async function keyState(person: string): Promise<Result<KeyState, AppError>> {
    const store = await stores.find(undefined)
    if (!store.ok) return store
    const settled = await decisions.settleKey(store.value, person)
    if (!settled.ok) return settled
    const own = settled.value
    const keeping = await signers.keeping()
    const registered = store.value === null ? ok([]) : await decisions.keys(store.value)
    if (!registered.ok) return registered
    const isRegistered = registered.value.some((key) => isSamePerson(key.person, person))
    return ok({
      person,
      fingerprint: own?.fingerprint ?? null,
      isRegistered,
      keptBy: own?.keptBy ?? null,
      keeping: keeping.by === 'key-chain' ? 'key-chain' : keeping.why,
    })
  }

  async function state(read: ReadBatch, content: BatchContent, by: string): Promise<Result<ReviewState, AppError>> {
    const records = await recordsOf(read)
    if (!records.ok) return records
    const known = await customers.find(content.customer)
    if (!known.ok) return known
    const customer = known.value
    const policy = await decisions.policyOf(content, customer)
    if (!policy.ok) return policy
    const standing = await decisions.standing(read, content)
    if (!standing.ok && standing.error.code !== 'guard/decision') return standing
    const key = await keyState(by)
    if (!key.ok) return key
    const drifted =
      read.stored.state === 'submitted' || read.stored.state === 'approved' ? await driftedRows(batches, read, content) : ok([])
    if (!drifted.ok) return drifted
    const seen = seenOf(records.value, (name) => isSamePerson(name, by))
    const approved = standing.ok ? standing.value.decisions.filter(({ decision }) => decision === 'approved') : []
    const failure = standing.ok ? null : standing.error
    return ok({
      comments: commentsOf(records.value),
      seen: [...seen],
      seenUsers: seenItems(groups(content), seen, (number) => seen.has(userMark(content.items[number]?.email ?? ''))),
      risks: risksOf(content, customer),
      losesCalling: groups(content)
        .filter((group) => group.losesCalling)
        .map((group) => group.key),
      policy: policy.value,
      counted: new Set(approved.map((approval) => personKey(approval.by))).size,
      approvals: read.approvals.map((approval) => ({ ...approval, isSigned: approval.signature !== undefined })),
      broken: failure?.code === 'guard/decision' ? { by: failure.by, reason: failure.reason } : null,
      key: { here: key.value.fingerprint !== null, registered: key.value.isRegistered },
      drifted: drifted.value.length,
      replaced: replacementOf(records.value),
    })
  }

  /** `name`: under which the person knows what is refused. */
  async function setPolicy(customer: string, policy: unknown, name: string): Promise<Result<PolicyState, AppError>> {
    const known = await parts.customers.named(customer)
    if (!known.ok) return known
    const written = await policies.write(customer, policy, name)
    if (!written.ok) return written
    emit({ kind: 'customers-changed' })
    return ok({ customer, policy: written.value, isOwn: true })
  }

  return {
    async 'review.get'({ batch, by = '' }) {
      const found = await batches.read(batch)
      return found.ok ? state(found.value.read, found.value.content, by) : found
    },
    async 'review.comment'({ batch, by, place, text }) {
      const id = clock.random(6)
      const said = await say(batch, by, 'comment', { id, place, text: text.trim() }, 'review/commented')
      return said.ok ? ok({ id, place, by: by.trim(), at: said.value, text: text.trim(), resolved: null }) : said
    },
    async 'review.resolve'({ batch, by, id, resolved }) {
      const said = await say(batch, by, 'resolve', { id, resolved }, resolved ? 'review/resolved' : 'review/reopened')
      return said.ok ? ok(null) : said
    },
    async 'review.mark'({ batch, by, groups: keys, seen }) {
      const said = await say(batch, by, 'seen', { groups: keys, seen }, null)
      return said.ok ? ok(null) : said
    },
    async 'review.drift'({ batch, from, count }) {
      const found = await batches.read(batch)
      if (!found.ok) return found
      const rows = await driftedRows(batches, found.value.read, found.value.content)
      return rows.ok ? ok({ total: rows.value.length, rows: rows.value.slice(from, from + count) }) : rows
    },
    'review.key': ({ person }) => keyState(person),
    async 'review.makeKey'({ person, passphrase }) {
      const known = await signers.find(person)
      const made = known === null ? await signers.create(person, passphrase) : ok(known)
      if (!made.ok) return err({ code: 'review/key', person, reason: made.error.reason })
      // A key that was made before the store was: the same call registers it. The passphrase shows that it is the person's.
      const proof = await signers.sign(person, passphrase, 'roster-key')
      if (!proof.ok) return err({ code: 'review/key', person, reason: proof.error.reason })
      const store = await stores.create(undefined)
      if (!store.ok) return store
      const own = await decisions.settleKey(store.value, person)
      if (!own.ok) return own
      const registered = await decisions.register(store.value, own.value ?? made.value)
      return registered.ok ? keyState(person) : registered
    },
    async 'review.replaceKey'({ person, passphrase, next }) {
      const store = await stores.create(undefined)
      if (!store.ok) return store
      const own = await decisions.settleKey(store.value, person)
      if (!own.ok) return own
      const present = own.value
      if (present === null) return err({ code: 'review/key', person, reason: 'no-key' })
      // The store must know the key that is followed, or it could not take the older one's word.
      const known = await decisions.register(store.value, present)
      if (!known.ok) return known
      const prepared = await signers.prepareNext(person, passphrase, next)
      if (!prepared.ok) return err({ code: 'review/key', person, reason: prepared.error.reason })
      const { publicKey } = prepared.value
      const fingerprint = signers.fingerprintOf(publicKey) ?? ''
      const successions = [...present.successions, prepared.value]
      const registered = await decisions.register(store.value, { person: present.person, publicKey, fingerprint, successions })
      // `keyState` promotes what the store knows now; were this program to end here, the next one would.
      return registered.ok ? keyState(person) : registered
    },
    async 'review.changePassphrase'({ person, passphrase, next }) {
      const sealed = await signers.reseal(person, passphrase, next)
      return sealed.ok ? keyState(person) : err({ code: 'review/key', person, reason: sealed.error.reason })
    },
    async 'review.keyFile'({ person }) {
      const own = await signers.find(person)
      return own === null ? err({ code: 'review/key', person, reason: 'no-key' }) : ok(keyTicket(own))
    },
    async 'review.policy'({ customer }) {
      const policy = await policies.read(customer)
      return policy.ok ? ok({ customer, ...policy.value }) : policy
    },
    'review.setPolicy': ({ customer, policy }) => setPolicy(customer, policy, customer),
    async 'review.importPolicy'({ customer, ticket }) {
      const file = await tickets.read(ticket)
      if (!file.ok) return file
      const { name, bytes } = file.value
      try {
        return await setPolicy(customer, jsonOf(bytes), name)
      } catch (thrown) {
        return err({ code: 'policy/invalid', name, path: '', detail: thrown instanceof Error ? thrown.message : 'is no JSON' })
      }
    },
    async 'review.policyFor'({ customer, remove, users, administrators, losesCalling, overLimit }) {
      const policy = await policies.read(customer)
      if (!policy.ok) return policy
      return ok(
        applyPolicy(policy.value.policy, {
          summary: { add: 0, update: 0, packageChange: 0, remove, rename: 0, unchanged: 0 },
          baselineUsers: users,
          // Only how many packages go over matters here, not which.
          packages: Array.from({ length: overLimit }, () => ({ package: 'Webex Suite' as const, before: 0, after: 1, limit: 0 })),
          administrators,
          losesCalling,
        }),
      )
    },
    ...fileMethods(parts),
    ...partialMethods(parts),
    ...evidenceMethods(parts),
  }

  function keyTicket(own: Parameters<typeof keyFileOf>[0]) {
    return tickets.forBytes(`${own.person.replace(/[^\p{L}\p{N}]+/gu, '-')}.rosterkey`, keyFileOf(own, world))
  }
}
