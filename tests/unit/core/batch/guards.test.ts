import { describe, expect, it } from 'vitest'
import { decisionProblem, pushProblem, standingOf, type GuardedBatch } from '../../../../shared/core/batch/approval.ts'
import { auditGenesis, emptyAuditHead, nextEntry, verifyChain, type AuditEntry } from '../../../../shared/core/batch/audit.ts'
import { batchStates, type Approval, type BatchContent, type BatchItem } from '../../../../shared/core/batch/batch.ts'
import { digestOf } from '../../../../shared/core/batch/digest.ts'
import { keyedHash } from '../../../../shared/core/batch/hasher.ts'
import { buildReceipt, verifyReceipt } from '../../../../shared/core/batch/receipt.ts'
import { batchEvents, nextState, statesFor, type BatchEvent } from '../../../../shared/core/batch/transitions.ts'
import { compensate } from '../../../../shared/core/batch/undo.ts'
import { hasher } from '../../../support/hasher.ts'

const item = (number: number, more: Partial<BatchItem> = {}): BatchItem => ({
  number,
  intent: 'update',
  email: `p${number}@firma.no`,
  formerEmail: null,
  row: number + 2,
  from: null,
  to: null,
  cells: [{ column: 'Department', before: 'Drift', after: 'Salg' }],
  ...more,
})
const content: BatchContent = {
  format: 1,
  customer: 'Firma',
  author: 'Kari Vik',
  rulesetVersion: '1',
  target: null,
  baseline: { kind: 'none', fingerprint: '', users: 0 },
  header: [],
  summary: { add: 0, update: 2, packageChange: 0, remove: 1, rename: 0, unchanged: 0 },
  packages: [],
  confirmedRemovals: 1,
  ignored: [],
  items: [item(0), item(1), item(2, { intent: 'remove', from: 'Webex Suite', cells: [] })],
}
const digest = digestOf(content, hasher)
const batch: GuardedBatch = { batch: 'b-1', state: 'submitted', author: 'Kari Vik', digest }
const approval = (by: string, more: Partial<Approval> = {}): Approval => ({
  by,
  decision: 'approved',
  at: '2026-11-21T08:00:00Z',
  digest,
  ...more,
})

describe('a decision', () => {
  it('is nobody’s on a batch of their own, however they spell their name', () => {
    expect(decisionProblem(batch, approval('Ola'))).toBeNull()
    const unseen = [
      'Ka\u200Bri Vik',
      'Kari Vik\u202E',
      'Kari Vi\u00ADk',
      '\uFEFFKari\u2060 Vik',
      'Ka\uFEFFri \u200D Vik',
      'Kari\tVik\u0007',
    ]
    for (const by of ['Kari Vik', ' kari  VIK ', 'ＫＡＲＩ vik', ...unseen]) {
      expect(decisionProblem(batch, approval(by))).toMatchObject({ code: 'guard/own-approval' })
    }
    for (const by of ['  ', '\u200B']) expect(decisionProblem(batch, approval(by))).toMatchObject({ code: 'guard/refused' })
  })

  it('is bound to the digest that was seen', () => {
    expect(decisionProblem(batch, approval('Ola', { digest: 'sha256:other' }))).toMatchObject({ code: 'guard/content-changed' })
  })

  it('asks for a reason to reject and for the count of removals where it is asked', () => {
    expect(decisionProblem(batch, approval('Ola', { decision: 'rejected' }))).toMatchObject({ code: 'guard/refused' })
    expect(decisionProblem(batch, approval('Ola', { decision: 'rejected', message: 'nei' }))).toBeNull()
    expect(decisionProblem(batch, approval('Ola'), { count: 1, confirmed: 0 })).toMatchObject({
      code: 'guard/removals-unconfirmed',
      removals: 1,
    })
  })

  it('counts once a person, never the author’s, and a rejection outweighs', () => {
    const two = { approvers: 2 }
    expect(standingOf(batch, [])).toBe('waiting')
    expect(standingOf(batch, [approval('kari vik')])).toBe('waiting')
    expect(standingOf(batch, [approval('Ola', { digest: 'sha256:other' })])).toBe('waiting')
    expect(standingOf(batch, [approval('Ola'), approval('OLA')], two)).toBe('waiting')
    expect(standingOf(batch, [approval('Ola'), approval('Per')], two)).toBe('approved')
    expect(standingOf(batch, [approval('Ola'), approval('Per', { decision: 'rejected' })])).toBe('rejected')
    expect(standingOf(batch, [], { approvers: 0 })).toBe('waiting')
  })
})

