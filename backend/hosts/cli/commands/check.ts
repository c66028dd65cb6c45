import type { Severity } from '../../../../shared/core/rules/finding.ts'
import { countOption, fail, openInputs, textOption, usageError, writeOptions, type Context } from '../context.ts'
import { damageLines } from '../damage.ts'
import { checkJson, isFailed, writeFindings } from '../findings.ts'
import { refusedPattern } from '../rule-pattern.ts'
import { isPage, isTabular } from '../tabular.ts'

export async function run(context: Context): Promise<number> {
  const { out, operands, say, language } = context
  const report = textOption(context, 'report')
  if (report !== undefined && !isTabular(report) && !isPage(report)) return fail(context, usageError(say.usage.reportOutput(report)))
  const noSuchRule = await refusedPattern(context)
  if (noSuchRule !== null) return fail(context, noSuchRule)
  const inputs = await openInputs(context, operands[0] ?? '', textOption(context, 'baseline'))
  if (!inputs.ok) return fail(context, inputs.error)
  const { file, ...held } = inputs.value
  const { services } = await context.backend()
  const rules = textOption(context, 'rules')
  const findings = services.files.check(file, { ...held, ...(rules === undefined ? {} : { rules }) })

  if (report !== undefined) {
    const written = await services.files.writeReport(file, findings, report, { ...writeOptions(context), language, held })
    if (!written.ok) return fail(context, written.error)
    out.remark(say.label.wrote(report))
  }
  const limit = countOption(context, 'limit')
  if (context.json) {
    const { head, lists } = checkJson(file, findings, { language, limit })
    await out.json(head, lists)
  } else {
    await writeFindings(context, file, findings, limit)
    if (rules === undefined) for (const line of damageLines(context, services.files.damage(file, held))) out.remark(line)
  }
  return isFailed(findings, (textOption(context, 'fail-on') ?? 'error') as Severity) ? 1 : 0
}
