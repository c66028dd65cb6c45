import type { AppError } from '../../../shared/contract/app-error.ts'
import { usageError, textOption, type Context } from './context.ts'
import { nearest } from './nearest.ts'

/** `--rules` with a pattern that fits no rule is a mistyped one: checking nothing would look like finding nothing. */
export async function refusedPattern(context: Context): Promise<AppError | null> {
  const pattern = textOption(context, 'rules')
  if (pattern === undefined) return null
  const { ruleset } = await import('../../../shared/core/rules/ruleset.ts')
  const ids = ruleset.map((rule) => rule.id)
  for (const word of pattern.split(',').map((part) => part.trim().replace(/^!/, ''))) {
    const parts = word.split('*').map((part) => part.replaceAll(/[^\w/-]/g, '\\$&'))
    const fits = new RegExp(`^${parts.join('.*')}$`)
    // A customer's own rules have names that only the profile knows.
    if (word.startsWith('custom/') || ids.some((id) => fits.test(id))) continue
    const families = [...new Set(ids.map((id) => `${id.split('/')[0] ?? ''}/*`))]
    return usageError(context.say.usage.unknownRule(word, nearest(word, word.includes('*') ? families : ids)))
  }
  return null
}
