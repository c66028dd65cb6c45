import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { controlHubDialect, writeCsv } from '../../../shared/core/csv/write-csv.ts'
import { open, type Opened } from './open.ts'

export { warmUp } from './open.ts'

export const prepare = ({ file }: { readonly file: string }): Promise<Opened> => open(file)

/** An opened table, put out as a file. */
export function run(_args: unknown, { table }: Opened): { readonly bytes: number } {
  const folder = mkdtempSync(path.join(tmpdir(), 'roster-bench-'))
  try {
    const target = openSync(path.join(folder, 'out.csv'), 'w')
    const chunks = writeCsv(table, { dialect: controlHubDialect })
    if (!chunks.ok) throw new Error(JSON.stringify(chunks.error))
    let bytes = 0
    for (const chunk of chunks.value) bytes += writeSync(target, chunk)
    closeSync(target)
    return { bytes }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
export const check = (written: unknown): unknown => written
