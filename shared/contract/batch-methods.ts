import Type from 'typebox'
import type { Approval, BatchState, ItemCounts, ItemOutcome, Receipt } from '../core/batch/batch.ts'
import { customerProfileSchema, type CustomerProfile } from '../core/customer/profile.ts'
import type { Change, ChangeSummary, PackageCount } from '../core/diff/change-set.ts'
import type { Manifest } from '../core/control-hub/manifest-shape.ts'
import type { ChangeGroup, FileTicket } from './draft-methods.ts'
import { command, query } from './method.ts'
import type { SignatureStanding } from './receipt-methods.ts'

const strict = { additionalProperties: false } as const
const batchRef = { batch: Type.String() }
const person = Type.String({ minLength: 1 })
const index = Type.Integer({ minimum: 0 })

export interface BatchListItem {
  readonly batch: string
  readonly customer: string
  readonly state: BatchState
  readonly author: string
  readonly message: string | null
  readonly submittedAt: string
  readonly digest: string
  readonly summary: ChangeSummary
  readonly approvals: readonly Approval[]
  readonly singlePerson: boolean
  /** Who acts next: `reviewer`, `importer`, `author`, or nobody. */
  readonly next: 'reviewer' | 'importer' | 'author' | null
}

export interface BatchDetail extends BatchListItem {
  readonly items: ItemCounts
  readonly packages: readonly PackageCount[]
  readonly groups: readonly ChangeGroup[]
  readonly ignored: readonly {
    readonly rule: string
    readonly row: number | null
    readonly column: string | null
    readonly reason: string
  }[]
  readonly rulesetVersion: string
  readonly baseline: { readonly kind: 'file' | 'store' | 'none'; readonly fingerprint: string; readonly users: number }
  /** Recomputed on every read: false means that somebody changed the stored content. */
  readonly digestHolds: boolean
  /** True where its personal data was taken away; absent otherwise. */
  readonly purged?: boolean
  /** True where it makes the store what Control Hub is already, so that nothing of it goes there; absent otherwise. */
  readonly storeOnly?: boolean
  readonly receipt: FileTicket | null
  readonly exports: readonly BatchExport[]
  readonly history: readonly { readonly at: string; readonly by: string; readonly what: string }[]
}

/** Control Hub files made from a batch, with the tick list that is remembered across restarts. */
export interface BatchExport {
  /** Which of the batch's exports: `001`, `002` … in the order in which they were made. */
  readonly number: string
  readonly madeAt: string
  readonly manifest: Manifest
  readonly files: readonly { readonly ticket: FileTicket; readonly order: number; readonly state: 'waiting' | 'uploaded' | 'finished' }[]
  readonly manifestTicket: FileTicket
}

export interface BatchItemLine extends Change {
  readonly number: number
  readonly outcome: ItemOutcome
  readonly reason: string | null
}

export interface StoreStatus {
  readonly url: string
  readonly lineage: string
  readonly serial: number
  readonly customers: number
  readonly subscribers: number
  readonly batches: number
}

export interface PushResult {
  readonly batch: string
  readonly state: BatchState
  readonly items: ItemCounts
  readonly receipt: FileTicket | null
}

export interface CustomerListItem {
  readonly name: string
  readonly profile: CustomerProfile
  readonly drafts: number
  readonly batches: number
}

export interface Settings {
  readonly language: 'en' | 'nb' | 'da'
  readonly theme: 'system' | 'light' | 'dark' | 'contrast'
  readonly density: 'compact' | 'normal' | 'comfortable'
  /** The name under which this person submits, approves and pushes. */
  readonly person: string
  /** Users per Control Hub file. */
  readonly maxRows: number
  readonly zoom: number
}

export const settingsPatchSchema = Type.Object(
  {
    language: Type.Optional(Type.Enum(['en', 'nb', 'da'])),
    theme: Type.Optional(Type.Enum(['system', 'light', 'dark', 'contrast'])),
    density: Type.Optional(Type.Enum(['compact', 'normal', 'comfortable'])),
    person: Type.Optional(Type.String()),
    maxRows: Type.Optional(Type.Integer({ minimum: 1, maximum: 100000 })),
    zoom: Type.Optional(Type.Integer({ minimum: 60, maximum: 200 })),
  },
  strict,
)

export interface AuditLine {
  readonly entry: number
  readonly at: string
  readonly by: string
  readonly what: string
  readonly batch: string | null
  readonly counts: Readonly<Record<string, number>>
  readonly hash: string
}

