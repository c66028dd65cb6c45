import { canonicalize } from './canonical.ts'
import type { Hasher } from './hasher.ts'

/**
 * What an audit entry says: that something was done, to which batch, with which counts. No names, emails or cell texts, so that
 * personal data can be purged while the chain still verifies: who did it stands as a keyed hash (`keyedHash`).
 */
export interface AuditFact {
  /** ISO 8601, UTC. For people; the order is the chain's, because clocks jump. */
  readonly at: string
  /** `batch/submitted`, `batch/approved`, `push/finished` … */
  readonly what: string
  readonly batch: string | null
  /** The digest the deed was bound to. */
  readonly digest: string | null
  /** Keyed hash of the person's name. */
  readonly actor: string
  readonly counts: Readonly<Record<string, number>>
}

export interface AuditEntry extends AuditFact {
  /** From 1, without gaps. */
  readonly entry: number
  /** SHA-256 of the hash before it, followed by the canonical form of this entry without its hash. Hex. */
  readonly hash: string
}

/** What the first entry is chained to. */
export const auditGenesis = '0'.repeat(64)

export interface AuditHead {
  readonly entry: number
  readonly hash: string
}
export const emptyAuditHead: AuditHead = { entry: 0, hash: auditGenesis }

const hashAfter = (previous: string, entry: Omit<AuditEntry, 'hash'>, hasher: Hasher): string =>
  hasher.sha256(previous + canonicalize(entry))

/** The entry that follows `head`. */
export function nextEntry(head: AuditHead, fact: AuditFact, hasher: Hasher): AuditEntry {
  const { at, what, batch, digest, actor, counts } = fact
  const body = { at, what, batch, digest, actor, counts, entry: head.entry + 1 }
  return { ...body, hash: hashAfter(head.hash, body, hasher) }
}

export interface BrokenEntry {
  readonly entry: number
  readonly detail: string
}

export interface ChainReport {
  readonly entries: number
  readonly head: AuditHead
  /** The first entry that does not hold, or null. */
  readonly broken: BrokenEntry | null
}

/**
 * Walks the chain from its beginning. An entry that was altered, taken out, put in or moved breaks it at that place. Cutting the
 * end off shows only against a head that was kept elsewhere (the store, a receipt): `anchors`. A chain rewritten as a whole
 * shows only so, too.
 */
export function verifyChain(entries: readonly AuditEntry[], hasher: Hasher, anchors: readonly AuditHead[] = []): ChainReport {
  let head = emptyAuditHead
  const report = (broken: BrokenEntry | null): ChainReport => ({ entries: entries.length, head, broken })
  const anchored = new Map(anchors.map((anchor) => [anchor.entry, anchor.hash]))
  for (const { hash, ...body } of entries) {
    const place = head.entry + 1
    if (body.entry !== place) return report({ entry: place, detail: `entry ${place} is missing; entry ${body.entry} stands in its place` })
    if (hashAfter(head.hash, body, hasher) !== hash)
      return report({ entry: place, detail: `entry ${place} was changed, or the one before it` })
    if ((anchored.get(place) ?? hash) !== hash) {
      return report({ entry: place, detail: `entry ${place} is not the one that was recorded in the store or a receipt` })
    }
    head = { entry: place, hash }
  }
  const cut = anchors.filter((anchor) => anchor.entry > head.entry)
  const [first] = cut
  if (first === undefined) return report(null)
  const recorded = Math.max(...cut.map((anchor) => anchor.entry))
  return report({
    entry: head.entry + 1,
    detail: `the log ends at entry ${head.entry}, but entry ${recorded} was recorded: its end was cut off`,
  })
}
