import { writeSync } from 'node:fs'

/** Written at once, so that what was said before a kill was heard. */
export const say = (line: string): void => {
  writeSync(1, `${line}\n`)
}