describe('a push', () => {
  const approved: GuardedBatch = { ...batch, state: 'approved' }

  it('needs the decisions themselves, not only the state', () => {
    expect(pushProblem(approved, content, [approval('Ola')], 'push')).toBeNull()
    expect(pushProblem(approved, content, [approval('Kari Vik')], 'push')).toMatchObject({ code: 'guard/not-approved' })
    expect(pushProblem(batch, content, [approval('Ola')], 'push')).toMatchObject({ code: 'guard/not-approved' })
  })

  it('needs the removals confirmed, and goes on only where it was interrupted', () => {
    expect(pushProblem(approved, { ...content, confirmedRemovals: 0 }, [approval('Ola')], 'push')).toMatchObject({
      removals: 1,
      confirmed: 0,
    })
    expect(pushProblem(approved, content, [approval('Ola')], 'resume')).toMatchObject({ code: 'guard/wrong-state', wanted: 'interrupted' })
  })
})

it('lets nothing happen to a batch that is done, and lets each event happen somewhere', () => {
  for (const event of Object.keys(batchEvents) as BatchEvent[]) {
    expect(nextState('applied', event)).toBeNull()
    expect(nextState('superseded', event)).toBeNull()
    expect(statesFor(event).length).toBeGreaterThan(0)
  }
  const reached = new Set(
    batchStates.flatMap((state) => (Object.keys(batchEvents) as BatchEvent[]).map((event) => nextState(state, event))),
  )
  expect(batchStates.filter((state) => !reached.has(state))).toEqual(['submitted'])
})

describe('a receipt', () => {
  const facts = {
    batch: 'b-1',
    author: 'Kari Vik',
    approvals: [approval('Ola')],
    singlePerson: true,
    store: { url: 'embedded', lineage: 'l', serialBefore: 1, serialAfter: 2 },
    by: 'Per',
    startedAt: '2026-11-21T08:00:00Z',
    finishedAt: '2026-11-21T08:00:01Z',
    auditHead: auditGenesis,
  }
  const receipt = buildReceipt(
    facts,
    content,
    [
      { number: 0, outcome: 'applied' },
      { number: 2, outcome: 'refused', reason: 'missing' },
    ],
    hasher,
  )

  it('says what became of each item', () => {
    expect(receipt.counts).toEqual({ total: 3, applied: 1, refused: 1, skipped: 0, unknown: 0, pending: 1 })
    expect(receipt.items.map((line) => [line.email, line.outcome, line.reason])).toEqual([
      ['p0@firma.no', 'applied', undefined],
      ['p1@firma.no', 'pending', undefined],
      ['p2@firma.no', 'refused', 'missing'],
    ])
    expect(verifyReceipt(receipt, hasher, content)).toEqual([])
  })

  it('shows when anything in it was changed', () => {
    expect(verifyReceipt({ ...receipt, by: 'Ola' }, hasher)).toEqual(['changed'])
    expect(verifyReceipt({ ...receipt, counts: { ...receipt.counts, applied: 3 } }, hasher)).toHaveLength(2)
    const other = { ...content, items: [item(0), item(1, { email: 'x@firma.no' }), item(2)] }
    expect(verifyReceipt(receipt, hasher, other)).toEqual(['other-content', 'other-items'])
  })
})

