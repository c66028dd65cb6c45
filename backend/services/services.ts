import type { SourceFacts } from '../../shared/core/csv/source-facts.ts'
import type { RecognisedColumn } from '../../shared/core/catalogue/column.ts'
import type { Manifest } from '../../shared/core/control-hub/manifest-shape.ts'
import type { ImportErrorKind } from '../../shared/core/control-hub/error-file.ts'
import type { Reconciliation } from '../../shared/core/control-hub/reconcile.ts'
import type { CustomerProfile } from '../../shared/core/customer/profile.ts'
import type { Comparison } from '../../shared/core/diff/compare-with-baseline.ts'
import type { DamageLine } from '../../shared/core/rules/damage.ts'
import type { Findings } from '../../shared/core/rules/finding.ts'
import type { EditableTable } from '../../shared/core/table/editable-table.ts'
import type { AppError } from '../../shared/contract/app-error.ts'
import type { BatchDetail, PushResult } from '../../shared/contract/batch-methods.ts'
import type { Api } from '../../shared/contract/method.ts'
import type { Methods } from '../../shared/contract/methods.ts'
import type { WholesalePrecheck, WholesaleStatus } from '../../shared/contract/wholesale-methods.ts'
import type { Language } from '../../shared/kit/language.ts'
import type { Result } from '../../shared/kit/result.ts'
import type { PlanFilesService } from './onboarding/plan-files.ts'

/** Where the bytes of a file come from: a path of the person's, or bytes that a host was handed (standard input, an upload). */
export type FileSource = { readonly path: string } | { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }

/** A file that was read and understood: CSV or XLSX, it is the same from here on. */
export interface OpenedFile {
  readonly facts: SourceFacts
  readonly table: EditableTable
  readonly columns: readonly RecognisedColumn[]
}

/** What a check or a comparison is held against. Each part that is missing switches the rules off that need it. */
export interface CheckContext {
  readonly baseline?: OpenedFile
  readonly customer?: CustomerProfile
  /** A pattern of rule ids: `phone/*`, `site/missing`, several by comma. */
  readonly rules?: string
  /** So many removals were confirmed; absent: none. */
  readonly confirmedRemovals?: number
  /** The baseline is what the store holds, no export of Control Hub. */
  readonly isFromStore?: boolean
}

export interface WriteOptions {
  /** Replace what is there (`--force`). */
  readonly replace?: boolean
}

/** Work on files as they are, without a draft: the command line's half of the product. */
export interface FilesService {
  open(
    source: FileSource,
    options?: {
      readonly sheet?: string
      readonly customer?: CustomerProfile
      /** Refuse a file without a column of emails: it is to be held against another one. */
      readonly needsEmails?: boolean
    },
  ): Promise<Result<OpenedFile, AppError>>
  inspect(file: OpenedFile): Inspection
  /** What a spreadsheet program did to the file; lost zeros and digits are looked up in the baseline by email. */
  damage(file: OpenedFile, context?: CheckContext): readonly DamageLine[]
  check(file: OpenedFile, context?: CheckContext): Findings
  /** Applies every safe fix to the opened table itself (again and again, while a fix makes another one possible). */
  fix(
    file: OpenedFile,
    context?: CheckContext,
  ): { readonly file: OpenedFile; readonly byRule: Readonly<Record<string, number>>; readonly cells: number }
  /** Without a baseline everybody is new. */
  compare(file: OpenedFile, context?: Omit<CheckContext, 'rules'>): Comparison
  /** Writes the table: XLSX where the path ends so, else CSV in the dialect of the file it came from. */
  write(file: OpenedFile, path: string, options?: WriteOptions): Promise<Result<null, AppError>>
  /** The bytes that `write` puts into a CSV file. */
  csvOf(file: OpenedFile): Result<Uint8Array, AppError>
  /** The annotated rows: the failed rows with their reasons in a column (CSV), the painted workbook (XLSX), or the printable summary (HTML). */
  writeReport(
    file: OpenedFile,
    findings: Findings,
    path: string,
    options: WriteOptions & { readonly language: Language; readonly held?: Omit<CheckContext, 'rules'> },
  ): Promise<Result<null, AppError>>
  /** The printable summary of what a file changes: HTML for a person who has no Roster. */
  writeChanges(
    file: OpenedFile,
    path: string,
    options: WriteOptions & { readonly language: Language; readonly held: Omit<CheckContext, 'rules'> },
  ): Promise<Result<null, AppError>>
  /** A copy to be looked at in a spreadsheet, which no import takes. */
  writeViewOnly(file: OpenedFile, path: string, options: WriteOptions & { readonly language: Language }): Promise<Result<null, AppError>>
  /** Control Hub's error file on the users of a file. */
  importErrors(file: OpenedFile, errorFile: OpenedFile, baseline?: OpenedFile): Result<FileErrors, AppError>
  /** Any bytes, to a path that the person named. Whole or not at all. */
  writeBytes(path: string, bytes: Uint8Array, options?: WriteOptions): Promise<Result<null, AppError>>
  /** The Control Hub files and their manifest, as a folder that appears whole. */
  exportTo(
    file: OpenedFile,
    folder: string,
    context: Omit<CheckContext, 'rules'> &
      WriteOptions & {
        readonly columns: 'all' | 'changed'
        readonly maxRows: number
        /** Of the steps in the manifest; that of the settings where none is given. */
        readonly language?: Language
      },
  ): Promise<Result<Manifest, AppError>>
}

