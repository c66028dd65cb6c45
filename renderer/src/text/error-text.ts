import type { AppError, AppErrorOf } from '../../../shared/contract/app-error.ts'
import { FileRefused } from '../platform/platform.ts'
import type { TextKey } from './i18n.ts'
import type { Text, Values } from './use-text.ts'

/**
 * A failure in words: what did not happen, why, what to do. Every code has a text `error.<code>`, held by the type below;
 * the error's own fields fill it in. A bug shows its incident number and nothing of its inside.
 */
export function errorText(error: AppError, { t }: Pick<Text, 't'>): string {
  if (error.code === 'file/unusable') {
    const reason = t(`unusable.${error.reason}`)
    return t('error.file/unusable', { name: error.name, reason, detail: error.detail })
  }
  if (error.code === 'receipt/not-genuine') {
    return t('error.receipt/not-genuine', { name: error.name, why: t(`receipt.problem.${error.reason}`, { name: error.name }) })
  }
  if (error.code === 'guard/stale-baseline') return t('error.guard/stale-baseline', { rows: error.rows.slice(0, 5).join(', ') })
  if (
    error.code === 'guard/decision' ||
    error.code === 'review/unusable' ||
    error.code === 'review/key' ||
    error.code === 'store/no-key-chain' ||
    error.code === 'wholesale/token'
  ) {
    return t(reasonKey(error), valuesOf(error))
  }
  if (error.code === 'edit/impossible') return t('error.edit/impossible', { detail: withinSentence(error.detail) })
  return t(`error.${error.code}`, valuesOf(error))
}

/** What a host says when it refuses a file; anything else is a bug and goes on. */
export function refusalText(thrown: unknown, { t }: Pick<Text, 't'>): string {
  if (thrown instanceof FileRefused) return t('files.refused', { name: thrown.fileName, detail: thrown.detail })
  throw thrown
}

type Reasoned = AppErrorOf<'guard/decision' | 'review/unusable' | 'review/key' | 'store/no-key-chain' | 'wholesale/token'>
/** These codes have words for each of their reasons. */
const reasonKey = (error: Reasoned): TextKey => {
  if (error.code === 'guard/decision') return `error.guard/decision.${error.reason}`
  if (error.code === 'store/no-key-chain') return `error.store/no-key-chain.${error.why}`
  if (error.code === 'wholesale/token') return `error.wholesale/token.${error.reason}`
  return error.code === 'review/key' ? `error.review/key.${error.reason}` : `error.review/unusable.${error.reason}`
}

/** A detail may be a sentence of its own; the text that it stands in ends it. */
const withinSentence = (detail: string): string => detail.replace(/\.$/u, '')

const valuesOf = (error: AppError): Values =>
  Object.fromEntries(Object.entries(error).filter((entry): entry is [string, string | number] => typeof entry[1] !== 'object'))
