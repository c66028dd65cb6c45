import type { ApiAnswer } from '../../shared/core/wholesale/answer.ts'
import type { ApiRequest } from '../../shared/core/wholesale/requests.ts'
import type { Result } from '../../shared/kit/result.ts'

/** The Wholesale API, by its address. */
export interface WholesaleApi {
  /** `https://webexapis.com/v1`, unless another was named. */
  readonly url: string
  /** Nothing is sent yet. The token is kept in memory as long as the line is open, and nowhere else. */
  connect(token: string): Result<WholesaleLine, WholesaleApiProblem>
}

export interface WholesaleLine {
  /**
   * Sends one call, once: no retries and no redirects, with a time limit for the whole of it. The answer says whether the call can
   * have reached the API. A signal ends it at once.
   */
  call(request: ApiRequest, signal: AbortSignal): Promise<ApiAnswer>
  close(): void
}

export interface WholesaleApiProblem {
  /** `bad-token`: cannot be a token. `bad-address`: no https address, and not this machine either. */
  readonly reason: 'bad-token' | 'bad-address'
}
