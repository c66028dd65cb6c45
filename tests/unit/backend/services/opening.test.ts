import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { DraftEdit } from '../../../../shared/contract/draft-methods.ts'
import { customerName, must, onBench, problemOf } from '../../../support/backend.ts'
import { userFile, users } from '../../../support/user-file.ts'

const named = (row: number): DraftEdit => ({ kind: 'set-cells', cells: [{ row, column: 0, text: 'Åse' }] })

describe('a draft that is closed while it is being opened', () => {
  test('serves those who asked before, and those who ask later find it opened anew', () =>
    onBench(async ({ api, draft }) => {
      const { id } = await draft(users(3))
      must(await api['drafts.close']({ draftId: id }))
      const opening = api['drafts.open']({ draftId: id })
      const before = api['drafts.edit']({ draftId: id, edit: named(1) })
      const closing = api['drafts.close']({ draftId: id })
      const after = api['drafts.edit']({ draftId: id, edit: named(2) })
      expect(must(await opening).rows).toBe(3)
      expect(must(await before).cells).toBe(1)
      must(await closing)
      expect(must(await after)).toMatchObject({ cells: 1, revision: 2 })
      expect(must(await api['drafts.block']({ draftId: id, from: 0, count: 3, columns: [0] }))).toEqual([['Kari'], ['Åse'], ['Åse']])
    }))

  test('is not held any longer: another process may have it', () =>
    onBench(async ({ api, draft }) => {
      const { id } = await draft(users(3))
      must(await api['drafts.close']({ draftId: id }))
      const opening = api['drafts.open']({ draftId: id })
      must(await api['drafts.close']({ draftId: id }))
      must(await opening)
      expect(must(await api['drafts.list']({}))).toMatchObject([{ id, trouble: null }])
    }))

  test('an edit that was asked for just before the draft was closed is made', () =>
    onBench(async ({ api, draft }) => {
      const { id } = await draft(users(3))
      const edited = api['drafts.edit']({ draftId: id, edit: named(1) })
      must(await api['drafts.close']({ draftId: id }))
      expect(must(await edited).cells).toBe(1)
    }))

  test('can be deleted, and whoever asks meanwhile finds none', () =>
    onBench(async ({ api, draft }) => {
      const { id } = await draft(users(3))
      must(await api['drafts.close']({ draftId: id }))
      const opening = api['drafts.open']({ draftId: id })
      const deleting = api['drafts.delete']({ draftId: id, confirmedName: id })
      must(await opening)
      must(await deleting)
      expect(problemOf(await api['drafts.state']({ draftId: id })).code).toBe('draft/not-found')
      expect(must(await api['drafts.list']({}))).toEqual([])
    }))

  test('a cancel frees who waits for somebody else’s opening, and nobody else', () =>
    onBench(async ({ api, draft }) => {
      const { id } = await draft(users(3))
      must(await api['drafts.close']({ draftId: id }))
      const first = api['drafts.open']({ draftId: id, job: 'first' })
      const second = api['drafts.open']({ draftId: id, job: 'second' })
      must(await api['jobs.cancel']({ job: 'second' }))
      expect(problemOf(await second).code).toBe('cancelled')
      expect(must(await first).rows).toBe(3)
    }))

  test('an edit that waits for the opening is not made after a cancel', () =>
    onBench(async ({ api, draft }) => {
      const { id } = await draft(users(3))
      must(await api['drafts.close']({ draftId: id }))
      const opening = api['drafts.open']({ draftId: id })
      const editing = api['drafts.edit']({ draftId: id, edit: named(1), job: 'edit' })
      must(await api['jobs.cancel']({ job: 'edit' }))
      expect(problemOf(await editing).code).toBe('cancelled')
      expect(must(await opening).rows).toBe(3)
      expect(must(await api['drafts.history']({ draftId: id })).steps).toEqual([])
      expect(must(await api['drafts.edit']({ draftId: id, edit: named(1), job: 'edit' })).cells).toBe(1)
    }))
})

describe('a draft whose profile is damaged', () => {
  test.each([
    ['does not match its checksum', (): null => null],
    ['is no profile', (bytes: Uint8Array): number => crc32(bytes)],
  ])('says so (%s), is left alone and can be deleted', (said, crcOf) =>
    onBench(async ({ api, draft, folder }) => {
      must(await api['customers.save']({ profile: { name: customerName } }))
      const { id } = await draft(users(3), { customer: customerName })
      must(await api['drafts.close']({ draftId: id }))
      const database = new DatabaseSync(path.join(folder, 'data', 'drafts', `${id}.sqlite`))
      const cut = new TextEncoder().encode('{"name":')
      database.prepare("UPDATE parts SET bytes = ?, crc = coalesce(?, crc) WHERE name = 'customer/profile'").run(cut, crcOf(cut))
      database.close()
      for (let i = 0; i < 2; i++) {
        const problem = problemOf(await api['drafts.open']({ draftId: id }))
        expect(problem).toEqual({ code: 'draft/damaged', draftId: id, detail: `the stored customer/profile ${said}` })
      }
      expect(must(await api['drafts.list']({}))).toMatchObject([{ id, trouble: null }])
      must(await api['drafts.delete']({ draftId: id, confirmedName: id }))
      expect(must(await api['drafts.list']({}))).toEqual([])
    }),
  )
})

describe('a baseline that is chosen while the customer is changed', () => {
  test('is read as the draft’s customer of then has its columns', () =>
    onBench(async ({ api, backend, folder, ticket }) => {
      const text = userFile(users(5)).replace('Webex Suite', 'Pakke A')
      must(await api['customers.save']({ profile: { name: customerName, packages: [{ package: 'Webex Suite', column: 'Pakke A' }] } }))
      const { id } = must(await api['drafts.create']({ ticket: await ticket(text), customer: customerName }))
      const file = path.join(folder, 'export.csv')
      await writeFile(file, text)
      const baseline = { kind: 'file', ticket: must(await backend.registerPath(file)).ticket } as const
      const setting = api['drafts.setBaseline']({ draftId: id, baseline })
      must(await api['drafts.setCustomer']({ draftId: id, customer: null }))
      expect(must(await setting)).toMatchObject({ customer: null, changes: { packageChange: 0, unchanged: 5 } })
      must(await api['drafts.close']({ draftId: id }))
      expect(must(await api['drafts.state']({ draftId: id })).changes).toMatchObject({ packageChange: 0, unchanged: 5 })
    }))

  test('is refused where it is the store’s for the customer of before', () =>
    onBench(async ({ api, draft, approved }) => {
      const { batch } = await approved(users(3), users(2))
      must(await api['batches.push']({ batch, by: 'Per' }))
      const { id } = await draft(users(3), { customer: customerName })
      const setting = api['drafts.setBaseline']({ draftId: id, baseline: { kind: 'store' } })
      must(await api['drafts.setCustomer']({ draftId: id, customer: null }))
      expect(problemOf(await setting)).toEqual({ code: 'draft/stale-revision', expected: 0, actual: 1 })
      expect(must(await api['drafts.state']({ draftId: id })).baseline).toBeNull()
    }))
})
