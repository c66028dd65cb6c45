import Type, { type Static } from 'typebox'
import type { ColumnKind, CellValueKind, ColumnMatch } from '../core/catalogue/column.ts'
import { packageNames, type PackageName } from '../core/catalogue/packages.ts'
import type { SourceFacts } from '../core/csv/source-facts.ts'
import type { CellChange, Change, ChangeSummary, Intent, PackageCount } from '../core/diff/change-set.ts'
import type { DamageLine } from '../core/rules/damage.ts'
import type { Finding, NotRun, Severity } from '../core/rules/finding.ts'
import { command, query } from './method.ts'

const strict = { additionalProperties: false } as const
const draftRef = { draftId: Type.String() }
const rowIds = Type.Array(Type.Integer({ minimum: 0 }))
const columnIndex = Type.Integer({ minimum: 0 })
const index = Type.Integer({ minimum: 0 })
export const languageSchema = Type.Enum(['en', 'nb', 'da'])

export type { DamageLine } from '../core/rules/damage.ts'

/** A file that the host handed over: bytes stay in the backend, the window holds the ticket. */
export interface FileTicket {
  readonly ticket: string
  readonly name: string
  readonly size: number
}

export interface DraftColumn {
  /** The column's index in the draft's table: stable for the life of the draft. Cells of a window come in the order of `columns`. */
  readonly index: number
  readonly header: string
  /** Catalogue id, or null for an unknown column. */
  readonly column: string | null
  /** The catalogue's own name for it. */
  readonly name: string | null
  readonly kind: ColumnKind
  readonly value: CellValueKind
  readonly package: PackageName | null
  readonly match: ColumnMatch
}

export interface DraftListItem {
  readonly id: string
  readonly name: string
  readonly customer: string | null
  readonly rows: number
  readonly changedAt: string
  readonly summary: Readonly<Record<Severity, number>>
  /** Set where the draft's file is damaged or another process holds it. */
  readonly trouble: 'damaged' | 'locked' | null
}

export interface StepName {
  /** `set-cells`, `replace`, `fix`, `paste`, `set-package`, `remove-users`, `delete-rows` … */
  readonly kind: string
  readonly count: number
  readonly column?: string
  readonly rule?: string
  readonly to?: string
}

export interface DraftState {
  readonly id: string
  readonly name: string
  readonly customer: string | null
  readonly source: SourceFacts
  /** True when this process may not write: another one holds the draft. */
  readonly readOnly: boolean
  /** Counts every change; `savedRevision` is the last one that is durably on disk. */
  readonly revision: number
  readonly savedRevision: number
  readonly rows: number
  readonly columns: readonly DraftColumn[]
  /** Index of the email column among `columns`, or null. */
  readonly emailColumn: number | null
  readonly findings: Readonly<Record<Severity, number>>
  readonly byRule: readonly { readonly rule: string; readonly severity: Severity; readonly count: number; readonly safeFixes: number }[]
  readonly notRun: readonly NotRun[]
  readonly safeFixes: number
  readonly packages: readonly { readonly package: PackageName; readonly users: number; readonly limit?: number }[]
  readonly baseline: { readonly name: string; readonly users: number; readonly takenAt: string; readonly kind: 'file' | 'store' } | null
  readonly changes: (ChangeSummary & { readonly absent: number }) | null
  readonly confirmedRemovals: number
  readonly undo: StepName | null
  readonly redo: StepName | null
  readonly view: ViewState
  readonly damage: readonly DamageLine[]
  /** The program ended without closing the draft, and nothing was lost: how many steps of that time came back, the last one by name. */
  readonly recovered?: { readonly steps: number; readonly last: StepName & { readonly at: string } }
  /** What Control Hub's error file said of the draft's users; absent where none was read. */
  readonly importErrors?: ImportErrorSummary
}

/** An error file, counted. `attributes` and `licence`: the two errors that taking the package away and giving it again repairs. */
export interface ImportErrorSummary {
  readonly name: string
  readonly total: number
  /** Messages about users that the draft does not have. */
  readonly notFound: number
  readonly attributes: number
  readonly licence: number
}

export const conditionSchema = Type.Union([
  Type.Object({ kind: Type.Literal('values'), column: columnIndex, texts: Type.Array(Type.String()) }, strict),
  Type.Object(
    {
      kind: Type.Literal('text'),
      column: columnIndex,
      test: Type.Enum(['contains', 'not-contains', 'equals', 'starts', 'ends', 'matches', 'blank', 'not-blank']),
      text: Type.String(),
    },
    strict,
  ),
  Type.Object({ kind: Type.Literal('severity'), severity: Type.Enum(['error', 'warning', 'info', 'any']) }, strict),
  Type.Object({ kind: Type.Literal('rule'), rule: Type.String() }, strict),
  Type.Object(
    { kind: Type.Literal('intent'), intent: Type.Enum(['add', 'update', 'packageChange', 'remove', 'rename', 'unchanged', 'changed']) },
    strict,
  ),
  Type.Object({ kind: Type.Literal('package'), packages: Type.Array(Type.Union([Type.Enum([...packageNames]), Type.Null()])) }, strict),
  Type.Object({ kind: Type.Literal('search'), text: Type.String() }, strict),
])
export type Condition = Static<typeof conditionSchema>

