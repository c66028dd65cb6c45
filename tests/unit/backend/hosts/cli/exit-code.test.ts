import { expect, test } from 'vitest'
import { exitCodeOf } from '../../../../../backend/hosts/cli/exit-code.ts'

test('every refusal of a guard is 77, and no failure looks like success', () => {
  for (const [code, exitCode] of Object.entries(exitCodeOf)) {
    expect(exitCode, code).toBeGreaterThan(0)
    expect(code.startsWith('guard/') === (exitCode === 77), code).toBe(true)
  }
})
