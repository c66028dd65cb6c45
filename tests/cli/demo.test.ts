import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createWorkplace, projectRoot } from '../support/process.ts'

const place = await createWorkplace()
afterAll(() => place.remove())

const demo = path.join(projectRoot, 'scripts', 'demo.mjs')

test('the demo walks the whole main job and ends with a verified receipt, leaving nothing behind', async () => {
  const ended = await place.run([], { command: [process.execPath, demo], env: { TMPDIR: place.folder } })
  expect(ended.code, ended.out.slice(-2000) + ended.err).toBe(0)
  expect(ended.out.trimEnd().split('\n').at(-1)).toMatch(
    /^Receipt verified: b-\w+, \d+ items applied, approved by Ola, sha256:[0-9a-f]{64}$/u,
  )
  const commands = [...ended.out.matchAll(/^\$ roster (\w+)/gmu)].map(([, command]) => command)
  for (const command of ['inspect', 'check', 'fix', 'diff', 'submit', 'approve', 'push', 'export', 'audit'])
    expect(commands, command).toContain(command)
  expect(ended.out).toContain('Kari made the batch')
  expect(ended.out.match(/\(exit code 77\)/gu)?.length).toBe(3)
  expect(await place.names()).toEqual([])
}, 120_000)
