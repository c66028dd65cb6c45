import type { ItemLanding } from '../../../../shared/core/control-hub/reconcile.ts'
import { catchUpBytes } from '../../../services/batches/reconcile-batch.ts'
import { fail, sourceOf, textOption, usageError, writeOptions, type Context } from '../context.ts'
import { columnsOf, visible } from '../output.ts'

/** Everything landed: 0. Something did not, or did differently: 2, as `diff` says of differences. */
export async function run(context: Context): Promise<number> {
  const { out, operands, say } = context
  const { label } = say
  const [batch = '', exported = ''] = operands
  const target = textOption(context, 'output')
  if (target !== undefined && !/\.csv$/iu.test(target)) return fail(context, usageError(say.usage.csvOutput(target)))
  const { services } = await context.backend()
  const held = await services.batches.reconcile(batch, await sourceOf(exported))
  if (!held.ok) return fail(context, held.error)
  const { counts, items, byOthers, unseen, catchUp, removals } = held.value
  const open = items.filter(({ landing }) => landing !== 'landed')

  let written: string | null = null
  if (target !== undefined && catchUp !== null) {
    const done = await services.files.writeBytes(target, catchUpBytes(catchUp), writeOptions(context))
    if (!done.ok) return fail(context, done.error)
    written = target
  }
  const next = written === null ? null : await nextStep(context, { batch, exported, file: written, removals: removals.length })
  if (context.json) {
    const summary = { landed: counts.landed, notLanded: counts['not-landed'], differently: counts.differently, byOthers: byOthers.length }
    await out.json(
      { batch, summary, unseen, catchUp: written, ...(next === null ? {} : { catchUpIsFor: 'roster', next: next.submit }) },
      { items: open, byOthers, ...(next === null ? {} : { removals }) },
    )
  } else {
    await out.write(
      `${columnsOf(
        [
          [String(counts.landed), label.landed],
          [String(counts['not-landed']), label.notLanded],
          [String(counts.differently), label.landedDifferently],
          [String(byOthers.length), label.changedByOthers],
        ],
        new Set([0]),
      ).join('\n')}\n`,
    )
    for (const item of open) await out.write(`${itemLine(item, context)}\n`)
    for (const { email, kind, columns } of byOthers) {
      const cells = columns.map(({ column, before, found }) => `\n    ${visible(column)}: "${visible(before)}" → "${visible(found)}"`)
      await out.write(`${out.paint('blue', label.foreign[kind])}  ${visible(email)}${cells.join('')}\n`)
    }
    if (unseen.length > 0) out.remark(label.unseenColumns(unseen.map((column) => visible(column)).join(', ')))
    if (written !== null && next !== null) {
      await out.write(`${label.wrote(written)}\n${label.catchUpNext(next.submit, next.files)}\n`)
      if (removals.length > 0) {
        await out.write(`${out.paint('red', label.catchUpRemoves(removals.length))}\n`)
        for (const email of removals) await out.write(`  ${out.paint('red', label.intent.remove)}  ${visible(email)}\n`)
      }
    } else if (target !== undefined) await out.write(`${label.nothingToCatchUp}\n`)
  }
  return open.length === 0 ? 0 : 2
}

interface Written {
  readonly batch: string
  readonly exported: string
  readonly file: string
  readonly removals: number
}

/** How the catch-up file goes on from here, as commands to be copied. */
async function nextStep(
  context: Context,
  { batch, exported, file, removals }: Written,
): Promise<{ readonly submit: string; readonly files: string }> {
  const { services } = await context.backend()
  const shown = await services.api['batches.show']({ batch })
  const customer = shown.ok ? ['--customer', shown.value.customer] : []
  const held = [file, ...customer, '--baseline', exported]
  const words = (...all: readonly string[]): string => ['roster', ...all.map(quoted)].join(' ')
  return {
    submit: words('submit', ...held, ...(removals === 0 ? [] : ['--confirm-removals', String(removals)])),
    files: words('export', ...held, '-o', file.replace(/\.csv$/iu, '-files')),
  }
}

/** As a shell takes it for one word. */
const quoted = (word: string): string => (/^[\w./@:+=-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

function itemLine({ email, landing, columns }: ItemLanding, { out, say: { label } }: Context): string {
  const word = landing === 'not-landed' ? out.paint('red', label.notLanded) : out.paint('yellow', label.landedDifferently)
  const cells = columns.map(
    ({ column, wanted, found }) => `\n    ${visible(column)}: ${label.wantedFound(visible(wanted), visible(found))}`,
  )
  return `${word}  ${visible(email)}${cells.join('')}`
}
