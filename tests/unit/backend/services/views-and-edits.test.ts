import { expect, test } from 'vitest'
import { systemClock } from '../../../../backend/adapters/clock-system/clock-system.ts'
import { compareDrafts } from '../../../../backend/services/drafts/compare-drafts.ts'
import type { Draft } from '../../../../backend/services/drafts/draft.ts'
import { recogniseTable } from '../../../../backend/services/files/read-table.ts'
import { tableFromRows } from '../../../../shared/core/table/table-from-rows.ts'
import { must, onBench } from '../../../support/backend.ts'
import { userCells, userHeader, users } from '../../../support/user-file.ts'

const brokenUser = (n: number) => userCells(n, { 'Phone Number': '4721538305' })

/** On its clock every slice of work lasts long enough for others to get their turn. */
let elapsed = 0
const clock = { ...systemClock, monotonic: () => (elapsed += 50) }

test('a view by findings shows those of the draft as an edit meanwhile left it, each row once', () =>
  onBench(
    async ({ backend, api, draft }) => {
      const { id: draftId } = await draft([...users(4), brokenUser(4)])
      const edits: Promise<unknown>[] = []
      backend.subscribe((event) => {
        if (event.kind !== 'job' || event.job !== 'view' || edits.length > 0) return
        const edit = { kind: 'insert-rows' as const, before: 1, rows: [userCells(5), brokenUser(6)] }
        edits.push(api['drafts.edit']({ draftId, edit }).then(must))
      })
      const view = { sort: [], filter: [{ kind: 'severity' as const, severity: 'any' as const }] }
      const shown = must(await api['drafts.setView']({ draftId, view, job: 'view' }))
      await Promise.all(edits)
      expect(edits).toHaveLength(1)
      expect(shown.rows).toBe(2)
      expect(must(await api['drafts.rowIds']({ draftId, from: 0, count: 10 }))).toEqual([6, 4])
    },
    { clock },
  ))

test('a comparison that an edit outran is not taken for that of the edited lists', async () => {
  const department = userHeader.indexOf('Department')
  const draftOf = (rows: readonly (readonly string[])[]): Draft => {
    const table = tableFromRows(userHeader, rows)
    return {
      kept: { customer: null },
      file: { lastEntry: 0 },
      table,
      columns: recogniseTable(table, undefined),
      viewRows: table.rows,
    } as unknown as Draft
  }
  /** Counts how often the columns of the second list are looked at, and edits it at one of these times. */
  async function compareEditedAt(time: number) {
    const here = draftOf(users(3))
    const plain = draftOf(users(3))
    let looks = 0
    const there = Object.defineProperty({ ...plain }, 'columns', {
      get: () => {
        if (++looks === time) {
          plain.table.columns[department]?.setTexts(Uint32Array.of(1), { texts: ['Salg'], index: null })
          Object.assign(plain.file, { lastEntry: 1 })
        }
        return plain.columns
      },
    })
    const work = { progress: () => undefined, pause: async () => undefined }
    const compare = async () => (await compareDrafts(here, there, { list: 'different', from: 0, count: 10 }, work)).counts.different
    return { first: await compare(), looks, second: await compare() }
  }
  const { first, looks } = await compareEditedAt(Infinity)
  expect(first).toBe(0)
  expect(await compareEditedAt(looks)).toMatchObject({ first: 1, second: 1 })
})
