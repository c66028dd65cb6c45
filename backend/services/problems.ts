import type { AppError } from '../../shared/contract/app-error.ts'
import type { DraftProblem } from '../ports/draft-store.ts'
import type { FileProblem } from '../ports/file-access.ts'
import type { StoreProblem } from '../ports/provisioning-store.ts'
import type { WorkbookProblem } from '../ports/workbook-reader.ts'
import type { WorkbookWriteProblem } from '../ports/workbook-writer.ts'

/** What the adapters report, as the errors that cross processes. */
export function fileError(problem: FileProblem): AppError {
  const { path, detail } = problem
  switch (problem.reason) {
    case 'not-found':
      return { code: 'file/not-found', path }
    case 'exists':
      return { code: 'file/exists', path }
    case 'not-readable':
      return { code: 'file/unreadable', path, detail }
    case 'not-writable':
      return { code: 'file/not-writable', path, detail }
  }
}

export function draftError(draftId: string, problem: DraftProblem): AppError {
  switch (problem.reason) {
    case 'not-found':
      return { code: 'draft/not-found', draftId }
    case 'damaged':
      return { code: 'draft/damaged', draftId, detail: problem.detail }
    case 'locked':
      return { code: 'draft/locked', draftId, owner: problem.owner }
    case 'not-writable':
      return { code: 'file/not-writable', path: draftId, detail: problem.detail }
  }
}

export function storeError(problem: StoreProblem, batch = ''): AppError {
  switch (problem.reason) {
    case 'unreachable':
      return { code: 'store/unreachable', url: problem.url, detail: problem.detail }
    case 'damaged':
      return { code: 'store/damaged', url: problem.url, detail: problem.detail }
    case 'login':
      return { code: 'store/login', url: problem.url }
    case 'wrong-schema':
      return { code: 'store/wrong-schema', found: problem.found, wanted: problem.wanted }
    case 'no-such-batch':
      return { code: 'batch/not-found', batch }
    case 'changed-meanwhile':
      return { code: 'guard/wrong-state', batch, state: problem.state, wanted: 'unchanged' }
    case 'busy':
      return batch === '' ? { code: 'store/busy', owner: problem.owner } : { code: 'batch/busy', batch, owner: problem.owner }
    case 'content-changed':
      return { code: 'guard/content-changed', batch, detail: problem.detail }
    case 'refused':
      return { code: 'guard/refused', detail: problem.detail }
    case 'exists':
      return { code: 'file/exists', path: problem.path }
    case 'not-writable':
      return { code: 'file/not-writable', path: problem.path, detail: problem.detail }
    case 'cancelled':
      return { code: 'cancelled' }
  }
}

export function workbookError(name: string, problem: WorkbookProblem): AppError {
  if (problem.reason === 'cancelled') return { code: 'cancelled' }
  if (problem.reason === 'not-found') return { code: 'file/not-found', path: name }
  const sheets = problem.sheets?.join(', ') ?? ''
  return {
    code: 'file/unusable',
    name,
    reason: problem.reason,
    detail: problem.detail.includes(sheets) ? problem.detail : `${problem.detail} (${sheets})`,
  }
}

export function workbookWriteError(path: string, problem: WorkbookWriteProblem): AppError {
  switch (problem.reason) {
    case 'exists':
      return { code: 'file/exists', path }
    case 'not-writable':
    case 'over-limit':
    case 'bad-sheet-name':
      return { code: 'file/not-writable', path, detail: problem.detail }
  }
}
