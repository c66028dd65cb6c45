import { describe, expect, it } from 'vitest'
import { scoreHeader } from '../../../../shared/core/catalogue/recognise.ts'
import { limits } from '../../../../shared/core/limits.ts'
import { hostileFiles } from '../../../support/hostile-files.ts'
import { readProblem } from '../../../support/tables.ts'

// Each at the size that it would have, with the limits that Roster has; by the kernel and by its twin.
describe.each([false, true])('files beyond all measure (without the kernel: %s)', (withoutKernel) => {
  it.each(hostileFiles)('$name: refused with its place', ({ bytes, row, says, reason }) => {
    const problem = readProblem(bytes(), { scoreHeader, withoutKernel })
    expect(problem).toMatchObject({ reason, row })
    expect(problem.detail).toMatch(says)
  })
})

it('a file of more bytes than may be opened is refused by its size alone, before a byte of it is looked at', () => {
  // Zeros, which would be refused as no text.
  const problem = readProblem(new Uint8Array(limits.fileBytes + 1))
  expect(problem).toMatchObject({ reason: 'over-limit' })
  expect(problem.detail).toBe('The file has 513 MB; at most 512 MB can be opened.')
})
