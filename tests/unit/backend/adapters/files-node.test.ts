import { appendFileSync, chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
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

test('what takes the place of a file keeps its rights; a name may be as long as the file system takes it', async () => {
  const open = createNodeFiles({ ownerOnly: false })
  const target = path.join(folder, `${'n'.repeat(251)}.csv`)
  expect(await open.write(target, Buffer.from('a'))).toEqual({ ok: true, value: null })
  chmodSync(target, 0o600)
  expect(await open.write(target, Buffer.from('b'), { replace: true })).toEqual({ ok: true, value: null })
  const rights = (): number => (process.platform === 'win32' ? 0o600 : statSync(target).mode & 0o777)
  expect([readFileSync(target, 'utf8'), rights()]).toEqual(['b', 0o600])
  // Never more than it would have had: what is for the owner alone stays so over a file that others could read.
  chmodSync(target, 0o644)
  expect(await files.write(target, Buffer.from('c'), { replace: true })).toEqual({ ok: true, value: null })
  expect(rights()).toBe(0o600)
  rmSync(target)
})

test('a large file is shown as it comes in; one that grows or shrinks meanwhile is read as it is in the end', async () => {
  const file = path.join(folder, 'large.csv')
  const large = Buffer.alloc(40_000_000, 'user,')
  const reading = async (meanwhile: () => void) => {
    writeFileSync(file, large)
    const shown: { readonly bytes: Uint8Array; readonly filled: number }[] = []
    const onPiece = (bytes: Uint8Array<ArrayBuffer>, filled: number): void => {
      if (shown.push({ bytes, filled }) === 1) meanwhile()
      expect(Buffer.compare(bytes.subarray(filled - 1000, filled), large.subarray(filled - 1000, filled))).toBe(0)
    }
    const read = await files.read(file, undefined, { onPiece, signal: new AbortController().signal })
    if (!read.ok) throw new Error(read.error.detail)
    return { shown, value: read.value }
  }
  const whole = await reading(() => undefined)
  expect(whole.shown.length).toBeGreaterThan(1)
  expect(whole.shown.map(({ bytes }) => bytes === whole.value)).not.toContain(false)
  expect(Buffer.compare(whole.value, large)).toBe(0)

  const grown = await reading(() => {
    appendFileSync(file, 'more')
  })
  expect(grown.shown.map(({ bytes }) => bytes === grown.value)).not.toContain(true)
  expect(grown.value.length).toBe(large.length + 4)
  const shrunk = await reading(() => {
    truncateSync(file, 30_000_000)
  })
  expect([shrunk.value === shrunk.shown[0]!.bytes, shrunk.value.length]).toEqual([false, 30_000_000])

  const ending = new AbortController()
  const ended = await files.read(file, undefined, {
    onPiece: () => {
      ending.abort()
    },
    signal: ending.signal,
  })
  expect(ended).toMatchObject({ ok: false, error: { reason: 'not-readable' } })
})
