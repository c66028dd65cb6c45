import { fail, openInputs, textOption, usageError, writeOptions, type Context } from '../context.ts'
import { fileJson } from '../facts.ts'
import { columnsOf } from '../output.ts'
import { refusedPattern } from '../rule-pattern.ts'
import { writeTable } from '../write-table.ts'

export async function run(context: Context): Promise<number> {
  const { out, operands, say } = context
  const target = textOption(context, 'output') ?? ''
  // CSV under such a name is a file that no program opens without complaint.
  if (/\.(?:xls|xlsm|xlsb|ods)$/iu.test(target)) return fail(context, usageError(say.usage.tabularOutput(target)))
  const noSuchRule = await refusedPattern(context)
  if (noSuchRule !== null) return fail(context, noSuchRule)
  const inputs = await openInputs(context, operands[0] ?? '', textOption(context, 'baseline'))
  if (!inputs.ok) return fail(context, inputs.error)
  const { file, ...held } = inputs.value
  const { services } = await context.backend()
  const rules = textOption(context, 'rules')
  const against = { ...held, ...(rules === undefined ? {} : { rules }) }
  const fixed = services.files.fix(file, against)

  const written = await writeTable(context, fixed.file, target, writeOptions(context))
  if (!written.ok) return fail(context, written.error)
  const { summary } = services.files.check(fixed.file, against)
  if (context.json && target !== '-') {
    await out.json({ file: fileJson(file.facts), output: target, cells: fixed.cells, byRule: fixed.byRule, left: summary })
    return 0
  }
  const counts = columnsOf(
    Object.entries(fixed.byRule)
      .sort(([, a], [, b]) => b - a)
      .map(([rule, count]) => [String(count), rule]),
    new Set([0]),
  ).map((line) => `  ${line}`)
  const lines = [
    fixed.cells === 0 ? say.label.nothingToFix : say.label.fixed(fixed.cells),
    ...counts,
    say.label.counts(summary.error, summary.warning, summary.info),
    ...(target === '-' ? [] : [say.label.wrote(target)]),
  ]
  // Where the table itself goes to standard output, what is said about it does not.
  if (target === '-') for (const line of lines) out.remark(line)
  else await out.write(`${lines.join('\n')}\n`)
  return 0
}
