import type { AuditEntry } from '../../../shared/core/batch/audit.ts'
import { verifyChain } from '../../../shared/core/batch/audit.ts'
import { isSamePerson } from '../../../shared/core/batch/approval.ts'
import { canonicalize } from '../../../shared/core/batch/canonical.ts'
import { signatureLine } from '../../../shared/core/report/receipt-words.ts'
import { commentsOf } from '../../../shared/core/review/comment.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { Language } from '../../../shared/kit/language.ts'
import type { ProvisioningStore } from '../../ports/provisioning-store.ts'
import { actorOf, batchFact } from '../batches/audit-facts.ts'
import { batchPage } from '../batches/batch-page.ts'
import { makeReceipt, standingOfSignature } from '../batches/receipts.ts'
import { summaryBytes } from '../files/summary.ts'
import { storeError } from '../problems.ts'
import { bookOf, type ReviewMethods, type ReviewParts } from './review-parts.ts'

const page = 10_000

/** Who did what and when, under which rules, with which decisions and what came of it: as one file of data, and as a page to print. */
export function evidenceMethods({
  world,
  tickets,
  batches,
  decisions,
}: ReviewParts): Pick<ReviewMethods, 'review.evidence' | 'review.purge'> {
  const { clock, hasher, emit } = world

  return {
    async 'review.evidence'({ batch, language }) {
      const found = await batches.read(batch)
      if (!found.ok) return found
      const { read, content } = found.value
      const { store, stored } = read
      const shown = await batches.methods['batches.show']({ batch })
      if (!shown.ok) return shown
      const records = store.book === undefined ? ok([]) : await store.book.records(batch)
      if (!records.ok) return err(storeError(records.error, batch))
      const receipt = await makeReceipt(world, read, content)
      if (!receipt.ok) return receipt
      const log = await allEntries(store)
      if (!log.ok) return log
      const standing = await decisions.standing(read, content)
      const keys = await decisions.keys(store)
      if (!keys.ok) return keys
      const chain = verifyChain(log.value, hasher)
      const body = {
        format: 'roster-evidence',
        version: 1,
        madeAt: clock.now(),
        batch: {
          id: batch,
          customer: stored.customer,
          author: stored.author,
          message: stored.message,
          submittedAt: stored.submittedAt,
          state: stored.state,
          digest: stored.digest,
          singlePerson: stored.singlePerson,
        },
        rulesetVersion: content.rulesetVersion,
        content,
        decisions: read.approvals,
        decisionsHold: standing.ok,
        policy: standing.ok ? standing.value.policy : null,
        keys: keys.value.filter(({ person }) =>
          [...read.approvals, ...(receipt.value === null ? [] : [receipt.value])].some(({ by }) => isSamePerson(by, person)),
        ),
        comments: commentsOf(records.value),
        receipt: receipt.value,
        audit: { entries: log.value.filter((entry) => entry.batch === batch), head: chain.head, isWhole: chain.broken === null },
      }
      const text = canonicalize({ ...body, evidenceDigest: hasher.sha256(canonicalize(body)) })
      const printable = batchPage(shown.value, content, language, body.madeAt)
      const names = words[language]
      const facts = [
        ...printable.facts,
        [names.ruleset, content.rulesetVersion] as const,
        ...read.approvals.map(
          ({ by, signature }) =>
            [`${names.signature}, ${by}`, signature === undefined ? names.unsigned : standing.ok ? names.holds : names.broken] as const,
        ),
        ...(stored.singlePerson ? [[names.eyes, names.single] as const] : []),
        ...(receipt.value === null
          ? []
          : [
              [names.receipt, `${receipt.value.by}, ${receipt.value.finishedAt}`] as const,
              [names.outcome, names.counts(receipt.value.counts.applied, receipt.value.counts.refused)] as const,
              [names.receiptDigest, receipt.value.receiptDigest] as const,
              [
                `${names.signature}, ${names.receipt}`,
                signatureLine(language, receipt.value, standingOfSignature(world, receipt.value, keys.value)),
              ] as const,
            ]),
        [names.chain, `${chain.head.entry}:${chain.head.hash}${chain.broken === null ? '' : ` – ${chain.broken.detail}`}`] as const,
      ]
      return ok({
        data: tickets.forBytes(`${batch}-evidence.json`, new Uint8Array(Buffer.from(text, 'utf8'))),
        page: tickets.forBytes(`${batch}-evidence.html`, summaryBytes({ ...printable, facts })),
      })
    },
    async 'review.purge'({ batch, by, confirm }) {
      if (confirm !== batch) return err({ code: 'guard/refused', detail: `type ${batch} to take its personal data away` })
      const found = await batches.read(batch)
      if (!found.ok) return found
      const { read } = found.value
      const book = bookOf(read, by)
      if (!book.ok) return book
      const purged = await book.value.purge(
        batch,
        batchFact('batch/purged', read.stored, actorOf(by, clock.random(16), hasher), clock.now()),
      )
      if (!purged.ok) return err(storeError(purged.error, batch))
      const forgotten = await batches.forget(batch)
      emit({ kind: 'batches-changed', batch })
      return forgotten
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

interface EvidenceWords {
  readonly ruleset: string
  readonly signature: string
  readonly unsigned: string
  readonly holds: string
  readonly broken: string
  readonly eyes: string
  readonly single: string
  readonly receipt: string
  readonly outcome: string
  readonly counts: (applied: number, refused: number) => string
  readonly receiptDigest: string
  readonly chain: string
}

const words: Readonly<Record<Language, EvidenceWords>> = {
  en: {
    ruleset: 'Ruleset',
    signature: 'Signature',
    unsigned: 'by name only, not signed',
    holds: 'Ed25519, holds',
    broken: 'does NOT hold',
    eyes: 'Four eyes',
    single: 'single-person approval: one computer, not enforced',
    receipt: 'Pushed by',
    outcome: 'Outcome',
    counts: (applied, refused) => `${applied} applied, ${refused} refused`,
    receiptDigest: 'Receipt digest',
    chain: 'Audit head',
  },
  nb: {
    ruleset: 'Regelsett',
    signature: 'Signatur',
    unsigned: 'bare ved navn, ikke signert',
    holds: 'Ed25519, holder',
    broken: 'holder IKKE',
    eyes: 'Fire øyne',
    single: 'godkjent av én person: én datamaskin, ikke håndhevet',
    receipt: 'Utført av',
    outcome: 'Utfall',
    counts: (applied, refused) => `${applied} utført, ${refused} avvist`,
    receiptDigest: 'Kvitteringens digest',
    chain: 'Loggens ende',
  },
  da: {
    ruleset: 'Regelsæt',
    signature: 'Signatur',
    unsigned: 'kun ved navn, ikke signeret',
    holds: 'Ed25519, holder',
    broken: 'holder IKKE',
    eyes: 'Fire øjne',
    single: 'godkendt af én person: én computer, ikke håndhævet',
    receipt: 'Udført af',
    outcome: 'Udfald',
    counts: (applied, refused) => `${applied} udført, ${refused} afvist`,
    receiptDigest: 'Kvitteringens digest',
    chain: 'Loggens ende',
  },
}
