import { createClient } from '../../../shared/contract/client.ts'
import { methods, type Methods } from '../../../shared/contract/methods.ts'
import type { Api } from '../../../shared/contract/method.ts'
import { usePlatform } from '../platform/platform.ts'

export type RosterApi = Api<Methods>

/** Every call of the contract, typed, over this window's transport. In components and stores. */
export function useApi(): RosterApi {
  return createClient(methods, usePlatform().transport)
}
