import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
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
  // Written as a file first: standard output then gets all of it or, when that fails, nothing.
  const folder = await mkdtemp(path.join(tmpdir(), 'roster-'))
  try {
    const aside = path.join(folder, 'out.csv')
    const written = await services.files.write(file, aside)
    if (!written.ok) return written
    const bytes = await readFile(aside)
    await new Promise<void>((resolve, reject) => process.stdout.write(bytes, (error) => (error ? reject(error) : resolve())))
    return ok(null)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
