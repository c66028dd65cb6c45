import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createNodeFiles } from '../../../../backend/adapters/files-node/files-node.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'roster-files-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})
const files = createNodeFiles({ ownerOnly: true })

async function* pieces(texts: readonly string[], thrown?: Error): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
  if (thrown !== undefined) throw thrown
}

test('a file that is written in pieces is there whole or not at all', async () => {
  const target = path.join(folder, 'pieces.json')
  expect(await files.writePieces(target, pieces(['a', '', 'bc']))).toEqual({ ok: true, value: null })
  expect(readFileSync(target, 'utf8')).toBe('abc')
  expect(await files.writePieces(target, pieces(['d']))).toMatchObject({ ok: false, error: { reason: 'exists' } })

  const gone = new Error('the source is gone')
  await expect(files.writePieces(target, pieces(['x'.repeat(100_000)], gone), { replace: true })).rejects.toBe(gone)
  expect([readFileSync(target, 'utf8'), readdirSync(folder)]).toEqual(['abc', ['pieces.json']])

  expect(await files.writePieces(target, pieces(['d', 'e']), { replace: true })).toEqual({ ok: true, value: null })
  expect(readFileSync(target, 'utf8')).toBe('de')
  expect(await files.writePieces(path.join(target, 'below'), pieces(['x']))).toMatchObject({ ok: false, error: { reason: 'not-writable' } })
})
