import type { AppError } from '../../../shared/contract/app-error.ts'

/** The audit log is kept in the embedded store of the data folder; a store elsewhere keeps its own. Null: the embedded one is meant. */
export function elsewhere(store: string): AppError | null {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(store)) return null
  return { code: 'store/unreachable', url: withoutPassword(store), detail: 'this version of Roster speaks to the embedded store only.' }
}

/** A URL as it may be shown: what stands before the @ can be a password. */
export const withoutPassword = (url: string): string => url.replace(/\/\/[^/@]*@/, '//')
