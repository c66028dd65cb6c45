import type { DatabaseSync } from 'node:sqlite'
import { personKey } from '../../../shared/core/batch/approval.ts'
import type { BookRecord } from '../../../shared/core/review/comment.ts'
import { ok, type Result } from '../../../shared/kit/result.ts'
import type { ReviewBook, StoreProblem } from '../../ports/provisioning-store.ts'
import { appendAudit, kept, placeOfBatch } from './connection.ts'

interface RecordRow extends Omit<BookRecord, 'body'> {
  readonly body: string
}

type Reading = <T>(work: () => T) => Result<T, StoreProblem>
type Writing = <T>(work: () => Result<T, StoreProblem>) => Promise<Result<T, StoreProblem>>

/** The review book in the store's own file. */
export function sqliteBook(database: DatabaseSync, reading: Reading, writing: Writing): ReviewBook {
  return {
    async records(batch) {
      return reading(() =>
        (
          database
            .prepare('SELECT kind, batch, by, at, body FROM records WHERE batch IS ? ORDER BY id')
            .all(batch) as unknown as RecordRow[]
        ).map(({ kind, batch: of, by, at, body }): BookRecord => ({
          kind,
          batch: of,
          by,
          at,
          body: kept(body, 'What was said of a batch'),
        })),
      )
    },
    add: ({ kind, batch, by, at, body }, audit) =>
      writing(() => {
        database
          .prepare('INSERT INTO records (kind, batch, by, by_key, at, body) VALUES (?, ?, ?, ?, ?, ?)')
          .run(kind, batch, by, personKey(by), at, JSON.stringify(body))
        if (audit !== null) appendAudit(database, audit)
        return ok(null)
      }),
    purge: (batch, audit) =>
      writing(() => {
        database.prepare('INSERT INTO purges (batch, at) VALUES (?, ?)').run(batch, audit.at)
        database.prepare('DELETE FROM actors WHERE hash IN (SELECT actor FROM audit WHERE batch = ?)').run(batch)
        for (const table of ['contents', 'seeds', 'approvals', 'records'])
          database.prepare(`DELETE FROM ${table} WHERE batch = ?`).run(batch)
        database.prepare(`UPDATE ledger SET before = NULL, reason = NULL WHERE place = ${placeOfBatch}`).run(batch)
        database.prepare("UPDATE pushes SET by = '' WHERE batch = ?").run(batch)
        database.prepare("UPDATE batches SET author = '', author_key = 'purged', message = NULL, hash_key = '' WHERE batch = ?").run(batch)
        appendAudit(database, audit)
        return ok(null)
      }),
  }
}
