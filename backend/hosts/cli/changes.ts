import type { Change, ChangeSet, ChangeSummary, PackageCount } from '../../../shared/core/diff/change-set.ts'
import type { Context } from './context.ts'
import { columnsOf, visible } from './output.ts'

/** Whether a comparison found anything. An absent user is no difference: the file says nothing about it. */
export const hasDifferences = ({ summary }: ChangeSet): boolean =>
  summary.add + summary.update + summary.packageChange + summary.remove + summary.rename > 0

/** Rows that are no user of their own: without an email, or with one that stands in an earlier row. `check` names them. */
export const passedOver = (rows: number, { summary }: ChangeSet): number =>
  rows - Object.values(summary).reduce((sum: number, count: number) => sum + count, 0)

/** The JSON of `diff` (cli.md). */
export function diffJson(
  changes: ChangeSet,
  skipped: number,
): { readonly head: object; readonly lists: Readonly<Record<string, Iterable<unknown>>> } {
  const { summary, packages, absent } = changes
  return { head: { summary, packages, absent, ...(skipped > 0 ? { passedOver: skipped } : {}) }, lists: { changes: allChanges(changes) } }
}

function* allChanges(changes: ChangeSet): Generator<Change> {
  for (let index = 0; index < changes.count; index++) yield changes.changeAt(index)
}

/** Counts by intent, in a line each. Removals stand out: nobody should have to look for them. */
export function summaryLines({ out, say: { label } }: Context, summary: ChangeSummary): string[] {
  const lines = columnsOf(
    [
      [String(summary.add), label.intent.add],
      [String(summary.update), label.intent.update],
      [String(summary.packageChange), label.intent.packageChange],
      [String(summary.rename), label.intent.rename],
      [String(summary.unchanged), label.unchanged],
    ],
    new Set([0]),
  ).map((line) => `  ${line}`)
  return summary.remove === 0 ? lines : [...lines, out.paint(['red', 'bold'], label.removals(summary.remove))]
}

export function packageLines({ say: { label } }: Context, packages: readonly PackageCount[]): string[] {
  if (packages.length === 0) return []
  const withLimits = packages.some((count) => count.limit !== undefined)
  const rows = packages.map(({ package: name, before, after, limit }) => [
    name,
    String(before),
    String(after),
    ...(withLimits ? [limit === undefined ? '' : String(limit)] : []),
  ])
  return columnsOf([[label.packages, label.before, label.after, ...(withLimits ? [label.limit] : [])], ...rows], new Set([1, 2, 3]))
}

export async function writeChanges(context: Context, changes: ChangeSet): Promise<void> {
  const { out, say } = context
  if (!hasDifferences(changes)) await out.write(`${say.label.noChanges}\n`)
  else {
    await out.write(`${summaryLines(context, changes.summary).join('\n')}\n\n`)
    for (const change of allChanges(changes)) await out.write(`${changeLine(context, change)}\n`)
  }
  const packages = packageLines(context, changes.packages)
  if (packages.length > 0) await out.write(`\n${packages.join('\n')}\n`)
  if (changes.absent > 0) out.remark(say.label.absent(changes.absent))
}

function changeLine({ out, say: { label } }: Context, change: Change): string {
  const intent =
    change.intent === 'remove' ? out.paint(['red', 'bold'], label.intent.remove) : out.paint('bold', label.intent[change.intent])
  const packages = change.from === undefined && change.to === undefined ? '' : `  ${change.from ?? '–'} → ${change.to ?? '–'}`
  const former = change.formerEmail === undefined ? '' : `  (${visible(change.formerEmail)})`
  const cells =
    change.intent === 'add'
      ? []
      : change.cells.map((cell) => `\n    ${visible(cell.column)}: "${visible(cell.before)}" → "${visible(cell.after)}"`)
  return `${intent}  ${label.row(change.row)}  ${visible(change.email)}${former}${packages}${cells.join('')}`
}
