import type { PackageName } from '../../../../shared/core/catalogue/packages.ts'
import type { Text } from '../../text/use-text.ts'
import type { PointMenuItem } from './PointMenu.vue'

export interface CellMenuState {
  readonly rows: number
  /** Nothing but whole rows is selected. */
  readonly areWholeRows: boolean
  readonly cells: number
  readonly isReadOnly: boolean
  readonly packages: readonly PackageName[]
  /** The text of the active cell. */
  readonly value: string
  readonly canFilter: boolean
}

/** What can be done with the selected cells and rows. */
export function cellMenu(state: CellMenuState, { t, count }: Pick<Text, 't' | 'count'>): readonly PointMenuItem[] {
  const disabled = state.isReadOnly
  const value = state.value.length > 28 ? `${state.value.slice(0, 27)}…` : state.value
  return [
    { id: 'cut', label: t('grid.cut'), keys: 'Mod+X', disabled },
    { id: 'copy', label: t('grid.copy'), keys: 'Mod+C' },
    { id: 'copy-header', label: t('grid.copyWithHeader'), keys: 'Mod+Shift+C' },
    { id: 'paste', label: t('grid.paste'), keys: 'Mod+V', disabled },
    { id: 'paste-except-blank', label: t('grid.pasteKeep'), keys: 'Mod+Shift+V', disabled },
    { id: 'fill-down', label: t('grid.fillDown'), keys: 'Mod+D', disabled },
    { id: 'clear', label: t('grid.clear'), keys: 'Delete', disabled },
    { id: 'filter', label: t('grid.filterBy', { value: value === '' ? t('grid.blank') : value }), apart: true, disabled: !state.canFilter },
    { id: 'record', label: t('grid.showRecord'), keys: 'Mod+Shift+Enter' },
    {
      id: 'package',
      label: t('grid.package.set'),
      apart: true,
      disabled,
      items: state.packages.map((name) => ({ id: `package:${name}`, label: name })),
    },
    { id: 'insert-above', label: count('grid.insertAbove', state.rows), keys: 'Mod+Shift++', apart: true, disabled },
    { id: 'insert-below', label: count('grid.insertBelow', state.rows), disabled },
    { id: 'duplicate', label: count('grid.duplicate', state.rows), disabled },
    {
      id: 'delete-rows',
      label: count('grid.deleteRows', state.rows),
      note: t('grid.deleteRowsNote'),
      ...(state.areWholeRows ? { keys: 'Mod+-' } : {}),
      disabled,
    },
    { id: 'remove', label: count('grid.removeUsers', state.rows), apart: true, danger: true, disabled },
  ]
}
