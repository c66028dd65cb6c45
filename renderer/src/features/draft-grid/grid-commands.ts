import type { Command } from '../../state/commands.ts'
import type { Text } from '../../text/use-text.ts'
import { draftKeys, type DraftKey } from './draft-keys.ts'

export interface GridDeeds {
  readonly acts: Readonly<Record<DraftKey, () => void>>
  readonly isOnScreen: () => boolean
  readonly mayWrite: () => boolean
  readonly selectedRows: () => number
  readonly hiddenColumns: () => number
  readonly insertBelow: () => void
  readonly duplicateRows: () => void
  readonly filterByValue: () => void
  readonly showAllColumns: () => void
}

/** What the grid adds to the palette, and by key wherever the focus is while the grid is on the screen. */
export function gridCommands(deeds: GridDeeds, { t, count }: Pick<Text, 't' | 'count'>): readonly Command[] {
  const { acts, isOnScreen, mayWrite, selectedRows, hiddenColumns } = deeds
  return [
    { id: 'grid.find', title: () => t('grid.find'), keys: draftKeys.find, when: isOnScreen, run: acts.find },
    { id: 'grid.replace', title: () => t('grid.replace'), keys: draftKeys.replace, when: mayWrite, run: acts.replace },
    { id: 'grid.record', title: () => t('grid.showRecord'), keys: draftKeys.record, when: isOnScreen, run: acts.record },
    ...(
      [
        ['edit', 'grid.editCell'],
        ['copyWithHeader', 'grid.copyWithHeader'],
        ['fillDown', 'grid.fillDown'],
        ['fillRight', 'grid.fillRight'],
        ['clear', 'grid.clear'],
      ] as const
    ).map(([act, title]) => ({ id: `grid.${act}`, title: () => t(title), when: mayWrite, run: acts[act] })),
    { id: 'grid.filterBy', title: () => t('grid.filterByCell'), when: isOnScreen, run: deeds.filterByValue },
    { id: 'grid.insertAbove', title: () => count('grid.insertAbove', selectedRows()), when: mayWrite, run: acts.insertAbove },
    { id: 'grid.insertBelow', title: () => count('grid.insertBelow', selectedRows()), when: mayWrite, run: deeds.insertBelow },
    { id: 'grid.duplicate', title: () => count('grid.duplicate', selectedRows()), when: mayWrite, run: deeds.duplicateRows },
    { id: 'grid.deleteRows', title: () => count('grid.deleteRows', selectedRows()), when: mayWrite, run: acts.deleteRows },
    {
      id: 'grid.showHidden',
      title: () => count('grid.showHidden', hiddenColumns()),
      when: () => isOnScreen() && hiddenColumns() > 0,
      run: deeds.showAllColumns,
    },
  ]
}
