import { packageBit } from '../../diff/paired-columns.ts'
import type { TableColumn } from '../../table/table.ts'
import { Licence, licenceOfText, licenceReader } from '../cell-reader.ts'
import { codeFinder, rowSlices, sliceLength } from '../coded-rows.ts'
import { movableUser, namesOf, type CheckContext } from '../context.ts'
import { rule, type Emit, type Rule } from '../rule.ts'
import type { User } from '../user.ts'

const sufficient = packageBit('Webex Calling') | packageBit('Webex Suite') | packageBit('Customer Assist')
const standard = packageBit('Webex Calling Standard')
const customerAssist = packageBit('Customer Assist')

/** Every row whose user will have one of `columns` TRUE, a removal aside. */
function eachWith(context: CheckContext, columns: readonly number[], visit: (user: User, column: number) => void): void {
  const user = movableUser(context)
  for (const index of columns) {
    eachThatMayHave(context, context.table.columns[index]!, (row) => {
      user.moveTo(row)
      if (!user.isRemoval && user.licence(index) === Licence.yes) visit(user, index)
    })
  }
}

/** The same of Attendant Console: a file without its column leaves it as the baseline has it, and then there is no cell to name (-1). */
function eachWithConsole(context: CheckContext, visit: (user: User, column: number) => void): void {
  const { users, baseline, rows, baselineRowOf } = context
  eachWith(context, users.attendantConsole, visit)
  if (users.attendantConsole.length > 0 || baseline === null || baseline.users.attendantConsole.length === 0) return
  const held = baseline.users.attendantConsole.map((index) => licenceReader(baseline.table.columns[index]!))
  const user = movableUser(context)
  for (let i = 0; i < rows.length; i++) {
    const baselineRow = baselineRowOf[rows[i]!]!
    if (baselineRow < 0 || !held.some((licenceOf) => licenceOf(baselineRow) === Licence.yes)) continue
    user.moveTo(rows[i]!)
    if (!user.isRemoval) visit(user, -1)
  }
}

/** A blank cell keeps what the baseline says. */
function eachThatMayHave(context: CheckContext, column: TableColumn, visit: (row: number) => void): void {
  const { rows, baseline } = context
  const mayBe = (licence: number): boolean => licence === Licence.yes || (licence === Licence.blank && baseline !== null)
  if (!column.coded || column.codeCount > rows.length) {
    const own = licenceReader(column)
    for (let i = 0; i < rows.length; i++) if (mayBe(own(rows[i]!))) visit(rows[i]!)
    return
  }
  const isWanted = Uint8Array.from({ length: column.codeCount }, (_, code) => (mayBe(licenceOfText(column.textOfCode(code))) ? 1 : 0))
  if (!isWanted.includes(1)) return
  const find = codeFinder(column, isWanted)
  const found = new Uint32Array(sliceLength(rows))
  const visitFound = (slice: Uint32Array, count: number): void => {
    for (let i = 0; i < count; i++) visit(slice[found[i]!]!)
  }
  for (const slice of rowSlices(rows)) visitFound(slice.rows, find(slice, found))
}

export const addonRules: readonly Rule[] = [
  rule(
    {
      id: 'addon/needs-calling',
      on: 'cell',
      columns: 'Attendant Console',
      needs: [],
      severity: ['error'],
      when: 'Attendant Console TRUE without `Webex Calling`, `Webex Suite` or `Customer Assist`',
      source: 'S: OAS 400408',
      facts: (place) => ({ package: namesOf(place.user().packages).join(', ') || null }),
    },
    {
      kind: 'table',
      reads: ({ users }) => users.attendantConsole,
      check(context, emit: Emit) {
        eachWithConsole(context, (user, column) => {
          if ((user.packages & sufficient) === 0) emit(user.row, column)
        })
      },
    },
  ),
  rule(
    {
      id: 'addon/not-with-standard',
      on: 'cell',
      columns: 'Attendant Console, `Customer Assist`',
      needs: [],
      severity: ['error'],
      when: 'Attendant Console or Customer Assist TRUE with `Webex Calling Standard`',
      source: 'S: OAS 400406, 400407',
      facts: ({ header }) => ({ header: header || 'Attendant Console' }),
    },
    {
      kind: 'table',
      reads: ({ users }) => users.attendantConsole,
      check(context, emit: Emit) {
        eachWithConsole(context, (user, column) => {
          if ((user.packages & standard) !== 0) emit(user.row, column)
        })
        eachWith(context, context.users.packages.get('Customer Assist') ?? [], (user, column) => {
          // The package is one field: a blank cell beside a TRUE is not the package that the user had.
          if ((user.packages & standard) !== 0 && (user.packages & customerAssist) !== 0) emit(user.row, column)
        })
      },
    },
  ),
]
