/** A detail from elsewhere as a sentence of its own. */
export const sentence = (text: string): string => (/[.!?…:]$/.test(text) ? text : `${text}.`)

/** What a system says when a file cannot be read or written, by its own codes. */
export type SystemWords = Readonly<Record<(typeof systemCodes)[number], string>>

const systemCodes = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'EIO'] as const

/** The same in a person's words, with the system's code behind them; a detail without a code that is known stays as it is. */
export function systemSentence(detail: string, words: SystemWords): string {
  const code = systemCodes.find((known) => new RegExp(`^${known}\\b|\\(${known}\\)`, 'u').test(detail))
  return sentence(code === undefined ? detail : `${words[code]} (${code})`)
}
