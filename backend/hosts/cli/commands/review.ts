import type { AppError } from '../../../../shared/contract/app-error.ts'
import type { FileTicket } from '../../../../shared/contract/draft-methods.ts'
import type { Result } from '../../../../shared/kit/result.ts'
import {
  countOption,
  fail,
  hasFlag,
  passphraseOf,
  personOf,
  textOption,
  ticketOf,
  usageError,
  writeOptions,
  type Context,
} from '../context.ts'
import { columnsOf, visible, visibleWords } from '../output.ts'
import { approvalLine } from '../batch.ts'
import { packageLines, summaryLines } from '../changes.ts'

/** Four eyes without a shared store (docs/rosterreview.md): a batch out, a decision back, keys, and the evidence of a batch. */
export async function run(context: Context): Promise<number> {
  const [what = '', word] = context.operands
  if (what === 'key') return key(context)
  if (word === undefined) {
    return fail(
      context,
      usageError(context.say.usage.missingOperand(`review ${what}`, what === 'export' || what === 'evidence' ? 'BATCH' : 'FILE')),
    )
  }
  switch (what) {
    case 'export':
      return exportBatch(context, word)
    case 'evidence':
      return evidence(context, word)
    case 'show':
      return show(context, word)
    case 'decide':
      return decideFile(context, word)
    default:
      return importFile(context, word)
  }
}

/** What a ticket holds, at the path that was asked for. */
async function write(context: Context, made: Result<FileTicket, AppError>, fallback?: string): Promise<number> {
  if (!made.ok) return fail(context, made.error)
  const { readTicket, services } = await context.backend()
  const content = await readTicket(made.value.ticket)
  if (!content.ok) return fail(context, content.error)
  const path = textOption(context, 'output') ?? fallback ?? made.value.name
  const written = await services.files.writeBytes(path, content.value.bytes, writeOptions(context))
  if (!written.ok) return fail(context, written.error)
  if (context.json) await context.out.json({ file: path, bytes: content.value.bytes.length })
  else await context.out.write(`${context.say.label.wrote(path)}\n`)
  return 0
}

async function exportBatch(context: Context, batch: string): Promise<number> {
  const { services } = await context.backend()
  return write(context, await services.api['review.exportFile']({ batch }))
}

async function evidence(context: Context, batch: string): Promise<number> {
  const { services } = await context.backend()
  const made = await services.api['review.evidence']({ batch, language: context.language })
  if (!made.ok) return fail(context, made.error)
  const isPage = /\.html?$/iu.test(textOption(context, 'output') ?? '')
  return write(context, { ok: true, value: isPage ? made.value.page : made.value.data })
}

async function show(context: Context, path: string): Promise<number> {
  const { services } = await context.backend()
  const file = await ticketOf(context, path)
  if (!file.ok) return fail(context, file.error)
  const view = await services.api['review.openFile']({ ticket: file.value.ticket })
  if (!view.ok) return fail(context, view.error)
  const { request, customer, summary, packages, risks, groups, items } = view.value
  if (context.json) {
    await context.out.json({ ...request, customer, summary, packages, risks, items, groups })
    return 0
  }
  const { label } = context.say
  const { batch, digest, comments } = request
  const facts = columnsOf([
    [label.batch, batch.id],
    [label.customer, visible(customer)],
    [label.author, `${visible(batch.author)} ${batch.submittedAt}${batch.message === null ? '' : `: ${visibleWords(batch.message, 400)}`}`],
    [label.digest, digest],
    ...risks.map(({ kind, count, emails }) => [
      label.risk[kind],
      `${count}: ${visible(emails.join(', '), 200)}${count > emails.length ? ', …' : ''}`,
    ]),
    ...comments.map(({ by, text }) => [label.comment(visible(by)), visibleWords(text, 400)]),
  ])
  const lines = groups.map(({ key, intent, count, changes }) => {
    const isVarious = key.startsWith('various:')
    const change = changes.map(({ column, before, after }) =>
      isVarious ? `${visible(column)}: ${label.various}` : `${visible(column)}: "${visible(before)}" → "${visible(after)}"`,
    )
    return [String(count), label.intent[intent], change.join('; ')]
  })
  await context.out.write(
    [...facts, ...summaryLines(context, summary), ...packageLines(context, packages), '', ...columnsOf(lines, new Set([0])), ''].join('\n'),
  )
  if (batch.singlePerson) context.out.remark(label.singlePerson)
  return 0
}

async function decideFile(context: Context, path: string): Promise<number> {
  const decision = textOption(context, 'decision')
  if (decision === undefined)
    return fail(context, usageError(context.say.usage.missingOption('review decide', '--decision approved|rejected')))
  if (textOption(context, 'as') === undefined)
    return fail(context, usageError(context.say.usage.missingOption('review decide', '--as NAME')))
  const { services } = await context.backend()
  const file = await ticketOf(context, path)
  if (!file.ok) return fail(context, file.error)
  const message = textOption(context, 'message')
  const confirmed = countOption(context, 'confirm-removals')
  return write(
    context,
    await services.api['review.decideFile']({
      ticket: file.value.ticket,
      by: personOf(context),
      decision: decision === 'approved' ? 'approved' : 'rejected',
      passphrase: passphraseOf() ?? '',
      ...(message === undefined ? {} : { message }),
      ...(confirmed === undefined ? {} : { confirmRemovals: confirmed }),
    }),
  )
}

async function importFile(context: Context, path: string): Promise<number> {
  const { services } = await context.backend()
  const file = await ticketOf(context, path)
  if (!file.ok) return fail(context, file.error)
  const taken = await services.api['review.importFile']({ ticket: file.value.ticket })
  if (!taken.ok) return fail(context, taken.error)
  if (context.json) await context.out.json(taken.value)
  else await context.out.write(`${taken.value.kind === 'key' ? visible(taken.value.person) : taken.value.batch}\n`)
  if (context.json || taken.value.kind === 'key') return 0
  const shown = await services.api['batches.show']({ batch: taken.value.batch })
  const approval = shown.ok ? shown.value.approvals.at(-1) : undefined
  if (approval !== undefined) context.out.remark(approvalLine(approval, context.say))
  return 0
}

/** Makes the key where there is none, or lets another one follow it, and writes its public half. */
async function key(context: Context): Promise<number> {
  if (textOption(context, 'as') === undefined) return fail(context, usageError(context.say.usage.missingOption('review key', '--as NAME')))
  const { services } = await context.backend()
  const person = personOf(context)
  const passphrase = passphraseOf() ?? ''
  const next = process.env['ROSTER_NEW_PASSPHRASE']
  if (hasFlag(context, 'replace') && next === undefined)
    return fail(context, usageError(context.say.usage.missingOption('review key --replace', 'ROSTER_NEW_PASSPHRASE')))
  const made = hasFlag(context, 'replace')
    ? await services.api['review.replaceKey']({ person, passphrase, next: next ?? '' })
    : await services.api['review.makeKey']({ person, passphrase })
  if (!made.ok) return fail(context, made.error)
  if (textOption(context, 'output') !== undefined) return write(context, await services.api['review.keyFile']({ person }))
  if (context.json) await context.out.json(made.value)
  else await context.out.write(`${made.value.fingerprint ?? ''}\n`)
  return 0
}
