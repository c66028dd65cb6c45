import type { RecognisedColumn } from '../../../shared/core/catalogue/column.ts'
import type { SourceFacts } from '../../../shared/core/csv/source-facts.ts'
import type { CustomerProfile } from '../../../shared/core/customer/profile.ts'
import { invert, type DeltaStep, type TableDelta } from '../../../shared/core/edits/delta.ts'
import { decodeDelta, encodeDelta } from '../../../shared/core/edits/delta-codec.ts'
import { applyDelta } from '../../../shared/core/table/apply-delta.ts'
import { decodingTable, encodeTable } from '../../../shared/core/table/table-codec.ts'
import type { EditableTable } from '../../../shared/core/table/editable-table.ts'
import type { RowId } from '../../../shared/core/table/table.ts'
import type { DamageLine, StepName, View } from '../../../shared/contract/draft-methods.ts'
import type { Severity } from '../../../shared/core/rules/finding.ts'
import { within, type Steps } from '../../../shared/kit/steps.ts'
import { DraftDamaged, type DraftFacts, type DraftFile } from '../../ports/draft-store.ts'
import { recogniseTable } from '../files/read-table.ts'
import { derive, deriveSteps, type Derived } from './derive.ts'
import type { KeptImportErrors } from './import-errors.ts'
import type { Origin } from './origins.ts'

/** A warning that was passed over: it stays so while the cell says the same. */
export interface IgnoredFinding {
  readonly rule: string
  readonly row: RowId
  readonly column: number
  readonly text: string
  readonly reason: string
}

export interface BaselineFacts {
  readonly name: string
  readonly users: number
  readonly takenAt: string
  readonly kind: 'file' | 'store'
  readonly facts: SourceFacts
}

/** What of a draft is kept as small facts beside the table. */
export interface KeptFacts {
  readonly name: string
  readonly customer: string | null
  readonly source: SourceFacts
  readonly view: View
  /** Emails (lower case) whose removal was confirmed. */
  readonly confirmed: readonly string[]
  readonly ignored: readonly IgnoredFinding[]
  readonly baseline: BaselineFacts | null
  /** What the spreadsheet had done when the draft was made. */
  readonly damage: readonly DamageLine[]
  /** What Control Hub's error file said; absent or null where none was read. */
  readonly importErrors?: KeptImportErrors | null
  /** The files of this machine that the draft was made from; absent where there were none. */
  readonly origins?: readonly Origin[]
  /** Since when a process has the draft open to write; null where it was closed in order. */
  readonly inUseSince?: string | null
  readonly rows: number
  readonly summary: Readonly<Record<Severity, number>>
  readonly changedAt: string
  /** The table as stored has every log entry up to this one in it. */
  readonly snapshotEntry: number
}

export const emptyView: View = { sort: [], filter: [] }

export interface Step {
  /** Its log entry: where its delta is. */
  readonly entry: number
  readonly at: string
  readonly label: StepName
}

export interface Baseline {
  readonly table: EditableTable
  readonly columns: readonly RecognisedColumn[]
  readonly facts: BaselineFacts
}

/** A draft in memory. The table and what is worked out from it change together, without an await between, so that nobody sees one without the other. */
export interface Draft {
  readonly id: string
  readonly file: DraftFile
  readonly table: EditableTable
  kept: KeptFacts
  customer: CustomerProfile | null
  baseline: Baseline | null
  steps: readonly Step[]
  /** How many of the steps are in force. */
  position: number
  columns: readonly RecognisedColumn[]
  derived: Derived
  /** The steps that were made before the program ended without closing the draft; none where it was closed. */
  recovered: readonly Step[]
  /** Row ids in the order of the view. */
  viewRows: Uint32Array
  viewNumber: number
  bytesSinceSnapshot: number
}

/** Snapshot anew when the log has outgrown this share of the table, or this many entries. */
const logShare = 0.25
const logBytesAtLeast = 4 * 1024 * 1024
const logEntriesAtMost = 2_000

export const partsOf = (prefix: 'table' | 'baseline', table: EditableTable): ReadonlyMap<string, Uint8Array> =>
  new Map(encodeTable(table).map(({ name, bytes }) => [`${prefix}/${name}`, bytes]))

function* readingTable(file: DraftFile, prefix: 'table' | 'baseline'): Steps<EditableTable> {
  const decoded = yield* within(
    decodingTable((name) => file.readingPart(`${prefix}/${name}`)),
    0,
    0,
  )
  if (!decoded.ok) throw new DraftDamaged(decoded.error.detail)
  return decoded.value
}

