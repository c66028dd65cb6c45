import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'

const adapter = fileURLToPath(new URL('../../../../backend/adapters/files-node/files-node.ts', import.meta.url))
const folder = await mkdtemp(path.join(tmpdir(), 'roster-unfinished-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A program that is in the middle of writing two files, says so, and then does `then` or waits. */
const program = (then: string): string => `
  import { writeFileSync } from 'node:fs'
  import { createNodeFiles } from ${JSON.stringify(adapter)}
  const files = createNodeFiles({ ownerOnly: false })
  let begun = 0
  for (const name of ['a.csv', 'b.csv']) void files.writeThrough(name, {}, (temporary) => {
    writeFileSync(temporary, 'half')
    if (++begun === 2) { process.stdout.write('writing'); ${then} }
    return new Promise(() => setInterval(() => undefined, 1000))
  })`

function writing(
  then: string,
  signal: NodeJS.Signals | null,
  words: readonly string[] = [],
): Promise<{ readonly code: number | null; readonly signal: string | null }> {
  const child = spawn(process.execPath, [...words, '--input-type=module-typescript', '-e', program(then)], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (signal !== null) child.stdout.once('data', () => child.kill(signal))
  return new Promise((resolve) => child.once('close', (code, ended) => resolve({ code, signal: ended })))
}

describe.skipIf(process.platform === 'win32')('a program that ends while it writes leaves nothing half written', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('by %s, and it ends as the signal ends a program', async (signal) => {
    expect(await writing('', signal)).toEqual({ code: null, signal })
    expect(await readdir(folder)).toEqual([])
  })
  test('by itself', async () => {
    expect(await writing('process.exit(3)', null)).toEqual({ code: 3, signal: null })
    expect(await readdir(folder)).toEqual([])
  })
  test('where the program hears the signal itself, what becomes of the file is its own business', async () => {
    const own = `process.on('SIGTERM', () => process.exit(7))`
    expect(await writing(own, 'SIGTERM')).toEqual({ code: 7, signal: null })
    expect(await readdir(folder)).toEqual([])
  })
  test('within Electron, whose own answer to a signal is to quit in order, none is listened to', async () => {
    const asElectron = `data:text/javascript,Object.defineProperty(process.versions,'electron',{value:'1'})`
    const listeners = `process.exit(['SIGINT', 'SIGTERM', 'SIGHUP'].reduce((sum, signal) => sum + process.listenerCount(signal), 0))`
    expect(await writing(listeners, null, ['--import', asElectron])).toEqual({ code: 0, signal: null })
    expect(await readdir(folder)).toEqual([])
  })
})
