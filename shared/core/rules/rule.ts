import type { RecognisedColumn } from '../catalogue/column.ts'
import type { Language } from '../../kit/language.ts'
import type { UserColumns } from '../catalogue/user-columns.ts'
import type { CheckContext } from './context.ts'
import type { Fix, Severity } from './finding.ts'
import type { RuleFacts, RuleId } from './rule-facts.ts'
import type { FieldName, User } from './user.ts'

/** What a rule cannot do without. `or`: one of them is enough. */
export type Need =
  | 'baseline'
  | 'customer.packages'
  | 'customer.packages.limit'
  | 'customer.locations'
  | 'customer.sites'
  | 'customer.numbers'
  | 'customer.administrators'
  | 'customer.createdWith'
  | 'customer.extensionLength'
  | 'customer.emailDomains'
  | 'customer.directorySynced'

/** Where a finding stands, with what a rule needs to put it into words or repair it. */
export interface Place {
  readonly context: CheckContext
  /** -1: the file or a column. */
  readonly row: number
  /** Index into the table's columns; -1: a whole row, or the file. */
  readonly column: number
  /** What the rule noted when it fired: another row, a package, a count. */
  readonly extra: number
  /** The cell's own text; empty where there is no cell. */
  readonly text: string
  readonly header: string
  user(): User
}

/** What stands beside every condition: a row of rules.md. */
export interface RuleRow<Id extends RuleId> {
  readonly id: Id
  readonly on: 'file' | 'column' | 'row' | 'cell'
  /** The severities it can have, the gravest first. */
  readonly severity: readonly [Severity, ...Severity[]]
  /** When it fires, for docs/rules.md. */
  readonly when: string
  /** The columns it looks at, for docs/rules.md. */
  readonly columns: string
  /** Every one of these must be there; of an inner list one is enough. */
  readonly needs: readonly (Need | readonly Need[])[]
  /** Where the rule comes from (tags of the domain notes), and how sure it is: S stated, O observed, F inferred. */
  readonly source: string
  readonly fix?: 'safe' | 'ask'
  /** Runs on a user to be removed, too. */
  readonly onRemovals?: boolean
  facts(place: Place): RuleFacts[Id]
  repair?(place: Place): Fix | null
}

/** Looks at the text of one cell and at nothing else: runs once per distinct text where a column is coded. */
export interface ShapeCondition {
  readonly kind: 'shape'
  holds(text: string, column: RecognisedColumn, context: CheckContext): boolean
  /** Narrows by the user's packages (bits of `packageBit`) where the text alone does not decide. Asked once for each set of packages. */
  applies?(packages: number): boolean
  severityFor?(packages: number): Severity
}

export type Emit = (row: number, column: number, extra?: number, severity?: Severity) => void

/** The same for the first `count` of these rows, each with what was noted of it, in the rule's usual severity. */
export type EmitMany = (column: number, rows: Int32Array, extras: Int32Array, count: number) => void

/** The columns whose cells a condition looks at: fields of the user, or indexes into the table's columns. */
export type ReadColumns = readonly FieldName[] | ((context: CheckContext) => readonly number[])

interface RowCondition {
  /**
   * What its findings of a row follow from, beside the user's packages, the baseline and the profile. Absent: from any cell. An edit of
   * other columns leaves the findings of such a rule as they are.
   */
  readonly reads?: ReadColumns
}

/** Looks at one user as it will be. */
export interface UserCondition extends RowCondition {
  readonly kind: 'user'
  /**
   * Given where the outcome for a user without a baseline depends on nothing but the packages, whether it is a removal, and the
   * `CellState` of these fields (of a phone cell also on its numbers where they are not one plain number): then one user answers for all alike.
   */
  readonly sees?: readonly FieldName[]
  check(user: User, emit: Emit): void
}

/**
 * Looks at every user in turn and remembers what it saw: uniqueness above all. All sweeps and user conditions share one walk over the
 * rows, so that a cell is read once for all of them.
 */
export interface SweepCondition extends RowCondition {
  readonly kind: 'sweep'
  begin(context: CheckContext, emit: Emit): (user: User) => void
  /** The same for all rows at once, where the columns allow a quicker way. False: they do not, and nothing was done. */
  whole?(context: CheckContext, emit: Emit, emitMany: EmitMany): boolean
}

/** Looks at all rows together: uniqueness, limits, pairs. */
export interface TableCondition extends RowCondition {
  readonly kind: 'table'
  /** What it says of a row follows from other rows too: where an edit touches what it reads, all rows are asked again. */
  readonly isOfAllRows?: true
  check(context: CheckContext, emit: Emit): void
}

export type Condition = ShapeCondition | UserCondition | SweepCondition | TableCondition

/** A rule with its types of facts forgotten, as the runner keeps it. */
export interface Rule extends Omit<RuleRow<RuleId>, 'facts' | 'id'> {
  /** A `RuleId`, or `custom/…` for a rule of the customer's own. */
  readonly id: string
  readonly condition: Condition
  facts(place: Place): RuleFacts[RuleId]
  /** The words of a customer's own rule, which has none in `text/`. */
  readonly words?: (place: Place, language: Language) => string
  /** The column that a rule of the customer's own asks about and the file lacks; null where it can run. */
  readonly missing?: (context: CheckContext) => string | null
}

/** A rule: a row of data and one condition. Its words stand in `text/`. */
export const rule = <Id extends RuleId>(row: RuleRow<Id>, condition: Condition): Rule => ({ ...row, condition })

/**
 * Rules on the shape of one kind of cell. Of a `chain` the first that holds is the cell's one finding; of the others each
 * that holds is.
 */
export interface ShapeFamily {
  readonly isChain: boolean
  /** `users` says which column counts where a file has two of one meaning. */
  appliesTo(column: RecognisedColumn, users: UserColumns): boolean
  /** Columns that a removal needs, too: there its rules run on users to be removed. */
  onRemovals?(column: RecognisedColumn, users: UserColumns): boolean
  /** `raw`: the cell as it is, blank cells too. `trimmed`: without surrounding white space; blank cells and `(clear)` are passed over. */
  readonly reads: 'raw' | 'trimmed'
  /** A quick yes to the common case: no rule of the family can hold. */
  isSound?(text: string): boolean
  /** The same yes from the bytes of a cell, for columns where every text is another: what is sound is never decoded. */
  isSoundBytes?(bytes: Uint8Array, start: number, end: number, context: CheckContext): boolean
  /** Bits of `CellMark` that say the same where the reader of the file has marked the cell. */
  readonly soundMark?: number
  /** Its rules are asked about blank cells and `(clear)` too, as an empty text. */
  readonly seesBlank?: boolean
  /** Bits of `flagsOf` without which no rule of the family can hold. */
  flags?(column: RecognisedColumn): number
  readonly rules: readonly Rule[]
}