export const batchMethods = {
  'batches.list': query<readonly BatchListItem[]>()(Type.Object({}, strict)),
  'batches.show': query<BatchDetail>()(Type.Object(batchRef, strict)),
  'batches.items': query<{ readonly total: number; readonly items: readonly BatchItemLine[] }>()(
    Type.Object(
      {
        ...batchRef,
        intent: Type.Optional(Type.Enum(['add', 'update', 'packageChange', 'remove', 'rename'])),
        outcome: Type.Optional(Type.Enum(['applied', 'refused', 'skipped', 'unknown', 'pending'])),
        group: Type.Optional(Type.String()),
        from: index,
        count: Type.Integer({ minimum: 1, maximum: 500 }),
      },
      strict,
    ),
  ),
  'batches.submit': command<BatchDetail>()(
    Type.Object(
      {
        draftId: Type.String(),
        by: person,
        message: Type.Optional(Type.String()),
        /** Must equal the number of users that the batch removes; 0 or absent where there is none. */
        confirmRemovals: Type.Optional(index),
        job: Type.Optional(Type.String()),
      },
      strict,
    ),
  ),
  'batches.decide': command<BatchDetail>()(
    Type.Object(
      {
        ...batchRef,
        by: person,
        decision: Type.Enum(['approved', 'rejected']),
        /** The digest that the person saw. */
        digest: Type.String(),
        message: Type.Optional(Type.String()),
        /** Approving removals asks for their count, typed. */
        confirmRemovals: Type.Optional(index),
        /** Opens the reviewer's key, and the decision is signed with it. */
        passphrase: Type.Optional(Type.String()),
      },
      strict,
    ),
  ),
  'batches.push': command<PushResult>()(
    Type.Object(
      {
        ...batchRef,
        by: person,
        mode: Type.Optional(Type.Enum(['push', 'resume', 'retry'])),
        store: Type.Optional(Type.String()),
        job: Type.Optional(Type.String()),
        /** Opens the importer's key, and the receipt is signed with it. */
        passphrase: Type.Optional(Type.String()),
      },
      strict,
    ),
  ),
  'batches.export': command<BatchExport>()(
    Type.Object({ ...batchRef, columns: Type.Enum(['all', 'changed']), maxRows: Type.Optional(Type.Integer({ minimum: 1 })) }, strict),
  ),
  'batches.tickExport': command<BatchExport>()(
    Type.Object(
      {
        ...batchRef,
        /** Of which export (`BatchExport.number`); by default the latest. */
        export: Type.Optional(Type.String({ pattern: '^[0-9]{1,9}$' })),
        order: Type.Integer({ minimum: 1 }),
        state: Type.Enum(['waiting', 'uploaded', 'finished']),
      },
      strict,
    ),
  ),
  'batches.receipt': query<{ readonly receipt: Receipt; readonly verified: boolean; readonly signature: SignatureStanding }>()(
    Type.Object(batchRef, strict),
  ),
  /** A new draft with the rows of a batch, as they were submitted. */
  'batches.toDraft': command<{ readonly draftId: string }>()(Type.Object(batchRef, strict)),

  'customers.list': query<readonly CustomerListItem[]>()(Type.Object({}, strict)),
  'customers.save': command<CustomerListItem>()(
    Type.Object({ profile: customerProfileSchema, formerName: Type.Optional(Type.String()) }, strict),
  ),
  'customers.importProfile': command<CustomerListItem>()(Type.Object({ ticket: Type.String() }, strict)),
  'customers.delete': command<null>()(Type.Object({ name: Type.String(), confirmedName: Type.String() }, strict)),
  'customers.importList': command<{ readonly profile: CustomerProfile; readonly added: number; readonly known: number }>()(
    Type.Object({ name: Type.String(), what: Type.Enum(['locations', 'numbers']), ticket: Type.String() }, strict),
  ),
  /** The profile with what an export teaches about its customer put to it: shown for confirmation, saved by `customers.save`. */
  'customers.learn': query<CustomerProfile>()(
    Type.Object(
      {
        name: Type.String(),
        source: Type.Union([Type.Object({ ticket: Type.String() }, strict), Type.Object({ draftId: Type.String() }, strict)]),
      },
      strict,
    ),
  ),

  'store.status': query<StoreStatus>()(Type.Object({ store: Type.Optional(Type.String()) }, strict)),
  'audit.list': query<{ readonly total: number; readonly entries: readonly AuditLine[] }>()(
    Type.Object({ from: index, count: Type.Integer({ minimum: 1, maximum: 500 }) }, strict),
  ),
  'audit.verify': query<{
    readonly entries: number
    readonly head: string
    readonly broken: { readonly entry: number; readonly detail: string } | null
  }>()(Type.Object({}, strict)),

  'settings.get': query<Settings>()(Type.Object({}, strict)),
  'settings.set': command<Settings>()(settingsPatchSchema),
  'app.info': query<{ readonly version: string; readonly dataFolder: string; readonly limits: Readonly<Record<string, number>> }>()(
    Type.Object({}, strict),
  ),
  'jobs.cancel': command<null>()(Type.Object({ job: Type.String() }, strict)),
  /** Lets a push end its portion and stop there, to be taken up again. */
  'jobs.pause': command<null>()(Type.Object({ job: Type.String() }, strict)),
  /** Reports as files: the failed rows with their reasons, the annotated workbook, the table, a copy for the eyes, the printable summary. */
  'drafts.report': command<FileTicket>()(
    Type.Object(
      {
        draftId: Type.String(),
        kind: Type.Enum(['failed-rows-csv', 'annotated-xlsx', 'table-csv', 'table-xlsx', 'view-only-csv', 'summary-html']),
        language: Type.Enum(['en', 'nb', 'da']),
      },
      strict,
    ),
  ),
} as const
