import type { PackageName } from '../catalogue/packages.ts'
import type { ChangeSummary, PackageCount } from '../diff/change-set.ts'
import type { BatchItem } from './batch.ts'

/** Items by intent. `unchanged` is not among what items can tell. */
export function sumItems(items: readonly BatchItem[]): ChangeSummary {
  const count = (intent: BatchItem['intent']): number => items.filter((item) => item.intent === intent).length
  return {
    add: count('add'),
    update: count('update'),
    packageChange: count('packageChange'),
    remove: count('remove'),
    rename: count('rename'),
    unchanged: 0,
  }
}

/** Users per package as they stand, and as they will be once the items are applied; limits as they are `known`. */
export function packagesAfter(
  known: readonly Pick<PackageCount, 'package' | 'limit'>[],
  users: readonly { readonly package: PackageName | null }[],
  items: readonly BatchItem[],
): readonly PackageCount[] {
  const before = new Map<PackageName | null, number>()
  for (const user of users) before.set(user.package, (before.get(user.package) ?? 0) + 1)
  const delta = new Map<PackageName, number>()
  const add = (name: PackageName | null, by: number): void => {
    if (name !== null) delta.set(name, (delta.get(name) ?? 0) + by)
  }
  for (const { intent, from, to } of items) {
    if (intent === 'update') continue
    if (intent !== 'add') add(from, -1)
    if (intent !== 'remove') add(to, 1)
  }
  const names = new Set([...known.map((one) => one.package), ...delta.keys()])
  return [...names].map((name) => {
    const limit = known.find((one) => one.package === name)?.limit
    const now = before.get(name) ?? 0
    return { package: name, before: now, after: now + (delta.get(name) ?? 0), ...(limit === undefined ? {} : { limit }) }
  })
}
