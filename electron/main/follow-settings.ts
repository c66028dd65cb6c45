import type { Settings } from '../../shared/contract/batch-methods.ts'
import type { Dispatch } from '../../shared/contract/dispatch.ts'

/** The same calls, and the host hears of the settings as they go by: title bar and menus follow them. */
export function followSettings(dispatch: Dispatch, apply: (settings: Settings) => void): Dispatch {
  return async (method, input) => {
    const answer = await dispatch(method, input)
    if (answer.ok && (method === 'settings.get' || method === 'settings.set')) apply(answer.value as Settings)
    return answer
  }
}
