import { isUtf8 } from 'node:buffer'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { systemClock } from '../../../backend/adapters/clock-system/clock-system.ts'
import { createNodeFiles } from '../../../backend/adapters/files-node/files-node.ts'
import { readTable, type TableReader } from '../../../backend/services/files/read-table.ts'
import type { OpenedFile } from '../../../backend/services/services.ts'
import { warmUp as warmUpWith } from '../../../backend/services/warm-up/warm-up.ts'
import { whileIdle } from '../../../backend/workers/engine/idle-work.ts'

export type Opened = OpenedFile

const reader: TableReader = {
  files: createNodeFiles({ ownerOnly: false }),
  baseName: path.basename,
  isUtf8,
  holdsNul: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(0),
  breathe: () => setImmediate(),
  clock: systemClock,
  workbookReader: { read: () => Promise.reject(new Error('not measured here')) },
}

/** A file as the backend opens it: read, made a table while it comes in, its columns recognised. */
export async function open(file: string): Promise<Opened> {
  const read = await readTable(reader, { path: file })
  if (!read.ok) throw new Error(JSON.stringify(read.error))
  return read.value
}

/** As the engine does it while nobody asks anything of it. */
export const warmUp = (): Promise<void> =>
  whileIdle((slices) => warmUpWith(reader, slices), {
    afterMs: 0,
    onFailure(thrown) {
      throw thrown
    },
  }).over
