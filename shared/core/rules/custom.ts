import type { CheckContext } from './context.ts'
import type { Rule } from './rule.ts'

export const customRules = (_context: CheckContext): readonly Rule[] => []