export const viewSchema = Type.Object(
  {
    sort: Type.Array(Type.Object({ column: columnIndex, direction: Type.Enum(['up', 'down']) }, strict)),
    filter: Type.Array(conditionSchema),
  },
  strict,
)
export type View = Static<typeof viewSchema>
/** A view with what it shows: `rows` of the draft's rows pass the filter. `number` rises with each new order. */
export type ViewState = View & { readonly number: number; readonly rows: number }

/** Rows of texts. A large paste has a million of them, so they are looked at by one plain loop and not each by a schema of its own. */
const textBlockSchema = Type.Refine(
  Type.Unsafe<(string | null)[][]>({ type: 'array' }),
  (rows) =>
    Array.isArray(rows) && rows.every((row) => Array.isArray(row) && row.every((text) => text === null || typeof text === 'string')),
  () => 'must be rows of texts',
)

export const editSchema = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('set-cells'),
      cells: Type.Array(Type.Object({ row: index, column: columnIndex, text: Type.String() }, strict)),
    },
    strict,
  ),
  /** A block of texts onto rows × columns: repeated where smaller than the block, as spreadsheets do. `rows` are row ids; null leaves a cell. */
  Type.Object(
    {
      kind: Type.Literal('paste'),
      rows: rowIds,
      columns: Type.Array(columnIndex),
      texts: textBlockSchema,
      exceptBlank: Type.Optional(Type.Boolean()),
      /** Rows to add at the end for what does not fit. */
      grow: Type.Optional(Type.Boolean()),
    },
    strict,
  ),
  /** The same text into many cells of one or more columns. `rows` null: all rows of the present view. */
  Type.Object(
    { kind: Type.Literal('fill'), rows: Type.Union([rowIds, Type.Null()]), columns: Type.Array(columnIndex), text: Type.String() },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('replace'),
      find: Type.String({ minLength: 1 }),
      replace: Type.String(),
      columns: Type.Union([Type.Array(columnIndex), Type.Null()]),
      rows: Type.Union([rowIds, Type.Null()]),
      matchCase: Type.Boolean(),
      wholeCell: Type.Boolean(),
      regex: Type.Boolean(),
    },
    strict,
  ),
  Type.Object(
    { kind: Type.Literal('insert-rows'), before: Type.Union([index, Type.Null()]), rows: Type.Array(Type.Array(Type.String())) },
    strict,
  ),
  Type.Object({ kind: Type.Literal('duplicate-rows'), rows: rowIds }, strict),
  Type.Object({ kind: Type.Literal('delete-rows'), rows: rowIds }, strict),
  /** Sets the package of users: one package column TRUE, the other package columns FALSE. */
  Type.Object(
    { kind: Type.Literal('set-package'), rows: Type.Union([rowIds, Type.Null()]), package: Type.Enum([...packageNames]) },
    strict,
  ),
  /** The explicit removal of users: every package column FALSE, and confirmed in the same step. */
  Type.Object({ kind: Type.Literal('remove-users'), rows: rowIds, confirmedCount: index }, strict),
  Type.Object({ kind: Type.Literal('rename-column'), column: columnIndex, header: Type.String() }, strict),
  Type.Object({ kind: Type.Literal('drop-column'), column: columnIndex }, strict),
  Type.Object({ kind: Type.Literal('insert-column'), position: index, header: Type.String(), text: Type.Optional(Type.String()) }, strict),
])
export type DraftEdit = Static<typeof editSchema>

/** Which findings a repair takes: one place, all alike (same rule), or every safe one. */
export const fixSelectionSchema = Type.Union([
  Type.Object({ scope: Type.Literal('one'), finding: index }, strict),
  Type.Object({ scope: Type.Literal('rule'), rule: Type.String(), includeAsk: Type.Boolean() }, strict),
  Type.Object({ scope: Type.Literal('all-safe') }, strict),
  /** What a spreadsheet program did to the file, as far as it can be brought back: with repairs that are shown for a decision. */
  Type.Object({ scope: Type.Literal('damage') }, strict),
])

export interface FixPreview {
  readonly cells: number
  readonly columns: number
  /** That get the header's number of cells. */
  readonly rows: number
  /** Rows that go out. */
  readonly removed: number
  readonly byRule: Readonly<Record<string, number>>
  readonly samples: readonly { readonly row: number; readonly column: string; readonly before: string; readonly after: string }[]
}

