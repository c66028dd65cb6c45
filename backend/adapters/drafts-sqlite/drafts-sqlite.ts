import { closeSync, existsSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import { err, ok } from '../../../shared/kit/result.ts'
import { finish, type Steps } from '../../../shared/kit/steps.ts'
import {
  DraftDamaged,
  DraftNotSaved,
  type DraftFacts,
  type DraftFile,
  type DraftProblem,
  type DraftStore,
  type DraftSummary,
  type LogEntry,
} from '../../ports/draft-store.ts'
import type { HeldLock, OwnerLocks } from '../../ports/owner-lock.ts'

/** "RDft": tells a draft from any other SQLite file. */
const applicationId = 0x52446674
const schemaVersion = 1
/** SQLite holds at most 1 GB a blob; larger parts are cut, into pieces that are written in some hundredths of a second. */
const pieceBytes = 16 * 1024 * 1024

const suffix = '.sqlite'
/** Behind the name of a draft that is being made. */
const unfinished = '.part'

const schema = `
  CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE parts (name TEXT NOT NULL, piece INTEGER NOT NULL, bytes BLOB NOT NULL, crc INTEGER NOT NULL, PRIMARY KEY (name, piece)) STRICT;
  CREATE TABLE log (number INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, note TEXT NOT NULL, delta BLOB, bytes INTEGER NOT NULL, crc INTEGER NOT NULL) STRICT;
`

/**
 * One SQLite file a draft: a columnar snapshot as blobs and an append-only log (performance.md, Drafts). WAL with
 * `synchronous=FULL`, so an entry is on disk when `append` returns. Checksums over every blob and entry beside SQLite's own
 * checks, which do not see a flipped bit inside a blob.
 */
export function createSqliteDrafts(folder: string, locks: OwnerLocks): DraftStore {
  const pathOf = (id: string): string => path.join(folder, id + suffix)
  const isId = (id: string): boolean => /^[\w-]{1,80}$/u.test(id)

  return {
    async list(isOurs = () => false) {
      const all = existsSync(folder) ? readdirSync(folder) : []
      for (const name of all) if (name.endsWith(suffix + unfinished)) clearAway(name.slice(0, -(suffix + unfinished).length))
      const names = all.filter((name) => name.endsWith(suffix))
      const ids = names.sort().map((name) => name.slice(0, -suffix.length))
      return ids.map((id) => summaryOf(id, isOurs(id)))
    },
    async create(id, facts, snapshot, pause = () => Promise.resolve()) {
      if (!isId(id)) return err(notFound)
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      if (existsSync(pathOf(id))) return err({ kind: 'draft-problem', reason: 'not-writable', detail: 'there is such a draft' })
      const held = locks.acquire(id)
      if (!held.ok) return err({ kind: 'draft-problem', reason: 'locked', owner: held.error.owner })
      const building = pathOf(id) + unfinished
      let database: DatabaseSync | null = null
      let broken: { readonly by: unknown } | null = null as { readonly by: unknown } | null
      try {
        // SQLite gives its side files the rights of the file it finds.
        closeSync(openSync(building, 'wx', 0o600))
        database = new DatabaseSync(building)
        // A file that is thrown away when it does not come to its end needs no journal, and is synced once, when it is whole.
        database.exec('PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;')
        database.exec(`BEGIN; ${schema} PRAGMA application_id=${applicationId}; PRAGMA user_version=${schemaVersion};`)
        for (const [name, bytes] of snapshot)
          for (const write of piecesOf(database, name, bytes)) {
            write()
            await pause().catch((thrown: unknown) => {
              broken = { by: thrown }
              throw thrown
            })
          }
        openedFile(id, database, held.value, null).saveFacts(facts)
        database.exec('COMMIT')
        database.close()
        database = null
        await sync(building, 'r+')
        renameSync(building, pathOf(id))
        // Windows cannot open folders; there the file system's own journal does it.
        if (process.platform !== 'win32') await sync(folder, 'r')
        database = new DatabaseSync(pathOf(id))
        database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;')
        return ok(openedFile(id, database, held.value, null))
      } catch (thrown) {
        database?.close()
        for (const suffix of [unfinished, '', '-wal', '-shm']) rmSync(pathOf(id) + suffix, { force: true })
        held.value.release()
        if (broken !== null) throw broken.by
        return err({ kind: 'draft-problem', reason: 'not-writable', detail: messageOf(thrown) })
      }
    },
    async open(id) {
      if (!isId(id) || !existsSync(pathOf(id))) return err(notFound)
      const damage = damageOf(pathOf(id))
      if (damage !== null) return err({ kind: 'draft-problem', reason: 'damaged', detail: damage })
      const held = locks.acquire(id)
      let database: DatabaseSync | null = null
      try {
        database = new DatabaseSync(pathOf(id), { readOnly: !held.ok, timeout: 2000 })
        if (held.ok) database.exec('PRAGMA synchronous=FULL')
        return ok(openedFile(id, database, held.ok ? held.value : null, held.ok ? null : held.error.owner))
      } catch (thrown) {
        database?.close()
        if (held.ok) held.value.release()
        return err({ kind: 'draft-problem', reason: 'damaged', detail: messageOf(thrown) })
      }
    },
    async remove(id) {
      if (!isId(id) || !existsSync(pathOf(id))) return err(notFound)
      const held = locks.acquire(id)
      if (!held.ok) return err({ kind: 'draft-problem', reason: 'locked', owner: held.error.owner })
      try {
        for (const suffix of ['-wal', '-shm', '']) rmSync(pathOf(id) + suffix, { force: true })
        return ok(null)
      } catch (thrown) {
        return err({ kind: 'draft-problem', reason: 'not-writable', detail: messageOf(thrown) })
      } finally {
        held.value.release()
      }
    },
  }

  /** What is left of a draft whose making was killed. */
  function clearAway(id: string): void {
    if (locks.ownerOf(id) === null) rmSync(pathOf(id) + unfinished, { force: true })
  }

  function summaryOf(id: string, isOurs: boolean): DraftSummary {
    try {
      const database = openChecked(pathOf(id))
      try {
        return { id, facts: readFacts(database), trouble: isOurs || locks.ownerOf(id) === null ? null : 'locked' }
      } finally {
        database.close()
      }
    } catch {
      return { id, facts: {}, trouble: 'damaged' }
    }
  }
}

const notFound: DraftProblem = { kind: 'draft-problem', reason: 'not-found' }

/** Opened for reading only, so that looking changes nothing. */
function openChecked(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 2000 })
  try {
    const application = valueOf(database, 'PRAGMA application_id', 'application_id')
    const version = valueOf(database, 'PRAGMA user_version', 'user_version')
    if (application !== applicationId) throw new DraftDamaged('the file is no draft')
    if (version !== schemaVersion)
      throw new DraftDamaged(`the draft was written in format ${String(version)}, this program reads format ${schemaVersion}`)
    return database
  } catch (thrown) {
    database.close()
    throw thrown
  }
}

