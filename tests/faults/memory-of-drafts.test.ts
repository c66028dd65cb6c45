import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'

/** Most columns hold another text in every row; a phone number here and there is another user's, too. */
function users(count: number): string {
  const lines = ['First Name,Last Name,User ID/Email (Required),Phone Number,Extension,Location,Webex Suite,Webex Meetings,Department']
  for (let n = 0; n < count; n++) {
    const phone = `+4721${String(1_000_000 + (n % 100 === 0 ? n >> 1 : n))}`
    lines.push(
      `Kari,Nordmann ${String(n)},user.${String(n)}@firma.no,${phone},${String(10_000 + (n % 50_000))},Oslo,TRUE,FALSE,Team ${String(n % 40)}`,
    )
  }
  return lines.join('\r\n')
}

interface Memory {
  readonly rss: number
  readonly held: number
}

test('a large draft that is opened, worked in and closed twenty times leaves no memory behind', { timeout: 300_000 }, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'roster-memory-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  const file = path.join(folder, 'users.csv')
  writeFileSync(file, users(200_000))
  const child = path.join(import.meta.dirname, 'children', 'open-and-close.ts')
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', child, file, path.join(folder, 'data'), '20'])
  const said = stdout.split('\n').find((line) => line.startsWith('@@'))
  const { empty, open, closed } = JSON.parse(said?.slice(2) ?? '{}') as Record<'empty' | 'open', Memory> & {
    readonly closed: readonly Memory[]
  }
  expect(closed).toHaveLength(20)
  // The draft itself is no small thing, so that one which stayed would show.
  expect(open.held - empty.held).toBeGreaterThan(20)
  const held = closed.map((memory) => memory.held)
  expect(Math.max(...held) - empty.held).toBeLessThan((open.held - empty.held) / 2)
  expect(held.at(-1)! - held[3]!).toBeLessThan(4)
  // The process gives its pages back when it likes, and takes some rounds (of sixty about fifteen) until it asks for no more. Were a draft
  // left behind each time, ten of them would stand between the two.
  const most = (rounds: readonly Memory[]): number => Math.max(...rounds.map(({ rss }) => rss))
  expect(most(closed.slice(15)) - most(closed.slice(2, 8))).toBeLessThan(5 * (open.held - empty.held))
})
