import type { BatchContent, BatchItem } from '../batch/batch.ts'
import { baselineFingerprint } from '../batch/drift.ts'
import type { Hasher } from '../batch/hasher.ts'
import type { ChangeSummary, Intent, PackageCount } from '../diff/change-set.ts'

/**
 * The same batch with only some of its items: numbered anew, with counts, packages and baseline fingerprint of its own, so that its
 * digest is another and no approval of the whole can be used for it. `items` may also be changed ones (three-way).
 * Law: with all items unchanged it is the batch itself.
 */
export function contentWith(content: BatchContent, items: readonly BatchItem[], hasher: Hasher): BatchContent {
  const numbered = items.map((item, number) => ({ ...item, number }))
  const touched = new Set(numbered.map(({ row }) => row))
  const gone = new Set(content.items.map(({ row }) => row).filter((row) => !touched.has(row)))
  return {
    ...content,
    baseline: { ...content.baseline, fingerprint: baselineFingerprint(numbered, hasher) },
    summary: summaryOf(numbered, content),
    packages: packagesWith(content, numbered),
    confirmedRemovals: numbered.filter(({ intent }) => intent === 'remove').length,
    ignored: content.ignored.filter(({ row }) => row === null || !gone.has(row)),
    items: numbered,
  }
}

function summaryOf(items: readonly BatchItem[], { items: before, summary }: BatchContent): ChangeSummary {
  const count = (wanted: Intent): number => items.filter(({ intent }) => intent === wanted).length
  return {
    add: count('add'),
    update: count('update'),
    packageChange: count('packageChange'),
    remove: count('remove'),
    rename: count('rename'),
    unchanged: summary.unchanged + before.length - items.length,
  }
}

/** Seats afterwards: what the items that are left out would have moved is taken back. */
function packagesWith(content: BatchContent, items: readonly BatchItem[]): readonly PackageCount[] {
  const moved = new Map<string, number>()
  const move = (name: string | null, by: number): void => {
    if (name !== null) moved.set(name, (moved.get(name) ?? 0) + by)
  }
  const count = (list: readonly BatchItem[], by: number): void => {
    for (const { intent, from, to } of list) {
      if (intent === 'update') continue
      move(from, -by)
      move(to, by)
    }
  }
  count(content.items, -1)
  count(items, 1)
  return content.packages.map((line) => ({ ...line, after: line.after + (moved.get(line.package) ?? 0) }))
}
