import { packageNames, type PackageName } from '../../catalogue/packages.ts'
import { readBoolean } from '../../catalogue/read-boolean.ts'
import { emailKey } from '../../diff/cell-meaning.ts'
import { packageBit } from '../../diff/paired-columns.ts'
import { licenceReader, Licence } from '../cell-reader.ts'
import { rowSlices, sliceLength } from '../coded-rows.ts'
import { callingBits, isOne, namesOf, RowFlag, type CheckContext } from '../context.ts'
import { rule, type Place, type Rule, type ShapeFamily } from '../rule.ts'
import type { RowId } from '../../table/table.ts'

const onRow = { on: 'row', columns: 'the package columns', needs: [] } as const
const standard = packageBit('Webex Calling Standard')
const meetings = packageBit('Webex Meetings')
const refusedToStandard = packageBit('Webex Calling') | packageBit('Webex Suite') | packageBit('Customer Assist')

const before = (place: Place): string => namesOf(place.user().packagesBefore).join(', ')
const after = (place: Place): string => namesOf(place.user().packages).join(', ')

/** A number confirms all removals if there are just so many: a row that slipped in later is not confirmed by it. */
function isConfirmed(context: CheckContext, email: string): boolean {
  const confirmed = context.input.confirmedRemovals
  if (confirmed === undefined) return false
  return typeof confirmed === 'number' ? confirmed === context.removals && confirmed > 0 : confirmed.has(emailKey(email))
}

/** Users per package once imported: those that the file does not mention keep what they have. */
export function usersPerPackage(context: CheckContext): Map<PackageName, number> {
  const counts = new Array<number>(packageNames.length).fill(0)
  const add = (bits: number): void => {
    for (let i = 0; i < counts.length; i++) if ((bits & (1 << i)) !== 0) counts[i]!++
  }
  for (let i = 0; i < context.rows.length; i++) {
    const row = context.rows[i]!
    if (context.sameEmailAs[row]! < 0) add(context.packages[row]!)
  }
  if (context.baseline !== null) {
    const heldBy = heldPackagesReader(context.baseline)
    for (const row of context.baseline.table.rows) if (context.isMentioned[row] === 0) add(heldBy(row))
  }
  return new Map(packageNames.map((name, i) => [name, counts[i]!]))
}

/** Puts into `found` the rows without a package, but for removals and where a cell cannot be read; gives their count. */
function findWithout(rows: Uint32Array, packages: Uint8Array, flags: Uint8Array, found: Uint32Array): number {
  let count = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if ((packages[row]! | flags[row]!) === 0) found[count++] = row
  }
  return count
}

/** Puts into `found` the rows with more than one package; gives their count. */
function findSeveral(rows: Uint32Array, packages: Uint8Array, found: Uint32Array): number {
  let count = 0
  for (let i = 0; i < rows.length; i++) {
    const bits = packages[rows[i]!]!
    if ((bits & (bits - 1)) !== 0) found[count++] = rows[i]!
  }
  return count
}

/** A package with columns of several subscriptions: TRUE in two of them, it would take two seats. A column that stands twice is said of the file. */
interface SharedPackage {
  readonly columns: readonly number[]
  /** By place among `columns`. */
  readonly subscriptions: readonly (string | null)[]
  readonly licences: readonly ((row: RowId) => number)[]
}

const sharedPackages = ({ users, table, recognised }: CheckContext): SharedPackage[] =>
  [...users.packages.values()].flatMap((columns) => {
    const subscriptions = columns.map((column) => recognised(column)?.subscription ?? null)
    if (new Set(subscriptions).size < 2) return []
    return [{ columns, subscriptions, licences: columns.map((column) => licenceReader(table.columns[column]!)) }]
  })

function isGivenTwice({ subscriptions, licences }: SharedPackage, row: RowId): boolean {
  let first = -1
  for (let i = 0; i < licences.length; i++) {
    if (licences[i]!(row) !== Licence.yes) continue
    if (first < 0) first = i
    else if (subscriptions[i] !== subscriptions[first]) return true
  }
  return false
}

