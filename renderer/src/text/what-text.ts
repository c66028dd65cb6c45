import { isTextKey, type Text } from './use-text.ts'

/** What happened to a batch, in words; what has none is shown as it is logged. */
export function whatText(what: string, { t }: Pick<Text, 't'>): string {
  const key = `what.${what}`
  return isTextKey(key) ? t(key) : what
}

/** The counts of a log entry in words, zeros left out: `120 new · 3 removed`. */
export function tallyText(counts: Readonly<Record<string, number>>, { t, n }: Pick<Text, 't' | 'n'>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => {
      const key = `tally.${name}`
      return `${n(count)} ${isTextKey(key) ? t(key) : name}`
    })
    .join(' · ')
}
