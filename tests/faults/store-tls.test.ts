import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { givePostgresTheFolder, startPostgres, type PostgresServer } from '../support/postgres.ts'
import { addition, applyOptions, approvedBatch, begin, customer, fact, must, now, numbered, postgresStores } from '../support/store.ts'

// A real handshake with a real server: its certificate is for `localhost` and from an authority that this test makes.

const folder = mkdtempSync(path.join(tmpdir(), 'roster-tls-'))
const at = (name: string): string => path.join(folder, name)
const openssl = (...words: readonly string[]): void => void execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' })

function authority(name: string): void {
  openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.crt`,
  )
}

let server: PostgresServer
let plain: PostgresServer
let database = ''
beforeAll(async () => {
  authority('ours')
  authority('another')
  openssl(
    'req',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-subj',
    '/CN=localhost',
    '-keyout',
    'server.key',
    '-out',
    'server.csr',
  )
  writeFileSync(at('names'), 'subjectAltName=DNS:localhost\n')
  openssl(
    'x509',
    '-req',
    '-in',
    'server.csr',
    '-CA',
    'ours.crt',
    '-CAkey',
    'ours.key',
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    'names',
    '-out',
    'server.crt',
  )
  chmodSync(folder, 0o755)
  chmodSync(at('server.key'), 0o600)
  givePostgresTheFolder(at('server.key'))
  server = await startPostgres({ fsync: false, flags: ['ssl=on', `ssl_cert_file=${at('server.crt')}`, `ssl_key_file=${at('server.key')}`] })
  plain = await startPostgres({ fsync: false })
  database = new URL(await server.database()).pathname
})
afterAll(async () => {
  await server.stop()
  await plain.stop()
  rmSync(folder, { recursive: true, force: true })
})

const address = (host: string, rootFile?: string, port = server.port): string =>
  `postgres://postgres@${host}:${port}${database}?sslmode=verify-full${rootFile === undefined ? '' : `&sslrootcert=${at(rootFile)}`}`
const open = (url: string) => postgresStores({ waits: { connect: 5000, reconnect: 300 } }).open(url, { create: true })

test('a server whose certificate and name hold is spoken to over TLS, a push and its listener too', async () => {
  const store = must(await open(address('localhost', 'ours.crt')))
  const told: string[] = []
  const end = store.watch?.((batch) => void told.push(batch))
  const batch = await approvedBatch(store, 1)
  const session = must(await begin(store, batch))
  must(await session.apply(numbered([addition(0)]), applyOptions()))
  const connections = await server.query(
    `postgres://postgres@127.0.0.1:${server.port}${database}`,
    "SELECT DISTINCT s.ssl FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) WHERE a.application_name LIKE 'roster%'",
  )
  expect(connections).toEqual([{ ssl: true }])
  must(await session.finish('applied', now, fact('push/finished')))
  session.release()
  expect(must(await store.subscribers(customer))).toHaveLength(1)
  await expect.poll(() => told.length).toBeGreaterThan(0)
  end?.()
  await store.close()
})

test.each([
  ['an authority that nobody vouches for', () => address('localhost'), /certificate is not to be trusted/u],
  ['another authority than the one that was named', () => address('localhost', 'another.crt'), /certificate is not to be trusted/u],
  [
    'a certificate for another name',
    () => address('127.0.0.1', 'ours.crt'),
    /certificate is not to be trusted \(ERR_TLS_CERT_ALTNAME_INVALID\)/u,
  ],
  ['a server that speaks no TLS', () => address('localhost', 'ours.crt', plain.port), /does not support SSL/u],
])('%s is refused before anything is said', async (_, url, reason) => {
  const refused = await open(url())
  expect(refused).toMatchObject({ ok: false, error: { reason: 'unreachable' } })
  expect(JSON.stringify(refused)).toMatch(reason)
  expect(JSON.stringify(refused)).not.toContain('not-a-secret')
})
