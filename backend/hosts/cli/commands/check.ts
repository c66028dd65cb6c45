import { realpath } from 'node:fs/promises'
import path from 'node:path'
import type { AppError } from '../../../../shared/contract/app-error.ts'
import type { Findings, Severity } from '../../../../shared/core/rules/finding.ts'
import { withPrecheck } from '../../../../shared/core/wholesale/with-precheck.ts'
import { ok, type Result } from '../../../../shared/kit/result.ts'
import type { OpenedFile } from '../../../services/services.ts'
import {
  countOption,
  fail,
  hasFlag,
  openInputs,
  textOption,
  usageError,
  writeOptions,
  type Context,
  type OpenedInputs,
} from '../context.ts'
import { damageLines } from '../damage.ts'
import { checkJson, isFailed, writeFindings } from '../findings.ts'
import { refusedPattern } from '../rule-pattern.ts'
import { isPage, isTabular } from '../tabular.ts'

export async function run(context: Context): Promise<number> {
  const { out, operands, say, language } = context
  const report = textOption(context, 'report')
  if (report !== undefined && !isTabular(report) && !isPage(report)) return fail(context, usageError(say.usage.reportOutput(report)))
  const read = [operands[0], textOption(context, 'baseline')]
  if (report !== undefined && (await isOneOf(report, read))) return fail(context, usageError(say.usage.reportOverInput))
  const noSuchRule = await refusedPattern(context)
  if (noSuchRule !== null) return fail(context, noSuchRule)
  const inputs = await openInputs(context, operands[0] ?? '', textOption(context, 'baseline'))
  if (!inputs.ok) return fail(context, inputs.error)
  const { file, ...held } = inputs.value
  const { services } = await context.backend()
  const rules = textOption(context, 'rules')
  const own = services.files.check(file, { ...held, ...(rules === undefined ? {} : { rules }) })
  const asked = await onlineFindings(context, file, own, held)
  if (!asked.ok) return fail(context, asked.error)
  const findings = asked.value

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

/** Whether a path names one of these files, by whatever way: a link leads to it as well. */
async function isOneOf(place: string, files: readonly (string | undefined)[]): Promise<boolean> {
  const realOf = (file: string): Promise<string> => realpath(file).catch(() => path.resolve(file))
  const named = files.flatMap((file) => (file === undefined || file === '-' ? [] : [file]))
  return (await Promise.all(named.map(realOf))).includes(await realOf(place))
}

/** With `--online` Webex is asked about the users that the file adds, and what it says stands among the findings. */
async function onlineFindings(
  context: Context,
  file: OpenedFile,
  own: Findings,
  { customer, baseline }: Omit<OpenedInputs, 'file'>,
): Promise<Result<Findings, AppError>> {
  if (!hasFlag(context, 'online')) return ok(own)
  const { services } = await context.backend()
  const changes = services.files.compare(file, {
    ...(customer === undefined ? {} : { customer }),
    ...(baseline === undefined ? {} : { baseline }),
  })
  const checked = await services.wholesale.precheckChanges(
    changes,
    customer ?? null,
    { language: context.language },
    { progress: (step, done, total) => context.out.progress(step, done, total), signal: context.stopSignal() },
  )
  return checked.ok ? ok(withPrecheck(own, checked.value, file)) : checked
}