/** The draft as it was when the last entry was written, in slices. */
export function* loadDraft(file: DraftFile, customer: CustomerProfile | null): Steps<Draft> {
  const kept = file.facts as unknown as KeptFacts
  const table = yield* readingTable(file, 'table')
  yield 0
  const { steps, position, bytes } = replay(file, table, kept.snapshotEntry)
  return yield* assemble(file, kept, table, customer, steps, position, bytes)
}

/** A draft just made: its file holds the tables as they are, and what follows from them was worked out. */
export function newDraft(
  file: DraftFile,
  { table, columns, customer, baseline, derived }: Pick<Draft, 'table' | 'columns' | 'customer' | 'baseline' | 'derived'>,
): Draft {
  const kept = file.facts as unknown as KeptFacts
  const { id } = file
  return {
    id,
    file,
    table,
    kept,
    customer,
    baseline,
    steps: [],
    position: 0,
    columns,
    derived,
    recovered: [],
    viewRows: table.rows,
    viewNumber: 1,
    bytesSinceSnapshot: 0,
  }
}

function* assemble(
  file: DraftFile,
  kept: KeptFacts,
  table: EditableTable,
  customer: CustomerProfile | null,
  steps: readonly Step[],
  position: number,
  bytes: number,
): Steps<Draft> {
  const profile = customer ?? undefined
  const baselineTable = kept.baseline === null ? null : yield* readingTable(file, 'baseline')
  const baseline =
    baselineTable === null || kept.baseline === null
      ? null
      : { table: baselineTable, columns: recogniseTable(baselineTable, profile), facts: kept.baseline }
  const columns = recogniseTable(table, profile)
  yield 0
  const derived = yield* deriveSteps({ table, columns, baseline, customer, kept })
  return {
    id: file.id,
    file,
    table,
    kept,
    customer,
    baseline,
    steps,
    position,
    columns,
    derived,
    recovered: recoveredSteps(file, kept, steps),
    viewRows: table.rows,
    viewNumber: 1,
    bytesSinceSnapshot: bytes,
  }
}

/** What was done in the time that nobody ended in order. A draft that another process holds is not lost, it is in use. */
const recoveredSteps = ({ heldBy }: DraftFile, { inUseSince }: KeptFacts, steps: readonly Step[]): readonly Step[] =>
  heldBy !== null || inUseSince === undefined || inUseSince === null ? [] : steps.filter(({ at }) => at >= inUseSince)

interface Replayed {
  readonly steps: readonly Step[]
  readonly position: number
  readonly bytes: number
}

/** Goes through the log: every entry for the history, those after the snapshot for the table as well. */
function replay(file: DraftFile, table: EditableTable, snapshotEntry: number): Replayed {
  let steps: Step[] = []
  let position = 0
  let bytes = 0
  for (const { number, at, kind, note, bytes: size } of file.entries(0)) {
    const isNew = number > snapshotEntry
    if (isNew) bytes += size
    if (kind === 'edit') {
      steps = [...steps.slice(0, position), { entry: number, at, label: note as StepName }]
      position++
      if (isNew) applyDelta(table, deltaOf(file, number))
    } else if (kind === 'move') {
      const { to } = note as { readonly to: number }
      if (isNew) for (const delta of deltasBetween(file, steps, position, to)) applyDelta(table, delta)
      position = to
    }
  }
  return { steps, position, bytes }
}

function deltaOf(file: DraftFile, entry: number): TableDelta {
  const bytes = file.delta(entry)
  const decoded = bytes === null ? null : decodeDelta(bytes)
  if (decoded === null) throw new DraftDamaged(`entry ${entry} of the log has no delta`)
  if (!decoded.ok) throw new DraftDamaged(decoded.error.detail)
  return decoded.value
}

/** What leads from one number of steps in force to another: inverted deltas backwards, deltas forwards. */
function* deltasBetween(file: DraftFile, steps: readonly Step[], from: number, to: number): Generator<TableDelta> {
  for (let at = from; at > to; at--) yield invert(deltaOf(file, steps[at - 1]?.entry ?? 0))
  for (let at = from; at < to; at++) yield deltaOf(file, steps[at]?.entry ?? 0)
}

/** Counts for the list of drafts go along with each entry: those before it, for the new ones are not worked out yet. */
const factsBeside = ({ kept: { rows, summary } }: Draft, facts: Partial<KeptFacts>, at: string): DraftFacts => ({
  rows,
  summary,
  ...facts,
  changedAt: at,
})