/** What Control Hub said of the users of a file. */
export interface FileErrors {
  readonly errors: readonly {
    readonly email: string
    /** The row in the file, null where the file does not have the user. */
    readonly row: number | null
    readonly message: string
    readonly kind: ImportErrorKind
  }[]
  /** The failed users only. */
  readonly failed: OpenedFile
  /** For those that taking the package away and giving it again repairs; null where there are none. */
  readonly reassign: { readonly unassign: OpenedFile; readonly assign: OpenedFile; readonly withoutPackage: readonly string[] } | null
}

export interface Inspection {
  readonly facts: SourceFacts
  readonly rows: number
  readonly columns: readonly RecognisedColumn[]
  readonly packages: readonly { readonly package: string; readonly users: number }[]
  readonly damage: readonly DamageLine[]
}

export interface CustomersService {
  /** A profile by the name it is saved under, or from a file. What has a path separator or ends in `.json` is a file. */
  resolve(nameOrPath: string): Promise<Result<CustomerProfile, AppError>>
  readProfile(source: FileSource): Promise<Result<CustomerProfile, AppError>>
  list(): Promise<Result<readonly CustomerProfile[], AppError>>
  /** Why files among the saved profiles are none: somebody edited them by hand. */
  broken(): Promise<readonly AppError[]>
  /** Replaces a profile of the same name (case ignored). */
  save(profile: CustomerProfile): Promise<Result<CustomerProfile, AppError>>
  /** A CSV of locations or numbers into a saved profile. */
  importList(
    name: string,
    what: 'locations' | 'numbers',
    source: FileSource,
  ): Promise<Result<{ readonly profile: CustomerProfile; readonly added: number; readonly known: number }, AppError>>
}

export interface SubmitFile {
  readonly file: OpenedFile
  readonly customer: CustomerProfile
  readonly baseline: OpenedFile | 'store' | null
  readonly by: string
  readonly message?: string
  readonly confirmRemovals?: number
}

/** How far a long step is. `total` null: not known yet. */
export type Progress = (step: string, done: number, total: number | null) => void

export interface PushOptions {
  readonly onProgress?: Progress
  readonly signal?: AbortSignal
  /** Ends it between two transactions; what was begun is done. */
  readonly held?: AbortSignal
  /** Items a transaction. Default: all of them up to a bound, 10,000 above it. */
  readonly chunk?: number
}

export interface BatchesService {
  /** `draft/has-errors`: nothing was made; `files.check` lists them. */
  submitFile(submission: SubmitFile): Promise<Result<BatchDetail, AppError>>
  /** As `batches.push`, with progress and a way to stop between two chunks. */
  push(
    input: {
      readonly batch: string
      readonly by: string
      readonly mode?: 'push' | 'resume' | 'retry'
      readonly store?: string
      readonly passphrase?: string
    },
    options?: PushOptions,
  ): Promise<Result<PushResult & { readonly receiptPath: string | null }, AppError>>
  /** Holds a fresh Control Hub export against what the batch was to do. */
  reconcile(batch: string, exported: FileSource): Promise<Result<Reconciliation, AppError>>
  exportTo(
    batch: string,
    folder: string,
    options: WriteOptions & { readonly columns: 'all' | 'changed'; readonly maxRows?: number },
  ): Promise<Result<Manifest, AppError>>
}

export interface StoreService {
  /** Makes the store where there is none. */
  init(store?: string): Promise<Result<null, AppError>>
  /** From now on the store itself keeps authors, reviewers and importers apart, by their logins. Only a team's store can. */
  keepApart(store?: string): Promise<Result<null, AppError>>
  /** A file of its own, whole or not at all. */
  backup(path: string, options: WriteOptions & { readonly store?: string }): Promise<Result<null, AppError>>
  /** The customer's users as the store holds them, as a file to compare with. Null: the store knows no such customer. */
  baseline(customer: CustomerProfile, store?: string): Promise<Result<OpenedFile | null, AppError>>
}

export interface WholesaleService {
  /** As `wholesale.send`, with progress and a way to stop: within a second, and the outbox knows where. */
  send(
    input: { readonly batch: string; readonly by: string; readonly token?: string; readonly mode?: 'send' | 'retry' },
    options?: { readonly progress?: Progress; readonly signal?: AbortSignal },
  ): Promise<Result<WholesaleStatus, AppError>>
  precheck(
    input: { readonly batch: string; readonly token?: string; readonly language: Language },
    options?: { readonly progress?: Progress; readonly signal?: AbortSignal },
  ): Promise<Result<WholesalePrecheck, AppError>>
  /** The same of a file that nobody has submitted: of the users that it adds. */
  precheckChanges(
    changes: Comparison,
    customer: CustomerProfile | null,
    asking: { readonly token?: string; readonly language: Language },
    options?: { readonly progress?: Progress; readonly signal?: AbortSignal },
  ): Promise<Result<WholesalePrecheck, AppError>>
  /** The payload files as a folder that appears whole; gives their names. */
  writePayloads(batch: string, folder: string, options?: WriteOptions): Promise<Result<readonly string[], AppError>>
}

/** What hosts in the same process call besides the contract. `api` is the contract itself, already typed. */
export interface Services {
  readonly api: Api<Methods>
  readonly files: FilesService
  readonly customers: CustomersService
  readonly batches: BatchesService
  readonly store: StoreService
  readonly onboarding: PlanFilesService
  readonly wholesale: WholesaleService
}
