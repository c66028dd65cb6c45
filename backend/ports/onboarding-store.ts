import type { Result } from '../../shared/kit/result.ts'
import type { FileProblem } from './file-access.ts'

/** Saved onboarding plans and templates, as JSON texts: reading them is the core's business. Ids are made by Roster. */
export interface OnboardingStore {
  list(kind: OnboardingKind): Promise<readonly StoredText[]>
  /** Null: there is no such file. */
  read(kind: OnboardingKind, id: string): Promise<string | null>
  /** Whole or not at all; replaces what stood there. */
  write(kind: OnboardingKind, id: string, text: string): Promise<Result<null, FileProblem>>
  remove(kind: OnboardingKind, id: string): Promise<Result<null, FileProblem>>
}

export type OnboardingKind = 'plans' | 'templates'

export interface StoredText {
  readonly id: string
  readonly text: string
}
