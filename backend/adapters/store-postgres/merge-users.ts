import type { Client } from 'pg'
import type { Subscriber } from '../../../shared/core/batch/subscriber.ts'
import { emailKey } from '../../../shared/core/diff/cell-meaning.ts'
import { copyInto, type CopyFormat, type CopyRows } from './copy.ts'
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

/** A table of the session's own, empty at the end of each transaction. */
export const stagedUsersSql =
  'CREATE TEMPORARY TABLE IF NOT EXISTS staged_users (unit INTEGER, email_key TEXT, email TEXT, package TEXT, cells TEXT, seen INTEGER, gone BOOLEAN) ON COMMIT DELETE ROWS;'

const stagedUsers = 'staged_users (unit, email_key, email, package, cells, seen, gone)'
function writeStaged({ unit, key, seen, after }: UserChange, to: CopyRows): void {
  to.row(7)
  to.integer(unit)
  to.text(key)
  to.text(after?.email ?? null)
  to.text(after?.package ?? null)
  if (after === null) to.text(null)
  else to.json(after.cells)
  to.integer(seen)
  to.flag(after === null)
}

export const newUsers = 'roster.subscribers (customer, email_key, email, package, cells, row_version)'
/** One row of `newUsers`. */
export const writeUser =
  (customer: number) =>
  ({ email, package: held, cells }: Subscriber, to: CopyRows): void => {
    to.row(6)
    to.integer(customer)
    to.text(emailKey(email))
    to.text(email)
    to.text(held)
    to.json(cells)
    to.integer(1)
  }

/**
 * Writes all changes at once: new users by COPY, the others from a staging table. Every row must still have the version that was
 * read, else the whole transaction is done again. Where one of the store's constraints refuses, the units that it refuses are
 * found by halving and left out; they are returned with the reason, everything else is written.
 */
export async function mergeUsers(
  client: Client,
  format: CopyFormat,
  customer: number,
  changes: readonly UserChange[],
): Promise<ReadonlyMap<number, string>> {
  if (changes.length === 0) return new Map()
  const fresh = changes.flatMap(({ seen, after }) => (seen === null && after !== null ? [after] : []))
  const known = changes.filter(({ seen }) => seen !== null)
  await client.query('SAVEPOINT merge')
  try {
    if (fresh.length > 0) await copyInto(client, format, newUsers, fresh, writeUser(customer))
    if (known.length > 0) {
      await copyInto(client, format, stagedUsers, known, writeStaged)
      await expect(client, removeSql, [customer], known.filter(({ after }) => after === null).length)
      await expect(client, changeSql, [customer], known.filter(({ after }) => after !== null).length)
    }
    await client.query('RELEASE SAVEPOINT merge')
    return new Map()
  } catch (thrown) {
    if (!isConstraint(thrown)) throw thrown
    if (isOwnKey(thrown)) throw new Overtaken()
    await client.query('ROLLBACK TO SAVEPOINT merge')
    return mergeByHalves(client, format, customer, changes)
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
  (thrown.constraint === 'subscribers_pkey' || thrown.constraint === 'ledger_key')

/** So many units at once at first; few enough that most blocks hold no bad one when one in a hundred is bad. */
const blockUnits = 64

async function mergeByHalves(
  client: Client,
  format: CopyFormat,
  customer: number,
  changes: readonly UserChange[],
): Promise<ReadonlyMap<number, string>> {
  await copyInto(client, format, stagedUsers, changes, writeStaged)
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
