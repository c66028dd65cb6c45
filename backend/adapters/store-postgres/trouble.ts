import type { StoreProblem } from '../../ports/provisioning-store.ts'

/** Ends a transaction from deep within it, with what the caller is to be told. */
export class StoreRefusal extends Error {
  readonly problem: StoreProblem
  constructor(problem: StoreProblem) {
    super(problem.reason)
    this.problem = problem
  }
}

/** What was read was overtaken by another writer before it was written: the whole transaction again. */
export class Overtaken extends Error {}

/** No answer within the time that a statement may take. */
export class NoAnswer extends Error {}

export const unreachable = (url: string, detail: string): StoreProblem => ({ kind: 'store-problem', reason: 'unreachable', url, detail })
export const refused = (detail: string): StoreProblem => ({ kind: 'store-problem', reason: 'refused', detail })
export const noSuchBatch: StoreProblem = { kind: 'store-problem', reason: 'no-such-batch' }

/** The five characters of SQLSTATE, or the code of a socket error. */
export const codeOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : ''

const isState = (code: string): boolean => /^[0-9A-Z]{5}$/u.test(code)

/** The server asks for the whole transaction again: serialization failure, deadlock. */
export const wantsRetry = (thrown: unknown): boolean => thrown instanceof Overtaken || ['40001', '40P01'].includes(codeOf(thrown))

/**
 * The connection is of no more use, and what it was last told to do may have been done or not: cut, timed out, server shutting
 * down or starting.
 */
export function isLost(thrown: unknown): boolean {
  if (thrown instanceof NoAnswer) return true
  const code = codeOf(thrown)
  if (isState(code)) return code.startsWith('08') || ['57P01', '57P02', '57P03', '57P05', '25P03', '25P04', '53300'].includes(code)
  if (code !== '') return true
  return thrown instanceof Error && /connection|socket|terminat|not queryable|timeout/iu.test(thrown.message)
}

/** One of the store's own constraints. */
export const isConstraint = (thrown: unknown): boolean => /^(?:23...|P0001)$/u.test(codeOf(thrown))

/**
 * What is told to people and written to logs. PostgreSQL's messages name tables, columns and constraints; values stand in its
 * details, which are never repeated.
 */
export function problemOf(url: string, thrown: unknown): StoreProblem {
  if (thrown instanceof StoreRefusal) return thrown.problem
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const code = codeOf(thrown)
  if (isConstraint(thrown)) return refused(message)
  if (code === '57014') return { kind: 'store-problem', reason: 'cancelled' }
  if (wantsRetry(thrown)) return { kind: 'store-problem', reason: 'busy', owner: 'other writers' }
  if (code.startsWith('28') || wantsPassword(message)) return { kind: 'store-problem', reason: 'login', url }
  if (code === '3D000') return unreachable(url, 'there is no database of that name')
  if (code === '42501') return refused('this login has no right to that in the store')
  if (code === '25006') return unreachable(url, 'the store can only be read (a replica, or set so)')
  if (code === '22021') return refused('a text holds a character that the store cannot keep (U+0000)')
  if (code.startsWith('53') || code.startsWith('58')) return unreachable(url, `the store is out of resources (${code})`)
  if (isLost(thrown)) return unreachable(url, plainOf(thrown, code, message))
  throw thrown
}

/** The client's own complaint when the server asks and there is nothing to say. */
const wantsPassword = (message: string): boolean => /client password must be a/u.test(message)

function plainOf(thrown: unknown, code: string, message: string): string {
  if (thrown instanceof NoAnswer || message === 'Query read timeout') return 'it does not answer'
  if (code === 'ECONNREFUSED') return 'nothing answers at that address'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'there is no machine of that name'
  if (code === '57P03') return 'it is just starting'
  if (/CERT|SELF_SIGNED|ALTNAME|UNABLE_TO_/u.test(code)) return `its certificate is not to be trusted (${code})`
  return message === '' ? code : message
}
