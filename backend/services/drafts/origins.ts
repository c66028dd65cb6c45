import type { SourceFileNews } from '../../../shared/contract/editor-methods.ts'
import type { FileSource } from '../services.ts'
import type { World } from '../world.ts'

/** A file of this machine that a draft was made from, as it was then, or as the person was last told of it. */
export interface Origin {
  readonly path: string
  readonly sheet?: string
  /** Bytes; and the time of the last change, in ms. */
  readonly size: number
  readonly changedAt: number
  /** Null where the file was being written while it was read: then the other two alone decide. */
  readonly sha256: string | null
}

type Files = Pick<World, 'files' | 'sha256InSlices' | 'baseName'>

/** A source while it is read. */
export interface WatchedOrigin {
  /** For whoever reads it: the bytes that come into memory are not read a second time. */
  readonly onBytes: (bytes: Uint8Array) => void
  /** Once it was read. None where a host was handed bytes, as a browser does. */
  readonly origin: () => Promise<Origin | null>
}

/** To be asked for before the source is read. */
export async function watchOrigin({ files, sha256InSlices }: Files, source: FileSource, sheet?: string): Promise<WatchedOrigin> {
  if ('bytes' in source) return { onBytes: () => undefined, origin: async () => null }
  const { path } = source
  const found = await files.stat(path)
  let hash: Promise<string | null> | null = null

  async function hashOf(bytes: Uint8Array): Promise<string | null> {
    const made = await sha256InSlices(bytes)
    const after = await files.stat(path)
    return after?.changedAt === found?.changedAt && after?.size === found?.size ? made : null
  }

  async function readHash(): Promise<string | null> {
    const bytes = await files.read(path)
    return bytes.ok ? hashOf(bytes.value) : null
  }

  return {
    onBytes(bytes) {
      hash = hashOf(bytes)
    },
    async origin() {
      if (found === null || found.isFolder) return null
      return {
        path,
        ...(sheet === undefined ? {} : { sheet }),
        size: found.size,
        changedAt: found.changedAt,
        sha256: await (hash ?? readHash()),
      }
    },
  }
}

/** Files that were touched and still hold the same bytes, so that they are not read again and again: by place and time. */
const touched = new Set<string>()
const mostTouched = 1_000

/** What became of the files a draft was made from. Nothing is said of one whose bytes are the same. */
export async function sourceNews(world: Files, origins: readonly Origin[]): Promise<readonly SourceFileNews[]> {
  const news = await Promise.all(origins.map((origin) => newsOf(world, origin)))
  return news.filter((one) => one !== null)
}

async function newsOf({ files, sha256InSlices, baseName }: Files, origin: Origin): Promise<SourceFileNews | null> {
  const { path, size, changedAt } = origin
  const name = baseName(path)
  const found = await files.stat(path)
  if (found === null || found.isFolder) return { name, path, became: 'gone', changedAt: null }
  if (found.size === size && found.changedAt === changedAt) return null
  const changed: SourceFileNews = { name, path, became: 'changed', changedAt: new Date(found.changedAt).toISOString() }
  if (found.size !== size || origin.sha256 === null) return changed
  const key = JSON.stringify([path, found.changedAt, origin.sha256])
  if (touched.has(key)) return null
  const bytes = await files.read(path)
  if (!bytes.ok || (await sha256InSlices(bytes.value)) !== origin.sha256) return changed
  if (touched.size >= mostTouched) touched.clear()
  touched.add(key)
  return null
}

/** The origins as the files are now: what a person was told of is not told again. A file that is gone is let go of. */
export async function originsNow(world: Files, origins: readonly Origin[]): Promise<readonly Origin[]> {
  const now = await Promise.all(origins.map(async ({ path, sheet }) => (await watchOrigin(world, { path }, sheet)).origin()))
  return now.filter((origin) => origin !== null)
}
