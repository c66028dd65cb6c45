import { expect, test } from 'vitest'
import { exitCodeOf } from '../../../../../backend/hosts/cli/exit-code.ts'

test('every refusal of a guard is 77, and no failure looks like success', () => {
  for (const [code, exitCode] of Object.entries(exitCodeOf)) {
    expect(exitCode, code).toBeGreaterThan(0)
    // A plan that lacks something is held back by a guard of its own: nothing is handed over.
    expect((code.startsWith('guard/') || code === 'plan/incomplete') === (exitCode === 77), code).toBe(true)
  }
})
