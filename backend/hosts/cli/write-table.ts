import type { AppError } from '../../../shared/contract/app-error.ts'
import { ok, type Result } from '../../../shared/kit/result.ts'
import type { OpenedFile, WriteOptions } from '../../services/services.ts'
import type { Context } from './context.ts'

/** Writes a table where `-o` says; `-` is standard output, as CSV. */
export async function writeTable(
  context: Context,
  file: OpenedFile,
  target: string,
  options: WriteOptions,
): Promise<Result<null, AppError>> {
  const { services } = await context.backend()
  if (target !== '-') return services.files.write(file, target, options)
  // All of it is there before the first byte goes out: standard output gets the whole table or, where it cannot be written, nothing.
  const bytes = services.files.csvOf(file)
  if (!bytes.ok) return bytes
  await new Promise<void>((resolve, reject) => process.stdout.write(bytes.value, (error) => (error ? reject(error) : resolve())))
  return ok(null)
}
