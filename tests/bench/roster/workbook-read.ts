import { readFileSync } from 'node:fs'
import { isUtf8 } from 'node:buffer'
import { fileURLToPath } from 'node:url'
import { forkWorkbookChild } from '../../../backend/adapters/xlsx/fork-child.ts'
import { createWorkbookReader } from '../../../backend/adapters/xlsx/read-workbook.ts'
import buildOnce from '../../support/build-once.ts'
import { scoreHeader } from '../../../shared/core/catalogue/recognise.ts'
import { readCsv, type ReadCsv } from '../../../shared/core/csv/read-csv.ts'

/** The process as it is delivered; what it would cost to strip its types is nobody's. */
const script = fileURLToPath(new URL('../../../out/main/workbook-child.js', import.meta.url))

interface Outcome extends ReadCsv {
  /** The most that the process which unpacks held, in MB. */
  readonly childMegabytes: number
}

export const prepare = (): void => buildOnce()

/** A workbook as the backend opens it: unpacked and parsed in a process of its own, then made a table. */
export async function run({ file }: { readonly file: string }): Promise<Outcome> {
  const peaks = new Map<string, number>()
  const watch = setInterval(() => notePeaks(peaks), 5)
  const content = await createWorkbookReader(forkWorkbookChild(script)).read(file)
  clearInterval(watch)
  if (!content.ok) throw new Error(content.error.detail)
  const read = readCsv(content.value.csv, { name: 'users.xlsx', scoreHeader, isUtf8, encoding: 'utf-8', delimiter: ',' })
  if (!read.ok) throw new Error(read.error.detail)
  return { ...read.value, childMegabytes: [...peaks.values()].reduce((sum, one) => sum + one, 0) }
}

/** Linux says of each process what it held at most; elsewhere the child is not counted. */
function notePeaks(peaks: Map<string, number>): void {
  try {
    const own = String(process.pid)
    for (const child of readFileSync(`/proc/self/task/${own}/children`, 'utf8').trim().split(' ')) {
      const peak = /VmHWM:\s+(\d+)/u.exec(readFileSync(`/proc/${child}/status`, 'utf8'))?.[1]
      if (peak !== undefined) peaks.set(child, Number(peak) / 1024)
    }
  } catch {
    // No such file, or the child has just ended.
  }
}

export const check = ({ table }: Outcome): unknown => ({ rows: table.rows.length, columns: table.columns.length })
export const megabytesBeside = ({ childMegabytes }: Outcome): number => childMegabytes
