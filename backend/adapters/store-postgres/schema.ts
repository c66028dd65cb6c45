import { batchStates } from '../../../shared/core/batch/batch.ts'
import { transitions } from '../../../shared/core/batch/transitions.ts'
import { packageNames } from '../../../shared/core/catalogue/packages.ts'

const list = (texts: readonly string[]): string => texts.map((text) => `'${text}'`).join(', ')
const follows = Object.entries(transitions).flatMap(([from, next]) => Object.values(next).map((to) => `('${from}', '${to}')`))

const trigger = (name: string, when: string, table: string, each: 'ROW' | 'STATEMENT', body: string): string => `
  CREATE FUNCTION roster.${name}() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN ${body} END $body$;
  CREATE TRIGGER ${name} BEFORE ${when} ON roster.${table} FOR EACH ${each} EXECUTE FUNCTION roster.${name}();`
const refuse = (words: string): string => `RAISE EXCEPTION '${words}' USING ERRCODE = 'P0001';`

const again = (name: string, body: string): string =>
  `CREATE OR REPLACE FUNCTION roster.${name}() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN ${body} END $body$;`
const unlessPurged = (words: string): string =>
  `IF NOT EXISTS (SELECT 1 FROM roster.purges WHERE batch = OLD.batch) THEN ${refuse(words)} END IF; RETURN OLD;`

/** `exempt`: SQL for a change that takes personal data away and nothing else. */
const followBody = (exempt: string): string => `
  IF (NEW.batch, NEW.place, NEW.customer_key, NEW.customer, NEW.author, NEW.author_key, NEW.message, NEW.submitted_at, NEW.digest, NEW.summary, NEW.items, NEW.single_person, NEW.hash_key)
    IS DISTINCT FROM (OLD.batch, OLD.place, OLD.customer_key, OLD.customer, OLD.author, OLD.author_key, OLD.message, OLD.submitted_at, OLD.digest, OLD.summary, OLD.items, OLD.single_person, OLD.hash_key)
    AND NOT (${exempt})
  THEN ${refuse('what was submitted does not change')} END IF;
  IF NEW.state = OLD.state AND NEW.version IN (OLD.version, OLD.version + 1) THEN RETURN NEW; END IF;
  IF (OLD.state, NEW.state) NOT IN (${follows.join(', ')}) THEN ${refuse('this state cannot follow that one')} END IF;
  IF NEW.version <> OLD.version + 1 THEN ${refuse('the version rises with the state')} END IF;
  IF NEW.state IN ('approved', 'pushing') AND NOT EXISTS
    (SELECT 1 FROM roster.approvals WHERE batch = NEW.batch AND decision = 'approved' AND digest = NEW.digest)
  THEN ${refuse('nobody approved this batch')} END IF;
  RETURN NEW;`

/**
 * Each brings the schema one version further; what was released does not change any more. The tables are those of the embedded
 * store, and so are the rules that the store itself keeps, whoever speaks to it. JSON stays text: it is compared and shown as it
 * was written. `ledger` and `subscribers` carry no foreign keys: every transaction of a push looks at the batch and the customer
 * once, a check a row would cost more than the row (docs/store.md).
 */
