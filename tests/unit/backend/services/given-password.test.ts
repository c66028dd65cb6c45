import { afterEach, expect, test, vi } from 'vitest'
import { passwordGiven } from '../../../../backend/services/store-login.ts'
import { must, onBench } from '../../../support/backend.ts'

afterEach(() => vi.unstubAllEnvs())

test.each([
  [{}, undefined],
  [{ ROSTER_STORE_PASSWORD: '', PGPASSWORD: '' }, undefined],
  [{ ROSTER_STORE_PASSWORD: '', PGPASSWORD: 'theirs' }, 'theirs'],
  [{ ROSTER_STORE_PASSWORD: 'ours', PGPASSWORD: 'theirs' }, 'ours'],
])('of the environment %j the password is %s', (environment, password) => {
  expect(passwordGiven(environment)).toBe(password)
})

test.each([
  ['', 'none'],
  ['ours', 'environment'],
] as const)('with %j in the environment the password of the store comes from: %s', (given, from) => {
  vi.stubEnv('ROSTER_STORE_PASSWORD', given)
  vi.stubEnv('PGPASSWORD', '')
  const keyChain = {
    keeping: async () => ({ by: 'passphrase', why: 'host' }) as const,
    encrypt: async (text: string) => text,
    decrypt: async () => null,
  }
  return onBench(async ({ api }) => expect(must(await api['store.login']({})).password).toBe(from), {
    store: 'postgres://roster@localhost/roster',
    keyChain,
  })
})