/** Journals a step and carries it out. Throws `DraftNotSaved` where the disk refuses, and then nothing has changed. */
export function commitStep(draft: Draft, delta: TableDelta, label: StepName, at: string, facts: Partial<KeptFacts> = {}): void {
  const bytes = encodeDelta(delta)
  const entry = draft.file.append({ at, kind: 'edit', note: label }, bytes, factsBeside(draft, facts, at))
  const follow = carryOut(draft, [delta], besideOf(label))
  draft.kept = { ...draft.kept, ...facts, changedAt: at }
  draft.steps = [...draft.steps.slice(0, draft.position), { entry, at, label }]
  draft.position++
  draft.bytesSinceSnapshot += bytes.length
  follow()
}

/** Undo, redo and the step list are this one move. */
export function commitMove(draft: Draft, to: number, at: string): number {
  const deltas = [...deltasBetween(draft.file, draft.steps, draft.position, to)]
  draft.file.append({ at, kind: 'move', note: { to } }, null, factsBeside(draft, {}, at))
  const redone = draft.steps[draft.position]?.label
  const follow = carryOut(draft, deltas, redone === undefined ? 'above' : besideOf(redone))
  draft.kept = { ...draft.kept, changedAt: at }
  draft.position = to
  follow()
  return deltas.reduce((sum, delta) => sum + cellsOf(delta), 0)
}

/** A change of what stands beside the table (customer, baseline, confirmations …). */
export function commitFacts(draft: Draft, what: string, facts: Partial<KeptFacts>, at: string): void {
  draft.file.append({ at, kind: 'facts', note: { what } }, null, factsBeside(draft, facts, at))
  draft.kept = { ...draft.kept, ...facts, changedAt: at }
}

export function cellsOf(delta: TableDelta): number {
  return delta.reduce(
    (sum, step) => sum + (step.kind === 'cells' || step.kind === 'insert-rows' || step.kind === 'delete-rows' ? step.rows.length : 1),
    0,
  )
}

/** Carries deltas out on the table. What they give back makes all that depends on it hold again, at little cost where few cells changed. */
function carryOut(draft: Draft, deltas: readonly TableDelta[], beside: Beside): () => void {
  const rowsBefore = draft.table.rows
  const apply = (): void => {
    for (const delta of deltas) applyDelta(draft.table, delta)
  }
  const edited = editedCells(deltas, draft.table.rowLimit)
  if (edited !== null && draft.derived.edit(edited.rows, edited.columns, apply)) {
    return () => {
      draft.kept = { ...draft.kept, summary: draft.derived.summary }
    }
  }
  apply()
  return () => {
    refresh(draft, rowsBefore, beside)
  }
}

/** The rows and columns whose cells deltas change; null where they change more than cells. */
function editedCells(
  deltas: readonly TableDelta[],
  rowLimit: number,
): { readonly rows: Uint32Array; readonly columns: readonly number[] } | null {
  const steps: CellsStep[] = []
  for (const step of deltas.flat()) {
    if (step.kind !== 'cells') return null
    steps.push(step)
  }
  const columns = [...new Set(steps.map((step) => step.column))]
  const [first] = steps
  if (first !== undefined && steps.length === 1) return { rows: first.rows, columns }
  const cells = steps.reduce((sum, step) => sum + step.rows.length, 0)
  if (cells <= fewCells) return { rows: Uint32Array.from(new Set(steps.flatMap(({ rows }) => [...rows]))), columns }
  const isMet = new Uint8Array(rowLimit)
  const rows = new Uint32Array(Math.min(cells, rowLimit))
  let count = 0
  for (const step of steps) {
    for (let i = 0; i < step.rows.length; i++) {
      const row = step.rows[i]!
      if (isMet[row] === 1) continue
      isMet[row] = 1
      rows[count++] = row
    }
  }
  return { rows: rows.slice(0, count), columns }
}
type CellsStep = Extract<DeltaStep, { readonly kind: 'cells' }>
/** So many are looked through without an array as long as the table. */
const fewCells = 2_000

/** Works out anew what depends on the table, the baseline and the customer. */
export function refresh(draft: Draft, rowsBefore = draft.table.rows, beside: Beside = 'above'): void {
  draft.columns = recogniseTable(draft.table, draft.customer ?? undefined)
  draft.derived = derive(draft)
  keepView(draft, rowsBefore, beside)
  draft.kept = { ...draft.kept, rows: draft.table.rows.length, summary: draft.derived.summary }
}

/**
 * Rows that an edit took away leave the view, new ones stand beside the row that they were put beside (and are seen, whatever the filter
 * says), and what is taken back stands where it stood; the order of the others stays until the view is set anew, so that a row does not
 * vanish under the cursor.
 */
