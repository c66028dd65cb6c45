import type { PlacedFinding } from '../../../../shared/contract/draft-methods.ts'
import type { Text } from '../../text/use-text.ts'

/** Whether one step repairs it without a person saying how. */
export const isFixable = ({ fix }: PlacedFinding): boolean =>
  fix !== undefined && (fix.value !== undefined || ['rename-column', 'drop-column', 'pad-row', 'drop-row'].includes(fix.action ?? ''))

/** The same place and rule, whatever its number is by now. */
export const isSameFinding = (a: PlacedFinding | null, b: PlacedFinding): boolean =>
  a !== null && a.rule === b.rule && a.rowId === b.rowId && a.columnIndex === b.columnIndex

/** `Row 17 · Phone Number` */
export const whereOf = ({ row, column }: PlacedFinding, { t, n }: Pick<Text, 't' | 'n'>): string =>
  [row === null ? (column === null ? t('findings.file') : '') : t('findings.row', { row: n(row) }), column ?? '']
    .filter((part) => part !== '')
    .join(' · ')
