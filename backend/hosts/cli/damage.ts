import type { DamageLine } from '../../../shared/core/rules/damage.ts'
import type { Context } from './context.ts'
import { columnsOf, visible } from './output.ts'

/** The spreadsheet damage report: a line for each kind, none where the file is sound. */
export function damageLines({ say: { label } }: Pick<Context, 'say'>, damage: readonly DamageLine[]): string[] {
  if (damage.length === 0) return []
  const rows = damage.map(({ kind, cells, repair, example, lost }) => [
    label.damageKind[kind],
    cells === 0 ? '' : label.damageCells(cells),
    example === null || example === '' ? '' : `"${visible(example === '\t' ? label.tab : example, 30)}"`,
    label.repairOf[repair] + (lost === undefined || lost === 0 || repair === 'none' ? '' : ` (${lost}: ${label.repairOf.none})`),
  ])
  return [`${label.damage}:`, ...columnsOf(rows).map((line) => `  ${line}`)]
}
