import { expect, test, vi } from 'vitest'
import type { ByteSink, SheetToWrite, WorkbookWriter } from '../../../../backend/ports/workbook-writer.ts'
import type { ProvisioningStores } from '../../../../backend/ports/provisioning-store.ts'
import type { DraftEdit } from '../../../../shared/contract/draft-methods.ts'
import { ok } from '../../../../shared/kit/result.ts'
import { customerName, must, onBench, problemOf, type Bench } from '../../../support/backend.ts'
import { userCells, userHeader, users } from '../../../support/user-file.ts'

/** What happens while a store is opened, and while a workbook is written: after so many rows, each time. */
const meanwhile = vi.hoisted(() => ({ opening: async () => {}, writing: async () => {}, rows: 1 }))

vi.mock(import('../../../../backend/adapters/store-sqlite/store-sqlite.ts'), async (original) => {
  const module = await original()
  const createSqliteStores = (...options: Parameters<typeof module.createSqliteStores>): ProvisioningStores => {
    const stores = module.createSqliteStores(...options)
    return {
      ...stores,
      async open(url, how) {
        await meanwhile.opening()
        return stores.open(url, how)
      },
    }
  }
  return { ...module, createSqliteStores }
})

// Writes what it reads as JSON.
vi.mock(import('../../../../backend/adapters/xlsx/write-workbook.ts'), () => {
  const write = async (target: string | ByteSink, sheets: readonly SheetToWrite[]): ReturnType<WorkbookWriter['write']> => {
    const read: (readonly string[])[][] = []
    let count = 0
    for (const { rows } of sheets) {
      const own: (readonly string[])[] = []
      read.push(own)
      for (const cells of rows) {
        own.push(cells)
        if (++count === meanwhile.rows) await meanwhile.writing()
      }
    }
    const bytes = new TextEncoder().encode(JSON.stringify(read))
    if (typeof target !== 'string') await target.write(bytes)
    return ok({ bytes: bytes.length })
  }
  return { createWorkbookWriter: () => ({ write }) }
})

const column = (name: string): number => userHeader.findIndex((header) => header === name)
const cell = (row: number, name: string, text: string): DraftEdit => ({ kind: 'set-cells', cells: [{ row, column: column(name), text }] })

/** Has the deed done once, at the next of these moments. */
function once(moment: 'opening' | 'writing', deed: () => Promise<unknown>): () => boolean {
  let isDone = false
  meanwhile[moment] = async () => {
    if (isDone) return
    isDone = true
    await deed()
  }
  return () => isDone
}

test('an edit that comes while the store answers is not in the batch: the guards did not see it', () =>
  onBench(async ({ api, draft }) => {
    must(await api['customers.save']({ profile: { name: customerName } }))
    const changed = users(4, (n) => (n === 0 ? { Department: 'Salg' } : {}))
    const { id } = await draft(changed, { baseline: users(4), customer: customerName })
    const edits: readonly DraftEdit[] = [
      cell(0, 'Department', 'Lager'),
      cell(1, 'User ID/Email (Required)', 'no address'),
      { kind: 'remove-users', rows: [2], confirmedCount: 1 },
    ]
    const isDone = once('opening', async () => {
      for (const edit of edits) must(await api['drafts.edit']({ draftId: id, edit }))
    })
    const made = must(await api['batches.submit']({ draftId: id, by: 'Kari' }))
    expect(isDone()).toBe(true)
    expect(must(await api['drafts.state']({ draftId: id }))).toMatchObject({ findings: { error: 1 }, changes: { remove: 1 } })
    expect(made).toMatchObject({ digestHolds: true, summary: { add: 0, update: 1, remove: 0, rename: 0, unchanged: 3 } })
    const { items } = must(await api['batches.items']({ batch: made.batch, from: 0, count: 10 }))
    expect(items.map(({ email, cells }) => ({ email, cells }))).toEqual([
      { email: 'user.0@fjordkraft.no', cells: [{ column: 'Department', before: 'Drift', after: 'Salg' }] },
    ])
  }))

test('a batch that its guards refuse makes no store', () =>
  onBench(async ({ api, draft }) => {
    must(await api['customers.save']({ profile: { name: customerName } }))
    const { id } = await draft(users(2), { baseline: users(2), customer: customerName })
    const isOpened = once('opening', async () => {})
    expect(problemOf(await api['batches.submit']({ draftId: id, by: 'Kari' }))).toEqual({ code: 'draft/no-changes' })
    expect(isOpened()).toBe(false)
  }))

type Sheets = readonly (readonly (readonly string[])[])[]

async function written({ api, backend }: Bench, draftId: string, kind: 'table-xlsx' | 'annotated-xlsx'): Promise<Sheets> {
  const { ticket } = must(await api['drafts.report']({ draftId, kind, language: 'en' }))
  return JSON.parse(new TextDecoder().decode(must(await backend.readTicket(ticket)).bytes)) as Sheets
}

test('a workbook is of one state of the draft, though an edit comes while it is written', () =>
  onBench(async (bench) => {
    const { id } = await bench.draft(users(6))
    const fill: DraftEdit = { kind: 'fill', rows: [0, 1, 2, 3, 4, 5], columns: [column('Department')], text: 'Salg' }
    meanwhile.rows = 3
    const isDone = once('writing', async () => must(await bench.api['drafts.edit']({ draftId: id, edit: fill })))
    const [sheet = []] = await written(bench, id, 'table-xlsx')
    expect(isDone()).toBe(true)
    expect(sheet.map((cells) => cells[column('Department')])).toEqual(Array<string>(6).fill('Salg'))
  }))

test('the findings of a workbook are those of its rows, though some are gone before their sheet is written', () =>
  onBench(async (bench) => {
    const bad = [1, 2, 3].map((n) => userCells(n, { 'First Name': ' Kari' }))
    const { id } = await bench.draft([userCells(0), ...bad])
    meanwhile.rows = 2
    const edit: DraftEdit = { kind: 'fill', rows: [1, 2], columns: [column('First Name')], text: 'Kari' }
    const isDone = once('writing', async () => must(await bench.api['drafts.edit']({ draftId: id, edit })))
    const [rows = [], findings = []] = await written(bench, id, 'annotated-xlsx')
    expect(isDone()).toBe(true)
    expect(rows.map((cells) => cells[column('User ID/Email (Required)')])).toEqual(['user.3@fjordkraft.no'])
    expect(new Set(findings.map(([row]) => row)).size).toBe(1)
  }))

test('who edits without a break while a workbook is written is told', () =>
  onBench(async ({ api, draft }) => {
    const { id } = await draft(users(6))
    let count = 0
    meanwhile.rows = 3
    meanwhile.writing = async () => {
      must(await api['drafts.edit']({ draftId: id, edit: cell(5, 'Department', `Salg ${++count}`) }))
    }
    const refused = await api['drafts.report']({ draftId: id, kind: 'table-xlsx', language: 'en' })
    expect(problemOf(refused)).toEqual({ code: 'draft/stale-revision', expected: 0, actual: count })
    expect(count).toBeGreaterThan(1)
  }))
