import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { customerKey, numberOrNull, rowOf, rowsOf } from './rows.ts'
import { StoreRefusal } from './trouble.ts'

/**
 * One push at a time for each customer: an advisory lock of the session, which ends with the connection whatever ended that, and
 * is taken before any transaction. Its number is 63 bits of the SHA-256 of the customer's name.
 */
export const lockNumber = (customer: string): bigint =>
  BigInt(
    `0x${createHash('sha256')
      .update(`roster customer ${customerKey(customer)}`)
      .digest('hex')
      .slice(0, 16)}`,
  ) >> 1n

/** The customers that are held at this moment, by lock number. */
export async function heldCustomers(client: Client): Promise<ReadonlySet<string>> {
  const rows = await rowsOf(
    client,
    `SELECT ((classid::bigint << 32) | objid::bigint)::text AS number FROM pg_locks
     WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  )
  return new Set(rows.map((row) => String(row['number'])))
}

export async function isHeld(client: Client, customer: string): Promise<boolean> {
  return (await heldCustomers(client)).has(String(lockNumber(customer)))
}

/** A push that has just ended may need a moment to let go. */
const shortWaitMs = 400

/**
 * Takes the lock. `patient`: after a lost connection, because the server may still be about to notice its end; our own former
 * connection is told to end, by its name.
 */
export async function takeCustomer(client: Client, customer: string, own: string, patient: boolean): Promise<void> {
  const until = performance.now() + (patient ? 10_000 : shortWaitMs)
  for (;;) {
    const row = await rowOf(client, 'SELECT pg_try_advisory_lock($1::bigint) AS taken', [lockNumber(customer)])
    if (row?.['taken'] === true) return
    if (performance.now() >= until) {
      throw new StoreRefusal({ kind: 'store-problem', reason: 'busy', owner: await holderOf(client, customer) })
    }
    if (patient)
      await rowOf(
        client,
        'SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()',
        [own],
      )
    await sleep(50)
  }
}

/** Who holds the customer and how far they are, for people. */
async function holderOf(client: Client, customer: string): Promise<string> {
  const row = await rowOf(
    client,
    `SELECT p.by, p.batch, p.started_at, b.items, (SELECT count(*) FROM roster.ledger l WHERE l.place = b.place) AS done
     FROM roster.pushes p JOIN roster.batches b ON b.batch = p.batch
     WHERE b.customer_key = $1 AND b.state = 'pushing' AND p.finished_at IS NULL ORDER BY p.push DESC LIMIT 1`,
    [customerKey(customer)],
  )
  if (row === null) return 'another push, just beginning'
  return `${String(row['by'])}, batch ${String(row['batch'])}, ${String(numberOrNull(row['done']))} of ${String(row['items'])} items, since ${String(row['started_at'])}`
}
