/** Whether a word that may name a customer names a file instead: it has a path separator or ends in `.json`. */
export const isPath = (word: string): boolean => /[/\\]|\.json$/i.test(word)
