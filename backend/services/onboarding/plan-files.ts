import { readPlan, type OnboardingPlan } from '../../../shared/core/onboarding/plan.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import { jsonOf } from '../json-of.ts'
import { fileError } from '../problems.ts'
import type { FileSource, WriteOptions } from '../services.ts'
import type { World } from '../world.ts'

/** Plans as files of the person's, for hosts in the same process. */
export interface PlanFilesService {
  read(source: FileSource): Promise<Result<OnboardingPlan, AppError>>
  /** A folder that appears whole. */
  writeFolder(
    path: string,
    files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
    options?: WriteOptions,
  ): Promise<Result<null, AppError>>
}

/** A plan with every user that fits and long notes stays far below this. */
const mostBytes = 64 * 1024 * 1024

export function createPlanFiles({ files, baseName }: World): PlanFilesService {
  return {
    async read(source) {
      const name = 'path' in source ? baseName(source.path) : source.name
      const found = 'path' in source ? await files.stat(source.path) : null
      if (found?.isFolder === true) return err({ code: 'plan/invalid', name, path: '', detail: 'this is a folder' })
      if (found !== null && found.size > mostBytes) return err({ code: 'plan/invalid', name, path: '', detail: 'a plan has at most 64 MB' })
      const bytes = 'bytes' in source ? ok(source.bytes) : await files.read(source.path)
      if (!bytes.ok) return err(fileError(bytes.error))
      let value: unknown
      try {
        value = jsonOf(bytes.value)
      } catch (thrown) {
        return err({ code: 'plan/invalid', name, path: '', detail: thrown instanceof Error ? thrown.message : 'is no JSON' })
      }
      const plan = readPlan(value)
      return plan.ok ? plan : err({ code: 'plan/invalid', name, path: plan.error.path, detail: plan.error.detail })
    },
    async writeFolder(path, content, options = {}) {
      const written = await files.writeFolder(path, content, options)
      return written.ok ? written : err(fileError(written.error))
    },
  }
}