/** The columns in which a row has one and the same package TRUE for several subscriptions. */
function givenTwice(context: CheckContext, row: RowId): readonly number[] {
  const twice = sharedPackages(context).find((one) => isGivenTwice(one, row))
  return twice === undefined ? [] : twice.columns.filter((_, place) => twice.licences[place]!(row) === Licence.yes)
}

/** Bits of the packages that a row of the baseline holds. */
export function heldPackagesReader({ table, users }: NonNullable<CheckContext['baseline']>): (row: RowId) => number {
  const readers = [...users.packages].flatMap(([name, columns]) =>
    columns.map((column) => ({ bit: packageBit(name), read: licenceReader(table.columns[column]!) })),
  )
  return (row) => readers.reduce((bits, { bit, read }) => (read(row) === Licence.yes ? bits | bit : bits), 0)
}

const notBought = rule(
  {
    id: 'package/not-bought',
    on: 'cell',
    columns: 'the package columns',
    needs: ['customer.packages'],
    severity: ['error'],
    when: 'TRUE for a package that the customer has not bought',
    source: 'S: PROV',
    facts: ({ context, column }) => ({
      package: context.recognised(column)?.column?.package ?? '',
      customer: context.input.customer?.name ?? '',
    }),
  },
  {
    kind: 'shape',
    holds(text, column, context) {
      const name = column.column?.package
      return name !== undefined && context.customer !== null && !context.customer.bought.has(name) && readBoolean(text)?.value === true
    },
  },
)

const commonArea = rule(
  {
    id: 'package/common-area',
    on: 'cell',
    columns: 'a Common Area column',
    needs: [],
    severity: ['error'],
    when: 'Common Area set for a user',
    source: 'S: OAS, PROV',
    facts: () => ({}),
  },
  { kind: 'shape', holds: (text) => readBoolean(text)?.value === true },
)

