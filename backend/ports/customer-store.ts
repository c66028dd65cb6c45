import type { Result } from '../../shared/kit/result.ts'
import type { FileProblem } from './file-access.ts'

/** Saved customer profiles, as JSON texts: reading them is the core's business. */
export interface CustomerStore {
  list(): Promise<readonly StoredProfile[]>
  /** One profile a name, case ignored: the name's earlier text is replaced. */
  write(name: string, text: string): Promise<Result<null, FileProblem>>
  remove(name: string): Promise<Result<null, FileProblem>>
}

export interface StoredProfile {
  /** What to call the file in a message about it. */
  readonly file: string
  readonly text: string
}
