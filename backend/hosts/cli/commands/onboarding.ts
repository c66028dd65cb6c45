import { checklistAsHtml, checklistAsMarkdown, checklistAsText, checklistOf } from '../../../../shared/core/onboarding/checklist.ts'
import { firstBatch } from '../../../../shared/core/onboarding/first-batch.ts'
import { payloadFiles } from '../../../../shared/core/onboarding/payloads.ts'
import { planFileSchema, type OnboardingPlan } from '../../../../shared/core/onboarding/plan.ts'
import type { HandOver, PlanProblem } from '../../../../shared/core/onboarding/problem.ts'
import { planStatus } from '../../../../shared/core/onboarding/status.ts'
import { onboardingWords } from '../../../../shared/core/onboarding/text/all.ts'
import { fieldLabel, problemText } from '../../../../shared/core/onboarding/text/words.ts'
import type { CustomerProfile } from '../../../../shared/core/customer/profile.ts'
import type { Language } from '../../../../shared/kit/language.ts'
import { csvOf } from '../../../services/onboarding/package-change.ts'
import { fail, hasFlag, sourceOf, textOption, usageError, writeOptions, type Context } from '../context.ts'
import { columnsOf, visible } from '../output.ts'

/** `roster onboarding …`: a plan file is checked or handed over as it stands; nothing in the data folder is touched. */
export async function run(context: Context): Promise<number> {
  const [action = '', file] = context.operands
  if (action === 'schema') {
    if (file !== undefined) return fail(context, usageError(context.say.usage.surplusOperand('onboarding schema', file)))
    await context.out.json(planFileSchema() as object)
    return 0
  }
  if (file === undefined) return fail(context, usageError(context.say.usage.missingOperand(`onboarding ${action}`, 'PLAN.json')))
  const target = textOption(context, 'output')
  if (target === '-' && action !== 'checklist' && action !== 'batch')
    return fail(context, usageError(context.say.usage.noStandardOutput('-o')))
  if (textOption(context, 'format') !== undefined && action !== 'checklist')
    return fail(context, usageError(context.say.usage.onlyTogether('--format', 'onboarding checklist')))
  const { services } = await context.backend()
  const plan = await services.onboarding.read(await sourceOf(file))
  if (!plan.ok) return fail(context, plan.error)
  switch (action) {
    case 'payloads':
      return handOver(context, plan.value, 'payloads', () => writePayloads(context, plan.value, target))
    case 'checklist':
      return handOver(context, plan.value, 'checklist', () => writeChecklist(context, plan.value, target))
    case 'batch':
      return handOver(context, plan.value, 'batch', () => writeBatch(context, plan.value, target))
    default:
      return check(context, plan.value, target)
  }
}

/** With `target` the JSON of the check is written there, too. */
async function check(context: Context, plan: OnboardingPlan, target: string | undefined): Promise<number> {
  const { out, language } = context
  const { steps, problems, next, gates } = planStatus(plan)
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const head = {
    customer: plan.customer.name,
    ready: { checklist: gates.checklist === 0, payloads: gates.payloads === 0, batch: gates.batch === 0 },
    next,
    steps: steps.map(({ step, state, errors: open, warnings, actor }) => ({ step, state, errors: open, warnings, next: actor })),
  }
  const lists = { problems: problems.map((problem) => problemJson(problem, language)) }
  if (target !== undefined) {
    const { services } = await context.backend()
    const bytes = Buffer.from(`${JSON.stringify({ ...head, ...lists }, null, 2)}\n`)
    const written = await services.files.writeBytes(target, bytes, writeOptions(context))
    if (!written.ok) return fail(context, written.error)
    out.remark(context.say.label.wrote(target))
  }
  if (context.json) await out.json(head, lists)
  else {
    const words = onboardingWords[language]
    const say = labels[language]
    const lines = columnsOf(
      steps.map((entry) => [
        { done: '✓', ready: '·', missing: '✗', 'not-needed': ' ' }[entry.state],
        words.step[entry.step],
        say.state[entry.state],
        entry.actor === null ? '' : words.actor[entry.actor],
      ]),
    )
    await out.write(`${visible(plan.customer.name)}\n${lines.map((line) => line.trimEnd()).join('\n')}\n`)
    await out.write(problemLines(context, problems))
    if (next !== null) await out.write(`${say.next}: ${words.actor[next.actor]} – ${words.step[next.step]}\n`)
  }
  return errors > 0 ? 1 : 0
}

const problemJson = (problem: PlanProblem, language: Language): object => ({
  path: problem.path,
  field: fieldLabel(onboardingWords[language], problem.path),
  problem: problem.id,
  severity: problem.severity,
  step: problem.step,
  gates: problem.gates,
  message: problemText(onboardingWords[language], problem),
})

