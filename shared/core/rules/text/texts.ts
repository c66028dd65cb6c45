import type { Language } from '../../../kit/language.ts'
import type { RuleTexts } from '../rule-facts.ts'
import { da } from './da.ts'
import { en } from './en.ts'
import { nb } from './nb.ts'

export const ruleTexts: Readonly<Record<Language, RuleTexts>> = { en, nb, da }
