import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, test } from 'vitest'
import { createSqliteLocks } from '../../../../backend/adapters/owner-lock-sqlite/owner-lock-sqlite.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'roster-locks-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})
const locks = createSqliteLocks(folder)

test('one owner at a time, who is named; free again when let go', () => {
  const held = locks.acquire('thing')
  expect(held.ok).toBe(true)
  const second = locks.acquire('thing')
  expect(second).toMatchObject({ ok: false, error: { owner: expect.stringContaining(`process ${process.pid} on `) as string } })
  expect(locks.ownerOf('thing')).toMatchObject({ owner: expect.stringContaining(String(process.pid)) as string })
  if (held.ok) held.value.release()
  expect(locks.ownerOf('thing')).toBeNull()
  const third = locks.acquire('thing')
  expect(third.ok).toBe(true)
  if (third.ok) third.value.release()
})

test('what a program that crashed left behind is no owner, though somebody else looks at the same time', () => {
  const held = locks.acquire('left')
  if (held.ok) held.value.release()
  writeFileSync(path.join(folder, 'left.owner'), 'process 1 on somewhere')
  const looker = new DatabaseSync(path.join(folder, 'left.lock'), { readOnly: true })
  looker.exec('BEGIN; SELECT 1 FROM sqlite_schema')
  expect(locks.ownerOf('left')).toBeNull()
  looker.close()
  const taken = locks.acquire('left')
  expect(taken.ok).toBe(true)
  if (taken.ok) taken.value.release()
})

test('a note whose lock somebody took away names no owner', () => {
  writeFileSync(path.join(folder, 'tidied.owner'), 'process 1 on somewhere')
  expect(locks.ownerOf('tidied')).toBeNull()
  expect(existsSync(path.join(folder, 'tidied.lock'))).toBe(false)
})

test('who cannot leave a note of themselves does not hold the lock either', () => {
  // In the note's place stands something that cannot be written.
  const note = path.join(folder, 'draft.owner')
  mkdirSync(note)
  expect(() => locks.acquire('draft')).toThrow()
  rmSync(note, { recursive: true })
  const held = locks.acquire('draft')
  expect(held.ok).toBe(true)

  // And a note that cannot be taken away keeps nobody out.
  rmSync(note)
  mkdirSync(path.join(note, 'below'), { recursive: true })
  if (held.ok) expect(() => held.value.release()).not.toThrow()
  rmSync(note, { recursive: true })
  const again = locks.acquire('draft')
  expect(again.ok).toBe(true)
  if (again.ok) again.value.release()
  expect(existsSync(note)).toBe(false)
})
