import {
  customersFromJson,
  customersFromRows,
  locationsFromJson,
  locationsFromRows,
  type Imported,
} from '../../../shared/core/onboarding/import-records.ts'
import type { OnboardingPlan, PlanLocation } from '../../../shared/core/onboarding/plan.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import { readTable } from '../files/read-table.ts'
import { jsonOf } from '../json-of.ts'
import { fileError } from '../problems.ts'
import type { FileSource } from '../services.ts'
import type { World } from '../world.ts'

/** A saved answer of the API is text of a few megabytes at most. */
const mostJson = 64 * 1024 * 1024

export const readLocations = (world: World, source: FileSource): Promise<Result<Imported<PlanLocation>, AppError>> =>
  readRecords(world, source, { rows: locationsFromRows, json: locationsFromJson, what: 'a location' })

export const readCustomers = (world: World, source: FileSource): Promise<Result<Imported<OnboardingPlan>, AppError>> =>
  readRecords(world, source, { rows: customersFromRows, json: customersFromJson, what: 'a customer' })

interface Readers<T> {
  readonly rows: (header: readonly string[], rows: readonly (readonly string[])[]) => Imported<T>
  readonly json: (value: unknown) => Imported<T>
  readonly what: string
}

/** JSON by its first sign, else a table: CSV or XLSX. */
async function readRecords<T>(world: World, source: FileSource, { rows, json, what }: Readers<T>): Promise<Result<Imported<T>, AppError>> {
  const name = 'path' in source ? world.baseName(source.path) : source.name
  const bytes = 'bytes' in source ? ok(source.bytes) : await world.files.read(source.path)
  if (!bytes.ok) return err(fileError(bytes.error))
  const imported = isJson(bytes.value) ? readJson(name, bytes.value, json) : await readRows(world, { name, bytes: bytes.value }, rows)
  if (!imported.ok || imported.value.items.length > 0) return imported
  const { unknown } = imported.value
  const detail = `No record in it names ${what}${unknown.length === 0 ? '' : `; not understood: ${unknown.slice(0, 8).join(', ')}`}.`
  return err({ code: 'file/unusable', name, reason: 'not-a-table', detail })
}

const isJson = (bytes: Uint8Array): boolean => /^\uFEFF?\s*[[{]/u.test(Buffer.from(bytes.subarray(0, 256)).toString('utf8'))

function readJson<T>(name: string, bytes: Uint8Array, read: Readers<T>['json']): Result<Imported<T>, AppError> {
  if (bytes.length > mostJson)
    return err({ code: 'file/unusable', name, reason: 'over-limit', detail: 'JSON of at most 64 MB can be read.' })
  try {
    return ok(read(jsonOf(bytes)))
  } catch (thrown) {
    return err({
      code: 'file/unusable',
      name,
      reason: 'not-a-table',
      detail: `It is no JSON: ${thrown instanceof Error ? thrown.message : ''}`,
    })
  }
}

async function readRows<T>(world: World, source: FileSource, read: Readers<T>['rows']): Promise<Result<Imported<T>, AppError>> {
  const file = await readTable(world, source)
  if (!file.ok) return file
  const { table } = file.value
  const columns = table.live.flatMap((index) => table.columns[index] ?? [])
  return ok(
    read(
      columns.map(({ header }) => header),
      Array.from(table.rows, (row) => columns.map((column) => column.textOf(row))),
    ),
  )
}
