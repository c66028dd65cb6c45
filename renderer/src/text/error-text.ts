import type { AppError } from '../../../shared/contract/app-error.ts'
import { FileRefused } from '../platform/platform.ts'
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
  if (error.code === 'guard/stale-baseline') return t('error.guard/stale-baseline', { rows: error.rows.slice(0, 5).join(', ') })
  return t(`error.${error.code}`, valuesOf(error))
}

/** What a host says when it refuses a file; anything else is a bug and goes on. */
export function refusalText(thrown: unknown, { t }: Pick<Text, 't'>): string {
  if (thrown instanceof FileRefused) return t('files.refused', { name: thrown.fileName, detail: thrown.detail })
  throw thrown
}

const valuesOf = (error: AppError): Values =>
  Object.fromEntries(Object.entries(error).filter((entry): entry is [string, string | number] => typeof entry[1] !== 'object'))
