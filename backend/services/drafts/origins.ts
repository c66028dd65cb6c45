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

type Files = Pick<World, 'files' | 'sha256' | 'baseName'>

/** The origin of a source: none where a host was handed bytes, as a browser does. To be asked for before the source is read. */
export async function originOf({ files, sha256 }: Files, source: FileSource, sheet?: string): Promise<Origin | null> {
  if ('bytes' in source) return null
  const { path } = source
  const found = await files.stat(path)
  if (found === null || found.isFolder) return null
  const bytes = await files.read(path)
  const after = await files.stat(path)
  const isSteady = bytes.ok && after?.changedAt === found.changedAt && after.size === found.size
  return {
    path,
    ...(sheet === undefined ? {} : { sheet }),
    size: found.size,
    changedAt: found.changedAt,
    sha256: isSteady ? sha256(bytes.value) : null,
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

async function newsOf({ files, sha256, baseName }: Files, origin: Origin): Promise<SourceFileNews | null> {
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
  if (!bytes.ok || sha256(bytes.value) !== origin.sha256) return changed
  if (touched.size >= mostTouched) touched.clear()
  touched.add(key)
  return null
}

/** The origins as the files are now: what a person was told of is not told again. A file that is gone is let go of. */
export async function originsNow(world: Files, origins: readonly Origin[]): Promise<readonly Origin[]> {
  const now = await Promise.all(origins.map(({ path, sheet }) => originOf(world, { path }, sheet)))
  return now.filter((origin) => origin !== null)
}
