import { existsSync } from 'node:fs'
import path from 'node:path'
import { env, stdin, stderr } from 'node:process'
import { homeFolder } from '../data-folder.ts'

/**
 * For a store whose password stands in no environment variable and no password file. Undefined where nobody sits at a terminal, or
 * PostgreSQL's own password file is there to be looked into.
 */
export const passwordAsker = (question: string): (() => Promise<string>) | undefined =>
  existsSync(env['PGPASSFILE'] ?? path.join(homeFolder(), '.pgpass')) ? undefined : secretAsker(question)

/** Asks on the terminal, without showing what is typed. Undefined where nobody sits at one. */
export function secretAsker(question: string): (() => Promise<string>) | undefined {
  if (!stdin.isTTY || !stderr.isTTY) return undefined
  return () =>
    new Promise((resolve) => {
      let typed = ''
      // Before the question: whoever types as soon as they see it is not shown either.
      stdin.setRawMode(true)
      stdin.resume()
      stderr.write(question)
      const read = (data: Buffer): void => {
        for (const sign of data.toString('utf8')) {
          if (sign === '\r' || sign === '\n' || sign === '\u0003' || sign === '\u0004') {
            stdin.off('data', read)
            stdin.setRawMode(false)
            stdin.pause()
            stderr.write('\n')
            if (sign === '\u0003') process.kill(process.pid, 'SIGINT')
            // Of what was broken off nothing goes anywhere.
            resolve(sign === '\u0003' ? '' : typed)
            return
          }
          typed = sign === '\u007f' ? typed.slice(0, -1) : typed + sign
        }
      }
      stdin.on('data', read)
    })
}
