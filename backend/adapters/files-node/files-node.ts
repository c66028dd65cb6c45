import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, link, mkdir, open, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { ArrivingFile, FileAccess, FileProblem } from '../../ports/file-access.ts'
import { createUnfinished } from './unfinished.ts'

export interface NodeFilesOptions {
  /** Only the owner may read what is written: files 0600, folders 0700. For the data folder. */
  readonly ownerOnly: boolean
}

/** Files of this machine. What is written is synced before it gets its name, and the folder after it. */
export function createNodeFiles({ ownerOnly }: NodeFilesOptions): FileAccess {
  const fileMode = ownerOnly ? 0o600 : 0o666
  const folderMode = ownerOnly ? 0o700 : 0o777
  const unfinished = createUnfinished()

  async function makeFolder(folder: string): Promise<void> {
    try {
      await mkdir(folder, { recursive: true, mode: folderMode })
    } catch (thrown) {
      // A file stands where a folder is wanted: that is no "exists" that --force could help.
      if (codeOf(thrown) === 'EEXIST') throw new Error(`ENOTDIR: ${folder} is a file, not a folder`, { cause: thrown })
      throw thrown
    }
  }

  async function writeNew(target: string, bytes: Uint8Array): Promise<void> {
    const file = await open(target, 'wx', fileMode)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
  }

  async function writeThrough<E>(
    target: string,
    { replace = false }: { readonly replace?: boolean },
    fill: (temporaryPath: string) => Promise<Result<null, E>>,
  ): Promise<Result<null, FileProblem | E>> {
    try {
      const kind = await kindOf(target)
      if (!replace && kind !== null) return err(problem('exists', target, 'there is such a file'))
      // A new file would take the place of the device or the pipe itself.
      if (kind === 'device') return err(problem('not-writable', target, 'this is a device or a pipe, not a file'))
      // A link goes on pointing to the file that it named.
      const place = kind === 'file' ? await realpath(target) : target
      const temporary = besideName(place)
      await makeFolder(path.dirname(target))
      return await unfinished.leavingNothing(temporary, async () => {
        const filled = await fill(temporary)
        if (!filled.ok) return filled
        await syncPath(temporary)
        if (kind === 'file') await keepRights(place, temporary)
        await putInPlace(temporary, place, replace)
        await syncFolder(path.dirname(place))
        return ok(null)
      })
    } catch (thrown) {
      return err(writingProblem(target, thrown))
    }
  }

  const write: FileAccess['write'] = (target, bytes, options = {}) =>
    writeThrough<FileProblem>(target, options, async (temporary) => {
      try {
        await writeNew(temporary, bytes)
        return ok(null)
      } catch (thrown) {
        return err(writingProblem(target, thrown))
      }
    })

  const writePieces: FileAccess['writePieces'] = async (target, pieces, options = {}) => {
    let broken: { readonly by: unknown } | null = null as { readonly by: unknown } | null
    const written = await writeThrough<FileProblem>(target, options, async (temporary) => {
      try {
        const file = await open(temporary, 'wx', fileMode)
        try {
          const source = pieces[Symbol.asyncIterator]()
          for (;;) {
            const next = await source.next().catch((thrown: unknown) => {
              broken = { by: thrown }
              throw thrown
            })
            if (next.done === true) break
            await file.writeFile(next.value)
          }
        } finally {
          await file.close()
        }
        return ok(null)
      } catch (thrown) {
        return err(writingProblem(target, thrown))
      }
    })
    if (broken !== null) throw broken.by
    return written
  }

  const writeFolder: FileAccess['writeFolder'] = async (folder, files, { replace = false, stale = [] } = {}) => {
    try {
      const there = await readdir(folder).catch((thrown: unknown) => {
        if (codeOf(thrown) === 'ENOENT') return null
        throw thrown
      })
      if (there !== null && there.length > 0) {
        const taken = replace ? undefined : files.find(({ name }) => there.includes(name))
        if (taken !== undefined) return err(problem('exists', path.join(folder, taken.name), 'there is such a file'))
        for (const { name, bytes } of files) {
          const written = await write(path.join(folder, name), bytes, { replace })
          if (!written.ok) return written
        }
        const names = new Set(files.map(({ name }) => name))
        for (const name of stale) if (!names.has(name) && path.basename(name) === name) await rm(path.join(folder, name), { force: true })
        return ok(null)
      }
      const temporary = besideName(folder)
      await unfinished.leavingNothing(temporary, async () => {
        await makeFolder(path.dirname(folder))
        await mkdir(temporary, { mode: folderMode })
        for (const { name, bytes } of files) await writeNew(path.join(temporary, name), bytes)
        await syncFolder(temporary)
        await rename(temporary, folder)
        await syncFolder(path.dirname(folder))
      })
      return ok(null)
    } catch (thrown) {
      return err(writingProblem(folder, thrown))
    }
  }

  const namesIn: FileAccess['namesIn'] = async (folder) => {
    try {
      return ok((await readdir(folder)).sort())
    } catch (thrown) {
      return codeOf(thrown) === 'ENOENT' ? ok([]) : err(problem('not-readable', folder, saidBySystem(thrown)))
    }
  }

  return {
    async read(target, atMost, arriving) {
      try {
        if (atMost !== undefined && (await kindOf(target)) === 'device') return ok(await readStart(target, atMost + 1))
        return ok(await wholeFile(target, arriving))
      } catch (thrown) {
        return err(problem(codeOf(thrown) === 'ENOENT' ? 'not-found' : 'not-readable', target, saidBySystem(thrown)))
      }
    },
    async readStart(target, count) {
      try {
        return ok(await readStart(target, count))
      } catch (thrown) {
        return err(problem(codeOf(thrown) === 'ENOENT' ? 'not-found' : 'not-readable', target, saidBySystem(thrown)))
      }
    },
    async stat(target) {
      const found = await stat(target).catch(() => null)
      return found === null ? null : { size: found.size, changedAt: found.mtimeMs, isFolder: found.isDirectory() }
    },
    write,
    writePieces,
    writeThrough,
    writeFolder,
    async list(folder) {
      const names = await namesIn(folder)
      return names.ok ? names.value : []
    },
    namesIn,
    async remove(target) {
      try {
        await rm(target, { force: true })
        await syncFolder(path.dirname(target))
        return ok(null)
      } catch (thrown) {
        return err(writingProblem(target, thrown))
      }
    },
  }
}