function damageOf(file: string): string | null {
  try {
    const database = openChecked(file)
    try {
      const rows = database.prepare('PRAGMA quick_check(1)').all() as { quick_check: string }[]
      const said = rows[0]?.quick_check ?? 'no answer'
      return said === 'ok' ? null : said
    } finally {
      database.close()
    }
  } catch (thrown) {
    return messageOf(thrown)
  }
}

function openedFile(id: string, database: DatabaseSync, lock: HeldLock | null, heldBy: string | null): DraftFile {
  const setFact = database.prepare('INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value')
  const addEntry = database.prepare('INSERT INTO log (number, at, kind, note, delta, bytes, crc) VALUES (?, ?, ?, ?, ?, ?, ?)')
  const readDelta = database.prepare('SELECT number, note, delta, crc FROM log WHERE number = ?')
  let facts = readFacts(database)
  let lastEntry = Number(valueOf(database, 'SELECT coalesce(max(number), 0) AS last FROM log', 'last'))

  function writeFacts(changed: DraftFacts): void {
    for (const [name, value] of Object.entries(changed)) setFact.run(name, JSON.stringify(value))
  }

  /** Within a transaction of its own, unless one is open (the making of a draft). */
  function inTransaction(work: () => void): void {
    if (heldBy !== null) throw new DraftNotSaved('the draft is open for reading only')
    if (database.isTransaction) {
      work()
      return
    }
    try {
      database.exec('BEGIN IMMEDIATE')
      work()
      database.exec('COMMIT')
    } catch (thrown) {
      rollBack(database)
      throw new DraftNotSaved(messageOf(thrown), { cause: thrown })
    }
  }

  return {
    id,
    heldBy,
    get facts() {
      return facts
    },
    get lastEntry() {
      return lastEntry
    },
    part: (name) => finish(readingPart(database, name)),
    readingPart: (name) => readingPart(database, name),
    entries(after) {
      const rows = database
        .prepare('SELECT number, at, kind, note, delta, bytes, crc FROM log WHERE number > ? ORDER BY number')
        .iterate(after)
      const entries: LogEntry[] = []
      let expected = after + 1
      for (const row of rows as Iterable<LogRow>) {
        if (row.number !== expected++) throw new DraftDamaged(`entry ${expected - 1} of the log is missing`)
        if (checksum(row.note, row.delta) !== row.crc) throw new DraftDamaged(`entry ${row.number} of the log does not match its checksum`)
        entries.push({ number: row.number, at: row.at, kind: row.kind, note: JSON.parse(row.note) as unknown, bytes: row.bytes })
      }
      return entries
    },
    delta(entry) {
      const row = readDelta.get(entry) as Pick<LogRow, 'number' | 'note' | 'delta' | 'crc'> | undefined
      if (row === undefined) return null
      if (checksum(row.note, row.delta) !== row.crc) throw new DraftDamaged(`entry ${row.number} of the log does not match its checksum`)
      return row.delta
    },
    append({ at, kind, note }, delta, changed = {}) {
      const number = lastEntry + 1
      const text = JSON.stringify(note)
      inTransaction(() => {
        addEntry.run(number, at, kind, text, delta, delta?.length ?? 0, checksum(text, delta))
        writeFacts(changed)
      })
      lastEntry = number
      facts = { ...facts, ...changed }
      return number
    },
    saveFacts(changed) {
      inTransaction(() => {
        writeFacts(changed)
      })
      facts = { ...facts, ...changed }
    },
    saveParts(parts, changed = {}) {
      inTransaction(() => {
        for (const [name, bytes] of parts) {
          database.prepare('DELETE FROM parts WHERE name = ?').run(name)
          if (bytes !== null) for (const write of piecesOf(database, name, bytes)) write()
        }
        writeFacts(changed)
      })
      facts = { ...facts, ...changed }
    },
    close() {
      database.close()
      lock?.release()
    },
  }
}

