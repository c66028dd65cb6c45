import type { Result } from '../../shared/kit/result.ts'

/**
 * Files of the person and of the data folder. Writing is always whole: beside the target, synced, renamed, the folder synced
 * (so that a file is there entirely or not at all, after a power cut too).
 */
export interface FileAccess {
  /**
   * `atMost`: of a pipe or a device, which may never end, not much more than so many bytes are read. `onPiece` is shown a large file as it
   * comes in: the array that will hold all of it, and so many bytes that are there; the result is that very array, unless the file turns
   * out to be another one. `signal` ends the reading (`not-readable`).
   */
  read(path: string, atMost?: number, arriving?: ArrivingFile): Promise<Result<Uint8Array<ArrayBuffer>, FileProblem>>
  /** The first bytes, at most so many. */
  readStart(path: string, count: number): Promise<Result<Uint8Array<ArrayBuffer>, FileProblem>>
  /** Size in bytes and time of the last change; null where there is no such file. */
  stat(path: string): Promise<{ readonly size: number; readonly changedAt: number; readonly isFolder: boolean } | null>
  /** Without `replace` an existing file is a problem (`exists`), also when it appears while the new one is written. */
  write(path: string, bytes: Uint8Array, options?: { readonly replace?: boolean }): Promise<Result<null, FileProblem>>
  /** The same with bytes that come one piece after the other; what throws while they come is thrown on, and leaves nothing. */
  writePieces(path: string, pieces: AsyncIterable<Uint8Array>, options?: { readonly replace?: boolean }): Promise<Result<null, FileProblem>>
  /**
   * Lets `fill` write at a path that does not exist yet, beside the target, and puts it in place when `fill` succeeds;
   * otherwise nothing stays. For writers that stream.
   */
  writeThrough<E>(
    path: string,
    options: { readonly replace?: boolean },
    fill: (temporaryPath: string) => Promise<Result<null, E>>,
  ): Promise<Result<null, FileProblem | E>>
  /**
   * Files into a folder, each whole; a folder that is not there yet (or is empty) appears whole itself. In a folder with other things
   * in it the files are put in place one by one, the last one last. Without `replace` a name that is taken is a problem (`exists`) and
   * nothing is written. `stale`: names to take away from the folder once the new ones stand.
   */
  writeFolder(
    path: string,
    files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
    options?: { readonly replace?: boolean; readonly stale?: readonly string[] },
  ): Promise<Result<null, FileProblem>>
  /** Names in a folder, sorted; none where there is no folder. */
  list(path: string): Promise<readonly string[]>
  /** The same for whom it matters: what stands there and cannot be read as a folder is a problem, rather than a folder with nothing in it. */
  namesIn(path: string): Promise<Result<readonly string[], FileProblem>>
  /** Nothing happens where there is no such file. */
  remove(path: string): Promise<Result<null, FileProblem>>
}

export interface ArrivingFile {
  readonly onPiece: (bytes: Uint8Array<ArrayBuffer>, filled: number) => void
  readonly signal: AbortSignal
}

export interface FileProblem {
  readonly kind: 'file-problem'
  readonly reason: 'not-found' | 'exists' | 'not-readable' | 'not-writable'
  readonly path: string
  /** What the system said, in its own words (`ENOSPC: no space left on device`). */
  readonly detail: string
}
