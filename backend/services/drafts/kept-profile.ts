import { canonicalize, wellFormed } from '../../../shared/core/batch/canonical.ts'
import { parseCustomerProfile } from '../../../shared/core/customer/parse-profile.ts'
import type { CustomerProfile } from '../../../shared/core/customer/profile.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import { ok, type Result } from '../../../shared/kit/result.ts'
import { DraftDamaged, type DraftFile } from '../../ports/draft-store.ts'
import type { Customers } from '../customers.ts'
import type { Draft } from './draft.ts'

/**
 * The profile that was chosen for a draft is part of it: whoever opens the draft again finds what was checked then, though the profile
 * was changed or deleted meanwhile. That it was is said (`profileNews`), and taking up the new one is the person's to decide.
 */
const name = 'customer/profile'

export const profilePart = (profile: CustomerProfile): ReadonlyMap<string, Uint8Array> =>
  new Map([[name, new TextEncoder().encode(JSON.stringify(profile))]])
export const noProfilePart: ReadonlyMap<string, null> = new Map([[name, null]])

/** Null: the draft keeps none, or one that this version of Roster cannot read. Throws `DraftDamaged` where what is kept is none at all. */
export function keptProfile(file: DraftFile): CustomerProfile | null {
  const bytes = file.part(name)
  if (bytes === null) return null
  const profile = parseCustomerProfile(jsonOf(bytes))
  return profile.ok ? profile.value : null
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (thrown) {
    throw new DraftDamaged(`the stored ${name} is no profile`, { cause: thrown })
  }
}

export async function profileNews(
  customers: Pick<Customers, 'find'>,
  { kept, customer }: Draft,
): Promise<Result<'changed' | 'gone' | null, AppError>> {
  if (kept.customer === null) return ok(null)
  const now = await customers.find(kept.customer)
  if (!now.ok) return now
  if (now.value === null) return ok('gone')
  return ok(customer !== null && comparable(now.value) === comparable(customer) ? null : 'changed')
}

/** The order of keys, which a person may have changed in the file, says nothing. */
const comparable = (profile: CustomerProfile): string =>
  canonicalize(JSON.parse(JSON.stringify(profile), (_, value: unknown) => (typeof value === 'string' ? wellFormed(value) : value)))