function problemLines({ language, out, say }: Context, problems: readonly PlanProblem[]): string {
  const words = onboardingWords[language]
  return problems
    .map((problem) => {
      const severity = say.label.severity[problem.severity]
      const painted =
        problem.severity === 'error'
          ? out.paint('red', severity)
          : problem.severity === 'warning'
            ? out.paint('yellow', severity)
            : severity
      return `${painted}  ${words.step[problem.step]}  ${problem.path}\n    ${visible(problemText(words, problem), 400)}\n`
    })
    .join('')
}

/** Only what is whole is handed over. Saving and checking an unfinished plan is always possible. */
async function handOver(context: Context, plan: OnboardingPlan, output: HandOver, write: () => Promise<number>): Promise<number> {
  const open = planStatus(plan).problems.filter(({ gates }) => gates.includes(output))
  if (open.length === 0) return write()
  if (!context.json) for (const line of problemLines(context, open).trimEnd().split('\n')) context.out.complain(line)
  return fail(
    context,
    { code: 'plan/incomplete', name: plan.customer.name, open: open.length },
    {},
    context.json ? { problems: open.map((problem) => problemJson(problem, context.language)) } : {},
  )
}

async function writePayloads(context: Context, plan: OnboardingPlan, folder: string | undefined): Promise<number> {
  const payloads = payloadFiles(plan)
  if (folder === undefined) {
    await context.out.json({}, { files: payloads })
    return 0
  }
  const files = payloads.map(({ name, json }) => ({ name, bytes: Buffer.from(`${JSON.stringify(json, null, 2)}\n`) }))
  const { services } = await context.backend()
  const written = await services.onboarding.writeFolder(folder, files, writeOptions(context))
  if (!written.ok) return fail(context, written.error)
  if (context.json) await context.out.json({ folder, files: files.map(({ name }) => name) })
  else
    await context.out.write(
      `${context.say.label.wrote(folder)}: ${context.say.label.filesFor(files.length)}\n${files.map(({ name }) => `  ${name}\n`).join('')}`,
    )
  return 0
}

async function writeChecklist(context: Context, plan: OnboardingPlan, target = '-'): Promise<number> {
  const asked = textOption(context, 'format')
  const format = asked ?? (/\.html?$/iu.test(target) ? 'html' : /\.md$/iu.test(target) ? 'md' : 'txt')
  const list = checklistOf(plan, context.language, new Date().toISOString().slice(0, 10))
  const text = format === 'html' ? checklistAsHtml(list) : format === 'md' ? checklistAsMarkdown(list) : checklistAsText(list)
  return writeOne(context, target, Buffer.from(text), { parts: list.parts.length, language: context.language, format })
}

async function writeBatch(context: Context, plan: OnboardingPlan, target = '-'): Promise<number> {
  const named = textOption(context, 'customer')
  let profile: CustomerProfile | null = null
  if (named !== undefined) {
    const { services } = await context.backend()
    const resolved = await services.customers.resolve(named)
    if (!resolved.ok) return fail(context, resolved.error)
    profile = resolved.value
  }
  const { header, rows, withoutColumn } = firstBatch(plan, profile)
  if (withoutColumn.length > 0)
    return fail(context, { code: 'edit/impossible', detail: `the header has no column for ${withoutColumn.join(', ')}` })
  return writeOne(context, target, csvOf(header, rows), { users: rows.length })
}

async function writeOne(context: Context, target: string, bytes: Uint8Array, facts: object): Promise<number> {
  if (target === '-') {
    const text = Buffer.from(bytes).toString('utf8')
    await (context.json ? context.out.json({ ...facts, text }) : context.out.write(text))
    return 0
  }
  const { services } = await context.backend()
  const written = await services.files.writeBytes(target, bytes, { replace: hasFlag(context, 'force') })
  if (!written.ok) return fail(context, written.error)
  if (context.json) await context.out.json({ output: target, ...facts })
  else await context.out.write(`${context.say.label.wrote(target)}\n`)
  return 0
}

const labels: Readonly<
  Record<Language, { readonly next: string; readonly state: Readonly<Record<'done' | 'ready' | 'missing' | 'not-needed', string>> }>
> = {
  en: { next: 'Next', state: { done: 'done', ready: 'ready', missing: 'something is missing', 'not-needed': 'not needed' } },
  nb: { next: 'Neste', state: { done: 'utført', ready: 'klar', missing: 'noe mangler', 'not-needed': 'trengs ikke' } },
  da: { next: 'Næste', state: { done: 'udført', ready: 'klar', missing: 'noget mangler', 'not-needed': 'kræves ikke' } },
}