/** A part, piece by piece into one array. */
function* readingPart(database: DatabaseSync, name: string): Steps<Uint8Array | null> {
  const pieces = database.prepare('SELECT piece, length(bytes) AS size, crc FROM parts WHERE name = ? ORDER BY piece').all(name) as {
    piece: number
    size: number
    crc: number
  }[]
  const read = database.prepare('SELECT bytes FROM parts WHERE name = ? AND piece = ?')
  const pieceOf = ({ piece, crc }: (typeof pieces)[number]): Uint8Array => {
    const { bytes } = read.get(name, piece) as { bytes: Uint8Array }
    if (crc32(bytes) !== crc) throw new DraftDamaged(`the stored ${name} does not match its checksum`)
    return bytes
  }
  const [only, second] = pieces
  if (only === undefined) return null
  if (second === undefined) return pieceOf(only)
  const whole = new Uint8Array(pieces.reduce((sum, { size }) => sum + size, 0))
  let filled = 0
  for (const piece of pieces) {
    whole.set(pieceOf(piece), filled)
    filled += piece.size
    yield filled / whole.length
  }
  return whole
}

/** The writing of a part, piece by piece. */
function* piecesOf(database: DatabaseSync, name: string, bytes: Uint8Array): Generator<() => void> {
  const add = database.prepare('INSERT INTO parts (name, piece, bytes, crc) VALUES (?, ?, ?, ?)')
  for (let piece = 0; piece * pieceBytes < Math.max(bytes.length, 1); piece++) {
    const part = bytes.subarray(piece * pieceBytes, (piece + 1) * pieceBytes)
    yield () => add.run(name, piece, part, crc32(part))
  }
}

/** Others have their turn meanwhile. */
async function sync(place: string, flags: string): Promise<void> {
  const handle = await open(place, flags)
  await handle.sync().finally(() => handle.close())
}

/** A full disk may have ended the transaction already. */
function rollBack(database: DatabaseSync): void {
  if (database.isTransaction) database.exec('ROLLBACK')
}

interface LogRow extends Omit<LogEntry, 'note'> {
  readonly note: string
  readonly delta: Uint8Array | null
  readonly crc: number
}

const checksum = (note: string, delta: Uint8Array | null): number => crc32(delta ?? new Uint8Array(0), crc32(note))

function readFacts(database: DatabaseSync): DraftFacts {
  const rows = database.prepare('SELECT name, value FROM facts').all() as { name: string; value: string }[]
  return Object.fromEntries(rows.map(({ name, value }) => [name, JSON.parse(value) as unknown]))
}

const valueOf = (database: DatabaseSync, sql: string, column: string): unknown => database.prepare(sql).get()?.[column]

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))