export const migrations: readonly string[] = [
  `
  CREATE SCHEMA IF NOT EXISTS roster;
  CREATE TABLE roster.meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE roster.customers (id INTEGER PRIMARY KEY, name_key TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
  CREATE TABLE roster.subscribers (
    customer INTEGER NOT NULL,
    email_key TEXT NOT NULL CHECK (email_key <> ''),
    email TEXT NOT NULL,
    package TEXT CHECK (package IN (${list(packageNames)})),
    cells TEXT NOT NULL,
    row_version INTEGER NOT NULL,
    PRIMARY KEY (customer, email_key)
  );
  CREATE TABLE roster.batches (
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
    single_person BOOLEAN NOT NULL,
    draft TEXT,
    hash_key TEXT NOT NULL
  );
  CREATE TABLE roster.contents (batch TEXT PRIMARY KEY REFERENCES roster.batches (batch), content TEXT NOT NULL);
  CREATE TABLE roster.seeds (batch TEXT PRIMARY KEY REFERENCES roster.batches (batch), users INTEGER NOT NULL, sha256 TEXT NOT NULL, zipped BYTEA NOT NULL);
  CREATE TABLE roster.approvals (
    batch TEXT NOT NULL REFERENCES roster.batches (batch),
    place INTEGER NOT NULL,
    by TEXT NOT NULL,
    by_key TEXT NOT NULL CHECK (by_key <> ''),
    decision TEXT NOT NULL CHECK (decision IN ('approved', 'rejected')),
    at TEXT NOT NULL,
    digest TEXT NOT NULL,
    message TEXT,
    PRIMARY KEY (batch, place)
  );
  CREATE TABLE roster.pushes (
    batch TEXT NOT NULL REFERENCES roster.batches (batch),
    push INTEGER NOT NULL,
    by TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('push', 'resume', 'retry')),
    -- Who began it, made by the client before the first try: tells a commit whose answer was lost from somebody else's.
    token TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    seeded INTEGER NOT NULL,
    serial_before INTEGER NOT NULL,
    serial_after INTEGER,
    audit_entry INTEGER,
    audit_hash TEXT,
    PRIMARY KEY (batch, push)
  );
  CREATE TABLE roster.ledger (
    batch TEXT NOT NULL,
    number INTEGER NOT NULL,
    op_hash TEXT NOT NULL,
    push INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('applied', 'refused')),
    reason TEXT,
    before TEXT,
    at TEXT NOT NULL,
    PRIMARY KEY (batch, number)
  );
  CREATE TABLE roster.audit (
    entry INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    what TEXT NOT NULL,
    batch TEXT,
    digest TEXT,
    actor TEXT NOT NULL,
    counts TEXT NOT NULL,
    hash TEXT NOT NULL
  );
  -- Names stand outside the chain, so that they can be purged and it still verifies.
  CREATE TABLE roster.actors (hash TEXT PRIMARY KEY, name TEXT NOT NULL);
  ${trigger('batch_starts_submitted', 'INSERT', 'batches', 'ROW', `IF NEW.state <> 'submitted' OR NEW.version <> 1 THEN ${refuse('a batch begins as submitted')} END IF; RETURN NEW;`)}
  ${trigger('batch_follows', 'UPDATE', 'batches', 'ROW', followBody('false'))}
  ${trigger('batch_stays', 'DELETE', 'batches', 'ROW', refuse('batches are not deleted'))}
  ${trigger('content_stays', 'UPDATE OR DELETE', 'contents', 'ROW', refuse('what was submitted does not change'))}
  ${trigger('seed_is_frozen', 'UPDATE', 'seeds', 'ROW', refuse('what was submitted does not change'))}
  ${trigger(
    'approval_by_another',
    'INSERT',
    'approvals',
    'ROW',
    `IF NEW.by_key = (SELECT author_key FROM roster.batches WHERE batch = NEW.batch) THEN ${refuse('nobody decides on their own batch')} END IF;
     IF NEW.digest <> (SELECT digest FROM roster.batches WHERE batch = NEW.batch) THEN ${refuse('the decision is for another content')} END IF;
     RETURN NEW;`,
  )}
  ${trigger('approval_stays', 'UPDATE OR DELETE', 'approvals', 'ROW', refuse('a decision does not change'))}
  ${trigger('ledger_applied_is_final', 'UPDATE', 'ledger', 'ROW', `IF OLD.outcome = 'applied' OR NEW.op_hash <> OLD.op_hash THEN ${refuse('what was applied stays applied')} END IF; RETURN NEW;`)}
  ${trigger('ledger_stays', 'DELETE', 'ledger', 'ROW', refuse('the ledger stays'))}
  ${trigger('audit_stays', 'UPDATE OR DELETE', 'audit', 'ROW', refuse('the audit log does not change'))}
  ${trigger('audit_follows', 'INSERT', 'audit', 'ROW', `IF NEW.entry <> (SELECT coalesce(max(entry), 0) + 1 FROM roster.audit) THEN ${refuse('audit entries follow one another')} END IF; RETURN NEW;`)}
  ${['batches', 'contents', 'approvals', 'ledger', 'audit'].map((table) => trigger(`${table}_are_not_emptied`, 'TRUNCATE', table, 'STATEMENT', refuse('this table is not emptied'))).join('')}
  `,
  // Review: signatures, the book of what people say, and taking a finished batch's personal data away.
  `
  ALTER TABLE roster.approvals ADD COLUMN signature TEXT;
  CREATE TABLE roster.records (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('key', 'comment', 'resolve', 'seen', 'rejected-rows')),
    batch TEXT REFERENCES roster.batches (batch),
    by TEXT NOT NULL,
    by_key TEXT NOT NULL CHECK (by_key <> ''),
    at TEXT NOT NULL,
    body TEXT NOT NULL
  );
  CREATE INDEX records_of_batch ON roster.records (batch);
  CREATE UNIQUE INDEX one_key_a_person ON roster.records (by_key) WHERE kind = 'key';
  CREATE TABLE roster.purges (batch TEXT PRIMARY KEY REFERENCES roster.batches (batch), at TEXT NOT NULL);
  ${trigger('purge_when_done', 'INSERT', 'purges', 'ROW', `IF (SELECT state FROM roster.batches WHERE batch = NEW.batch) NOT IN ('applied', 'rejected', 'superseded') THEN ${refuse('only what is finished can be purged')} END IF; RETURN NEW;`)}
  ${trigger('purge_is_final', 'UPDATE OR DELETE', 'purges', 'ROW', refuse('a purge stays'))}
  ${trigger('record_is_final', 'UPDATE', 'records', 'ROW', refuse('what was said does not change'))}
  ${trigger('record_stays', 'DELETE', 'records', 'ROW', unlessPurged('what was said stays'))}
  ${again(
    'batch_follows',
    followBody(`EXISTS (SELECT 1 FROM roster.purges WHERE batch = OLD.batch)
        AND (NEW.batch, NEW.place, NEW.digest, NEW.items, NEW.summary, NEW.author, NEW.author_key, NEW.hash_key) = (OLD.batch, OLD.place, OLD.digest, OLD.items, OLD.summary, '', 'purged', '')
        AND NEW.message IS NULL`),
  )}
  ${again('content_stays', `IF TG_OP = 'UPDATE' THEN ${refuse('what was submitted does not change')} END IF; ${unlessPurged('what was submitted stays')}`)}
  ${again('approval_stays', `IF TG_OP = 'UPDATE' THEN ${refuse('a decision does not change')} END IF; ${unlessPurged('a decision stays')}`)}
  ${again(
    'ledger_applied_is_final',
    `IF (OLD.outcome = 'applied' OR NEW.op_hash <> OLD.op_hash)
       AND NOT (EXISTS (SELECT 1 FROM roster.purges WHERE batch = OLD.batch) AND NEW.before IS NULL AND NEW.op_hash = OLD.op_hash AND NEW.outcome = OLD.outcome)
     THEN ${refuse('what was applied stays applied')} END IF; RETURN NEW;`,
  )}
  `,
  // Teams: who is logged in is known to the store, which then keeps the four eyes itself; and whoever looks is told of changes.
  `
  ALTER TABLE roster.batches ADD COLUMN author_login TEXT;
  ALTER TABLE roster.approvals ADD COLUMN by_login TEXT;
  ALTER TABLE roster.pushes ADD COLUMN by_login TEXT;
  INSERT INTO roster.meta (name, value) VALUES ('roles', 'off') ON CONFLICT (name) DO NOTHING;
  CREATE FUNCTION roster.must_be(role text) RETURNS void LANGUAGE plpgsql AS $body$ BEGIN
    IF (SELECT value FROM roster.meta WHERE name = 'roles') = 'on' AND NOT pg_has_role(session_user, 'roster_' || role, 'MEMBER') THEN
      RAISE EXCEPTION 'this needs the role of %', role USING ERRCODE = 'P0001';
    END IF;
  END $body$;
  ${trigger('batch_by_login', 'INSERT', 'batches', 'ROW', "PERFORM roster.must_be('author'); NEW.author_login := session_user; RETURN NEW;")}
  ${trigger('login_stays', 'UPDATE', 'batches', 'ROW', `IF NEW.author_login IS DISTINCT FROM OLD.author_login THEN ${refuse('what was submitted does not change')} END IF; RETURN NEW;`)}
  ${trigger(
    'state_by_role',
    'UPDATE OF state',
    'batches',
    'ROW',
    `IF NEW.state IS DISTINCT FROM OLD.state THEN
       PERFORM roster.must_be(CASE WHEN NEW.state IN ('approved', 'rejected') THEN 'reviewer' WHEN NEW.state = 'superseded' THEN 'author' ELSE 'importer' END);
     END IF; RETURN NEW;`,
  )}
  ${trigger(
    'approval_by_login',
    'INSERT',
    'approvals',
    'ROW',
    `PERFORM roster.must_be('reviewer');
     NEW.by_login := session_user;
     IF (SELECT value FROM roster.meta WHERE name = 'roles') = 'on' THEN
       IF (SELECT author_login FROM roster.batches WHERE batch = NEW.batch) = session_user THEN ${refuse('nobody decides on their own batch')} END IF;
       IF EXISTS (SELECT 1 FROM roster.approvals WHERE batch = NEW.batch AND by_login = session_user AND by_key <> NEW.by_key) THEN ${refuse('one login speaks for one person')} END IF;
     END IF; RETURN NEW;`,
  )}
  ${trigger('push_by_login', 'INSERT', 'pushes', 'ROW', "PERFORM roster.must_be('importer'); NEW.by_login := session_user; RETURN NEW;")}
  ${trigger(
    'lineage_stays',
    'UPDATE OR DELETE',
    'meta',
    'ROW',
    `IF OLD.name = 'lineage' OR TG_OP = 'DELETE' THEN ${refuse('a store keeps its lineage')} END IF;
     IF OLD.name <> 'serial' AND NOT pg_has_role(session_user, (SELECT tableowner FROM pg_tables WHERE schemaname = 'roster' AND tablename = 'meta'), 'MEMBER') THEN ${refuse('only its owner may change that')} END IF;
     RETURN NEW;`,
  )}
  CREATE FUNCTION roster.tell() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN PERFORM pg_notify('roster_batches', NEW.batch); RETURN NULL; END $body$;
  CREATE TRIGGER tell AFTER INSERT OR UPDATE OF state ON roster.batches FOR EACH ROW EXECUTE FUNCTION roster.tell();
  `,
  // The importer's signature of a receipt stands in the book, too.
  `
  ALTER TABLE roster.records DROP CONSTRAINT records_kind_check;
  ALTER TABLE roster.records ADD CONSTRAINT records_kind_check CHECK (kind IN ('key', 'comment', 'resolve', 'seen', 'rejected-rows', 'receipt', 'succession'));
  `,
  // A narrow ledger: the batch by its place, the hash as bytes. When a row was written is not in it: the entries of the audit log say when each portion was, and how many items it had.
  // A push of the version before may be at work: what it commits between the copy and the drop would be gone.
  `
  LOCK TABLE roster.ledger IN ACCESS EXCLUSIVE MODE;
  CREATE TABLE roster.ledger_now (
    place INTEGER NOT NULL,
    number INTEGER NOT NULL,
    push INTEGER NOT NULL,
    op_hash BYTEA NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('applied', 'refused')),
    reason TEXT,
    before TEXT,
    CONSTRAINT ledger_key PRIMARY KEY (place, number)
  );
  INSERT INTO roster.ledger_now (place, number, push, op_hash, outcome, reason, before)
    SELECT b.place, l.number, l.push, decode(l.op_hash, 'hex'), l.outcome, l.reason, l.before
    FROM roster.ledger l JOIN roster.batches b ON b.batch = l.batch ORDER BY b.place, l.number;
  DROP TABLE roster.ledger;
  ALTER TABLE roster.ledger_now RENAME TO ledger;
  ${again(
    'ledger_applied_is_final',
    `IF (OLD.outcome = 'applied' OR NEW.op_hash <> OLD.op_hash)
       AND NOT (EXISTS (SELECT 1 FROM roster.purges p JOIN roster.batches b ON b.batch = p.batch WHERE b.place = OLD.place)
         AND NEW.before IS NULL AND NEW.op_hash = OLD.op_hash AND NEW.outcome = OLD.outcome)
     THEN ${refuse('what was applied stays applied')} END IF; RETURN NEW;`,
  )}
  CREATE TRIGGER ledger_applied_is_final BEFORE UPDATE ON roster.ledger FOR EACH ROW EXECUTE FUNCTION roster.ledger_applied_is_final();
  CREATE TRIGGER ledger_stays BEFORE DELETE ON roster.ledger FOR EACH ROW EXECUTE FUNCTION roster.ledger_stays();
  CREATE TRIGGER ledger_are_not_emptied BEFORE TRUNCATE ON roster.ledger FOR EACH STATEMENT EXECUTE FUNCTION roster.ledger_are_not_emptied();
  DO $body$ BEGIN IF (SELECT value FROM roster.meta WHERE name = 'roles') = 'on' THEN
    GRANT SELECT ON roster.ledger TO roster_reader;
    GRANT INSERT, UPDATE ON roster.ledger TO roster_importer;
  END IF; END $body$;
  `,
  // Content in pieces, so that it need not be in memory as a whole. Whoever writes the first says how many there are.
  `
  ALTER TABLE roster.contents ADD COLUMN piece INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE roster.contents ADD COLUMN pieces INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE roster.contents DROP CONSTRAINT contents_pkey, ADD CONSTRAINT contents_key PRIMARY KEY (batch, piece);
  ALTER TABLE roster.contents ADD CONSTRAINT contents_piece_check CHECK (piece BETWEEN 0 AND pieces - 1);
  ${trigger(
    'content_is_whole',
    'INSERT',
    'contents',
    'ROW',
    `IF NEW.piece <> (SELECT count(*) FROM roster.contents WHERE batch = NEW.batch)
       OR EXISTS (SELECT 1 FROM roster.contents WHERE batch = NEW.batch AND pieces <> NEW.pieces)
     THEN ${refuse('what was submitted does not change')} END IF; RETURN NEW;`,
  )}
  `,
]

