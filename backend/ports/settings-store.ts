import type { Result } from '../../shared/kit/result.ts'
import type { FileProblem } from './file-access.ts'

/** A person's preferences as one JSON object. What it may hold is decided by the service. */
export interface SettingsStore {
  /** Null: none were saved yet, or what was saved cannot be read. */
  read(): Promise<Readonly<Record<string, unknown>> | null>
  write(settings: Readonly<Record<string, unknown>>): Promise<Result<null, FileProblem>>
}
