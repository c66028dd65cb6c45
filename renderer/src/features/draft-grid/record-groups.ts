import type { DraftColumn } from '../../../../shared/contract/draft-methods.ts'
import { isCallingPackage, needsSite, type PackageName } from '../../../../shared/core/catalogue/packages.ts'
import type { ColumnKind } from '../../../../shared/core/catalogue/column.ts'

export type RecordGroupId = 'identity' | 'package' | 'calling' | 'licences' | 'other'

export interface RecordGroup {
  readonly id: RecordGroupId
  readonly columns: readonly DraftColumn[]
}

const groupOfKind: Readonly<Record<ColumnKind, RecordGroupId>> = {
  identity: 'identity',
  package: 'package',
  calling: 'calling',
  jabber: 'licences',
  'base-licence': 'licences',
  'add-on': 'licences',
  licence: 'licences',
  hybrid: 'other',
  site: 'identity',
  attribute: 'other',
  'read-only': 'other',
  removed: 'other',
  unknown: 'other',
}

/** Columns by what they are about, in the order in which an administrator thinks of a user. Groups without columns are left out. */
export function groupsOf(columns: readonly DraftColumn[]): readonly RecordGroup[] {
  const order: readonly RecordGroupId[] = ['identity', 'package', 'calling', 'licences', 'other']
  return order
    .map((id) => ({ id, columns: columns.filter((column) => groupOfKind[column.kind] === id) }))
    .filter((group) => group.columns.length > 0)
}

export type Why = 'email' | 'name' | 'number' | 'location' | 'site' | 'jabber' | 'base' | 'readOnly'

/** Why a field must be filled for a user with this package, or what it is for; null where there is nothing to say (rules.md). */
export function whyOf(column: DraftColumn, held: PackageName | null): Why | null {
  const hasCalling = held !== null && isCallingPackage(held)
  if (column.value === 'email' && column.match !== 'unknown' && column.column?.startsWith('alternate') !== true) return 'email'
  if (column.column === 'first-name' || column.column === 'last-name') return 'name'
  if (column.kind === 'read-only') return 'readOnly'
  if (column.kind === 'jabber' && held !== null) return 'jabber'
  if (column.kind === 'base-licence') return 'base'
  if (column.value === 'location' && hasCalling) return 'location'
  if (column.value === 'site' && held !== null && needsSite(held)) return 'site'
  return hasCalling && (column.value === 'extension' || column.column === 'phone-number') ? 'number' : null
}
