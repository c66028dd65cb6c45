import { workbookLimits } from '../../../backend/adapters/xlsx/limits.ts'
import type { WorkbookContent, WorkbookLimits, WorkbookProblem } from '../../../backend/ports/workbook-reader.ts'
import { answer } from '../../../backend/workers/workbook/read.ts'
import type { ReadingOptions } from '../../../backend/workers/workbook/read.ts'

export interface ReadHere extends Partial<Omit<WorkbookContent, 'csv'>> {
  readonly csv?: string
  readonly by?: 'own' | 'library'
  readonly problem?: WorkbookProblem
}

/** The reading as the parser's process does it, in this one: many small workbooks in little time. */
export async function readHere(
  source: Uint8Array | string,
  {
    sheet,
    limits = workbookLimits,
    ...options
  }: Partial<ReadingOptions> & { readonly sheet?: string; readonly limits?: WorkbookLimits } = {},
): Promise<ReadHere> {
  let pieces: Uint8Array[] = []
  let result: ReadHere = {}
  await answer(
    { kind: 'read', source, limits, ...(sheet === undefined ? {} : { sheet }) },
    (reply) => {
      if (reply.kind === 'piece') pieces.push(reply.bytes)
      else if (reply.kind === 'restart') pieces = []
      else if (reply.kind === 'problem') result = { problem: reply.problem }
      else result = { ...reply.content, by: reply.by, csv: Buffer.concat(pieces).toString('utf8') }
    },
    { readers: 'both', ...options },
  )
  return result
}
