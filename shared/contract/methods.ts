import { batchMethods } from './batch-methods.ts'
import { draftMethods } from './draft-methods.ts'
import { storeMethodTable } from './store-methods.ts'

/** Every call that crosses a process, in one table: hosts move envelopes, nobody adds a call elsewhere. */
export const methods = { ...draftMethods, ...batchMethods, ...storeMethodTable } as const
export type Methods = typeof methods
