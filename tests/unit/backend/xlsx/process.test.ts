import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { forkWorkbookChild } from '../../../../backend/adapters/xlsx/fork-child.ts'
import { workbookLimits } from '../../../../backend/adapters/xlsx/limits.ts'
import { createWorkbookReader } from '../../../../backend/adapters/xlsx/read-workbook.ts'
import { sheetNamespace, textRow, workbookOf } from '../../../support/xlsx/build-workbook.ts'

const root = join(import.meta.dirname, '../../../..')
const spawn = forkWorkbookChild(join(root, 'backend/workers/workbook/child.ts'))
const table = join(root, 'tests/fixtures/xlsx/frictionless/table.xlsx')
const folder = mkdtempSync(join(tmpdir(), 'roster-xlsx-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})
const script = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')

describe('reading in a process of its own', () => {
  it('by path and by bytes', async () => {
    const reader = createWorkbookReader(spawn)
    for (const source of [table, readFileSync(table)]) {
      const read = await reader.read(source)
      if (!read.ok) throw new Error(read.error.detail)
      const { csv, ...rest } = read.value
      expect(text(csv)).toBe('id,name\n1,english\n2,中国人\n')
      expect(rest.sheets).toEqual([
        { name: 'Лист1', hidden: false, rows: 3, columns: 2 },
        { name: 'Sheet 2', hidden: false, rows: 10, columns: 5 },
      ])
    }
  })

  it('brings a sheet of many pieces whole and in order', async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => textRow(i + 1, [`user${i}@example.no`, `+4721${i}`, 'x'.repeat(40)])).join('')
    const read = await createWorkbookReader(spawn).read(workbookOf({ rows }))
    if (!read.ok) throw new Error(read.error.detail)
    const lines = text(read.value.csv).split('\n')
    expect(lines.length).toBe(60_001)
    expect(lines.every((line, i) => i === 60_000 || line === `user${i}@example.no,+4721${i},${'x'.repeat(40)}`)).toBe(true)
  })

  it('says what is wrong with the file', async () => {
    const reader = createWorkbookReader(spawn)
    expect(await reader.read(join(folder, 'nothing.xlsx'))).toEqual({
      ok: false,
      error: { reason: 'not-found', detail: 'the file cannot be read (ENOENT)' },
    })
    expect(await reader.read(table, { sheet: 'Brukere' })).toEqual({
      ok: false,
      error: { reason: 'no-such-sheet', detail: 'no sheet is named “Brukere”; there are: Лист1, Sheet 2', sheets: ['Лист1', 'Sheet 2'] },
    })
  })

  it('a reader that spins is ended, and this process goes on meanwhile', async () => {
    const hanging = forkWorkbookChild(script('hang.mjs', "process.on('message', () => { for (;;); })"))
    let ticks = 0
    const ticking = setInterval(() => ticks++, 20)
    const read = await createWorkbookReader(hanging, { ...workbookLimits, timeoutMs: 600 }).read(table)
    clearInterval(ticking)
    expect(read).toEqual({ ok: false, error: { reason: 'over-limit', detail: 'reading took longer than 0.6 s' } })
    expect(ticks).toBeGreaterThan(10)
  })

  it('a reader that runs out of memory takes nothing with it', async () => {
    const eating = forkWorkbookChild(
      script('eat.mjs', "process.on('message', () => { const all = []; for (;;) all.push(new Array(1e5).fill({})) })"),
    )
    const read = await createWorkbookReader(eating, { ...workbookLimits, heapMiB: 64 }).read(table)
    expect(read).toMatchObject({
      ok: false,
      error: { reason: 'broken-workbook', detail: expect.stringContaining('more memory than it may') },
    })
  })

  it('a reader that is not there', async () => {
    const read = await createWorkbookReader(forkWorkbookChild(join(folder, 'none.mjs'))).read(table)
    expect(read).toMatchObject({ ok: false, error: { reason: 'broken-workbook' } })
  })

  it('is cancelled at once', async () => {
    const controller = new AbortController()
    const hanging = forkWorkbookChild(script('hang2.mjs', "process.on('message', () => { for (;;); })"))
    const reading = createWorkbookReader(hanging).read(table, { signal: controller.signal })
    await new Promise((resolve) => setTimeout(resolve, 100))
    const started = performance.now()
    controller.abort()
    expect(await reading).toEqual({ ok: false, error: { reason: 'cancelled', detail: 'reading was cancelled' } })
    expect(performance.now() - started).toBeLessThan(200)
    expect(await createWorkbookReader(spawn).read(table, { signal: controller.signal })).toMatchObject({ error: { reason: 'cancelled' } })
  })

  it('a bomb of 200 MiB costs this process nothing', async () => {
    const bomb = workbookOf({ rows: `<worksheet xmlns="${sheetNamespace}"><sheetData/>${' '.repeat(200 << 20)}</worksheet>` })
    const before = process.memoryUsage().rss
    const started = performance.now()
    expect(await createWorkbookReader(spawn).read(bomb)).toMatchObject({ ok: false, error: { reason: 'over-limit' } })
    expect(performance.now() - started).toBeLessThan(1000)
    expect(process.memoryUsage().rss - before).toBeLessThan(50 << 20)
  })
})
