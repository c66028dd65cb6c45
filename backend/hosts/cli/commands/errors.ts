import path from 'node:path'
import { fail, openInputs, sourceOf, textOption, usageError, writeOptions, type Context } from '../context.ts'
import { visible, visibleWords } from '../output.ts'
import { isTabular } from '../tabular.ts'
import { writeTable } from '../write-table.ts'

/** Control Hub's error file on the users of a file: 0, or 1 where a message is about a user that the file does not have. */
export async function run(context: Context): Promise<number> {
  const { out, operands, say } = context
  const { label } = say
  const [errorWord = '', fileWord = ''] = operands
  const target = textOption(context, 'output')
  const folder = textOption(context, 'reassign')
  if (target !== undefined && target !== '-' && !isTabular(target)) return fail(context, usageError(say.usage.tabularOutput(target)))
  if (errorWord === '-' && fileWord === '-') return fail(context, usageError(say.usage.inputTwice))
  const { services } = await context.backend()
  const errorFile = await services.files.open(await sourceOf(errorWord))
  if (!errorFile.ok) return fail(context, errorFile.error)
  const inputs = await openInputs(context, fileWord, textOption(context, 'baseline'), { needsEmails: true })
  if (!inputs.ok) return fail(context, inputs.error)
  const read = services.files.importErrors(inputs.value.file, errorFile.value, inputs.value.baseline)
  if (!read.ok) return fail(context, read.error)
  const { errors, failed, reassign } = read.value

  if (target !== undefined) {
    const written = await writeTable(context, failed, target, writeOptions(context))
    if (!written.ok) return fail(context, written.error)
  }
  const pair: string[] = []
  if (folder !== undefined && reassign !== null) {
    const [unassign, assign] = [services.files.csvOf(reassign.unassign), services.files.csvOf(reassign.assign)]
    if (!unassign.ok) return fail(context, unassign.error)
    if (!assign.ok) return fail(context, assign.error)
    // Both or neither: the first deletes the users whom the second brings back.
    const files = [
      { name: '1-of-2-unassign-DELETES-users.csv', bytes: unassign.value },
      { name: '2-of-2-assign-again.csv', bytes: assign.value },
    ]
    const written = await services.onboarding.writeFolder(folder, files, writeOptions(context))
    if (!written.ok) return fail(context, written.error)
    pair.push(...files.map(({ name }) => path.join(folder, name)))
  }
  const notFound = errors.filter(({ row }) => row === null).length
  const say1 = target === '-' ? out.remark : (line: string) => void out.write(`${line}\n`)
  if (context.json && target !== '-') {
    await out.json(
      {
        summary: {
          total: errors.length,
          notFound,
          attributesNotUpdated: errors.filter(({ kind }) => kind === 'attributes-not-updated').length,
          licenceNotUpdated: errors.filter(({ kind }) => kind === 'licence-not-updated').length,
        },
        output: target ?? null,
        reassign:
          reassign === null ? null : { users: reassign.assign.table.rows.length, withoutPackage: reassign.withoutPackage, files: pair },
      },
      { errors },
    )
    return notFound === 0 ? 0 : 1
  }
  for (const { email, row, message, kind } of errors) {
    const place = row === null ? out.paint('red', label.notInFile) : label.row(row)
    const cure = kind === 'other' ? '' : `\n    → ${label.cure}`
    say1(`${place}  ${visible(email)}\n    ${visibleWords(message, 600)}${cure}`)
  }
  if (target !== undefined && target !== '-') say1(`${label.wrote(target)} (${label.rows(failed.table.rows.length)})`)
  if (reassign !== null) {
    if (pair.length > 0) for (const file of pair) say1(label.wrote(file))
    out.complain(out.paint(['red', 'bold'], label.reassignDanger(reassign.assign.table.rows.length)))
    if (reassign.withoutPackage.length > 0)
      out.complain(label.reassignWithout(reassign.withoutPackage.map((email) => visible(email)).join(', ')))
  }
  return notFound === 0 ? 0 : 1
}
