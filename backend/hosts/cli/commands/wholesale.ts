import type { WholesaleItemLine, WholesaleStatus } from '../../../../shared/contract/wholesale-methods.ts'
import { wholesaleStates } from '../../../../shared/core/wholesale/outcome.ts'
import { reasonText, wholesaleWords } from '../../../../shared/core/wholesale/words.ts'
import { countOption, fail, hasFlag, personOf, textOption, usageError, writeOptions, type Context } from '../context.ts'
import { columnsOf, visible } from '../output.ts'

/** `roster wholesale …`: the Wholesale API as the second step of a push (docs/wholesale.md). */
export async function run(context: Context): Promise<number> {
  const [action = '', batch = ''] = context.operands
  const { say } = context
  if (textOption(context, 'output') !== undefined && action !== 'payloads')
    return fail(context, usageError(say.usage.onlyTogether('-o', 'wholesale payloads')))
  for (const option of ['retry', 'as'])
    if (context.options[option] !== undefined && action !== 'send')
      return fail(context, usageError(say.usage.onlyTogether(`--${option}`, 'wholesale send')))
  switch (action) {
    case 'payloads':
      return payloads(context, batch)
    case 'precheck':
      return precheck(context, batch)
    case 'send':
      return send(context, batch)
    default:
      return status(context, batch)
  }
}

async function payloads(context: Context, batch: string): Promise<number> {
  const folder = textOption(context, 'output')
  if (folder === undefined) return fail(context, usageError(context.say.usage.missingOption('wholesale payloads', '-o')))
  const { services } = await context.backend()
  const written = await services.wholesale.writePayloads(batch, folder, writeOptions(context))
  if (!written.ok) return fail(context, written.error)
  const { out, say } = context
  if (context.json) await out.json({ batch, folder, files: written.value })
  else
    await out.write(
      `${say.label.wrote(folder)}: ${say.label.filesFor(written.value.length)}\n${written.value.map((name) => `  ${name}\n`).join('')}`,
    )
  return 0
}

/** As `check`: 1 where there is a finding of severity error. */
async function precheck(context: Context, batch: string): Promise<number> {
  const { out, say, language } = context
  const { services } = await context.backend()
  const checked = await services.wholesale.precheck(
    { batch, language },
    { progress: (step, done, total) => out.progress(step, done, total), signal: context.stopSignal() },
  )
  if (!checked.ok) return fail(context, checked.error)
  const { findings, summary, unavailable } = checked.value
  if (context.json) {
    await out.json({ batch, checked: checked.value.checked, unavailable, summary }, { findings })
    return summary.error > 0 ? 1 : 0
  }
  for (const { severity, row, value, message } of findings) {
    const word = out.paint(severity === 'error' ? 'red' : 'yellow', say.label.severity[severity])
    await out.write(`${word}  ${say.label.row(row ?? 0)}  ${visible(value ?? '')}\n    ${visible(message, 600)}\n`)
  }
  if (unavailable) out.remark(say.label.noPrecheck)
  await out.write(
    `${say.label.rows(checked.value.checked)}: ${findings.length === 0 ? say.label.clean : say.label.counts(summary.error, summary.warning, summary.info)}\n`,
  )
  return summary.error > 0 ? 1 : 0
}

async function send(context: Context, batch: string): Promise<number> {
  const { out, say } = context
  const retry = hasFlag(context, 'retry')
  // Going on is the same person's work as a rule; beginning is a decision that has a name.
  const { services } = await context.backend()
  if (textOption(context, 'as') === undefined) {
    const before = await services.api['wholesale.status']({ batch })
    if (!before.ok) return fail(context, before.error)
    if (before.value.lastSent === null) return fail(context, usageError(say.usage.missingOption('wholesale send', '--as NAME')))
  }
  const sent = await services.wholesale.send(
    { batch, by: personOf(context), mode: retry ? 'retry' : 'send' },
    { progress: (step, done, total) => out.progress(step, done, total), signal: context.stopSignal() },
  )
  if (!sent.ok) return fail(context, sent.error)
  await tell(context, sent.value)
  const { refused, unknown } = sent.value.counts
  return refused + unknown > 0 ? 1 : 0
}

async function status(context: Context, batch: string): Promise<number> {
  const { services } = await context.backend()
  const found = await services.api['wholesale.status']({ batch })
  if (!found.ok) return fail(context, found.error)
  await tell(context, found.value)
  return 0
}

/** The counts, and every item that is not done. */
async function tell(context: Context, found: WholesaleStatus): Promise<void> {
  const { out, say, language } = context
  const { services } = await context.backend()
  const lines: WholesaleItemLine[] = []
  const page = 500
  for (let from = 0, total = 1; from < total; from += page) {
    const items = await services.api['wholesale.items']({ batch: found.batch, from, count: page })
    if (!items.ok) break
    total = items.value.total
    lines.push(...items.value.items)
  }
  if (context.json) {
    const { batch, customer, customerId, url, canSend, counts, lastSent, owner } = found
    await out.json({ batch, customer, customerId, url, canSend, counts, lastSent, owner }, { items: lines })
    return
  }
  const words = wholesaleWords[language]
  const shown = wholesaleStates.filter((state) => found.counts[state] > 0)
  await out.write(`${visible(found.customer)}  ${visible(found.customerId ?? say.label.nobody)}  ${visible(found.url)}\n`)
  await out.write(
    `${columnsOf(
      shown.map((state) => [String(found.counts[state]), words.state[state]]),
      new Set([0]),
    ).join('\n')}\n`,
  )
  const open = lines.filter(({ state }) => state !== 'done')
  const most = countOption(context, 'limit') ?? open.length
  for (const { row, email, state, reason } of open.slice(0, most)) {
    const word = out.paint(state === 'refused' ? 'red' : state === 'unknown' ? 'yellow' : 'blue', words.state[state])
    const why = reason === null ? '' : `\n    ${visible(reasonText(reason, language), 600)}`
    await out.write(`${word}  ${say.label.row(row)}  ${visible(email)}${why}\n`)
  }
  if (open.length > most) await out.write(`${say.label.more(open.length - most)}\n`)
}
