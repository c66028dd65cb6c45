import type { Client } from 'pg'
import type { ApplyCounts, NumberedItem } from '../../ports/provisioning-store.ts'
import { copyInto, type CopyFormat, type CopyRows } from './copy.ts'
import { changedBy, rowOf, rowsOf } from './rows.ts'
import { Overtaken, StoreRefusal } from './trouble.ts'

/** What the ledger says of one item. */
export interface LedgerLine {
  readonly number: number
  readonly opHash: string
  readonly outcome: 'applied' | 'refused'
  readonly reason: string | null
  readonly before: string | null
}

/** Of which batch (by its place) and push. */
export interface LedgerPlace {
  readonly place: number
  readonly push: number
}

export const newLines = 'roster.ledger (place, number, push, op_hash, outcome, reason, before)'
export const writeLine =
  ({ place, push }: LedgerPlace) =>
  ({ number, opHash, outcome, reason, before }: LedgerLine, to: CopyRows): void => {
    to.row(7)
    to.integer(place)
    to.integer(number)
    to.integer(push)
    to.hex(opHash)
    to.text(outcome)
    to.text(reason)
    to.text(before)
  }

/** For retrying: empty at the end of each transaction. */
export const stagedLedgerSql =
  'CREATE TEMPORARY TABLE IF NOT EXISTS staged_ledger (number INTEGER, op_hash BYTEA, outcome TEXT, reason TEXT, before TEXT) ON COMMIT DELETE ROWS;'

function writeStaged({ number, opHash, outcome, reason, before }: LedgerLine, to: CopyRows): void {
  to.row(5)
  to.integer(number)
  to.hex(opHash)
  to.text(outcome)
  to.text(reason)
  to.text(before)
}

/** The ledger's own key ends the transaction where an item is there already. */
export async function addLines(client: Client, format: CopyFormat, lines: readonly LedgerLine[], of: LedgerPlace): Promise<void> {
  if (lines.length > 0) await copyInto(client, format, newLines, lines, writeLine(of))
}

/** Lines of items that may be in the ledger as refused. */
export async function retryLines(
  client: Client,
  format: CopyFormat,
  lines: readonly LedgerLine[],
  { place, push }: LedgerPlace,
): Promise<void> {
  if (lines.length === 0) return
  await copyInto(client, format, 'staged_ledger (number, op_hash, outcome, reason, before)', lines, writeStaged)
  const again = await changedBy(
    client,
    `UPDATE roster.ledger l SET push = $2, outcome = s.outcome, reason = s.reason, before = s.before
     FROM staged_ledger s WHERE l.place = $1 AND l.number = s.number`,
    [place, push],
  )
  const first = await changedBy(
    client,
    `INSERT INTO roster.ledger (place, number, push, op_hash, outcome, reason, before)
     SELECT $1::integer, s.number, $2::integer, s.op_hash, s.outcome, s.reason, s.before FROM staged_ledger s ON CONFLICT (place, number) DO NOTHING`,
    [place, push],
  )
  if (again + first !== lines.length) throw new Overtaken()
}

/** Those of the items that are still to be done: not in the ledger, or there as refused when they are tried again. */
export async function openItems(
  client: Client,
  place: number,
  items: readonly NumberedItem[],
  retry: boolean,
): Promise<readonly NumberedItem[]> {
  const { least, most } = numbersOf(items)
  const known = await rowsOf(
    client,
    "SELECT number, encode(op_hash, 'hex') AS op_hash, outcome FROM roster.ledger WHERE place = $1 AND number BETWEEN $2 AND $3",
    [place, least, most],
  )
  if (known.length === 0) return items
  const byNumber = new Map(known.map((row) => [Number(row['number']), row]))
  return items.filter(({ item, opHash }) => {
    const row = byNumber.get(item.number)
    if (row === undefined) return true
    if (row['op_hash'] !== opHash) {
      const detail = `item ${item.number} is in the ledger with another content`
      throw new StoreRefusal({ kind: 'store-problem', reason: 'content-changed', detail })
    }
    return retry && row['outcome'] === 'refused'
  })
}

function numbersOf(items: readonly NumberedItem[]): { readonly least: number; readonly most: number } {
  let [least, most] = [0x7fffffff, 0]
  for (const { item } of items) {
    if (item.number < least) least = item.number
    if (item.number > most) most = item.number
  }
  return { least, most }
}

/** A transaction is there as a whole or not at all: one ledger row of this push among its items says which. */
export async function wasApplied(
  client: Client,
  { place, push }: LedgerPlace,
  counts: ApplyCounts,
  items: readonly NumberedItem[],
): Promise<boolean> {
  if (counts.applied + counts.refused === 0) return true
  const row = await rowOf(
    client,
    'SELECT 1 AS there FROM roster.ledger WHERE place = $1 AND push = $2 AND number = ANY($3::integer[]) LIMIT 1',
    [place, push, items.map(({ item }) => item.number)],
  )
  return row !== null
}