export const packageRules: readonly Rule[] = [
  rule(
    {
      ...onRow,
      id: 'package/several',
      severity: ['error'],
      when: 'more than one package TRUE, or one package TRUE in the columns of two subscriptions',
      source: 'S: PROV, OAS',
      facts: (place) => {
        const { packages } = place.user()
        const given = isOne(packages) ? givenTwice(place.context, place.row) : []
        return { packages: given.length > 0 ? given.map((column) => place.context.table.columns[column]!.header).join(', ') : after(place) }
      },
    },
    {
      kind: 'table',
      reads: [],
      check(context, emit) {
        const found = new Uint32Array(sliceLength(context.rows))
        const emitFound = (count: number): void => {
          for (let i = 0; i < count; i++) emit(found[i]!, -1)
        }
        for (const { rows } of rowSlices(context.rows)) emitFound(findSeveral(rows, context.packages, found))
        for (const shared of sharedPackages(context)) {
          for (let i = 0; i < context.rows.length; i++) {
            const row = context.rows[i]!
            if (isOne(context.packages[row]!) && isGivenTwice(shared, row)) emit(row, -1)
          }
        }
      },
    },
  ),
  rule(
    {
      ...onRow,
      id: 'package/none',
      severity: ['error'],
      when: 'new user (or no baseline) with no package TRUE, and not a removal; an existing user who loses the last package without being removed',
      source: 'S: PROV',
      facts: () => ({}),
    },
    {
      kind: 'table',
      reads: [],
      check(context, emit) {
        // Without any package column that is said once, of the file.
        if (context.users.packages.size === 0) return
        const { packagesBefore, baselineRowOf } = context
        const found = new Uint32Array(sliceLength(context.rows))
        const emitFound = (count: number): void => {
          for (let i = 0; i < count; i++) {
            const row = found[i]!
            // An existing user loses the last package beside blank cells: that is no removal, and no sound change either.
            if (baselineRowOf[row]! < 0 || packagesBefore[row] !== 0) emit(row, -1)
          }
        }
        for (const { rows } of rowSlices(context.rows)) emitFound(findWithout(rows, context.packages, context.flags, found))
      },
    },
  ),
  rule(
    {
      ...onRow,
      id: 'package/removal',
      needs: ['baseline'],
      severity: ['error', 'info'],
      when: 'existing user, every package column FALSE: the user will be deleted. Error until the removal is confirmed, then info',
      source: 'S: SEED-NO',
      fix: 'ask',
      onRemovals: true,
      facts(place) {
        const user = place.user()
        const email = user.own('email')
        return { email, package: before(place) || null, isConfirmed: isConfirmed(place.context, email) }
      },
      repair: () => ({ kind: 'ask', action: 'confirm-removal' }),
    },
    {
      kind: 'table',
      reads: ['email'],
      check(context, emit) {
        if (context.removals === 0) return
        const email = context.fields.email.own
        for (let i = 0; i < context.rows.length; i++) {
          const row = context.rows[i]!
          if ((context.flags[row]! & RowFlag.removal) === 0) continue
          emit(row, -1, 0, isConfirmed(context, email?.textOf(row) ?? '') ? 'info' : 'error')
        }
      },
    },
  ),
  notBought,
  rule(
    {
      id: 'package/over-limit',
      on: 'file',
      columns: 'the package columns',
      needs: ['customer.packages.limit'],
      severity: ['error'],
      when: 'users of a package after the change exceed its limit',
      source: 'S: NEWS (September 2025)',
      facts({ context, extra }) {
        const name = packageNames[extra]!
        return { package: name, users: usersPerPackage(context).get(name) ?? 0, limit: context.customer?.limits.get(name) ?? 0 }
      },
    },
    {
      kind: 'table',
      check(context, emit) {
        const counts = usersPerPackage(context)
        for (const [name, limit] of context.customer?.limits ?? []) if (counts.get(name)! > limit) emit(-1, -1, packageNames.indexOf(name))
      },
    },
  ),
  commonArea,
  rule(
    {
      ...onRow,
      id: 'package/needs-reassign',
      needs: ['baseline'],
      severity: ['warning'],
      when: 'change from `Webex Calling`, `Webex Suite` or `Customer Assist` to `Webex Calling Standard`: refused in one step',
      source: 'S: OAS 400112, 400410',
      fix: 'ask',
      facts: (place) => ({ from: before(place), to: after(place) }),
      repair: () => ({ kind: 'ask', action: 'two-steps' }),
    },
    {
      kind: 'user',
      reads: [],
      sees: [],
      check(user, emit) {
        if (user.packages === standard && (user.packagesBefore & refusedToStandard) !== 0) emit(user.row, -1)
      },
    },
  ),
  rule(
    {
      ...onRow,
      id: 'package/loses-calling',
      needs: ['baseline'],
      severity: ['warning'],
      when: 'change from a calling package to `Webex Meetings`: voicemail and number are lost for good',
      source: 'S: AUTOLIC',
      facts: (place) => ({ from: before(place) }),
    },
    {
      kind: 'user',
      reads: [],
      sees: [],
      check(user, emit) {
        if (user.packages === meetings && (user.packagesBefore & callingBits) !== 0) emit(user.row, -1)
      },
    },
  ),
  rule(
    {
      ...onRow,
      id: 'package/administrator',
      needs: ['baseline', 'customer.administrators', 'customer.createdWith'],
      severity: ['error'],
      when: 'an administrator gets another package than the one the customer was created with',
      source: 'S: SEED-DA, PROV',
      facts(place) {
        return { email: place.user().own('email'), package: after(place), createdWith: place.context.input.customer?.createdWith ?? '' }
      },
    },
    {
      kind: 'table',
      reads: ['email'],
      check(context, emit) {
        const { customer } = context
        const createdWith = packageNames.find((name) => name === customer?.profile.createdWith)
        const email = context.fields.email.own
        if (customer === null || createdWith === undefined || email === null || customer.administrators.size === 0) return
        for (let i = 0; i < context.rows.length; i++) {
          const row = context.rows[i]!
          const bits = context.packages[row]!
          if (bits === 0 || bits === packageBit(createdWith) || bits === context.packagesBefore[row]) continue
          if (customer.administrators.has(emailKey(email.textOf(row)))) emit(row, -1)
        }
      },
    },
  ),
]

export const packageFamilies: readonly ShapeFamily[] = [
  { isChain: false, reads: 'trimmed', appliesTo: (column) => column.column?.package !== undefined, rules: [notBought] },
  { isChain: false, reads: 'trimmed', appliesTo: (column) => column.column?.id === 'common-area', rules: [commonArea] },
]
