import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { compose, type ComposedBackend } from '../../backend/compose.ts'
import type { Api } from '../../shared/contract/method.ts'
import type { Methods } from '../../shared/contract/methods.ts'
import type { Result } from '../../shared/kit/result.ts'

/** Work for a test in a folder of its own, which is gone afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'roster-faults-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export async function withBackend<T>(dataDir: string, work: (api: Api<Methods>, backend: ComposedBackend) => Promise<T>): Promise<T> {
  const backend = compose({ dataDir })
  try {
    return await work(backend.services.api, backend)
  } finally {
    await backend.close()
  }
}

export function must<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

export interface Child {
  readonly process: ChildProcess
  /** Lines of standard output so far: a child says each acknowledged deed in one line. */
  readonly lines: () => readonly string[]
  /** Resolves when a line begins so. */
  said(start: string): Promise<string>
  kill(): Promise<void>
  readonly ended: Promise<number | null>
}

/** A process of its own, running one of the scripts in `children/`. */
export function startChild(script: string, ...words: readonly string[]): Child {
  const child = spawn(process.execPath, [fileURLToPath(new URL(`./children/${script}.ts`, import.meta.url)), ...words], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let text = ''
  const waiting = new Set<() => void>()
  child.stdout.on('data', (data: Buffer) => {
    text += data.toString('utf8')
    for (const look of waiting) look()
  })
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      resolve(code)
    })
  })
  // A line that was cut off by the kill was not said.
  const lines = (): readonly string[] => text.split('\n').slice(0, -1)
  return {
    process: child,
    lines,
    ended,
    said: (start) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const line = lines().find((candidate) => candidate.startsWith(start))
          if (line === undefined) return
          waiting.delete(look)
          resolve(line)
        }
        waiting.add(look)
        void ended.then(() => {
          look()
          reject(new Error(`the child ended without saying "${start}": ${text}`))
        })
        look()
      }),
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Numbers that look random and are the same in each run: a failing trial can be run again. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