/**
 * Roles of the whole server, made where they are not there yet, and what each may do in this store. From then on a login without
 * the right role is refused by the store itself, and nobody decides on what the same login submitted.
 */
export const rolesSql = `
  DO $body$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'roster_reader') THEN CREATE ROLE roster_reader NOLOGIN; END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'roster_author') THEN CREATE ROLE roster_author NOLOGIN; END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'roster_reviewer') THEN CREATE ROLE roster_reviewer NOLOGIN; END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'roster_importer') THEN CREATE ROLE roster_importer NOLOGIN; END IF;
  END $body$;
  GRANT USAGE ON SCHEMA roster TO roster_reader;
  GRANT SELECT ON ALL TABLES IN SCHEMA roster TO roster_reader;
  GRANT roster_reader TO roster_author, roster_reviewer, roster_importer;
  GRANT INSERT ON roster.audit, roster.actors, roster.records TO roster_author, roster_reviewer, roster_importer;
  GRANT UPDATE (value) ON roster.meta TO roster_author, roster_reviewer, roster_importer;
  GRANT UPDATE (state, version) ON roster.batches TO roster_author, roster_reviewer, roster_importer;
  GRANT INSERT ON roster.batches, roster.contents, roster.seeds TO roster_author;
  GRANT INSERT ON roster.approvals TO roster_reviewer;
  GRANT INSERT ON roster.customers TO roster_importer;
  GRANT INSERT, UPDATE ON roster.pushes, roster.ledger TO roster_importer;
  GRANT INSERT, UPDATE, DELETE ON roster.subscribers TO roster_importer;
  UPDATE roster.meta SET value = 'on' WHERE name = 'roles';`

export const schemaVersion = migrations.length
