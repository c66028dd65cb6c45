import { personKey } from '../../../shared/core/batch/approval.ts'
import type { BookRecord } from '../../../shared/core/review/comment.ts'
import { ok } from '../../../shared/kit/result.ts'
import type { ReviewBook } from '../../ports/provisioning-store.ts'
import type { Line } from './line.ts'
import { appendAudit, changedBy, kept, placeOfBatch, rowOf, rowsOf, takeSerial, textOrNull } from './rows.ts'

/** The review book in the store's own tables. */
export function postgresBook(line: Line): ReviewBook {
  return {
    records: (batch) =>
      line.read(async (client) => {
        const rows = await rowsOf(
          client,
          'SELECT kind, batch, by, at, body FROM roster.records WHERE batch IS NOT DISTINCT FROM $1::text ORDER BY id',
          [batch],
        )
        return rows.map((row): BookRecord => ({
          kind: row['kind'] as BookRecord['kind'],
          batch: textOrNull(row['batch']),
          by: String(row['by']),
          at: String(row['at']),
          body: kept(row['body'], 'What was said of a batch'),
        }))
      }),
    add: ({ kind, batch, by, at, body }, audit) =>
      line.write<null>({
        run: async (client) => {
          await takeSerial(client)
          await changedBy(client, 'INSERT INTO roster.records (kind, batch, by, by_key, at, body) VALUES ($1, $2, $3, $4, $5, $6)', [
            kind,
            batch,
            by,
            personKey(by),
            at,
            JSON.stringify(body),
          ])
          if (audit !== null) await appendAudit(client, audit)
          return ok(null)
        },
        done: async (client) => {
          const row = await rowOf(
            client,
            'SELECT 1 AS there FROM roster.records WHERE kind = $1 AND batch IS NOT DISTINCT FROM $2::text AND by_key = $3 AND at = $4 AND body = $5',
            [kind, batch, personKey(by), at, JSON.stringify(body)],
          )
          return row === null ? null : { value: null }
        },
      }),
    purge: (batch, audit) =>
      line.write<null>({
        run: async (client) => {
          await takeSerial(client)
          await changedBy(client, 'INSERT INTO roster.purges (batch, at) VALUES ($1, $2)', [batch, audit.at])
          await changedBy(client, 'DELETE FROM roster.actors WHERE hash IN (SELECT actor FROM roster.audit WHERE batch = $1)', [batch])
          for (const table of ['contents', 'seeds', 'approvals', 'records'])
            await changedBy(client, `DELETE FROM roster.${table} WHERE batch = $1`, [batch])
          await changedBy(client, `UPDATE roster.ledger SET before = NULL, reason = NULL WHERE place = ${placeOfBatch}`, [batch])
          await changedBy(client, "UPDATE roster.pushes SET by = '' WHERE batch = $1", [batch])
          await changedBy(
            client,
            "UPDATE roster.batches SET author = '', author_key = 'purged', message = NULL, hash_key = '' WHERE batch = $1",
            [batch],
          )
          await appendAudit(client, audit)
          return ok(null)
        },
        done: async (client) => {
          const row = await rowOf(client, 'SELECT 1 AS there FROM roster.purges WHERE batch = $1', [batch])
          return row === null ? null : { value: null }
        },
      }),
  }
}
