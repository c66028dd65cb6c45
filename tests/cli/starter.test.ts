import { cp, mkdir, mkdtemp, rm, symlink, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { olderNode, projectRoot, roster, type Ended } from '../support/process.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

// The starter on a copy of the project, so that it can be unbuilt, changed and stripped.
let copy: string
const file = (): string => path.join(copy, 'bin', 'roster.mjs')

beforeAll(async () => {
  copy = await mkdtemp(path.join(tmpdir(), 'roster-copy-'))
  // As a fresh clone: without what git does not hold.
  const left = new Set(['node_modules', 'out', '.git', '.tsbuild', 'release', 'coverage', 'test-results', 'playwright-report'])
  await cp(projectRoot, copy, {
    recursive: true,
    preserveTimestamps: true,
    filter: (source) => !left.has(path.relative(projectRoot, source)),
  })
  await symlink(path.join(projectRoot, 'node_modules'), path.join(copy, 'node_modules'))
  await mkdir(path.join(copy, 'elsewhere'))
})
afterAll(() => rm(copy, { recursive: true, force: true }))

const version = (program: string = process.execPath): Promise<Ended> =>
  roster(['--version'], { cwd: path.join(copy, 'elsewhere'), command: [program, file()] })

describe('an unbuilt copy', () => {
  test('two at once build it once, from any folder, and both answer', async () => {
    const both = await Promise.all([version(), version()])
    for (const ended of both)
      expect({ code: ended.code, out: ended.out }).toEqual({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string })
    expect(both.map((ended) => ended.err.match(/^built main/gm)?.length ?? 0).reduce((sum, n) => sum + n, 0)).toBe(1)
    expect((await version()).err).toBe('')
  })
  test('a changed source builds it again, and says so on standard error only', async () => {
    await utimes(path.join(copy, 'backend', 'hosts', 'version.ts'), new Date(), new Date())
    const ended = await version()
    expect(ended.err).toContain('built main')
    expect(ended.out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
  test('a lock that a killed build left behind stops nobody', async () => {
    await mkdir(path.join(copy, 'out', '.build-lock'))
    await utimes(path.join(copy, 'out', '.build-lock'), new Date(0), new Date(0))
    await utimes(path.join(copy, 'backend', 'hosts', 'version.ts'), new Date(), new Date(Date.now() + 5000))
    expect((await version()).code).toBe(0)
  })
  test.skipIf(olderNode === undefined)(
    'an older Node hands over: exit code, output and standard input are the same',
    async () => {
      expect((await version(olderNode)).out).toMatch(/^\d+\.\d+\.\d+\n$/)
      const ended = await roster(['check', '-'], { cwd: copy, command: [olderNode ?? '', file()], input: '' })
      expect([ended.code, ended.out]).toEqual([65, ''])
    },
    60_000,
  )
  test('a copy without sources runs what it brings', async () => {
    for (const part of ['shared', 'backend', 'electron.vite.config.ts']) await rm(path.join(copy, part), { recursive: true })
    expect(await version()).toMatchObject({ code: 0, err: '' })
  })
})
