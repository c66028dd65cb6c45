import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { err, ok } from '../../../shared/kit/result.ts'
import type { LockOwner, OwnerLocks } from '../../ports/owner-lock.ts'

/**
 * Locks as SQLite's own file locks: an empty database in `folder`, held by an open exclusive transaction. The system frees it when
 * the process ends, and SQLite keeps two holders within one process apart as well. Beside it lies a note about the owner.
 * The lock file itself is only ever opened by SQLite: closing any other handle to it would drop the lock (POSIX).
 */
export function createSqliteLocks(folder: string): OwnerLocks {
  const lockPath = (name: string): string => path.join(folder, `${name}.lock`)
  const notePath = (name: string): string => path.join(folder, `${name}.owner`)
  const noteOf = (name: string): LockOwner => {
    try {
      return { owner: readFileSync(notePath(name), 'utf8') }
    } catch {
      return { owner: 'another process' }
    }
  }
  const acquire: OwnerLocks['acquire'] = (name) => {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    // Made by us for its rights; never opened by us when it is there.
    if (!existsSync(lockPath(name))) createPrivate(lockPath(name))
    const database = new DatabaseSync(lockPath(name), { timeout: patienceMs })
    try {
      database.exec('BEGIN EXCLUSIVE')
      // Without the note nobody could be told who holds it, so who cannot write it does not hold it either.
      writeFileSync(notePath(name), `process ${process.pid} on ${hostname()}, since ${processStart}`, { mode: 0o600 })
    } catch (thrown) {
      database.close()
      if (isBusy(thrown)) return err(noteOf(name))
      throw thrown
    }
    return ok({
      release() {
        // The lock file stays: taking it away would let two processes lock two files of the same name.
        try {
          rmSync(notePath(name), { force: true })
        } catch {
          // The lock is what counts; a note without one says nothing.
        } finally {
          database.close()
        }
      },
    })
  }
  /** Who looks takes a share alone, and waits for nobody: lookers are not in each other's way, and who acquires waits a look out. */
  const isHeld = (name: string): boolean => {
    const database = new DatabaseSync(lockPath(name), { readOnly: true, timeout: 0 })
    try {
      database.exec('SELECT 1 FROM sqlite_schema')
      return false
    } catch (thrown) {
      if (isBusy(thrown)) return true
      throw thrown
    } finally {
      database.close()
    }
  }
  return {
    acquire,
    ownerOf(name) {
      // Who tidies up by hand may leave a note without its lock: nobody holds that.
      if (!existsSync(notePath(name)) || !existsSync(lockPath(name))) return null
      try {
        return isHeld(name) ? noteOf(name) : null
      } catch {
        // A lock that cannot even be read: the note is all there is to go by.
        return noteOf(name)
      }
    },
  }
}

function createPrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (thrown) {
    // Another process made it in between.
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown
  }
}

/** Somebody who only looks whether there is an owner has their share of the lock for less than this. */
const patienceMs = 100

const processStart = new Date(Date.now() - performance.now()).toISOString()

const isBusy = (thrown: unknown): boolean => thrown instanceof Error && 'errcode' in thrown && thrown.errcode === 5
