import type { StreamHasher } from '../../shared/core/batch/hasher.ts'
import type { AppEvent } from '../../shared/contract/method.ts'
import type { Clock } from '../ports/clock.ts'
import type { CustomerStore } from '../ports/customer-store.ts'
import type { DraftStore } from '../ports/draft-store.ts'
import type { FileAccess } from '../ports/file-access.ts'
import type { Log } from '../ports/log.ts'
import type { OnboardingStore } from '../ports/onboarding-store.ts'
import type { ProvisioningStores } from '../ports/provisioning-store.ts'
import type { Signers } from '../ports/signers.ts'
import type { SettingsStore } from '../ports/settings-store.ts'
import type { WorkbookReader } from '../ports/workbook-reader.ts'
import type { WorkbookWriter } from '../ports/workbook-writer.ts'

/** What the services need of the world, put together once in `compose`. */
export interface World {
  readonly version: string
  readonly clock: Clock
  readonly log: Log
  readonly hasher: StreamHasher
  /** SHA-256 of bytes, hex. */
  readonly sha256: (bytes: Uint8Array) => string
  /** The same of many bytes, with others let in between. */
  readonly sha256InSlices: (bytes: Uint8Array) => Promise<string>
  /** A faster check than the core's own. */
  readonly isUtf8: (bytes: Uint8Array) => boolean
  readonly holdsNul: (bytes: Uint8Array) => boolean
  /** The person's files. */
  readonly files: FileAccess
  /** The data folder: only its owner can read what is written. */
  readonly ownFiles: FileAccess
  readonly folders: Folders
  readonly workbookReader: WorkbookReader
  readonly workbookWriter: WorkbookWriter
  readonly drafts: DraftStore
  readonly stores: ProvisioningStores
  readonly customers: CustomerStore
  readonly onboarding: OnboardingStore
  readonly settings: SettingsStore
  /** Reviewers' keys on this machine. */
  readonly signers: Signers
  readonly emit: (event: AppEvent) => void
  /** Joins parts of a path; services know no separators. */
  readonly join: (...parts: readonly string[]) => string
  readonly baseName: (path: string) => string
  /** Lets waiting calls have their turn. */
  readonly breathe: () => Promise<void>
}

export interface Folders {
  readonly data: string
  readonly receipts: string
  readonly exports: string
  readonly samples: string
}
