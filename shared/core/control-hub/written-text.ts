import { heldText, isBlank, isClear, wantedText } from '../diff/cell-meaning.ts'

/** `REMOVE|` before each number that a user has: the only way to take a number away by CSV (domain.md §1.4, NUMS). */
export const removeNumbers = (cell: string): string =>
  numbersOf(cell)
    .map((number) => `REMOVE|${number}`)
    .join(',')

/** The numbers of a phone cell that the user keeps, without their marks, in order. */
export const numbersOf = (cell: string): readonly string[] =>
  cell
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && !/^REMOVE\|/iu.test(part))
    .map((part) => part.replace(/^PRIMARY\|/iu, ''))

/**
 * The text that goes to Control Hub for a cell: TRUE and FALSE in English, blank as nothing at all, other text to the letter.
 * `(clear)` has no form there but for phone numbers; it is written as an empty cell, which Control Hub leaves as it is, and
 * the manifest says so.
 */
export function writtenText(text: string, isBoolean: boolean): string {
  return isBlank(text) || isClear(text) ? '' : isBoolean ? (wantedText(text, true) ?? '') : text
}

/** The same for a phone cell, where clearing means removing the numbers that the user has. */
export const writtenPhones = (text: string, held: string): string =>
  isClear(text) ? removeNumbers(heldText(held, false)) : writtenText(text, false)
