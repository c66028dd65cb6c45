import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url))
export const rosterFile = path.join(projectRoot, 'bin', 'roster.mjs')

/** A Node of this machine that is older than the one Roster runs on, where there is one: the starters must run on it. */
export const olderNode = ['/usr/bin/node', '/usr/local/bin/node'].find(
  (program) => existsSync(program) && /^v2[0-3]\./.test(execFileSync(program, ['-v'], { encoding: 'utf8' })),
)

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly err: string
  /** Standard output as JSON. */
  json<T = Record<string, unknown>>(): T
}

export interface RunOptions {
  readonly cwd: string
  readonly input?: string | Uint8Array
  readonly env?: Readonly<Record<string, string>>
  /** The program and what stands before the words; by default this Node and `bin/roster.mjs`. */
  readonly command?: readonly [string, ...string[]]
}

/** Starts Roster as a person or a script does: a process of its own, with nothing of the test's in its surroundings. */
export function startRoster(
  words: readonly string[],
  { cwd, env = {}, command = [process.execPath, rosterFile] }: RunOptions,
): ChildProcessWithoutNullStreams {
  const [program, ...before] = command
  return spawn(program, [...before, ...words], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, ROSTER_DATA_DIR: path.join(cwd, 'data'), ...env },
    stdio: 'pipe',
  })
}

export async function roster(words: readonly string[], options: RunOptions): Promise<Ended> {
  const child = startRoster(words, options)
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.input ?? '')
  return ended(child)
}

export function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (out += piece))
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (err += piece))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) =>
      resolve({
        code,
        signal,
        out,
        err,
        json: <T>() => {
          try {
            return JSON.parse(out) as T
          } catch {
            throw new Error(`standard output is no JSON document: ${out.slice(0, 500)}\nstandard error: ${err.slice(0, 500)}`)
          }
        },
      }),
    )
  })
}

/** A folder of its own for a test, with the data folder `data` in it. */
export interface Workplace {
  readonly folder: string
  run(words: readonly string[], options?: Omit<RunOptions, 'cwd'>): Promise<Ended>
  write(name: string, content: string | Uint8Array): Promise<string>
  read(name: string): Promise<string>
  bytes(name: string): Promise<Buffer>
  /** Names of everything in the folder but the data folder, sorted. */
  names(): Promise<readonly string[]>
  remove(): Promise<void>
}

export async function createWorkplace(): Promise<Workplace> {
  const folder = await mkdtemp(path.join(tmpdir(), 'roster-cli-'))
  const at = (name: string): string => path.join(folder, name)
  return {
    folder,
    run: (words, options = {}) => roster(words, { cwd: folder, ...options }),
    write: async (name, content) => {
      await writeFile(at(name), content)
      return at(name)
    },
    read: (name) => readFile(at(name), 'utf8'),
    bytes: (name) => readFile(at(name)),
    names: async () => (await readdir(folder)).filter((name) => name !== 'data').sort(),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
