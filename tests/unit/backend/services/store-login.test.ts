import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compose } from '../../../../backend/compose.ts'
import type { KeyChain } from '../../../../backend/ports/signers.ts'
import { must, onBench, problemOf } from '../../../support/backend.ts'
import { startCuttingProxy } from '../../../support/cutting-proxy.ts'
import { serverPassword, startPostgres, type PostgresServer } from '../../../support/postgres.ts'

let server: PostgresServer
let store = ''
beforeAll(async () => {
  server = await startPostgres({ fsync: false })
  store = await server.database()
  const { services, close } = compose({ dataDir: path.join(tmpdir(), 'roster-none'), store, askPassword: async () => serverPassword })
  must(await services.store.init())
  await close()
})
afterAll(() => server.stop())

/** A key chain that keeps its secret in this test; what it seals only it opens. */
const chainOf = (state: { can: boolean }): KeyChain => ({
  keeping: async () => (state.can ? { by: 'key-chain' } : { by: 'passphrase', why: 'plain-text' }),
  encrypt: async (text) => Buffer.from(`sealed ${text}`).toString('base64url'),
  decrypt: async (sealed) => {
    const text = Buffer.from(sealed, 'base64url').toString('utf8')
    return state.can && text.startsWith('sealed ') ? text.slice(7) : null
  },
})

describe('the password of a team’s store in the window', () => {
  test('typed once it holds until Roster ends; remembered it holds after that, until it is forgotten', () => {
    const options = { store, keyChain: chainOf({ can: true }) }
    return onBench(async ({ api, folder }) => {
      expect(problemOf(await api['batches.list']({}))).toEqual({ code: 'store/login', url: store })
      expect(must(await api['store.login']({}))).toEqual({ url: store, password: 'none', keeping: 'key-chain' })
      expect(problemOf(await api['store.unlock']({ password: 'wrong', remember: true })).code).toBe('store/login')
      expect(must(await api['store.login']({})).password).toBe('none')

      expect(must(await api['store.unlock']({ password: serverPassword, remember: false })).password).toBe('typed')
      expect(must(await api['batches.list']({}))).toEqual([])
      const file = path.join(folder, 'data', 'store-passwords.json')
      await expect(readFile(file)).rejects.toThrow('ENOENT')

      const again = async (): Promise<string> => {
        const { services, close } = compose({ dataDir: path.join(folder, 'data'), ...options })
        const listed = await services.api['batches.list']({})
        await close()
        return listed.ok ? 'in' : listed.error.code
      }
      expect(await again()).toBe('store/login')
      expect(must(await api['store.unlock']({ password: serverPassword, remember: true })).password).toBe('kept')
      const kept = await readFile(file, 'utf8')
      expect(kept).not.toContain(serverPassword)
      expect(kept).not.toContain('postgres@')
      expect(await again()).toBe('in')
      expect(must(await api['store.forgetPassword']({})).password).toBe('none')
      expect(await again()).toBe('store/login')
      await expect(readFile(file)).rejects.toThrow('ENOENT')
    }, options)
  })

  test('where the system would only pretend to encrypt it, that is said and nothing is kept; logging in works all the same', () =>
    onBench(
      async ({ api }) => {
        expect(must(await api['store.login']({})).keeping).toBe('plain-text')
        const refused = await api['store.unlock']({ password: serverPassword, remember: true })
        expect(problemOf(refused)).toEqual({ code: 'store/no-key-chain', why: 'plain-text' })
        expect(must(await api['store.unlock']({ password: serverPassword, remember: false })).password).toBe('typed')
      },
      { store, keyChain: chainOf({ can: false }) },
    ))

  test('a key chain that is locked meanwhile opens nothing, and is asked again when it can be used', () => {
    const state = { can: true }
    return onBench(
      async ({ api }) => {
        must(await api['store.unlock']({ password: serverPassword, remember: true }))
        state.can = false
        expect(must(await api['store.login']({}))).toMatchObject({ password: 'typed', keeping: 'plain-text' })
        state.can = true
        expect(must(await api['store.login']({})).password).toBe('kept')
      },
      { store, keyChain: chainOf(state) },
    )
  })

  test('one that is not right is said by no other connection, not even while it is tried', async () => {
    const proxy = await startCuttingProxy(server.port)
    const through = store.replace(`:${server.port}/`, `:${proxy.port}/`)
    await onBench(
      async ({ api }) => {
        must(await api['store.unlock']({ password: serverPassword, remember: false }))
        must(await api['batches.list']({}))
        await expect
          .poll(() => server.query(store, "SELECT 1 FROM pg_stat_activity WHERE application_name = 'roster inbox'"), { timeout: 10_000 })
          .toHaveLength(1)
        // The live connection is lost, so it has to be made anew while the other password is on its way.
        await server.query(store, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'roster'")
        // Whoever comes is slow, also one that looks for changes again.
        proxy.treat(() => ({ delayMs: 300 }))
        const tried = api['store.unlock']({ password: 'wrong', remember: false })
        await expect.poll(() => proxy.count(), { timeout: 10_000 }).toBeGreaterThan(0)
        expect(must(await api['batches.list']({}))).toEqual([])
        expect((await tried).ok).toBe(false)
        proxy.treat(() => ({}))
        expect(problemOf(await api['store.unlock']({ password: 'wrong', remember: false })).code).toBe('store/login')
        expect(must(await api['store.login']({})).password).toBe('typed')
        await server.query(store, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'roster'")
        expect(must(await api['batches.list']({}))).toEqual([])
      },
      { store: through, keyChain: chainOf({ can: false }) },
    )
    await proxy.close()
  })

  test('at a terminal several connections that are made at once ask one question', () => {
    let questions = 0
    const askPassword = async (): Promise<string> => {
      questions++
      await new Promise((resolve) => setTimeout(resolve, 100))
      return serverPassword
    }
    return onBench(
      async ({ api }) => {
        await Promise.all([api['batches.list']({}), api['store.status']({}), api['audit.list']({ from: 0, count: 1 })])
        must(await api['batches.list']({}))
        expect(questions).toBe(1)
      },
      { store, askPassword, keyChain: chainOf({ can: false }) },
    )
  })

  test('the embedded store wants none', () =>
    onBench(async ({ api }) => {
      expect(must(await api['store.login']({}))).toMatchObject({ url: null, password: 'none' })
      expect(problemOf(await api['store.unlock']({ password: 'x', remember: false })).code).toBe('guard/refused')
    }))
})
