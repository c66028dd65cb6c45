import { personKey } from '../../../shared/core/batch/approval.ts'
import type { AuditFact } from '../../../shared/core/batch/audit.ts'
import { keyedHash, type Hasher } from '../../../shared/core/batch/hasher.ts'
import type { Actor } from '../../ports/provisioning-store.ts'

/** Who did something, as the audit log knows them. `key`: the batch's. */
export const actorOf = (name: string, key: string, hasher: Hasher): Actor => ({ hash: keyedHash(key, personKey(name), hasher), name })

/** Speaks of one batch. */
export const batchFact = (
  what: string,
  batch: { readonly batch: string; readonly digest: string },
  actor: Actor,
  at: string,
  counts: AuditFact['counts'] = {},
): AuditFact => ({ at, what, batch: batch.batch, digest: batch.digest, actor: actor.hash, counts })
