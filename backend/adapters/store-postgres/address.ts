import { readFileSync } from 'node:fs'
import type { ClientConfig } from 'pg'
import { err, ok, type Result } from '../../../shared/kit/result.ts'

/** Where a store is and how to speak to it. The password is not in it. */
export interface StoreAddress {
  /** For people: scheme, login, host, port, database. */
  readonly shown: string
  readonly host: string
  readonly user: string
  readonly config: Omit<ClientConfig, 'password'>
}

/** What an address may say after `?`. Anything else is a mistake that would otherwise go unseen. */
const knownParameters = new Set(['sslmode', 'sslrootcert', 'host'])
const loopbackHosts = new Set(['localhost', '127.0.0.1', '::1', '[::1]'])
const isLoopback = (host: string): boolean => host.startsWith('/') || loopbackHosts.has(host)

/**
 * Reads `postgres://login@host:port/database?sslmode=…&sslrootcert=FILE`. Beyond this machine the connection is encrypted and the
 * server's certificate and name are verified; no setting of the address can take that away. A password in the address is refused:
 * it would stand in the list of processes and in the shell's history.
 */
export function readAddress(url: string, systemUser: string): Result<StoreAddress, string> {
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    return err('the address cannot be read; it looks like postgres://login@host:5432/database')
  }
  if (parsed.password !== '') {
    return err('a password does not belong into the address: set ROSTER_STORE_PASSWORD or PGPASSWORD, or leave it out to be asked')
  }
  const unknown = [...parsed.searchParams.keys()].find((name) => !knownParameters.has(name))
  if (unknown !== undefined) return err(`the address says "${unknown}", which is not known; known are ${[...knownParameters].join(', ')}`)
  const database = decodeURIComponent(parsed.pathname.slice(1))
  if (database === '') return err('the address names no database: postgres://login@host:5432/database')

  const host = parsed.searchParams.get('host') ?? (parsed.hostname === '' ? 'localhost' : parsed.hostname.replace(/^\[|\]$/gu, ''))
  const port = parsed.port === '' ? 5432 : Number(parsed.port)
  const user = parsed.username === '' ? systemUser : decodeURIComponent(parsed.username)
  const ssl = tlsOf(host, parsed.searchParams.get('sslmode'), parsed.searchParams.get('sslrootcert'))
  if (!ssl.ok) return ssl
  return ok({
    shown: `postgres://${encodeURIComponent(user)}@${host}:${port}/${encodeURIComponent(database)}`,
    host,
    user,
    config: { host, port, user, database, ssl: ssl.value },
  })
}

function tlsOf(host: string, mode: string | null, rootFile: string | null): Result<ClientConfig['ssl'], string> {
  if (isLoopback(host) && (mode === null || mode === 'disable')) return ok(false)
  if (mode !== null && mode !== 'verify-full') {
    return err(`sslmode=${mode} would not verify who answers; beyond this machine only verify-full is spoken`)
  }
  if (rootFile === null) return ok({ rejectUnauthorized: true })
  try {
    return ok({ rejectUnauthorized: true, ca: readFileSync(rootFile, 'utf8') })
  } catch {
    return err(`the certificate file ${rootFile} cannot be read`)
  }
}
