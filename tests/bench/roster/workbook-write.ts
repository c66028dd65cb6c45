import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createWorkbookWriter } from '../../../backend/adapters/xlsx/write-workbook.ts'
import { tableSheet } from '../../../backend/services/files/write-table.ts'
import { open, type Opened } from './open.ts'

export const prepare = ({ file }: { readonly file: string }): Promise<Opened> => open(file)

/** An opened table, put out as a workbook whose every cell is text. */
export async function run(_args: unknown, { table }: Opened): Promise<{ readonly isWritten: boolean }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'roster-bench-'))
  try {
    const target = path.join(folder, 'out.xlsx')
    const written = await createWorkbookWriter().write(target, [tableSheet(table, 'en')])
    if (!written.ok) throw new Error(written.error.detail)
    return { isWritten: statSync(target).size === written.value.bytes }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
export const check = (written: unknown): unknown => written
