import type { AuditLine } from '../../../../shared/contract/batch-methods.ts'
import type { AppError } from '../../../../shared/contract/app-error.ts'
import { receiptWords } from '../../../../shared/core/report/receipt-words.ts'
import { ok, type Result } from '../../../../shared/kit/result.ts'
import type { Services } from '../../../services/services.ts'
import { itemsLine } from '../batch.ts'
import { countOption, fail, personOf, textOption, ticketOf, usageError, wordsOfError, type Context } from '../context.ts'
import { columnsOf, visible } from '../output.ts'

export async function run(context: Context): Promise<number> {
  const { out, say } = context
  const { services } = await context.backend()
  if (context.operands[0] === 'verify') {
    if (countOption(context, 'limit') !== undefined) return fail(context, usageError(say.usage.onlyTogether('--limit', 'audit show')))
    const receipt = context.operands[1]
    return receipt === undefined ? verify(context, services) : verifyReceipt(context, receipt)
  }
  if (context.operands[0] === 'purge') return purge(context, services)
  if (context.operands[1] !== undefined) return fail(context, usageError(say.usage.surplusOperand('audit show', context.operands[1])))

  const entries = await allEntries(services)
  if (!entries.ok) return fail(context, entries.error)
  const limit = countOption(context, 'limit')
  const shown = limit === undefined ? entries.value : entries.value.slice(Math.max(0, entries.value.length - limit))
  if (context.json) await out.json(shown)
  else {
    const rows = shown.map((line) => [
      String(line.entry),
      line.at,
      visible(line.by),
      line.what,
      line.batch ?? '',
      Object.entries(line.counts)
        .map(([name, count]) => `${name} ${count}`)
        .join(', '),
    ])
    await out.write(
      columnsOf(rows, new Set([0]))
        .map((line) => `${line}\n`)
        .join(''),
    )
  }
  return 0
}

async function verify(context: Context, services: Services): Promise<number> {
  const { out, say } = context
  const verified = await services.api['audit.verify']({})
  if (!verified.ok) return fail(context, verified.error)
  const { broken, entries, head } = verified.value
  if (broken !== null) return fail(context, { code: 'audit/broken', ...broken }, { holds: false, entries })
  if (context.json) await out.json({ holds: true, entries, head })
  else await out.write(`${say.label.auditHolds(entries)}\n${head}\n`)
  return 0
}

/** Takes the personal data of a finished batch away; its id is said twice, so that it is meant. The log is verified afterwards. */
async function purge(context: Context, services: Services): Promise<number> {
  const { out, say } = context
  const batch = context.operands[1]
  if (batch === undefined) return fail(context, usageError(say.usage.missingOperand('audit purge', 'BATCH')))
  const confirm = textOption(context, 'confirm')
  if (confirm === undefined) return fail(context, usageError(say.usage.missingOption('audit purge', '--confirm BATCH')))
  const purged = await services.api['review.purge']({ batch, by: personOf(context), confirm })
  if (!purged.ok) return fail(context, purged.error)
  const verified = await services.api['audit.verify']({})
  if (!verified.ok) return fail(context, verified.error)
  const { broken, entries, head } = verified.value
  if (broken !== null) return fail(context, { code: 'audit/broken', ...broken }, { purged: batch, holds: false, entries })
  if (context.json) await out.json({ purged: batch, holds: true, entries, head })
  else await out.write(`${wordsOfError(say, { code: 'batch/purged', batch })}\n${say.label.auditHolds(entries)}\n${head}\n`)
  return 0
}

/** Whether a receipt's file is genuine, and what for. */
async function verifyReceipt(context: Context, file: string): Promise<number> {
  const { out, say } = context
  const { services } = await context.backend()
  const ticket = await ticketOf(context, file)
  if (!ticket.ok) return fail(context, ticket.error)
  const checked = await services.api['receipts.verify']({ ticket: ticket.value.ticket })
  if (!checked.ok) return fail(context, checked.error, { genuine: false })
  const { name, problems, batch, customer, heldAgainst, signature, by, finishedAt, counts, key } = checked.value
  const [reason] = problems
  if (reason !== undefined) return fail(context, { code: 'receipt/not-genuine', name, reason }, { genuine: false, ...checked.value })
  if (context.json) {
    await out.json({ genuine: true, ...checked.value })
    return 0
  }
  const words = receiptWords[context.language]
  const facts = columnsOf([
    [words.pushed, `${visible(by)} ${finishedAt}`],
    [say.label.items, itemsLine(counts, say)],
    [say.label.signature, visible(words.signatures[signature](by, key ?? ''), 400)],
  ])
  await out.write(`${[say.label.receiptHolds(batch, visible(customer), heldAgainst), ...facts].join('\n')}\n`)
  return 0
}

async function allEntries(services: Services): Promise<Result<readonly AuditLine[], AppError>> {
  const lines: AuditLine[] = []
  for (;;) {
    const page = await services.api['audit.list']({ from: lines.length, count: 500 })
    if (!page.ok) return page
    lines.push(...page.value.entries)
    if (page.value.entries.length === 0 || lines.length >= page.value.total) return ok(lines)
  }
}
