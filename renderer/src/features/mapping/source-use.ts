import { catalogue } from '../../../../shared/core/catalogue/columns.ts'
import { fillableColumns } from '../../../../shared/core/mapping/fillable-columns.ts'
import type { NameOrder, SourceUse } from '../../../../shared/core/mapping/mapping.ts'
import type { Text } from '../../text/use-text.ts'

export interface UseOption {
  readonly value: string
  readonly label: string
}

const nameOrders: readonly NameOrder[] = ['family-comma-given', 'given-family', 'family-given']
export const targetName = (id: string): string => catalogue.find((column) => column.id === id)?.name ?? id

/** Everything that can become of a column, as a list box has it. */
export const useOptions = ({ t }: Pick<Text, 't'>): readonly UseOption[] => [
  { value: 'keep', label: t('mapping.use.keep') },
  { value: 'drop', label: t('mapping.use.drop') },
  ...nameOrders.map((order) => ({ value: `name:${order}`, label: t(`mapping.use.${order}`) })),
  { value: 'package', label: t('mapping.use.package') },
  ...fillableColumns.map(({ id, name }) => ({ value: `to:${id}`, label: name })),
]

/** With what a column is already, which may be one that Control Hub fills itself: an export mapped beside other lists keeps it. */
export function optionsWith(options: readonly UseOption[], use: SourceUse): UseOption[] {
  const value = valueOf(use)
  const isThere = use.kind !== 'column' || options.some((option) => option.value === value)
  return isThere ? [...options] : [...options, { value, label: targetName(use.target) }]
}

export function valueOf(use: SourceUse): string {
  if (use.kind === 'column') return `to:${use.target}`
  return use.kind === 'full-name' ? `name:${use.order}` : use.kind
}

export function useOf(value: string): SourceUse {
  const order = nameOrders.find((each) => value === `name:${each}`)
  if (order !== undefined) return { kind: 'full-name', order }
  if (value.startsWith('to:')) return { kind: 'column', target: value.slice(3) }
  return { kind: value === 'package' || value === 'drop' ? value : 'keep' }
}
