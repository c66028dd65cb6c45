import { isUtf8 } from 'node:buffer'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { systemClock } from '../../../../backend/adapters/clock-system/clock-system.ts'
import { createNodeFiles } from '../../../../backend/adapters/files-node/files-node.ts'
import type { ArrivingFile, FileProblem } from '../../../../backend/ports/file-access.ts'
import { readTable, type ReadTableOptions, type TableReader } from '../../../../backend/services/files/read-table.ts'
import { Cancelled } from '../../../../backend/services/jobs.ts'
import type { Result } from '../../../../shared/kit/result.ts'
import { err, ok } from '../../../../shared/kit/result.ts'
import { must } from '../../../support/backend.ts'
import { fileOf } from '../../../support/user-files.ts'

type Content = Uint8Array<ArrayBuffer>
const sound = Uint8Array.from(fileOf(1, { rows: 50_000, delimiter: ',', odd: 0, lineEnd: '\n' }))
const piece = 400_000
type Ending = (bytes: Content) => Promise<Result<Content, FileProblem>> | Result<Content, FileProblem>

/** Reads `file` from a disk that gives its bytes in pieces, up to a share of them; what has not come yet is noise. */
function reader(file: Content, upTo: number, ending: Ending, each: () => Promise<unknown> = () => setImmediate()): TableReader {
  const read = async (_path: string, _atMost?: number, arriving?: ArrivingFile): Promise<Result<Content, FileProblem>> => {
    const bytes = new Uint8Array(file.length).fill(0x22)
    for (let from = 0; from < file.length * upTo; from += piece) {
      await each()
      if (arriving?.signal.aborted === true) break
      bytes.set(file.subarray(from, from + piece), from)
      if (from + piece < file.length) arriving?.onPiece(bytes, from + piece)
    }
    return ending(bytes)
  }
  return {
    files: {
      ...createNodeFiles({ ownerOnly: false }),
      read,
      stat: async () => ({ size: file.length, changedAt: 0, isFolder: false }),
      readStart: async (_path, count) => ok(file.slice(0, count)),
    },
    baseName: (path) => path,
    isUtf8,
    holdsNul: (bytes) => bytes.includes(0),
    breathe: () => setImmediate(),
    clock: systemClock,
    workbookReader: { read: () => Promise.reject(new Error('no workbook')) },
  }
}
const open = (from: TableReader, options?: ReadTableOptions) => readTable(from, { path: 'users.csv' }, options)
const unreadable: FileProblem = { kind: 'file-problem', reason: 'not-readable', path: 'users.csv', detail: 'EIO: i/o error' }

test('a file that comes in pieces is the table that it is at once, and is shown whole', async () => {
  const seen: Content[] = []
  const steps: number[] = []
  const work = { pause: () => Promise.resolve(), progress: (_step: string, done: number) => void steps.push(done) }
  const coming = must(await open(reader(sound, 1, ok), { work, onBytes: (bytes) => void seen.push(bytes as Content) }))
  const whole = must(await readTable(reader(sound, 1, ok), { bytes: sound, name: 'users.csv' }))
  expect(coming.facts).toEqual(whole.facts)
  expect(coming.table.columns.map((column) => column.textOf(49_999))).toEqual(whole.table.columns.map((column) => column.textOf(49_999)))
  expect(coming.table.rows.length).toBe(50_000)
  expect(Buffer.compare(seen[0]!, sound)).toBe(0)
  expect(seen).toHaveLength(1)
  expect(steps.some((done) => done > 20 && done < 80)).toBe(true)
})

test('a disk that fails in the middle is said, and a file that became another one is read as it is now', async () => {
  expect(await open(reader(sound, 0.6, () => err(unreadable)))).toMatchObject({ ok: false, error: { code: 'file/unreadable' } })
  const longer = Uint8Array.from([...sound, ...Buffer.from('Ny,Bruker,ny@fjordkraft.no,,,,,,\n')])
  for (const share of [0.1, 0.6, 1]) {
    const read = must(await open(reader(sound, share, () => ok(longer))))
    expect(read.table.rows.length).toBe(50_001)
  }
  const shorter = sound.slice(0, sound.indexOf(10, 1_500_000) + 1)
  const read = must(await open(reader(sound, 0.5, () => ok(shorter))))
  expect(read.table.rows.length).toBeLessThan(50_000)
})

test('whoever cancels waits for no disk, and the disk is asked no more', async () => {
  let asked = 0
  const slow = async (): Promise<unknown> => (++asked < 4 ? setImmediate() : setTimeout(500))
  const cancel = new AbortController()
  const opening = open(reader(sound, 1, ok, slow), { signal: cancel.signal })
  await expect.poll(() => asked).toBe(4)
  cancel.abort()
  await expect(opening).rejects.toBeInstanceOf(Cancelled)
  expect(asked).toBe(4)
  await setTimeout(600)
  expect(asked).toBe(4)
})
