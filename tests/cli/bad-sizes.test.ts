import { readFileSync } from 'node:fs'
import { truncate } from 'node:fs/promises'
import { afterAll, expect, test, vi } from 'vitest'
import { limits } from '../../shared/core/limits.ts'
import { hostileFiles } from '../support/hostile-files.ts'
import { createWorkplace, ended, startRoster, type Ended } from '../support/process.ts'

vi.setConfig({ testTimeout: 60_000 })
const place = await createWorkplace()
afterAll(() => place.remove())

const mib = 1 << 20
/** What the program takes before it has read anything, generously. */
const program = 130

/** Runs Roster and says how much memory it held at most, in MB. */
async function run(words: readonly string[]): Promise<Ended & { readonly peak: number }> {
  const child = startRoster(words, { cwd: place.folder })
  let peak = 0
  const watch = setInterval(() => {
    try {
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/u.exec(readFileSync(`/proc/${String(child.pid)}/status`, 'utf8'))?.[1] ?? 0) / 1024)
    } catch {
      // It has ended.
    }
  }, 5)
  const result = await ended(child)
  clearInterval(watch)
  return { ...result, peak }
}

// The kernel's own word for the most that a process held; other systems have no such file.
const measured = test.skipIf(process.platform !== 'linux')

measured.each(hostileFiles)('$name: `roster check` says the place and holds little more than the file', async ({ bytes, row, says }) => {
  const content = bytes()
  const size = content.length / mib
  await place.write('users.csv', content)
  const { code, out, err, peak } = await run(['check', 'users.csv'])
  expect([code, out]).toEqual([65, ''])
  expect(err).toContain(`(row ${String(row)})`)
  expect(err.slice(err.indexOf('): ') + 3).trim()).toMatch(says)
  expect(err).not.toMatch(/\n\s+at |node:|Error:/)
  expect(peak).toBeGreaterThan(20)
  expect(peak).toBeLessThan(program + 2.5 * size)
})

measured('a file larger than any that can be opened is not read at all', async () => {
  await place.write('large.csv', 'First Name,Email\r\n')
  await truncate(`${place.folder}/large.csv`, limits.fileBytes + 1)
  const { code, err, peak } = await run(['check', 'large.csv'])
  expect(code).toBe(65)
  expect(err).toMatch(/The file has 513 MB; at most 512 MB can be opened\./u)
  expect(peak).toBeLessThan(program)
})
