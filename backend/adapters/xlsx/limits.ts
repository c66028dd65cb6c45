import { limits } from '../../../shared/core/limits.ts'
import type { WorkbookLimits } from '../../ports/workbook-reader.ts'

const mib = 1 << 20

/** What one workbook may be and cost; the rest of what Roster takes stands in shared/core/limits.ts. */
export const workbookLimits: WorkbookLimits = {
  fileBytes: limits.fileBytes,
  entries: 1000,
  entryBytes: 256 * mib,
  expandedBytes: 512 * mib,
  ratio: 200,
  ratioFloorBytes: 10 * mib,
  cellChars: limits.cellCharacters,
  csvBytes: 512 * mib,
  heapMiB: 1024,
  timeoutMs: 60_000,
}