/** In the target's own folder, so that the rename stays within one file system. Of a long name only a part: with ours it would be too long. */
const besideName = (target: string): string =>
  path.join(path.dirname(target), `.${path.basename(target).slice(0, 40)}.${randomBytes(6).toString('hex')}.part`)

/** Who could not read the file that is replaced cannot read the new one either. Where a file system knows no rights there are none to keep. */
async function keepRights(from: string, to: string): Promise<void> {
  const [former, fresh] = await Promise.all([stat(from), stat(to)])
  await chmod(to, former.mode & fresh.mode & 0o777).catch(() => undefined)
}

async function kindOf(target: string): Promise<'file' | 'folder' | 'device' | null> {
  const found = await stat(target).catch(() => null)
  if (found === null) return null
  return found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'device'
}

/** A large file is read in pieces of so many bytes: a few thousandths of a second each. */
const pieceBytes = 16 * 1024 * 1024
/** The first of several is small and each next one as large as all before it: whoever makes a table of them begins at once and goes on. */
const firstPieceBytes = 1024 * 1024

/** Read straight into one array: of a large file a second copy would be as large again. */
async function wholeFile(target: string, arriving?: ArrivingFile): Promise<Uint8Array<ArrayBuffer>> {
  const handle = await open(target)
  try {
    const { size } = await handle.stat()
    // What does not say its size, or has grown meanwhile, has one byte more than it said.
    const room = new Uint8Array(size + 1)
    const bytes = room.subarray(0, size)
    let filled = 0
    while (filled < room.length) {
      const wanted = size > pieceBytes ? Math.min(pieceBytes, Math.max(firstPieceBytes, filled)) : pieceBytes
      const { bytesRead } = await handle.read(room, filled, Math.min(wanted, room.length - filled), filled)
      if (bytesRead === 0) return filled === size ? bytes : room.subarray(0, filled)
      filled += bytesRead
      arriving?.signal.throwIfAborted()
      if (filled < size) arriving?.onPiece(bytes, filled)
    }
    return new Uint8Array(await readFile(target))
  } finally {
    await handle.close()
  }
}

/** Pipes and devices do not say how much they have to give, and some never end. */
async function readStart(target: string, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Buffer[] = []
  for await (const piece of createReadStream(target, { end: bytes - 1 })) pieces.push(piece as Buffer)
  return new Uint8Array(Buffer.concat(pieces))
}

/** A hard link fails where the name is taken, also when it was taken a moment ago: rename alone would replace it. */
async function putInPlace(temporary: string, target: string, replace: boolean): Promise<void> {
  if (replace) return rename(temporary, target)
  try {
    await link(temporary, target)
  } catch (thrown) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(thrown))) throw thrown
    // A file system without hard links (FAT, some network shares): look, then rename.
    if ((await kindOf(target)) !== null) throw Object.assign(new Error('EEXIST: there is such a file'), { code: 'EEXIST' })
    await rename(temporary, target)
  }
}

async function syncPath(target: string): Promise<void> {
  const file = await open(target, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Makes a rename durable. Windows cannot open folders; there the file system's own journal does it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const problem = (reason: FileProblem['reason'], target: string, detail: string): FileProblem => ({
  kind: 'file-problem',
  reason,
  path: target,
  detail,
})
const writingProblem = (target: string, thrown: unknown): FileProblem =>
  problem(codeOf(thrown) === 'EEXIST' ? 'exists' : 'not-writable', target, saidBySystem(thrown))

const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : ''

/** `ENOSPC: no space left on device`, without the call and the paths that Node adds. */
function saidBySystem(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  return text.replace(/, [a-z]+ '.*$/su, '').replace(/, [a-z]+$/u, '')
}