export interface EditResult {
  readonly revision: number
  readonly cells: number
  readonly state: DraftState
}

export interface WindowRow {
  /** Row id: what edits speak of. */
  readonly id: number
  /** The spreadsheet's row number; 0 for a row that came from no file. */
  readonly number: number
  /** One text per asked-for column. */
  readonly cells: readonly string[]
  /** Worst severity of the row's findings. */
  readonly severity: Severity | null
  /** Marked cells: index into `cells`, severity. */
  readonly marks: readonly { readonly cell: number; readonly severity: Severity }[]
  readonly intent: Intent | 'unchanged' | null
  /** Cells that differ from the baseline, with its text. */
  readonly before: readonly { readonly cell: number; readonly text: string }[]
  readonly package: PackageName | null
  readonly isRemoval: boolean
}

export interface RowWindow {
  readonly revision: number
  readonly view: number
  readonly from: number
  readonly total: number
  readonly rows: readonly WindowRow[]
}

/** A finding with the place to go to. `finding` is its index in the present revision's list. */
export interface PlacedFinding extends Finding {
  readonly finding: number
  readonly rowId: number | null
  readonly columnIndex: number | null
  /** The row's place in the present view, or null where the filter hides it. */
  readonly viewRow: number | null
}

export interface ChangeGroup {
  readonly key: string
  readonly intent: Intent
  readonly count: number
  /** The cell changes that all members share, a package change as one field. */
  readonly changes: readonly CellChange[]
}

export interface ChangesOverview {
  readonly summary: ChangeSummary & { readonly absent: number }
  readonly packages: readonly PackageCount[]
  readonly groups: readonly ChangeGroup[]
  readonly risks: readonly {
    readonly kind: 'remove' | 'loses-calling' | 'rename' | 'administrator' | 'unknown-domain' | 'over-limit' | 'ignored'
    readonly count: number
  }[]
}

export interface PlacedChange extends Change {
  readonly rowId: number
}

