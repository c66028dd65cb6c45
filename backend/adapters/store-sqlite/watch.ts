import type { DatabaseSync } from 'node:sqlite'
import type { StoredBatch } from '../../ports/provisioning-store.ts'

/** A file tells nobody of its changes, so we look this often. Looking costs a few microseconds while nothing has changed. */
const lookMs = 1000

/**
 * Tells of every batch that another program (or a push of this one, over its own connection) has changed in the file, for as long as it
 * is asked to; of one that is being pushed with each portion, too.
 */
export function watchFile(
  database: DatabaseSync,
  batches: () => readonly Pick<StoredBatch, 'batch' | 'version' | 'state'>[],
  onChange: (batch: string) => void,
): () => void {
  const fileVersion = (): unknown => database.prepare('PRAGMA data_version').get()?.['data_version']
  const marks = (): ReadonlyMap<string, string> => new Map(batches().map(({ batch, version, state }) => [batch, `${version} ${state}`]))
  let [seen, known] = [fileVersion(), marks()]

  const timer = setInterval(() => {
    try {
      const now = fileVersion()
      const isPushing = [...known.values()].some((mark) => mark.endsWith(' pushing'))
      // Whoever pushes may be gone without having written a word: that shows in its lock only.
      if (now === seen && !isPushing) return
      const isWritten = now !== seen
      const marked = marks()
      const before = known
      ;[seen, known] = [now, marked]
      for (const [batch, mark] of marked) if (before.get(batch) !== mark || (isWritten && mark.endsWith(' pushing'))) onChange(batch)
    } catch {
      // Closed, or held by somebody for a moment: the next look tells.
    }
  }, lookMs)
  timer.unref()
  return () => {
    clearInterval(timer)
  }
}
