import type { Result } from '../../shared/kit/result.ts'
import type { FileProblem } from './file-access.ts'

/** Saved customer profiles, as JSON texts: reading them is the core's business. */
export interface CustomerStore {
  /** None where nothing was saved yet; a place that cannot be looked into is a problem. */
  list(): Promise<Result<readonly StoredProfile[], FileProblem>>
  /** One profile a name, case ignored: the name's earlier text is replaced. */
  write(name: string, text: string): Promise<Result<null, FileProblem>>
  remove(name: string): Promise<Result<null, FileProblem>>
  /** Does `change` while no other process does one, so that what it read is still so when it writes. A problem: somebody else goes on and on. */
  alone<T>(change: () => Promise<T>): Promise<Result<T, FileProblem>>
}

export interface StoredProfile {
  /** What to call the file in a message about it. */
  readonly file: string
  readonly text: string
}
