import { readBoolean } from '../catalogue/read-boolean.ts'

/** Blank leaves a cell of an existing user as it is; this token empties it (rules.md, words). */
export const clearToken = '(clear)'
export const isClear = (text: string): boolean => text.trim().toLowerCase() === clearToken
export const isBlank = (text: string): boolean => text === '' || text.trim() === ''

/** Emails are matched with case and surrounding space ignored (cli.md, JSON of `diff`). */
export const emailKey = (text: string): string => text.trim().toLowerCase()
/** The same, where texts of whole lists are matched. */
export const sameEmail = { ignoreCase: true, trim: true } as const

/**
 * What a file's cell asks for: `null` leaves the cell as it is, `''` empties it, anything else is the wanted text.
 * TRUE and FALSE are written so whatever their spelling or language; a word that is neither stays as it is (a rule refuses it).
 * Other text is taken to the letter: surrounding space is part of it, so that the preview shows what would be written.
 */
export function wantedText(text: string, isBoolean: boolean): string | null {
  if (isBlank(text)) return null
  if (isClear(text)) return ''
  return isBoolean ? booleanText(text) : text
}

/** What a user's cell holds: blank is `''`, TRUE and FALSE are written so, other text is as it stands. */
export function heldText(text: string, isBoolean: boolean): string {
  if (isBlank(text)) return ''
  return isBoolean ? booleanText(text) : text
}

function booleanText(text: string): string {
  const meaning = readBoolean(text)
  return meaning === null ? text : meaning.value ? 'TRUE' : 'FALSE'
}
