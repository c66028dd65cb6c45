import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { DraftEdit } from '../../shared/contract/draft-methods.ts'
import { userFile, users } from '../support/user-file.ts'
import { inFolder, must, seeded, startChild, withBackend } from './support.ts'

async function makeDraft(folder: string): Promise<string> {
  return withBackend(folder, async (api, backend) => {
    const { ticket } = await backend.registerBytes('users.csv', new TextEncoder().encode(userFile(users(200))))
    const { id } = must(await api['drafts.create']({ ticket }))
    must(await api['drafts.edit']({ draftId: id, edit: { kind: 'set-cells', cells: [{ row: 3, column: 0, text: 'Guro' }] } }))
    return id
  })
}

describe('two processes on one draft', () => {
  test('the second one may read and not write, until the first one is gone', { timeout: 30_000 }, () =>
    inFolder(async (folder) => {
      const draftId = await makeDraft(folder)
      const owner = startChild('hold', folder, draftId)
      await owner.said('writes')
      await withBackend(folder, async (api) => {
        const state = must(await api['drafts.open']({ draftId }))
        expect(state.readOnly).toBe(true)
        expect(must(await api['drafts.block']({ draftId, from: 3, count: 1, columns: [0] }))).toEqual([['Guro']])
        const edit: DraftEdit = { kind: 'set-cells', cells: [{ row: 4, column: 0, text: 'Nina' }] }
        expect(await api['drafts.edit']({ draftId, edit })).toMatchObject({ ok: false, error: { code: 'draft/read-only' } })
        expect(must(await api['drafts.list']({}))).toMatchObject([{ id: draftId, rows: 200 }])

        await owner.kill()
        const taken = must(await api['drafts.edit']({ draftId, edit }))
        expect(taken.state.readOnly).toBe(false)
      })
    }),
  )

  test('of many that start at once exactly one writes', { timeout: 60_000 }, () =>
    inFolder(async (folder) => {
      const draftId = await makeDraft(folder)
      for (let race = 0; race < 3; race++) {
        const children = Array.from({ length: 6 }, () => startChild('hold', folder, draftId))
        const said = await Promise.all(children.map((child) => child.said('')))
        await Promise.all(children.map((child) => child.kill()))
        expect(said.filter((line) => line === 'writes')).toHaveLength(1)
        expect(said.filter((line) => line === 'reads')).toHaveLength(5)
      }
    }),
  )
})

describe('a damaged draft', () => {
  test('is never opened as if it were whole, and not one byte of it changes', { timeout: 60_000 }, () =>
    inFolder(async (folder) => {
      const draftId = await makeDraft(folder)
      const file = path.join(folder, 'drafts', `${draftId}.sqlite`)
      const sound = await readFile(file)
      const random = seeded(3)
      const damages: readonly ((bytes: Buffer) => Buffer)[] = [
        (bytes) => bytes.subarray(0, bytes.length / 2),
        (bytes) => bytes.fill(0, 0, 100),
        (bytes) => bytes.fill(0x55, 68, 72),
        () => Buffer.from('this is no draft'),
        ...Array.from({ length: 40 }, () => (bytes: Buffer) => flipped(bytes, Math.floor(random() * bytes.length))),
      ]
      let refused = 0
      for (const damage of damages) {
        const bytes = damage(Buffer.from(sound))
        await writeFile(file, bytes)
        await withBackend(folder, async (api) => {
          const opened = await api['drafts.open']({ draftId })
          if (opened.ok) {
            // The flipped byte was in a place that holds nothing: then all must be as it was.
            const block = must(
              await api['drafts.block']({ draftId, from: 0, count: 200, columns: opened.value.columns.map(({ index }) => index) }),
            )
            expect(hashOf(JSON.stringify(block))).toBe(await soundBlock())
            return
          }
          refused++
          expect(opened.error).toMatchObject({ code: 'draft/damaged', draftId })
          expect(hashOf(await readFile(file))).toBe(hashOf(bytes))
        })
      }
      expect(refused).toBeGreaterThan(20)

      async function soundBlock(): Promise<string> {
        const rows = users(200).map((cells, row) => (row === 3 ? ['Guro', ...cells.slice(1)] : cells))
        return hashOf(JSON.stringify(rows))
      }
    }),
  )
})

function flipped(bytes: Buffer, at: number): Buffer {
  bytes[at] = (bytes[at] ?? 0) ^ 0x10
  return bytes
}

const hashOf = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex')
