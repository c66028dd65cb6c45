import type { Client } from 'pg'
import type { Subscriber } from '../../../shared/core/batch/subscriber.ts'
import { copyInto, type CopyRow } from './copy.ts'
import { changedBy } from './rows.ts'
import { codeOf, isConstraint, Overtaken } from './trouble.ts'

/** The end state of one user after all items of a transaction. */
export interface UserChange {
  /** Items that touch the same users stand or fall together: they bear one number. */
  readonly unit: number
  readonly key: string
  /** The row version that was read; null where there was no such user. */
  readonly seen: number | null
  readonly after: Subscriber | null
}

/** Tables of the session's own, empty at the end of each transaction. */
export const stagingSql = `
  CREATE TEMPORARY TABLE IF NOT EXISTS staged_users (unit INTEGER, email_key TEXT, email TEXT, package TEXT, cells TEXT, seen INTEGER, gone BOOLEAN) ON COMMIT DELETE ROWS;
  CREATE TEMPORARY TABLE IF NOT EXISTS staged_ledger (number INTEGER, op_hash TEXT, outcome TEXT, reason TEXT, before TEXT) ON COMMIT DELETE ROWS;`

const stagedUsers = 'staged_users (unit, email_key, email, package, cells, seen, gone)'
const stagedRow = ({ unit, key, seen, after }: UserChange): CopyRow => [
  unit,
  key,
  after?.email ?? null,
  after?.package ?? null,
  after === null ? null : JSON.stringify(after.cells),
  seen,
  after === null,
]

/**
 * Writes all changes at once: new users by COPY, the others from a staging table. Every row must still have the version that was
 * read, else the whole transaction is done again. Where one of the store's constraints refuses, the units that it refuses are
 * found by halving and left out; they are returned with the reason, everything else is written.
 */
export async function mergeUsers(client: Client, customer: number, changes: readonly UserChange[]): Promise<ReadonlyMap<number, string>> {
  if (changes.length === 0) return new Map()
  const fresh = changes.filter(({ seen }) => seen === null)
  const known = changes.filter(({ seen }) => seen !== null)
  const newRow = ({ key, after }: UserChange): CopyRow => [
    customer,
    key,
    after?.email ?? null,
    after?.package ?? null,
    JSON.stringify(after?.cells ?? {}),
    1,
  ]
  await client.query('SAVEPOINT merge')
  try {
    if (fresh.length > 0) {
      await copyInto(client, 'roster.subscribers (customer, email_key, email, package, cells, row_version)', fresh, newRow)
    }
    if (known.length > 0) {
      await copyInto(client, stagedUsers, known, stagedRow)
      await expect(client, removeSql, [customer], known.filter(({ after }) => after === null).length)
      await expect(client, changeSql, [customer], known.filter(({ after }) => after !== null).length)
    }
    await client.query('RELEASE SAVEPOINT merge')
    return new Map()
  } catch (thrown) {
    if (!isConstraint(thrown)) throw thrown
    if (isOwnKey(thrown)) throw new Overtaken()
    await client.query('ROLLBACK TO SAVEPOINT merge')
    return mergeByHalves(client, customer, changes)
  }
}

const removeSql = `DELETE FROM roster.subscribers s USING staged_users u
  WHERE u.gone AND s.customer = $1 AND s.email_key = u.email_key AND s.row_version = u.seen`
const changeSql = `UPDATE roster.subscribers s SET email = u.email, package = u.package, cells = u.cells, row_version = s.row_version + 1
  FROM staged_users u WHERE NOT u.gone AND s.customer = $1 AND s.email_key = u.email_key AND s.row_version = u.seen`
const addSql = `INSERT INTO roster.subscribers (customer, email_key, email, package, cells, row_version)
  SELECT $1::integer, u.email_key, u.email, u.package, u.cells, 1 FROM staged_users u WHERE NOT u.gone AND u.seen IS NULL`
const range = ' AND u.unit BETWEEN $2 AND $3'

async function expect(client: Client, sql: string, values: readonly unknown[], count: number): Promise<void> {
  if (count > 0 && (await changedBy(client, sql, values)) !== count) throw new Overtaken()
}

/** A user who appeared since we looked: another writer's doing, not a fault of the row. */
const isOwnKey = (thrown: unknown): boolean =>
  codeOf(thrown) === '23505' &&
  typeof thrown === 'object' &&
  thrown !== null &&
  'constraint' in thrown &&
  (thrown.constraint === 'subscribers_pkey' || thrown.constraint === 'ledger_pkey')

/** So many units at once at first; few enough that most blocks hold no bad one when one in a hundred is bad. */
const blockUnits = 64

async function mergeByHalves(client: Client, customer: number, changes: readonly UserChange[]): Promise<ReadonlyMap<number, string>> {
  await copyInto(client, stagedUsers, changes, stagedRow)
  await client.query('CREATE INDEX IF NOT EXISTS staged_users_unit ON staged_users (unit)')
  const bad = new Map<number, string>()
  const sorted = changes.toSorted((a, b) => a.unit - b.unit)
  const units = [...new Set(sorted.map(({ unit }) => unit))]
  const starts = new Map<number, number>()
  for (const [place, { unit }] of sorted.entries()) if (!starts.has(unit)) starts.set(unit, place)
  const startOf = (index: number): number => starts.get(units[index] ?? -1) ?? sorted.length

  async function merge(from: number, to: number): Promise<void> {
    const part = sorted.slice(startOf(from), startOf(to))
    const values = [customer, units[from], units[to - 1]]
    await client.query('SAVEPOINT part')
    try {
      await expect(client, removeSql + range, values, part.filter(({ after }) => after === null).length)
      await expect(client, changeSql + range, values, part.filter(({ after, seen }) => after !== null && seen !== null).length)
      await expect(client, addSql + range, values, part.filter(({ after, seen }) => after !== null && seen === null).length)
      await client.query('RELEASE SAVEPOINT part')
    } catch (thrown) {
      if (!isConstraint(thrown)) throw thrown
      if (isOwnKey(thrown)) throw new Overtaken()
      await client.query('ROLLBACK TO SAVEPOINT part')
      await client.query('RELEASE SAVEPOINT part')
      if (to - from === 1) {
        bad.set(units[from] ?? -1, reasonOf(thrown))
        return
      }
      const middle = Math.floor((from + to) / 2)
      await merge(from, middle)
      await merge(middle, to)
    }
  }
  for (let from = 0; from < units.length; from += blockUnits) await merge(from, Math.min(from + blockUnits, units.length))
  return bad
}

/** The constraint's name says what is wrong; its details would repeat the values. */
function reasonOf(thrown: unknown): string {
  const name = typeof thrown === 'object' && thrown !== null && 'constraint' in thrown ? thrown.constraint : undefined
  return `store: ${typeof name === 'string' ? name : thrown instanceof Error ? thrown.message : 'refused'}`
}
