import type { Inspection } from '../../../services/services.ts'
import { damageLines } from '../damage.ts'
import { fail, openFile, type Context } from '../context.ts'
import { fileJson, fileLine } from '../facts.ts'
import { columnsOf, visible } from '../output.ts'
import type { CliWords } from '../words/words.ts'

export async function run(context: Context): Promise<number> {
  const { out, operands, say } = context
  const opened = await openFile(context, operands[0] ?? '')
  if (!opened.ok) return fail(context, opened.error)
  const { services } = await context.backend()
  const inspection = services.files.inspect(opened.value)
  if (context.json) {
    const { facts, rows, packages, columns } = inspection
    await out.json(
      {
        file: {
          ...fileJson(facts),
          ...(facts.sheets === undefined ? {} : { sheets: facts.sheets }),
          headerRow: facts.headerRow,
          emptyLines: facts.emptyLines,
          notices: facts.notices,
        },
        rows,
        packages,
        damage: inspection.damage,
      },
      {
        columns: columns.map(({ header, column, match, expected, subscription, suspended }) => ({
          header,
          column: column?.id ?? null,
          name: column?.name ?? null,
          kind: column?.kind ?? 'unknown',
          package: column?.package ?? null,
          match,
          expected,
          subscription,
          suspended,
        })),
      },
    )
    return 0
  }
  await out.write(`${linesOf(inspection, say).join('\n')}\n`)
  return 0
}

function linesOf({ facts, rows, columns, packages, damage }: Inspection, say: CliWords): string[] {
  const { label } = say
  return [
    `${fileLine(facts, say)} · ${label.rows(rows)}`,
    ...(facts.sheets === undefined ? [] : [`${label.sheet}: ${facts.sheets.join(', ')}`]),
    ...facts.notices.map((notice) => `! ${notice.code}: ${notice.count}${notice.where === undefined ? '' : ` (${notice.where})`}`),
    '',
    `${label.columns}:`,
    ...columnsOf(
      columns.map((column, place) => [
        String(place + 1),
        visible(column.header, 60),
        column.column === null
          ? label.kept
          : column.column.name === column.header
            ? column.column.kind
            : `${column.column.kind}: ${column.column.name}`,
      ]),
      new Set([0]),
    ).map((line) => `  ${line}`),
    ...(packages.length === 0 ? [] : ['', `${label.packages}:`]),
    ...columnsOf(
      packages.map((item) => [String(item.users), item.package]),
      new Set([0]),
    ).map((line) => `  ${line}`),
    ...(damage.length === 0 ? [] : ['', ...damageLines({ say }, damage)]),
  ]
}
