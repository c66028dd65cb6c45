import { batchMethods } from './batch-methods.ts'
import { diffMethods } from './diff-methods.ts'
import { draftMethods } from './draft-methods.ts'
import { editorMethods } from './editor-methods.ts'
import { importMethods } from './import-methods.ts'
import { mappingMethods } from './mapping-methods.ts'
import { onboardingMethods } from './onboarding-methods.ts'
import { receiptMethods } from './receipt-methods.ts'
import { reviewMethods } from './review-methods.ts'
import { scheduleMethods } from './schedule-methods.ts'
import { storeMethodTable } from './store-methods.ts'
import { wholesaleMethods } from './wholesale-methods.ts'

/** Every call that crosses a process, in one table: hosts move envelopes, nobody adds a call elsewhere. */
export const methods = {
  ...draftMethods,
  ...diffMethods,
  ...batchMethods,
  ...importMethods,
  ...onboardingMethods,
  ...receiptMethods,
  ...reviewMethods,
  ...scheduleMethods,
  ...storeMethodTable,
  ...mappingMethods,
  ...editorMethods,
  ...wholesaleMethods,
} as const
export type Methods = typeof methods
