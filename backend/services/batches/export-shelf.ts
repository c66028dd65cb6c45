import type { BatchExport } from '../../../shared/contract/batch-methods.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import { encodeUtf8 } from '../../../shared/kit/text.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import { fileError } from '../problems.ts'
import type { Tickets } from '../tickets.ts'
import type { World } from '../world.ts'
import { manifestName, readManifest, writeExport, type ExportFiles } from './exports.ts'

type Tick = BatchExport['files'][number]['state']

/** Control Hub files that were made from batches, kept in the data folder with their tick lists: `exports/<batch>/<n>/`. */
export interface ExportShelf {
  add(batch: string, made: ExportFiles): Promise<Result<BatchExport, AppError>>
  /** The latest last. */
  list(batch: string): Promise<readonly BatchExport[]>
  /** Ticks a file of the export of that number, or of the latest. */
  tick(batch: string, number: string | undefined, order: number, state: Tick): Promise<Result<BatchExport, AppError>>
  /** Takes all files of a batch away. */
  clear(batch: string): Promise<Result<null, AppError>>
}

export function createExportShelf(world: World, tickets: Tickets): ExportShelf {
  const { ownFiles, folders, join } = world
  const own = { files: ownFiles, join }
  const shelfOf = (batch: string): string => join(folders.exports, batch)
  const ticksPath = (folder: string): string => `${folder}.ticks.json`

  async function numbers(batch: string): Promise<readonly string[]> {
    return (await ownFiles.list(shelfOf(batch))).filter((name) => /^\d+$/u.test(name)).sort((a, b) => Number(a) - Number(b))
  }

  async function readTicks(folder: string): Promise<Readonly<Record<string, Tick>>> {
    const bytes = await ownFiles.read(ticksPath(folder))
    try {
      return bytes.ok ? (JSON.parse(Buffer.from(bytes.value).toString('utf8')) as Readonly<Record<string, Tick>>) : {}
    } catch {
      return {}
    }
  }

  async function read(batch: string, number: string): Promise<BatchExport | null> {
    const folder = join(shelfOf(batch), number)
    const manifest = await readManifest(own, folder)
    if (manifest === null) return null
    const ticks = await readTicks(folder)
    const files: BatchExport['files'][number][] = []
    for (const { name, order } of manifest.files) {
      const ticket = await tickets.forPath(join(folder, name), name)
      if (ticket.ok) files.push({ ticket: ticket.value, order, state: ticks[String(order)] ?? 'waiting' })
    }
    const manifestTicket = await tickets.forPath(join(folder, manifestName), manifestName)
    return manifestTicket.ok ? { number, madeAt: manifest.madeAt, manifest, files, manifestTicket: manifestTicket.value } : null
  }

  return {
    async add(batch, made) {
      const last = (await numbers(batch)).at(-1)
      const number = String(Number(last ?? '0') + 1).padStart(3, '0')
      const folder = join(shelfOf(batch), number)
      const written = await writeExport(own, folder, made, {})
      if (!written.ok) return written
      const shelved = await read(batch, number)
      return shelved === null
        ? err({ code: 'file/unreadable', path: folder, detail: 'the files were written but cannot be read' })
        : ok(shelved)
    },
    async list(batch) {
      const found = await Promise.all((await numbers(batch)).map((number) => read(batch, number)))
      return found.filter((one) => one !== null)
    },
    async clear(batch) {
      for (const number of await numbers(batch)) {
        const folder = join(shelfOf(batch), number)
        for (const path of [...(await ownFiles.list(folder)).map((name) => join(folder, name)), ticksPath(folder)]) {
          const removed = await ownFiles.remove(path)
          if (!removed.ok) return err(fileError(removed.error))
        }
      }
      return ok(null)
    },
    async tick(batch, wanted, order, state) {
      const all = await numbers(batch)
      const number = wanted === undefined ? all.at(-1) : all.find((one) => one === wanted)
      if (number === undefined) return err({ code: 'guard/refused', detail: 'no such Control Hub files were made from this batch yet' })
      const folder = join(shelfOf(batch), number)
      const ticks = { ...(await readTicks(folder)), [String(order)]: state }
      const written = await ownFiles.write(ticksPath(folder), encodeUtf8(JSON.stringify(ticks)), { replace: true })
      if (!written.ok) return err(fileError(written.error))
      const shelved = await read(batch, number)
      return shelved === null ? err({ code: 'file/not-found', path: folder }) : ok(shelved)
    },
  }
}
