import { batchMethods } from './batch-methods.ts'
import { draftMethods } from './draft-methods.ts'

/** Every call that crosses a process, in one table: hosts move envelopes, nobody adds a call elsewhere. */
export const methods = { ...draftMethods, ...batchMethods } as const
export type Methods = typeof methods
