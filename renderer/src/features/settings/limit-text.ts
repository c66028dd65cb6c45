import { isTextKey, type Text } from '../../text/use-text.ts'

/** A limit in words; one without words of its own is spelt out of its name (`maxRows` → max rows). */
export function limitText(name: string, { t }: Pick<Text, 't'>): string {
  const key = `limit.${name}`
  return isTextKey(key) ? t(key) : name.replace(/[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`)
}
