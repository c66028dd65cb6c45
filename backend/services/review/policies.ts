import { parsePolicy, plainPolicy, type ReviewPolicy } from '../../../shared/core/review/policy.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import { fileError } from '../problems.ts'
import type { World } from '../world.ts'

/** One policy file a customer, in `policies/` of the data folder. A file that is there and cannot be read is an error, never "no policy". */
export interface Policies {
  read(customer: string): Promise<Result<{ readonly policy: ReviewPolicy; readonly isOwn: boolean }, AppError>>
  /** `policy` may come from a file: it is refused with the path of what is wrong, and then the policy stays what it was. */
  write(customer: string, policy: unknown, name: string): Promise<Result<ReviewPolicy, AppError>>
}

export function createPolicies({ ownFiles, folders, join, hasher }: Pick<World, 'ownFiles' | 'folders' | 'join' | 'hasher'>): Policies {
  const nameOf = (customer: string): string => {
    // As files were named from the start: a customer's policy must be found again, whatever else names are compared by since.
    const key = customer.normalize('NFKC').trim().replace(/\s+/gu, ' ').toLowerCase()
    const readable = key
      .normalize('NFKD')
      .replace(/[^a-z0-9]+/gu, '-')
      .replace(/^-+|-+$/gu, '')
      .slice(0, 40)
    return `${readable || 'customer'}-${hasher.sha256(key).slice(0, 8)}.policy.json`
  }
  const pathOf = (customer: string): string => join(folders.data, 'policies', nameOf(customer))

  return {
    async read(customer) {
      const path = pathOf(customer)
      const bytes = await ownFiles.read(path)
      if (!bytes.ok) return bytes.error.reason === 'not-found' ? ok({ policy: plainPolicy, isOwn: false }) : err(fileError(bytes.error))
      const parsed = parsePolicy(jsonOf(Buffer.from(bytes.value).toString('utf8')))
      if (!parsed.ok) return err({ code: 'policy/invalid', name: nameOf(customer), ...parsed.error })
      return ok({ policy: parsed.value, isOwn: true })
    },
    async write(customer, policy, name) {
      const parsed = parsePolicy(policy)
      if (!parsed.ok) return err({ code: 'policy/invalid', name, ...parsed.error })
      const bytes = new Uint8Array(Buffer.from(`${JSON.stringify(policy, null, 2)}\n`))
      const written = await ownFiles.write(pathOf(customer), bytes, { replace: true })
      return written.ok ? ok(parsed.value) : err(fileError(written.error))
    },
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
