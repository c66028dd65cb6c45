import type { AppError } from '../../../shared/contract/app-error.ts'
import type { CliWords } from './words/words.ts'

/**
 * The refusal of an address that cannot be used; null for a store file, PostgreSQL, or none named. A password on the command line
 * stands in the list of processes and in the shell's history. What the URL holds is never repeated whole.
 */
export function unusableStore(store: string | undefined, say: CliWords): AppError | null {
  if (store === undefined) return null
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//iu.exec(store)?.[1]?.toLowerCase()
  if (scheme === undefined || scheme === 'file' || scheme === 'sqlite') return null
  if (scheme !== 'postgres' && scheme !== 'postgresql') {
    return { code: 'store/unreachable', url: withoutPassword(store), detail: say.usage.storeKind }
  }
  return /\/\/[^/@]*:[^/@]*@/u.test(store) ? { code: 'usage', detail: say.usage.passwordInAddress } : null
}

/** A URL as it may be shown: what stands before the @ can be a password. */
export const withoutPassword = (url: string): string => url.replace(/\/\/[^/@]*@/, '//')

/** Whether the store is a team's: its backup is an SQL script. */
export const isTeamStore = (store: string | undefined): boolean => /^postgres(?:ql)?:/iu.test(store ?? process.env['ROSTER_STORE'] ?? '')
