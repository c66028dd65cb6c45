import path from 'node:path'
import type { SpawnWorkbookChild, WorkbookContent, WorkbookLimits, WorkbookProblem, WorkbookReader } from '../../ports/workbook-reader.ts'
import { err, ok } from '../../../shared/kit/result.ts'
import type { Result } from '../../../shared/kit/result.ts'
import { workbookLimits } from './limits.ts'

/** One process a reading, ended when it has answered, is too slow, or is no longer wanted. */
export function createWorkbookReader(spawnChild: SpawnWorkbookChild, limits: WorkbookLimits = workbookLimits): WorkbookReader {
  return {
    read(source, { sheet, signal } = {}) {
      if (signal?.aborted === true) return Promise.resolve(err(cancelled))
      return new Promise((resolve) => {
        const child = spawnChild({ heapMiB: limits.heapMiB })
        let pieces: Uint8Array[] = []
        let settled = false
        const settle = (result: Result<WorkbookContent, WorkbookProblem>): void => {
          if (settled) return
          settled = true
          clearTimeout(timer)
          signal?.removeEventListener('abort', abort)
          pieces = []
          child.kill()
          resolve(result)
        }
        const abort = (): void => {
          settle(err(cancelled))
        }
        const timer = setTimeout(() => {
          settle(err({ reason: 'over-limit', detail: `reading took longer than ${limits.timeoutMs / 1000} s` }))
        }, limits.timeoutMs)
        signal?.addEventListener('abort', abort)
        child.onMessage((reply) => {
          if (settled) return
          if (reply.kind === 'piece') pieces.push(reply.bytes)
          else if (reply.kind === 'restart') pieces = []
          else if (reply.kind === 'problem') settle(err(reply.problem))
          else settle(ok({ ...reply.content, csv: joined(pieces) }))
        })
        child.onExit((code) => {
          settle(err(gone(code)))
        })
        // The process may have been started elsewhere.
        const from = typeof source === 'string' ? path.resolve(source) : source
        child.send({ kind: 'read', source: from, limits, ...(sheet === undefined ? {} : { sheet }) })
      })
    },
  }
}

const cancelled: WorkbookProblem = { reason: 'cancelled', detail: 'reading was cancelled' }

/** The process ended without an answer. 70 is its word for an error of its own; a signal is how it dies when memory runs out. */
function gone(code: number | null): WorkbookProblem {
  const why = code === 70 ? 'it made the reader fail' : 'reading it took more memory than it may, or the reader could not be started'
  return { reason: 'broken-workbook', detail: `the workbook could not be read: ${why}` }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces
  if (only !== undefined && pieces.length === 1) return only
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}
