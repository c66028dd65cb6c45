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
import { columnsOf, visible } from '../output.ts'
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
  const facts = columnsOf([
    [label.batch, request.batch.id],
    [label.customer, visible(customer)],
    [label.author, `${visible(request.batch.author)} ${request.batch.submittedAt}`],
    [label.digest, request.digest],
    ...risks.map(({ kind, count, emails }) => [kind, `${count}: ${visible(emails.join(', '), 200)}`]),
  ])
  const lines = groups.map(({ intent, count, changes }) => {
    const change = changes.map(({ column, before, after }) => `${visible(column)}: ${visible(before)} → ${visible(after)}`).join('; ')
    return [String(count), label.intent[intent], change]
  })
  await context.out.write(
    [...facts, ...summaryLines(context, summary), ...packageLines(context, packages), '', ...columnsOf(lines, new Set([0])), ''].join('\n'),
  )
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
