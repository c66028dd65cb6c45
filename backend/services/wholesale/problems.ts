import type { AppError } from '../../../shared/contract/app-error.ts'
import type { WholesaleApiProblem } from '../../ports/wholesale-api.ts'
import type { OutboxProblem } from '../../ports/wholesale-outbox.ts'

export function outboxError(problem: OutboxProblem, batch: string): AppError {
  switch (problem.reason) {
    case 'busy':
      return { code: 'batch/busy', batch, owner: problem.owner }
    case 'other-content':
      return { code: 'guard/content-changed', batch, detail: `it was sent to the API before as ${problem.detail}` }
    case 'other-customer':
      return {
        code: 'guard/refused',
        detail: `the batch was sent to the API's customer ${problem.detail} before, and the profile now names another`,
      }
    case 'wrong-schema':
      return { code: 'store/wrong-schema', found: problem.found, wanted: problem.wanted }
    case 'not-usable':
      return { code: 'file/not-writable', path: problem.path, detail: problem.detail }
  }
}

export const apiError = ({ reason }: WholesaleApiProblem, url: string): AppError => ({
  code: 'wholesale/token',
  url,
  reason,
})
