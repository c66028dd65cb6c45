import type { CheckContext } from './context.ts'
import type { Rule } from './rule.ts'

/** What an edit can touch beside the cells themselves. */
export interface Touch {
  readonly rows: Uint32Array
  readonly columns: readonly number[]
  readonly isEmail: boolean
  /** Who is whom of the baseline. */
  readonly isIdentity: boolean
  /** Packages may be others, also because another user's are kept. */
  readonly isPackage: boolean
  /** New users may be taken for other vanished ones than before. */
  readonly isPeople: boolean
  readonly isPhone: boolean
  readonly isExtension: boolean
}

/** Sets of rows, as bits: those that were edited, and those that may share with them what nobody else may hold. */
export const edited = 1
export const sharingPhones = 2
export const sharingExtensions = 4
export const sharingEmails = 8
export const everySet = edited | sharingPhones | sharingExtensions | sharingEmails
/** Not of rows but of the whole table: a rule that is quick to ask. */
export const anyRow = 16

/** What an edit of the cells of `rows` in `columns` can touch. Asked before it is carried out. */
export function touchOf(context: CheckContext, rows: Uint32Array, columns: readonly number[]): Touch {
  const { users } = context
  const touches = (...wanted: readonly number[]): boolean => wanted.some((column) => columns.includes(column))
  const isEmail = users.email >= 0 && touches(users.email)
  const isIdentity = isEmail && context.baseline !== null
  const isPackage = isIdentity || touches(...packageColumnsOf(context))
  const kept = context.baseline !== null && isPackage
  const isOfPeople = touches(users.firstName, users.lastName, users.phone, users.extension)
  const isPeople = isIdentity || (context.baseline !== null && isOfPeople && rows.some((row) => context.baselineRowOf[row]! < 0))
  return {
    rows,
    columns,
    isEmail,
    isIdentity,
    isPackage,
    isPeople,
    // Whoever was renamed may keep the number.
    isPhone: isEmail || kept || isPeople || touches(users.phone),
    isExtension: isEmail || kept || touches(users.extension, users.location),
  }
}

/** The set of rows for which an edit can change what a rule says; 0: none. */
export function scopeOf(context: CheckContext, rule: Rule, touch: Touch): number {
  const { columns, isEmail, isPhone, isExtension, isPackage, isPeople } = touch
  const { condition, id } = rule
  if (!isOfRows(rule)) return 0
  if (id === renamedRule) return isPeople ? anyRow : 0
  if (id === phoneRule) return isPhone ? sharingPhones : 0
  if (extensionRules.includes(id)) return isExtension ? sharingExtensions : 0
  if (id === emailRule) return isEmail ? sharingEmails : 0
  const scope = asksAllRows(rule) ? anyRow : edited
  if (condition.kind === 'shape' || condition.reads === undefined) return scope
  const { reads } = condition
  const read = typeof reads === 'function' ? reads(context) : reads.map((field) => context.fields[field].index)
  if (isPackage && (scope === edited || read.some((column) => packageColumnsOf(context).includes(column)))) return scope
  return read.some((column) => columns.includes(column)) ? scope : 0
}

/** Whether what a rule says of few rows stays, whichever these are. */
export const staysAsSaid = (rule: Rule, touch: Touch): boolean =>
  asksAllRows(rule) ||
  (rule.id === renamedRule && !touch.isPeople) ||
  (rule.id === phoneRule && !touch.isPhone) ||
  (extensionRules.includes(rule.id) && !touch.isExtension)

const renamedRule = 'identity/renamed'
const phoneRule = 'phone/duplicate'
const emailRule = 'email/duplicate'
const extensionRules: readonly string[] = ['extension/duplicate', 'extension/duplicate-elsewhere']

export const asksAllRows = ({ condition }: Rule): boolean => condition.kind === 'table' && condition.isOfAllRows === true

/** What is said of the file and its columns does not follow from single cells, but for the limits of packages. */
export const isOfRows = ({ on }: Rule): boolean => on !== 'file' && on !== 'column'

const packageColumnsOf = ({ users }: CheckContext): readonly number[] => [...users.packages.values()].flat()