function keepView(draft: Draft, rowsBefore: Uint32Array, beside: Beside): void {
  const { sort, filter } = draft.kept.view
  const { rows } = draft.table
  if (rows === rowsBefore) return
  draft.viewNumber++
  draft.viewRows = sort.length === 0 && filter.length === 0 ? rows : followRows(draft.viewRows, rowsBefore, draft.table, beside)
}

/** Where a new row stands in a view: above the row that follows it in the table, below the one before it, or at the end. */
type Beside = 'above' | 'below' | 'end'

const besideOf = ({ kind }: StepName): Beside => (kind === 'duplicate-rows' ? 'below' : 'above')

/** The rows of a view that was made of `rowsBefore`, after rows have come or gone. Without a neighbour in the view they stand at its end. */
export function followRows(viewRows: Uint32Array, rowsBefore: Uint32Array, { rows, rowLimit }: EditableTable, beside: Beside): Uint32Array {
  if (rows === rowsBefore) return viewRows
  const isLive = new Uint8Array(rowLimit)
  for (const row of rows) isLive[row] = 1
  const order = withRowsGone.get(viewRows) ?? viewRows
  const isKnown = new Uint8Array(rowLimit)
  for (const row of rowsBefore) isKnown[row] = 1
  const isInView = new Uint8Array(rowLimit)
  for (const row of order) isInView[row] = 1
  const fresh = rows.filter((row) => isKnown[row] === 0 && isInView[row] === 0)
  const followed = fresh.length === 0 ? order : withFresh(order, rows, fresh, (row) => isInView[row] === 1 && isLive[row] === 1, beside)
  const seen = followed.filter((row) => isLive[row] === 1)
  if (seen.length < followed.length) withRowsGone.set(seen, followed)
  return seen
}

/** Of a view that rows have left: its order with them, for the step that brings them back. */
const withRowsGone = new WeakMap<Uint32Array, Uint32Array>()

function withFresh(
  order: Uint32Array,
  rows: Uint32Array,
  fresh: Uint32Array,
  isSeen: (row: number) => boolean,
  beside: Beside,
): Uint32Array {
  const isFresh = new Set(fresh)
  const beyond = -1
  const groups = new Map<number, number[]>()
  const put = (run: Iterable<number>, neighbour: number | undefined): void => {
    const anchor = beside === 'end' || neighbour === undefined || !isSeen(neighbour) ? beyond : neighbour
    const group = groups.get(anchor)
    if (group === undefined) groups.set(anchor, [...run])
    else for (const row of run) group.push(row)
  }
  for (let i = 0; i < rows.length; i++) {
    if (!isFresh.has(rows[i]!)) continue
    const first = i
    while (i + 1 < rows.length && isFresh.has(rows[i + 1]!)) i++
    put(rows.subarray(first, i + 1), beside === 'below' ? rows[first - 1] : rows[i + 1])
  }
  const next = new Uint32Array(order.length + fresh.length)
  let at = 0
  const write = (some: readonly number[] | undefined): void => {
    for (const row of some ?? []) next[at++] = row
  }
  for (const row of order) {
    if (beside === 'above') write(groups.get(row))
    next[at++] = row
    if (beside === 'below') write(groups.get(row))
  }
  write(groups.get(beyond))
  return next
}

/** Before a draft leaves memory: the counts as they are now, and a snapshot where one is due. */
export function settle(draft: Draft): void {
  if (draft.file.heldBy !== null) return
  const { rows, summary, view } = draft.kept
  draft.file.saveFacts({ rows, summary, view, inUseSince: null })
  snapshotIfLong(draft, true)
}

/** At the end a shorter log is worth it, too: the next opening has nothing to go through again. */
export function snapshotIfLong(draft: Draft, isLeaving = false): void {
  const { file, table, kept } = draft
  if (file.heldBy !== null || file.lastEntry === kept.snapshotEntry) return
  const entries = file.lastEntry - kept.snapshotEntry
  const { base, used } = table.store
  const share = isLeaving ? 0 : (base + used) * logShare
  const isLong = draft.bytesSinceSnapshot > Math.max(logBytesAtLeast, share) || entries > logEntriesAtMost
  if (!isLong) return
  const facts = { snapshotEntry: file.lastEntry, rows: kept.rows, summary: kept.summary }
  file.saveParts(partsOf('table', table), facts)
  draft.kept = { ...kept, ...facts }
  draft.bytesSinceSnapshot = 0
}
