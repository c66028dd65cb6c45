import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Language } from '../../../shared/kit/language.ts'
import { en } from './en.ts'
import type { TextKey } from './i18n.ts'

export type Values = Readonly<Record<string, string | number>>

/** Words, numbers and times in the person's language. For use in `setup`. */
export function useText() {
  const { t: translate, locale } = useI18n({ useScope: 'global' })
  const language = computed(() => locale.value as Language)
  const numbers = computed(() => new Intl.NumberFormat(numberLocale(language.value)))
  const dates = computed(() => new Intl.DateTimeFormat(dateLocale(language.value), { day: 'numeric', month: 'short', year: 'numeric' }))
  const moments = computed(
    () => new Intl.DateTimeFormat(dateLocale(language.value), { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }),
  )

  const n = (value: number): string => numbers.value.format(value)
  /** Numbers among the values are written as the language writes them. */
  const written = (values: Values): Record<string, string> =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'number' ? n(value) : value]))

  return {
    language,
    t: (key: TextKey, values: Values = {}): string => translate(key, written(values)),
    /** A text in the form for `count`, which stands in it as `{n}`. */
    count: (key: TextKey, count: number, values: Values = {}): string => translate(key, { ...written(values), n: n(count) }, count),
    n,
    date: (iso: string): string => (isTime(iso) ? dates.value.format(new Date(iso)) : iso),
    dateTime: (iso: string): string => (isTime(iso) ? moments.value.format(new Date(iso)) : iso),
    /** A time in words for progress: `40 s`, `3 min`. */
    duration: (ms: number): string =>
      ms < 60_000
        ? translate('time.seconds', { n: Math.max(1, Math.round(ms / 1000)) })
        : translate('time.minutes', { n: Math.round(ms / 60_000) }),
  }
}

export type Text = ReturnType<typeof useText>

/** Whether there is a text under a key that is made at run time (a rule id, a step name). */
export const isTextKey = (key: string): key is TextKey => Object.hasOwn(en, key)

const isTime = (iso: string): boolean => !Number.isNaN(Date.parse(iso))
const numberLocale = (language: Language): string => ({ en: 'en-GB', nb: 'nb-NO', da: 'da-DK' })[language]
const dateLocale = numberLocale
