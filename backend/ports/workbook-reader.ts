import type { SourceNotice } from '../../shared/core/csv/source-facts.ts'
import type { Result } from '../../shared/kit/result.ts'

/**
 * Reads a workbook (.xlsx, .xlsm) into the CSV that the rest of Roster reads, so that there is one path into the table.
 * The parsing is done by a process of its own: a damaged or hostile file can end that process, never this one.
 */
export interface WorkbookReader {
  /** `source`: the file's bytes, or its path. Without `sheet`: the first visible sheet with data. */
  read(source: Uint8Array | string, options?: ReadWorkbookOptions): Promise<Result<WorkbookContent, WorkbookProblem>>
}

export interface ReadWorkbookOptions {
  /** The sheet's name. Case counts only where two names differ by nothing else. */
  readonly sheet?: string
  /** Ends the reading within milliseconds: the process is killed, the problem is `cancelled`. */
  readonly signal?: AbortSignal
}

export interface WorkbookContent {
  /**
   * UTF-8 without BOM, comma, LF after every record, quotes where RFC 4180 needs them. Record n is spreadsheet row n: an empty
   * row is an empty line. Rows are padded to the width of the fullest of the first rows (the header); what stands beyond stays.
   * Do not guess its dialect: it is always this one.
   */
  readonly csv: Uint8Array
  readonly sheet: string
  readonly sheets: readonly WorkbookSheet[]
  readonly notices: readonly SourceNotice[]
}

export interface WorkbookSheet {
  readonly name: string
  readonly hidden: boolean
  /** Counted for the sheet that was read (last row and column with text); for the others what the file says, unverified. */
  readonly rows: number
  readonly columns: number
}

/** Why a workbook could not be read. The reasons are those of `file/unusable` (app-error.ts), and two of our own. */
export interface WorkbookProblem {
  readonly reason: 'broken-workbook' | 'encrypted-workbook' | 'no-such-sheet' | 'over-limit' | 'not-found' | 'cancelled'
  /** The place and why, in plain words. */
  readonly detail: string
  /** `no-such-sheet`: the names that are there. */
  readonly sheets?: readonly string[]
}

/** Bounds of one reading. Everything beyond is refused as `over-limit`. Sizes in bytes. */
export interface WorkbookLimits {
  readonly fileBytes: number
  readonly entries: number
  readonly entryBytes: number
  readonly expandedBytes: number
  /** Expanded : packed, looked at only above `ratioFloorBytes` (small repetitive parts are honest). */
  readonly ratio: number
  readonly ratioFloorBytes: number
  readonly cellChars: number
  readonly csvBytes: number
  readonly heapMiB: number
  readonly timeoutMs: number
}

/** What the parsing process is asked. One request a process. */
export interface WorkbookRequest {
  readonly kind: 'read'
  readonly source: Uint8Array | string
  readonly sheet?: string
  readonly limits: WorkbookLimits
}

/** What it answers: pieces of the CSV in order, then `done`, or `problem`. `restart`: the pieces so far do not count. */
export type WorkbookReply =
  | { readonly kind: 'piece'; readonly bytes: Uint8Array }
  | { readonly kind: 'restart' }
  | { readonly kind: 'done'; readonly content: Omit<WorkbookContent, 'csv'>; readonly by: 'own' | 'library' }
  | { readonly kind: 'problem'; readonly problem: WorkbookProblem }

/** A running parser process, whatever the host starts it with (`fork` in Node, `utilityProcess` in Electron). */
export interface WorkbookChild {
  send(request: WorkbookRequest): void
  onMessage(listener: (reply: WorkbookReply) => void): void
  /** Called once, when the process is gone or could not be started. `null`: ended by a signal. */
  onExit(listener: (code: number | null) => void): void
  kill(): void
}

export type SpawnWorkbookChild = (options: { readonly heapMiB: number }) => WorkbookChild
