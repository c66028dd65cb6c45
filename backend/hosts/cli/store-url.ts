import type { AppError } from '../../../shared/contract/app-error.ts'

/** The refusal of a store that this version cannot reach; null for a store file, or none named. What the URL holds is never repeated whole. */
export function elsewhere(store: string | undefined): AppError | null {
  if (store === undefined || !/^[a-z][a-z0-9+.-]*:\/\//i.test(store)) return null
  return { code: 'store/unreachable', url: withoutPassword(store), detail: 'this version of Roster speaks to the embedded store only.' }
}

/** A URL as it may be shown: what stands before the @ can be a password. */
export const withoutPassword = (url: string): string => url.replace(/\/\/[^/@]*@/, '//')
