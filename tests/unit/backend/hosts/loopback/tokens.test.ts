import { expect, test } from 'vitest'
import { createTokens } from '../../../../../backend/hosts/loopback/tokens.ts'

test('a launch token is good once, and its session token as long as the host runs', () => {
  const tokens = createTokens()
  const launch = tokens.newLaunchToken()
  const session = tokens.exchange(launch)
  expect(session).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect(tokens.exchange(launch)).toBeNull()
  expect(tokens.isSession(session ?? '')).toBe(true)
  expect(tokens.isSession(launch)).toBe(false)
  expect(tokens.exchange(session ?? '')).toBeNull()
})

test('a launch token waits ten minutes', () => {
  let now = 0
  const tokens = createTokens(() => now)
  const slow = tokens.newLaunchToken()
  const tooSlow = tokens.newLaunchToken()
  now = 9.9 * 60_000
  expect(tokens.exchange(slow)).not.toBeNull()
  now = 10.1 * 60_000
  expect(tokens.exchange(tooSlow)).toBeNull()
})

test('what nobody issued opens nothing', () => {
  const tokens = createTokens()
  tokens.newLaunchToken()
  for (const token of ['', 'x', 'a'.repeat(43)]) {
    expect(tokens.exchange(token)).toBeNull()
    expect(tokens.isSession(token)).toBe(false)
  }
})
