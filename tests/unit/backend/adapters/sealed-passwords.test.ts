import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createNodeFiles } from '../../../../backend/adapters/files-node/files-node.ts'
import { createSealedPasswords } from '../../../../backend/adapters/store-passwords/sealed-passwords.ts'
import type { KeyChain } from '../../../../backend/ports/signers.ts'
import type { StorePasswords } from '../../../../backend/ports/store-passwords.ts'

const chain: KeyChain = {
  keeping: async () => ({ by: 'key-chain' }),
  encrypt: async (text) => Buffer.from(text).toString('base64url'),
  decrypt: async (sealed) => Buffer.from(sealed, 'base64url').toString('utf8'),
}
let folder = ''
let file = ''
let passwords: StorePasswords

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'roster-sealed-'))
  file = path.join(folder, 'store-passwords.json')
  passwords = createSealedPasswords(file, createNodeFiles({ ownerOnly: true }), chain)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('each place keeps its own password until it is forgotten', async () => {
  expect(await passwords.find('one')).toBeNull()
  expect(await passwords.forget('one')).toBe(true)
  expect(await passwords.keep('one', 'first')).toBe(true)
  expect(await passwords.keep('two', 'second')).toBe(true)
  expect([await passwords.find('one'), await passwords.find('two')]).toEqual(['first', 'second'])
  expect(await passwords.forget('one')).toBe(true)
  expect([await passwords.find('one'), await passwords.find('two')]).toEqual([null, 'second'])
})

test.each(['{"format":2,"sealed":{"a":"b"}}', '{"format":1,"sealed":null}', '{"format":1,"sea', 'null', ''])(
  'a file that nobody here can read, %j, is not written over',
  async (text) => {
    await writeFile(file, text)
    expect(await passwords.find('one')).toBeNull()
    expect(await passwords.keep('one', 'first')).toBe(false)
    expect(await passwords.forget('one')).toBe(false)
    expect(await readFile(file, 'utf8')).toBe(text)
  },
)

test('where the file cannot be read at all nothing is kept', async () => {
  await mkdir(file)
  expect(await passwords.find('one')).toBeNull()
  expect(await passwords.keep('one', 'first')).toBe(false)
  expect(await passwords.forget('one')).toBe(false)
})
