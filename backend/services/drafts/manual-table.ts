import { userColumns } from '../../../shared/core/catalogue/user-columns.ts'
import { recogniseColumns } from '../../../shared/core/catalogue/recognise.ts'
import { packageNames } from '../../../shared/core/catalogue/packages.ts'
import type { CustomerProfile } from '../../../shared/core/customer/profile.ts'
import type { EditableTable } from '../../../shared/core/table/editable-table.ts'
import { tableFromRows } from '../../../shared/core/table/table-from-rows.ts'
import type { InputOf } from '../../../shared/contract/method.ts'
import type { Methods } from '../../../shared/contract/methods.ts'

type ManualUser = InputOf<Methods['drafts.createManual']>['users'][number]

const identity = ['First Name', 'Last Name', 'Display Name', 'User ID/Email (Required)'] as const
const calling = ['Extension', 'Phone Number', 'Location', 'Jabber with Webex Teams', 'Jabber Calling', 'Preferred Webex Site'] as const

/**
 * Users typed in a form as a table like any other: in the customer's own header where that is known, else with the columns that a
 * package asks for. One package column says TRUE and the others FALSE; Jabber, which Control Hub wants stated, says FALSE.
 */
export function manualTable(users: readonly ManualUser[], customer: CustomerProfile | null): EditableTable {
  const header = headerFor(customer)
  const columns = recogniseColumns(header, customer ?? undefined)
  const known = userColumns(columns)
  const rows = users.map((user) => {
    const [first, last] = [user.firstName ?? '', user.lastName ?? '']
    const texts = new Map([
      [known.firstName, first],
      [known.lastName, last],
      [known.displayName, `${first} ${last}`.trim()],
      [known.email, user.email],
      [known.extension, user.extension ?? ''],
      [known.phone, user.phone ?? ''],
      [known.location, user.location ?? ''],
      [known.site, user.site ?? ''],
      [known.jabberCalling, 'FALSE'],
      [known.jabberTeams, 'FALSE'],
    ])
    const given = user.package === null ? undefined : known.packages.get(user.package)?.[0]
    return columns.map(({ index, column }) =>
      column?.kind === 'package' ? (index === given ? 'TRUE' : 'FALSE') : (texts.get(index) ?? ''),
    )
  })
  return tableFromRows(header, rows)
}

function headerFor(customer: CustomerProfile | null): readonly string[] {
  const own = customer?.header ?? []
  const columns = recogniseColumns(own, customer ?? undefined)
  const users = userColumns(columns)
  if (users.email >= 0 && users.packages.size > 0) return own
  const bought = (customer?.packages ?? []).map((item) => item.column ?? item.package)
  return [...identity, ...calling, ...new Set(bought.length > 0 ? bought : packageNames)]
}
