import path from 'node:path'
import { defaultDataFolder } from '../../backend/hosts/data-folder.ts'

/** `--data-dir FOLDER` or `--data-dir=FOLDER`, as on the command line; else where the command line keeps its data, too. */
export function dataFolder(words: readonly string[], env: Readonly<Record<string, string | undefined>>): string {
  const name = '--data-dir'
  const at = words.findIndex((word) => word === name || word.startsWith(`${name}=`))
  const word = words[at]
  const named = word === name ? words[at + 1] : word?.slice(name.length + 1)
  return named === undefined || named === '' ? defaultDataFolder(env) : path.resolve(named)
}
