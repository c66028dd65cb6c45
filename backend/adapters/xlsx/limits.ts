import type { WorkbookLimits } from '../../ports/workbook-reader.ts'

const mib = 1 << 20

/** What one workbook may be and cost. Text of a cell: Excel's own bound. */
export const workbookLimits: WorkbookLimits = {
  fileBytes: 200 * mib,
  entries: 1000,
  entryBytes: 256 * mib,
  expandedBytes: 512 * mib,
  ratio: 200,
  ratioFloorBytes: 10 * mib,
  cellChars: 32_767,
  csvBytes: 512 * mib,
  heapMiB: 1024,
  timeoutMs: 60_000,
}
