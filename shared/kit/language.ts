/** Languages of screens, messages and printed pages: English, Norwegian bokmål, Danish. */
export const languages = ['en', 'nb', 'da'] as const
export type Language = (typeof languages)[number]