export const draftMethods = {
  'drafts.list': query<readonly DraftListItem[]>()(Type.Object({}, strict)),
  /** Looks at a file without making a draft. */
  'files.inspect': query<{
    readonly facts: SourceFacts
    readonly rows: number
    readonly columns: readonly DraftColumn[]
    readonly packages: readonly { readonly package: PackageName; readonly users: number }[]
    readonly preview: readonly (readonly string[])[]
  }>()(Type.Object({ ticket: Type.String(), sheet: Type.Optional(Type.String()) }, strict)),
  'drafts.create': command<DraftState>()(
    Type.Object(
      {
        ticket: Type.String(),
        sheet: Type.Optional(Type.String()),
        customer: Type.Optional(Type.String()),
        baselineTicket: Type.Optional(Type.String()),
        job: Type.Optional(Type.String()),
      },
      strict,
    ),
  ),
  /** A draft over the sample data that ships with Roster, with its baseline. */
  'drafts.createSample': command<DraftState>()(Type.Object({ job: Type.Optional(Type.String()) }, strict)),
  'drafts.open': command<DraftState>()(Type.Object({ ...draftRef, job: Type.Optional(Type.String()) }, strict)),
  'drafts.state': query<DraftState>()(Type.Object(draftRef, strict)),
  'drafts.close': command<null>()(Type.Object(draftRef, strict)),
  'drafts.rename': command<DraftState>()(Type.Object({ ...draftRef, name: Type.String({ minLength: 1 }) }, strict)),
  'drafts.delete': command<null>()(Type.Object({ ...draftRef, confirmedName: Type.String() }, strict)),
  'drafts.setCustomer': command<DraftState>()(Type.Object({ ...draftRef, customer: Type.Union([Type.String(), Type.Null()]) }, strict)),
  'drafts.setBaseline': command<DraftState>()(
    Type.Object(
      {
        ...draftRef,
        baseline: Type.Union([
          Type.Object({ kind: Type.Literal('file'), ticket: Type.String() }, strict),
          Type.Object({ kind: Type.Literal('store') }, strict),
          Type.Object({ kind: Type.Literal('none') }, strict),
        ]),
        job: Type.Optional(Type.String()),
      },
      strict,
    ),
  ),
  'drafts.window': query<RowWindow>()(
    Type.Object({ ...draftRef, from: index, count: Type.Integer({ minimum: 1, maximum: 1000 }), columns: Type.Array(columnIndex) }, strict),
  ),
  /** One user, whole: for the record view. */
  'drafts.row': query<{ readonly row: WindowRow; readonly findings: readonly PlacedFinding[] }>()(
    Type.Object({ ...draftRef, row: index, language: languageSchema }, strict),
  ),
  /** Row ids of a stretch of the view: what a selection over unseen rows means. */
  'drafts.rowIds': query<readonly number[]>()(Type.Object({ ...draftRef, from: index, count: Type.Integer({ minimum: 0 }) }, strict)),
  /** The texts of a block, for the clipboard. */
  'drafts.block': query<readonly (readonly string[])[]>()(
    Type.Object({ ...draftRef, from: index, count: Type.Integer({ minimum: 0 }), columns: Type.Array(columnIndex) }, strict),
  ),
  'drafts.setView': command<ViewState>()(Type.Object({ ...draftRef, view: viewSchema, job: Type.Optional(Type.String()) }, strict)),
  'drafts.distinct': query<{ readonly values: readonly { readonly text: string; readonly count: number }[]; readonly more: boolean }>()(
    Type.Object(
      {
        ...draftRef,
        column: columnIndex,
        search: Type.Optional(Type.String()),
        limit: Type.Integer({ minimum: 1, maximum: 5000 }),
        job: Type.Optional(Type.String()),
      },
      strict,
    ),
  ),
  /** The next cell that holds a text, in view order from a place on; and how many there are. */
  'drafts.find': query<{ readonly viewRow: number; readonly column: number; readonly nth: number; readonly total: number } | null>()(
    Type.Object(
      {
        ...draftRef,
        find: Type.String({ minLength: 1 }),
        columns: Type.Union([Type.Array(columnIndex), Type.Null()]),
        matchCase: Type.Boolean(),
        wholeCell: Type.Boolean(),
        regex: Type.Boolean(),
        from: Type.Object({ viewRow: index, column: columnIndex }, strict),
        direction: Type.Enum(['next', 'previous']),
        /** Stretches of view rows, ends included, to look in; absent: all of the view. */
        within: Type.Optional(Type.Array(Type.Object({ from: index, to: index }, strict))),
        job: Type.Optional(Type.String()),
      },
      strict,
    ),
  ),
  'drafts.edit': command<EditResult>()(
    Type.Object({ ...draftRef, revision: Type.Optional(index), edit: editSchema, job: Type.Optional(Type.String()) }, strict),
  ),
  'drafts.undo': command<EditResult>()(Type.Object(draftRef, strict)),
  'drafts.redo': command<EditResult>()(Type.Object(draftRef, strict)),
  /** The step list: the newest first; `current` is the number of steps that are in force. */
  'drafts.history': query<{ readonly steps: readonly (StepName & { readonly at: string })[]; readonly current: number }>()(
    Type.Object(draftRef, strict),
  ),
  'drafts.goToStep': command<EditResult>()(Type.Object({ ...draftRef, step: index }, strict)),
  'drafts.confirmRemovals': command<DraftState>()(Type.Object({ ...draftRef, count: index }, strict)),
  'findings.list': query<{ readonly revision: number; readonly total: number; readonly findings: readonly PlacedFinding[] }>()(
    Type.Object(
      {
        ...draftRef,
        rule: Type.Optional(Type.String()),
        severity: Type.Optional(Type.Enum(['error', 'warning', 'info'])),
        from: index,
        count: Type.Integer({ minimum: 1, maximum: 500 }),
        language: languageSchema,
      },
      strict,
    ),
  ),
  /** The next finding in view order from a row and column on. */
  'findings.next': query<PlacedFinding | null>()(
    Type.Object(
      {
        ...draftRef,
        fromViewRow: Type.Integer({ minimum: -1 }),
        fromColumn: Type.Integer({ minimum: -1 }),
        direction: Type.Enum(['next', 'previous']),
        severity: Type.Optional(Type.Enum(['error', 'warning', 'info'])),
        language: languageSchema,
      },
      strict,
    ),
  ),
  'findings.previewFix': query<FixPreview>()(Type.Object({ ...draftRef, selection: fixSelectionSchema }, strict)),
  'findings.fix': command<EditResult>()(Type.Object({ ...draftRef, selection: fixSelectionSchema }, strict)),
  /** Passes over a warning, with a reason that travels with the batch. Errors cannot be ignored. */
  'findings.ignore': command<DraftState>()(
    Type.Object({ ...draftRef, finding: index, reason: Type.String({ minLength: 1 }), alike: Type.Boolean() }, strict),
  ),
  'changes.overview': query<ChangesOverview>()(Type.Object(draftRef, strict)),
  'changes.list': query<{ readonly total: number; readonly changes: readonly PlacedChange[] }>()(
    Type.Object(
      {
        ...draftRef,
        intent: Type.Optional(Type.Enum(['add', 'update', 'packageChange', 'remove', 'rename'])),
        group: Type.Optional(Type.String()),
        from: index,
        count: Type.Integer({ minimum: 1, maximum: 500 }),
      },
      strict,
    ),
  ),
} as const
