/** Whether a word that may name a customer names a file instead: it has a path separator, ends in `.json`, or is standard input. */
export const isPath = (word: string): boolean => word === '-' || /[/\\]|\.json$/i.test(word)