describe('the audit chain', () => {
  const chain: AuditEntry[] = []
  for (const what of ['batch/submitted', 'batch/approved', 'push/started', 'push/finished']) {
    const fact = { at: '2026-11-21T08:00:00Z', what, batch: 'b-1', digest, actor: keyedHash('salt', 'Kari', hasher), counts: { items: 3 } }
    chain.push(nextEntry(chain.at(-1) ?? emptyAuditHead, fact, hasher))
  }
  const [a, b, c, d] = chain as [AuditEntry, AuditEntry, AuditEntry, AuditEntry]

  it('holds as it was written, and holds nobody’s name', () => {
    expect(verifyChain(chain, hasher, [{ entry: 4, hash: d.hash }])).toMatchObject({
      entries: 4,
      broken: null,
      head: { entry: 4, hash: d.hash },
    })
    expect(verifyChain([], hasher)).toMatchObject({ entries: 0, broken: null })
    expect(JSON.stringify(chain)).not.toContain('Kari')
  })

  it('names the first entry that was altered, taken out, moved or put in', () => {
    expect(verifyChain([a, { ...b, counts: { items: 4 } }, c, d], hasher).broken?.entry).toBe(2)
    expect(verifyChain([a, c, d], hasher).broken?.entry).toBe(2)
    expect(verifyChain([b, a, c, d], hasher).broken?.entry).toBe(1)
    expect(verifyChain([a, b, b, c, d], hasher).broken?.entry).toBe(3)
  })

  it('shows a cut end, and a chain written anew, by a head that was kept elsewhere', () => {
    expect(verifyChain([a, b], hasher).broken).toBeNull()
    expect(verifyChain([a, b], hasher, [{ entry: 4, hash: d.hash }]).broken).toMatchObject({ entry: 3 })
    const anew = nextEntry(emptyAuditHead, { ...a, what: 'batch/approved' }, hasher)
    expect(verifyChain([anew], hasher, [{ entry: 1, hash: a.hash }]).broken).toMatchObject({ entry: 1 })
  })
})

it('undoes what can be undone and says what is lost', () => {
  const applied = [
    item(0, { intent: 'add', to: 'Webex Suite' }),
    item(1, { intent: 'packageChange', from: 'Webex Calling', to: 'Webex Meetings' }),
    item(2, { intent: 'remove', from: 'Webex Suite', cells: [] }),
    item(3, { intent: 'remove', from: 'Webex Suite', cells: [] }),
    item(4, { intent: 'rename', formerEmail: 'old@firma.no', from: 'Webex Suite', to: 'Webex Suite' }),
  ]
  const undo = compensate(applied, new Map([[2, { email: 'p2@firma.no', package: 'Webex Suite', cells: { Extension: '42' } }]]))
  expect(undo.items.map(({ number, intent, email, from, to }) => ({ number, intent, email, from, to }))).toEqual([
    { number: 0, intent: 'packageChange', email: 'p1@firma.no', from: 'Webex Meetings', to: 'Webex Calling' },
    { number: 1, intent: 'add', email: 'p2@firma.no', from: null, to: 'Webex Suite' },
    { number: 2, intent: 'rename', email: 'old@firma.no', from: 'Webex Suite', to: 'Webex Suite' },
    { number: 3, intent: 'remove', email: 'p0@firma.no', from: 'Webex Suite', to: null },
  ])
  expect(undo.items[0]?.cells).toEqual([{ column: 'Department', before: 'Salg', after: 'Drift' }])
  expect(undo.withLoss.map((loss) => [loss.number, loss.loss])).toEqual([
    [1, 'calling-data'],
    [2, 'user-data'],
  ])
  expect(undo.impossible).toEqual([{ number: 3, email: 'p3@firma.no', reason: 'no-before-image' }])
})

it('undo takes back nothing of a user who was as wanted already: others had done it', () => {
  const there = item(0, { intent: 'add', to: 'Webex Suite' })
  const updated = item(1)
  const moved = item(2, { intent: 'packageChange', from: 'Webex Calling', to: 'Webex Suite' })
  const own = item(3, { intent: 'add', to: 'Webex Suite' })
  const asWanted = (number: number) =>
    [number, { email: `p${number}@firma.no`, package: 'Webex Suite', cells: { Department: 'Salg' } }] as const
  const undo = compensate([there, updated, moved, own], new Map([asWanted(0), asWanted(1), asWanted(2)]))
  expect(undo.items.map(({ intent, email }) => [intent, email])).toEqual([['remove', 'p3@firma.no']])
  expect(undo.withLoss).toEqual([])
})
