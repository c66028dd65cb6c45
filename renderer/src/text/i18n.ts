import { createI18n } from 'vue-i18n'
import type { Language } from '../../../shared/kit/language.ts'
import { da } from './da.ts'
import { en } from './en.ts'
import { nb } from './nb.ts'

/** A text of the window. `en` says which there are; `nb` and `da` are typed by it, so a missing one does not compile. */
export type TextKey = keyof typeof en

/**
 * Keys are flat (`findings.title`), so they are looked up as they stand. The messages are interpreted, never compiled to code,
 * so a content policy without `unsafe-eval` holds. Two forms separated by `|` are one and many.
 */
export const createText = (language: Language) =>
  createI18n({
    legacy: false,
    locale: language,
    fallbackLocale: 'en',
    messages: { en, nb, da },
    messageResolver: (messages, key) => (messages as Readonly<Record<string, string>>)[key] ?? null,
  })
