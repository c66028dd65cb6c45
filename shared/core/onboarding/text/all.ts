import type { Language } from '../../../kit/language.ts'
import { da } from './da.ts'
import { en } from './en.ts'
import { nb } from './nb.ts'
import type { OnboardingWords } from './words.ts'

export const onboardingWords: Readonly<Record<Language, OnboardingWords>> = { en, nb, da }
