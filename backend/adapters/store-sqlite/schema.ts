import type { DatabaseSync } from 'node:sqlite'
import { batchStates } from '../../../shared/core/batch/batch.ts'
import { transitions } from '../../../shared/core/batch/transitions.ts'
import { packageNames } from '../../../shared/core/catalogue/packages.ts'

/** "RStr" */
export const storeApplicationId = 0x52537472

const list = (texts: readonly string[]): string => texts.map((text) => `'${text}'`).join(', ')
const follows = Object.entries(transitions).flatMap(([from, next]) =>
  Object.values(next).map((to) => `(OLD.state = '${from}' AND NEW.state = '${to}')`),
)

/** Each brings the schema one version further; what was released does not change any more. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE customers (id INTEGER PRIMARY KEY, name_key TEXT NOT NULL UNIQUE, name TEXT NOT NULL) STRICT;
  CREATE TABLE subscribers (
    customer INTEGER NOT NULL REFERENCES customers (id),
    email_key TEXT NOT NULL CHECK (email_key <> ''),
    email TEXT NOT NULL,
    package TEXT CHECK (package IN (${list(packageNames)})),
    cells TEXT NOT NULL CHECK (json_valid(cells)),
    row_version INTEGER NOT NULL,
    PRIMARY KEY (customer, email_key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE batches (
    batch TEXT PRIMARY KEY,
    place INTEGER NOT NULL UNIQUE,
    customer_key TEXT NOT NULL,
    customer TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN (${list(batchStates)})),
    version INTEGER NOT NULL,
    author TEXT NOT NULL,
    author_key TEXT NOT NULL CHECK (author_key <> ''),
    message TEXT,
    submitted_at TEXT NOT NULL,
    digest TEXT NOT NULL,
    summary TEXT NOT NULL,
    items INTEGER NOT NULL,
    single_person INTEGER NOT NULL,
    draft TEXT,
    hash_key TEXT NOT NULL
  ) STRICT;
  CREATE TABLE contents (batch TEXT PRIMARY KEY REFERENCES batches (batch), content TEXT NOT NULL) STRICT;
  CREATE TABLE seeds (batch TEXT PRIMARY KEY REFERENCES batches (batch), users INTEGER NOT NULL, sha256 TEXT NOT NULL, zipped BLOB NOT NULL) STRICT;
  CREATE TABLE approvals (
    id INTEGER PRIMARY KEY,
    batch TEXT NOT NULL REFERENCES batches (batch),
    by TEXT NOT NULL,
    by_key TEXT NOT NULL CHECK (by_key <> ''),
    decision TEXT NOT NULL CHECK (decision IN ('approved', 'rejected')),
    at TEXT NOT NULL,
    digest TEXT NOT NULL,
    message TEXT
  ) STRICT;
  CREATE TABLE pushes (
    batch TEXT NOT NULL REFERENCES batches (batch),
    push INTEGER NOT NULL,
    by TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('push', 'resume', 'retry')),
    started_at TEXT NOT NULL,
    finished_at TEXT,
    serial_before INTEGER NOT NULL,
    serial_after INTEGER,
    audit_entry INTEGER,
    audit_hash TEXT,
    PRIMARY KEY (batch, push)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE ledger (
    batch TEXT NOT NULL REFERENCES batches (batch),
    number INTEGER NOT NULL,
    op_hash TEXT NOT NULL,
    push INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('applied', 'refused')),
    reason TEXT,
    before TEXT CHECK (before IS NULL OR json_valid(before)),
    at TEXT NOT NULL,
    PRIMARY KEY (batch, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE audit (
    entry INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    what TEXT NOT NULL,
    batch TEXT,
    digest TEXT,
    actor TEXT NOT NULL,
    counts TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  -- Names stand outside the chain, so that they can be purged and it still verifies.
  CREATE TABLE actors (hash TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TRIGGER batch_starts_submitted BEFORE INSERT ON batches WHEN NEW.state <> 'submitted' OR NEW.version <> 1
    BEGIN SELECT raise(ABORT, 'a batch begins as submitted'); END;
  CREATE TRIGGER batch_is_frozen BEFORE UPDATE OF batch, place, customer_key, customer, author, author_key, message, submitted_at, digest, summary, items, single_person, hash_key ON batches
    BEGIN SELECT raise(ABORT, 'what was submitted does not change'); END;
  CREATE TRIGGER batch_state_follows BEFORE UPDATE OF state ON batches WHEN NOT (${follows.join(' OR ')})
    BEGIN SELECT raise(ABORT, 'this state cannot follow that one'); END;
  CREATE TRIGGER batch_version_rises BEFORE UPDATE OF state ON batches WHEN NEW.version <> OLD.version + 1
    BEGIN SELECT raise(ABORT, 'the version rises with the state'); END;
  CREATE TRIGGER batch_approved_by_somebody BEFORE UPDATE OF state ON batches
    WHEN NEW.state IN ('approved', 'pushing') AND NOT EXISTS (SELECT 1 FROM approvals WHERE batch = NEW.batch AND decision = 'approved' AND digest = NEW.digest)
    BEGIN SELECT raise(ABORT, 'nobody approved this batch'); END;
  CREATE TRIGGER batch_stays BEFORE DELETE ON batches BEGIN SELECT raise(ABORT, 'batches are not deleted'); END;
  CREATE TRIGGER content_is_frozen BEFORE UPDATE ON contents BEGIN SELECT raise(ABORT, 'what was submitted does not change'); END;
  CREATE TRIGGER content_stays BEFORE DELETE ON contents BEGIN SELECT raise(ABORT, 'what was submitted stays'); END;
  CREATE TRIGGER seed_is_frozen BEFORE UPDATE ON seeds BEGIN SELECT raise(ABORT, 'what was submitted does not change'); END;
  CREATE TRIGGER approval_by_another BEFORE INSERT ON approvals
    WHEN NEW.by_key = (SELECT author_key FROM batches WHERE batch = NEW.batch)
    BEGIN SELECT raise(ABORT, 'nobody decides on their own batch'); END;
  CREATE TRIGGER approval_of_this_content BEFORE INSERT ON approvals
    WHEN NEW.digest <> (SELECT digest FROM batches WHERE batch = NEW.batch)
    BEGIN SELECT raise(ABORT, 'the decision is for another content'); END;
  CREATE TRIGGER approval_is_final BEFORE UPDATE ON approvals BEGIN SELECT raise(ABORT, 'a decision does not change'); END;
  CREATE TRIGGER approval_stays BEFORE DELETE ON approvals BEGIN SELECT raise(ABORT, 'a decision stays'); END;
  CREATE TRIGGER ledger_applied_is_final BEFORE UPDATE ON ledger WHEN OLD.outcome = 'applied' OR NEW.op_hash <> OLD.op_hash
    BEGIN SELECT raise(ABORT, 'what was applied stays applied'); END;
  CREATE TRIGGER ledger_stays BEFORE DELETE ON ledger BEGIN SELECT raise(ABORT, 'the ledger stays'); END;
  CREATE TRIGGER audit_is_final BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit log does not change'); END;
  CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit log stays'); END;
  CREATE TRIGGER audit_follows BEFORE INSERT ON audit WHEN NEW.entry <> (SELECT coalesce(max(entry), 0) + 1 FROM audit)
    BEGIN SELECT raise(ABORT, 'audit entries follow one another'); END;
  `,
  // Review: signatures, the book of what people say, and taking a finished batch's personal data away.
  `
  ALTER TABLE approvals ADD COLUMN signature TEXT;
  CREATE TABLE records (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('key', 'comment', 'resolve', 'seen', 'rejected-rows')),
    batch TEXT REFERENCES batches (batch),
    by TEXT NOT NULL,
    by_key TEXT NOT NULL CHECK (by_key <> ''),
    at TEXT NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body))
  ) STRICT;
  CREATE INDEX records_of_batch ON records (batch);
  CREATE UNIQUE INDEX one_key_a_person ON records (by_key) WHERE kind = 'key';
  CREATE TABLE purges (batch TEXT PRIMARY KEY REFERENCES batches (batch), at TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TRIGGER purge_when_done BEFORE INSERT ON purges
    WHEN (SELECT state FROM batches WHERE batch = NEW.batch) NOT IN ('applied', 'rejected', 'superseded')
    BEGIN SELECT raise(ABORT, 'only what is finished can be purged'); END;
  CREATE TRIGGER purge_is_final BEFORE DELETE ON purges BEGIN SELECT raise(ABORT, 'a purge stays'); END;
  CREATE TRIGGER record_is_final BEFORE UPDATE ON records BEGIN SELECT raise(ABORT, 'what was said does not change'); END;
  CREATE TRIGGER record_stays BEFORE DELETE ON records WHEN NOT EXISTS (SELECT 1 FROM purges WHERE batch = OLD.batch)
    BEGIN SELECT raise(ABORT, 'what was said stays'); END;

  DROP TRIGGER batch_is_frozen;
  CREATE TRIGGER batch_is_frozen BEFORE UPDATE OF batch, place, customer_key, customer, author, author_key, message, submitted_at, digest, summary, items, single_person, hash_key ON batches
    WHEN NOT (EXISTS (SELECT 1 FROM purges WHERE batch = OLD.batch)
      AND NEW.batch = OLD.batch AND NEW.place = OLD.place AND NEW.digest = OLD.digest AND NEW.items = OLD.items AND NEW.summary = OLD.summary
      AND NEW.author = '' AND NEW.author_key = 'purged' AND NEW.message IS NULL AND NEW.hash_key = '')
    BEGIN SELECT raise(ABORT, 'what was submitted does not change'); END;
  DROP TRIGGER content_stays;
  CREATE TRIGGER content_stays BEFORE DELETE ON contents WHEN NOT EXISTS (SELECT 1 FROM purges WHERE batch = OLD.batch)
    BEGIN SELECT raise(ABORT, 'what was submitted stays'); END;
  DROP TRIGGER approval_stays;
  CREATE TRIGGER approval_stays BEFORE DELETE ON approvals WHEN NOT EXISTS (SELECT 1 FROM purges WHERE batch = OLD.batch)
    BEGIN SELECT raise(ABORT, 'a decision stays'); END;
  DROP TRIGGER ledger_applied_is_final;
  CREATE TRIGGER ledger_applied_is_final BEFORE UPDATE ON ledger
    WHEN (OLD.outcome = 'applied' OR NEW.op_hash <> OLD.op_hash)
      AND NOT (EXISTS (SELECT 1 FROM purges WHERE batch = OLD.batch) AND NEW.before IS NULL AND NEW.op_hash = OLD.op_hash AND NEW.outcome = OLD.outcome)
    BEGIN SELECT raise(ABORT, 'what was applied stays applied'); END;
  `,
  // The importer's signature of a receipt stands in the book, too. A CHECK changes only with its table.
  `
  CREATE TABLE book (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('key', 'comment', 'resolve', 'seen', 'rejected-rows', 'receipt', 'succession')),
    batch TEXT REFERENCES batches (batch),
    by TEXT NOT NULL,
    by_key TEXT NOT NULL CHECK (by_key <> ''),
    at TEXT NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body))
  ) STRICT;
  INSERT INTO book SELECT id, kind, batch, by, by_key, at, body FROM records;
  DROP TABLE records;
  ALTER TABLE book RENAME TO records;
  CREATE INDEX records_of_batch ON records (batch);
  CREATE UNIQUE INDEX one_key_a_person ON records (by_key) WHERE kind = 'key';
  CREATE TRIGGER record_is_final BEFORE UPDATE ON records BEGIN SELECT raise(ABORT, 'what was said does not change'); END;
  CREATE TRIGGER record_stays BEFORE DELETE ON records WHEN NOT EXISTS (SELECT 1 FROM purges WHERE batch = OLD.batch)
    BEGIN SELECT raise(ABORT, 'what was said stays'); END;
  `,
  // A narrow ledger, as in a team's store: the batch by its place, the hash as bytes. When a row was written is not in it: the entries of
  // the audit log say when each portion was, and how many items it had.
  `
  CREATE TABLE ledger_now (
    place INTEGER NOT NULL,
    number INTEGER NOT NULL,
    push INTEGER NOT NULL,
    op_hash BLOB NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('applied', 'refused')),
    reason TEXT,
    before TEXT CHECK (before IS NULL OR json_valid(before)),
    PRIMARY KEY (place, number)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO ledger_now SELECT b.place, l.number, l.push, unhex(l.op_hash), l.outcome, l.reason, l.before
    FROM ledger l JOIN batches b ON b.batch = l.batch ORDER BY b.place, l.number;
  DROP TRIGGER ledger_stays;
  DROP TABLE ledger;
  ALTER TABLE ledger_now RENAME TO ledger;
  CREATE TRIGGER ledger_applied_is_final BEFORE UPDATE ON ledger
    WHEN (OLD.outcome = 'applied' OR NEW.op_hash <> OLD.op_hash)
      AND NOT (EXISTS (SELECT 1 FROM purges p JOIN batches b ON b.batch = p.batch WHERE b.place = OLD.place)
        AND NEW.before IS NULL AND NEW.op_hash = OLD.op_hash AND NEW.outcome = OLD.outcome)
    BEGIN SELECT raise(ABORT, 'what was applied stays applied'); END;
  CREATE TRIGGER ledger_stays BEFORE DELETE ON ledger BEGIN SELECT raise(ABORT, 'the ledger stays'); END;
  `,
  // Content in pieces, so that it need not be in memory as a whole. Whoever writes the first says how many there are.
  `
  CREATE TABLE contents_now (
    batch TEXT NOT NULL REFERENCES batches (batch),
    piece INTEGER NOT NULL DEFAULT 0 CHECK (piece BETWEEN 0 AND pieces - 1),
    pieces INTEGER NOT NULL DEFAULT 1,
    content TEXT NOT NULL,
    PRIMARY KEY (batch, piece)
  ) STRICT;
  INSERT INTO contents_now (batch, content) SELECT batch, content FROM contents;
  DROP TRIGGER content_stays;
  DROP TABLE contents;
  ALTER TABLE contents_now RENAME TO contents;
  CREATE TRIGGER content_is_whole BEFORE INSERT ON contents
    WHEN NEW.piece <> (SELECT count(*) FROM contents WHERE batch = NEW.batch)
      OR EXISTS (SELECT 1 FROM contents WHERE batch = NEW.batch AND pieces <> NEW.pieces)
    BEGIN SELECT raise(ABORT, 'what was submitted does not change'); END;
  CREATE TRIGGER content_is_frozen BEFORE UPDATE ON contents BEGIN SELECT raise(ABORT, 'what was submitted does not change'); END;
  CREATE TRIGGER content_stays BEFORE DELETE ON contents WHEN NOT EXISTS (SELECT 1 FROM purges WHERE batch = OLD.batch)
    BEGIN SELECT raise(ABORT, 'what was submitted stays'); END;
  `,
]

export const schemaVersion = migrations.length

/**
 * Brings a store from any earlier version to this one, each step in a transaction of its own, and gives the version that it then has. Which
 * step comes next is read where nobody else can write: of two processes at once one waits, and finds it done.
 */
export function migrate(database: DatabaseSync): number {
  for (;;) {
    database.exec('BEGIN IMMEDIATE')
    try {
      const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
      const step = migrations[version]
      if (step !== undefined) {
        database.exec(step)
        database.exec(`PRAGMA application_id=${storeApplicationId}; PRAGMA user_version=${version + 1};`)
      }
      database.exec('COMMIT')
      if (step === undefined) return version
    } catch (thrown) {
      if (database.isTransaction) database.exec('ROLLBACK')
      throw thrown
    }
  }
}
