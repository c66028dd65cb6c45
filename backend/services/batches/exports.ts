import type { BatchContent } from '../../../shared/core/batch/batch.ts'
import { subjectKey, type FindSubscriber } from '../../../shared/core/batch/drift.ts'
import { sheetFromItems } from '../../../shared/core/batch/sheet-from-items.ts'
import type { Subscriber } from '../../../shared/core/batch/subscriber.ts'
import { tableFromSubscribers } from '../../../shared/core/batch/subscribers-from-table.ts'
import { buildManifest, manifestText } from '../../../shared/core/control-hub/manifest.ts'
import type { Manifest } from '../../../shared/core/control-hub/manifest-shape.ts'
import { planExport } from '../../../shared/core/control-hub/plan-export.ts'
import type { CustomerProfile } from '../../../shared/core/customer/profile.ts'
import { emailKey } from '../../../shared/core/diff/cell-meaning.ts'
import { compareWithBaseline, compareWithNothing, type Comparison } from '../../../shared/core/diff/compare-with-baseline.ts'
import type { Sheet } from '../../../shared/core/diff/paired-columns.ts'
import type { EditableTable } from '../../../shared/core/table/editable-table.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { Language } from '../../../shared/kit/language.ts'
import { encodeUtf8 } from '../../../shared/kit/text.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import { fileError, storeError } from '../problems.ts'
import type { World } from '../world.ts'
import type { ReadBatch } from './read-batch.ts'

export interface ExportFacts {
  readonly name: string
  readonly customer: string | null
  readonly digest: string | null
  readonly columns: 'all' | 'changed'
  readonly maxRows: number
  readonly language: Language
}

export interface ExportFiles {
  readonly manifest: Manifest
  /** The user files in order, the manifest last. */
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }[]
}

/** The Control Hub files of a change set, in memory. */
export function makeExport(
  { clock, sha256 }: Pick<World, 'clock' | 'sha256'>,
  sheet: Sheet,
  changeSet: Comparison,
  { name, customer, digest, columns, maxRows, language }: ExportFacts,
): Result<ExportFiles, AppError> {
  const plan = planExport({ ...sheet, changeSet, mode: columns, maxRows, name })
  if (!plan.ok) return plan
  const files = plan.value.files.map((file): ExportFiles['files'][number] => ({
    name: file.name,
    bytes: new Uint8Array(Buffer.concat([...plan.value.bytesOf(file.order)])),
  }))
  const manifest = buildManifest(
    plan.value,
    files.map(({ bytes }) => sha256(bytes)),
    { customer, madeAt: clock.now(), digest, language },
  )
  return ok({ manifest, files: [...files, { name: manifestName, bytes: encodeUtf8(manifestText(manifest)) }] })
}

export const manifestName = 'manifest.json'

/** Writes the folder; what an earlier export left there under other names goes. */
export async function writeExport(
  { files, join }: Pick<World, 'files' | 'join'>,
  folder: string,
  made: ExportFiles,
  options: { readonly replace?: boolean },
): Promise<Result<Manifest, AppError>> {
  const earlier = options.replace === true ? await readManifest({ files, join }, folder) : null
  const stale = earlier?.files.map(({ name }) => name) ?? []
  const written = await files.writeFolder(folder, made.files, { ...options, stale })
  return written.ok ? ok(made.manifest) : err(fileError(written.error))
}

export async function readManifest({ files, join }: Pick<World, 'files' | 'join'>, folder: string): Promise<Manifest | null> {
  const bytes = await files.read(join(folder, manifestName))
  if (!bytes.ok) return null
  try {
    const parsed = JSON.parse(Buffer.from(bytes.value).toString('utf8')) as Manifest | null
    return parsed !== null && Array.isArray(parsed.files) ? parsed : null
  } catch {
    return null
  }
}

type EditableSheet = Sheet & { readonly table: EditableTable }

/**
 * A batch as a file again, with the users it found: the same whatever the store holds by now, because the batch itself says what
 * it was made against. Names come from the store, so that a person can read the file.
 */
export async function batchAsSheet(
  { store, stored }: ReadBatch,
  content: BatchContent,
  customer: CustomerProfile | undefined,
): Promise<Result<{ readonly sheet: EditableSheet; readonly baseline: EditableSheet | null }, AppError>> {
  const names = await knownUsers({ store, stored }, content)
  if (!names.ok) return names
  const users = names.value
  const byEitherEmail = new Map<string, Subscriber>()
  for (const item of content.items) {
    const known = users.get(subjectKey(item)) ?? users.get(emailKey(item.email))
    if (known !== undefined) byEitherEmail.set(subjectKey(item), known)
  }
  const find: FindSubscriber = (key) => byEitherEmail.get(key) ?? null
  const sheet = sheetFromItems(content, content.items, find, customer)
  if (content.baseline.kind === 'none') return ok({ sheet, baseline: null })
  const found = content.items
    .filter((item) => item.intent !== 'add')
    .map((item): Subscriber => {
      const before = item.cells.map(({ column, before: text }) => [column, text] as const)
      const cells = new Map([...Object.entries(find(subjectKey(item))?.cells ?? {}), ...before].filter(([, text]) => text !== ''))
      // An item that leaves the package alone does not say which it is.
      const held = item.intent === 'update' ? (find(subjectKey(item))?.package ?? null) : item.from
      return { email: item.formerEmail ?? item.email, package: held, cells: Object.fromEntries(cells) }
    })
  return ok({ sheet, baseline: tableFromSubscribers(found) })
}

export function compareSheets(sheet: Sheet, baseline: Sheet | null, customer: CustomerProfile | undefined): Comparison {
  return baseline === null ? compareWithNothing({ ...sheet, customer }) : compareWithBaseline({ ...sheet, baseline, customer })
}

/** The batch's users as the store has them, or as the baseline that came with the batch has them. */
async function knownUsers(
  { store, stored }: Pick<ReadBatch, 'store' | 'stored'>,
  content: BatchContent,
): Promise<Result<ReadonlyMap<string, Subscriber>, AppError>> {
  const keys = new Set(content.items.flatMap((item) => [subjectKey(item), emailKey(item.email)]))
  const present = await store.present(stored.customer, [...keys])
  if (!present.ok) return err(storeError(present.error, stored.batch))
  if (present.value !== null) return ok(present.value)
  const seed = await store.seed(stored.batch)
  if (!seed.ok) return err(storeError(seed.error, stored.batch))
  return ok(new Map((seed.value ?? []).map((user) => [emailKey(user.email), user])))
}
