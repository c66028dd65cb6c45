import { isCallingPackage, type PackageName } from '../catalogue/packages.ts'
import type { CellChange, Intent } from './change-set.ts'
import type { Comparison } from './compare-with-baseline.ts'

/** Changes that are one to a reviewer: "412 users: Package Webex Calling → Webex Suite". */
export interface ChangePattern {
  /** Stable for equal changes, whatever the order of the rows. */
  readonly key: string
  readonly intent: Intent
  readonly count: number
  /** What the members share: the package as one field (`Package`), or one cell. Texts are empty where `isVarious`. */
  readonly changes: readonly CellChange[]
  /** Every member has texts of its own here (names, numbers): one group for the column, not one for each user. */
  readonly isVarious: boolean
  /** The members lose their calling package, and with it number and voicemail for good (AUTOLIC). */
  readonly losesCalling: boolean
  /** Indexes into the change set, in its order. A change with several cells is a member of several groups. */
  readonly members: Uint32Array
}

/** The package as one field among cells. */
export const packageColumn = 'Package'

interface Group {
  readonly intent: Intent
  readonly change: CellChange
  readonly losesCalling: boolean
  readonly members: number[]
}

/**
 * Groups the changes by what they do. Removals come first, then who loses calling, then suspected renames, package changes, adds by
 * package, and single cells; within each the larger group first. A text that only one user gets is gathered by column. Law: every
 * change is a member of at least one group, and removals of no other.
 */
export function findPatterns(changes: Comparison): readonly ChangePattern[] {
  const groups = new Map<string, Group>()
  const join = (index: number, intent: Intent, change: CellChange, losesCalling = false): void => {
    const key = JSON.stringify([intent, change.column, change.before, change.after])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { intent, change, losesCalling, members: [index] })
    else group.members.push(index)
  }
  for (let index = 0; index < changes.count; index++) {
    const { intent, baselineRow } = changes.placeOf(index)
    if (intent !== 'update') {
      const { from = null, to = null } = changes.changeAt(index)
      join(index, intent, packageChange(from, to), intent !== 'remove' && lostCalling(from, to))
    }
    if (baselineRow < 0 || intent === 'remove') continue
    for (const { column, before, after } of changes.cellsAt(index)) {
      if (column.role === 'email' || (column.role === 'package' && intent !== 'update')) continue
      join(index, 'update', { column: column.header, before, after })
    }
  }
  return gatherSingles(groups).toSorted(byWeight)
}

const packageChange = (from: PackageName | null, to: PackageName | null): CellChange => ({
  column: packageColumn,
  before: from ?? '',
  after: to ?? '',
})

const lostCalling = (from: PackageName | null, to: PackageName | null): boolean =>
  from !== null && isCallingPackage(from) && (to === null || !isCallingPackage(to))

/** Cell changes that one user alone has are gathered by column, if there are two of them or more. */
function gatherSingles(groups: ReadonlyMap<string, Group>): readonly ChangePattern[] {
  const singles = Map.groupBy(
    [...groups].filter(([, group]) => group.intent === 'update' && group.members.length === 1),
    ([, group]) => group.change.column,
  )
  const gathered = new Set<string>()
  const patterns: ChangePattern[] = []
  for (const [column, alone] of singles) {
    if (alone.length < 2) continue
    for (const [key] of alone) gathered.add(key)
    const members = Uint32Array.from(alone.flatMap(([, group]) => group.members)).sort()
    const change = { column, before: '', after: '' }
    patterns.push({
      key: `various:${column}`,
      intent: 'update',
      count: members.length,
      changes: [change],
      isVarious: true,
      losesCalling: false,
      members,
    })
  }
  for (const [key, { intent, change, losesCalling, members }] of groups) {
    if (gathered.has(key)) continue
    patterns.push({
      key,
      intent,
      count: members.length,
      changes: [change],
      isVarious: false,
      losesCalling,
      members: Uint32Array.from(members),
    })
  }
  return patterns
}

function byWeight(a: ChangePattern, b: ChangePattern): number {
  return rank(a) - rank(b) || b.count - a.count || (a.key < b.key ? -1 : 1)
}

const ranks: Readonly<Record<Intent, number>> = { remove: 0, rename: 2, packageChange: 3, add: 4, update: 5 }
const rank = (pattern: ChangePattern): number => (pattern.losesCalling ? 1 : ranks[pattern.intent])
