import { packageBit } from '../../diff/paired-columns.ts'
import { Licence, licenceReader } from '../cell-reader.ts'
import { namesOf, type CheckContext } from '../context.ts'
import { movableUser } from '../context.ts'
import { rule, type Emit, type Rule } from '../rule.ts'
import type { User } from '../user.ts'

const sufficient = packageBit('Webex Calling') | packageBit('Webex Suite') | packageBit('Customer Assist')
const standard = packageBit('Webex Calling Standard')

/** Every row whose user will have one of `columns` TRUE, a removal aside. */
function eachWith(context: CheckContext, columns: readonly number[], visit: (user: User, column: number) => void): void {
  if (columns.length === 0) return
  const user = movableUser(context)
  const own = columns.map((column) => licenceReader(context.table.columns[column]!))
  for (let i = 0; i < context.rows.length; i++) {
    const row = context.rows[i]!
    for (let i = 0; i < columns.length; i++) {
      if (own[i]!(row) === Licence.no) continue
      user.moveTo(row)
      if (!user.isRemoval && user.licence(columns[i]!) === Licence.yes) visit(user, columns[i]!)
    }
  }
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
        eachWith(context, context.users.attendantConsole, (user, column) => {
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
      facts: ({ header }) => ({ header }),
    },
    {
      kind: 'table',
      reads: ({ users }) => users.attendantConsole,
      check(context, emit: Emit) {
        const columns = [...context.users.attendantConsole, ...(context.users.packages.get('Customer Assist') ?? [])]
        eachWith(context, columns, (user, column) => {
          if ((user.packages & standard) !== 0) emit(user.row, column)
        })
      },
    },
  ),
]
