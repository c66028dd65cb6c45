import { packageNames } from '../catalogue/packages.ts'
import { TextGroups } from '../table/matching-rows.ts'
import type { RowId } from '../table/table.ts'
import { checkWhole, placeIn, runRules, type CheckedFindings } from './check-table.ts'
import { movableUser, sameEmail, type CheckContext, type CheckInput, type MovableUser } from './context.ts'
import { parseCustomRules } from './custom-rule.ts'
import { usersPerPackage } from './families/package.ts'
import { extensionKeyReader } from './families/extension.ts'
import { phoneKeyReader } from './families/phone.ts'
import type { KeptFinding } from './finding-list.ts'
import { findingStore } from './finding-store.ts'
import { placeKeyReader } from './first-seen.ts'
import { holdersOf, type Holders } from './holders.ts'
import type { NumberIndex } from './number-index.ts'
import type { Rule } from './rule.ts'
import { levelOf, type Run } from './run.ts'
import { shapesOf } from './shapes.ts'

/** A check that goes along with edits of cells. Law: after each it says what a check of the whole table would say. */
export interface LiveCheck {
  readonly findings: CheckedFindings
  /**
   * Carries out an edit of the cells of `rows` (distinct) in `columns`, and checks again what it can have changed: these rows, those that
   * share an email, a number or an extension with them before or after, and the counts. False, with nothing done: only a check of the
   * whole table will do.
   */
  edit(rows: Uint32Array, columns: readonly number[], carryOut: () => void): boolean
}

/** With more rows than this a check of everything is as quick. */
const mostRows = 2_000

export function liveCheck(input: CheckInput): LiveCheck {
  const { findings, list, run } = checkWhole(input)
  const { context, rules } = run
  const allRows = context.rows
  const shapes = shapesOf(run)
  const { users } = context
  const positionOf = list.positionOf
  const packageColumns = [...users.packages.values()].flat()
  const placeKey = placeKeyReader()
  const custom = parseCustomRules(input.customer?.rules ?? [])
  const hasUniqueRule = custom.ok && custom.value.some((rule) => rule.unique !== undefined)
  const isOverLimitActive = isActive(run, 'package/over-limit')
  /** Users of each package, known once they were asked for. */
  let packageUsers: Map<string, number> | null = null

  // Who holds what: made when an edit first needs to know.
  let emails: EmailHolders | null = null
  let phones: Holders | null = null
  let extensions: Holders | null = null
  let placed: Holders | null = null

  const holdersBy = (keysOf: (user: MovableUser) => number | readonly number[]): Holders => {
    const user = movableUser(context)
    return holdersOf(allRows, positionOf, (row, hold) => {
      user.moveTo(row)
      if (user.isRemoval) return
      const keys = keysOf(user)
      if (typeof keys !== 'number') keys.forEach(hold)
      else if (keys >= 0) hold(keys)
    })
  }

  function canFollow(rows: Uint32Array, columns: readonly number[]): boolean {
    if (rows.length > mostRows || typeof input.confirmedRemovals === 'number') return false
    if (hasUniqueRule) return false
    if (columns.some((column) => context.recognised(column)?.suspended === true)) return false
    if (context.baseline === null) return true
    // Renames pair new users with vanished ones; who is which may change for rows far away.
    if (columns.includes(users.email)) return false
    const tellsPeople = [users.firstName, users.lastName, users.phone, users.extension].some((column) => columns.includes(column))
    return !tellsPeople || rows.every((row) => context.baselineRowOf[row]! >= 0)
  }

  function edit(rows: Uint32Array, columns: readonly number[], carryOut: () => void): boolean {
    if (!canFollow(rows, columns)) return false
    const touches = (...wanted: readonly number[]): boolean => wanted.some((column) => columns.includes(column))
    const isEmail = users.email >= 0 && touches(users.email)
    const isPackage = touches(...packageColumns)
    const kept = context.baseline !== null && isPackage
    const isPhone = isEmail || kept || touches(users.phone)
    const isExtension = isEmail || kept || touches(users.extension, users.location)
    const affected = new Set<RowId>(rows)

    if (isEmail) emails ??= emailHolders(context, allRows, positionOf)
    const user = movableUser(context)
    const relations: { readonly holders: Holders; readonly keysOf: (user: MovableUser) => number | readonly number[] }[] = []
    if (isPhone) relations.push({ holders: (phones ??= holdersBy(phoneKeyReader(context))), keysOf: phoneKeyReader(context) })
    if (isExtension) {
      const keyOf = extensionKeyReader(context)
      const placedKey = (one: MovableUser): number => {
        const key = keyOf(one)
        return key < 0 ? -1 : placeKey(one, key)
      }
      relations.push({ holders: (extensions ??= holdersBy(keyOf)), keysOf: keyOf })
      relations.push({ holders: (placed ??= holdersBy(placedKey)), keysOf: placedKey })
    }
    const isCounted = isOverLimitActive && (isPackage || isEmail)
    if (isCounted) packageUsers ??= new Map(usersPerPackage(context))

    /** Takes what a row holds out of the relations, or puts it in. Where the first holder changes, so does what is said of the others. */
    const relate = (row: RowId, isIn: boolean): void => {
      user.moveTo(row)
      for (const { holders, keysOf } of relations) {
        // Who is to be removed takes nothing from anybody.
        const keys = user.isRemoval ? -1 : keysOf(user)
        for (const key of typeof keys === 'number' ? [keys] : keys) {
          if (key < 0) continue
          if (isIn) holders.add(key, row)
          if (holders.first(key) === row) for (const other of holders.rowsOf(key)) affected.add(other)
          if (!isIn) holders.remove(key, row)
        }
      }
      if (isCounted && context.sameEmailAs[row]! < 0) count(context.packages[row]!, isIn ? 1 : -1)
    }
    const count = (bits: number, by: 1 | -1): void => {
      packageNames.forEach((name, i) => {
        if ((bits & (1 << i)) !== 0) packageUsers!.set(name, (packageUsers!.get(name) ?? 0) + by)
      })
    }

    for (const row of rows) relate(row, false)
    const groups = new Set<number>()
    if (isEmail) for (const row of rows) emails!.leave(row, groups)
    carryOut()
    for (const field of Object.values(context.fields)) field.own?.forget()
    context.readPackages(rows)
    if (isEmail) {
      for (const row of rows) emails!.join(row, groups)
      const isEdited = new Set(rows)
      const moved: { readonly row: RowId; readonly sameAs: RowId }[] = []
      for (const group of groups) {
        const members = emails!.holders.rowsOf(group)
        const [first] = members
        for (const row of members) {
          const sameAs = row === first ? -1 : first!
          if (context.sameEmailAs[row] !== sameAs || isEdited.has(row)) moved.push({ row, sameAs })
        }
      }
      for (const row of rows) if (emails!.groupOf(row) < 0) context.sameEmailAs[row] = -1
      for (const { row, sameAs } of moved) {
        const isOther = !isEdited.has(row)
        if (isOther) relate(row, false)
        context.sameEmailAs[row] = sameAs
        if (isOther) relate(row, true)
        affected.add(row)
      }
    }
    for (const row of rows) relate(row, true)

    const again = Uint32Array.from(affected).sort((a, b) => positionOf[a]! - positionOf[b]!)
    const stays = (rule: Rule): boolean =>
      rule.id === 'identity/renamed' ||
      (rule.id === 'phone/duplicate' && !isPhone) ||
      ((rule.id === 'extension/duplicate' || rule.id === 'extension/duplicate-elsewhere') && !isExtension)
    context.firstSeen = {
      phones: lookUp(phones),
      extensions: lookUp(extensions),
      placed: lookUp(placed),
      placeKey,
    }
    checkAgain(again, stays, isCounted)
    return true
  }

  function checkAgain(rows: Uint32Array, stays: (rule: Rule) => boolean, isCounted: boolean): void {
    const store = findingStore()
    const active = run.active.map((is, number) => {
      const rule = rules[number]!
      return is && rule.on !== 'file' && rule.on !== 'column' && !stays(rule)
    })
    context.rows = rows
    runRules({ ...run, active, store }, shapes)
    context.rows = allRows
    const asKept = (rule: number, level: number, row: number, column: number, extra: number): KeptFinding => ({
      rule,
      level,
      column,
      extra,
      isSafe: list.countsSafe && rules[rule]!.repair?.(placeIn(context, row, column, extra))?.kind === 'safe',
    })
    const found = new Map<RowId, KeptFinding[]>([...rows].map((row) => [row, []]))
    store.each((rule, level, row, column, extra) => {
      found.get(row)?.push(asKept(rule, level, row, column, extra))
    })
    for (const [row, ofRow] of found) {
      const { from, to } = list.rangeOf(row)
      for (let index = from; index < to; index++) {
        const rule = list.ruleAt(index)
        if (run.active[rule] !== true || !stays(rules[rule]!)) continue
        ofRow.push(asKept(rule, list.levelAt(index), row, list.columnAt(index), list.extraAt(index)))
      }
      ofRow.sort((a, b) => a.column - b.column || a.rule - b.rule)
    }
    if (isCounted) found.set(-1, sheetFindings(asKept))
    list.replace(found)
  }

  /** Of the findings of the file only the limits of packages depend on cells. */
  function sheetFindings(asKept: (rule: number, level: number, row: number, column: number, extra: number) => KeptFinding): KeptFinding[] {
    const overLimit = rules.findIndex(({ id }) => id === 'package/over-limit')
    const { from, to } = list.rangeOf(-1)
    const findingsOfSheet: KeptFinding[] = []
    for (let index = from; index < to; index++) {
      if (list.ruleAt(index) !== overLimit)
        findingsOfSheet.push(asKept(list.ruleAt(index), list.levelAt(index), -1, list.columnAt(index), list.extraAt(index)))
    }
    for (const [name, limit] of context.customer?.limits ?? []) {
      if ((packageUsers!.get(name) ?? 0) > limit)
        findingsOfSheet.push(asKept(overLimit, levelOf('error'), -1, -1, packageNames.indexOf(name)))
    }
    return findingsOfSheet.sort((a, b) => a.column - b.column || a.rule - b.rule)
  }

  return { findings, edit }
}

const isActive = (run: Run, id: string): boolean => run.rules.some((rule, number) => rule.id === id && run.active[number] === true)

/** A full index: a row that holds the number first finds itself. */
const lookUp = (holders: Holders | null): NumberIndex => {
  const get = (key: number): number => holders?.first(key) ?? -1
  return { get, putIfAbsent: get }
}

/** Rows by the number of their email. */
interface EmailHolders {
  readonly holders: Holders
  /** -1 for a blank one. */
  groupOf(row: RowId): number
  /** Before and after the email of a row changes; the numbers of both go to `groups`. */
  leave(row: RowId, groups: Set<number>): void
  join(row: RowId, groups: Set<number>): void
}

function emailHolders(context: CheckContext, rows: Uint32Array, positionOf: Int32Array): EmailHolders {
  const column = context.table.columns[context.users.email]!
  const texts = new TextGroups(sameEmail, rows.length)
  const groupOf = texts.add(column, rows)
  const holders = holdersOf(rows, positionOf, (row, hold) => {
    if (groupOf[row]! >= 0) hold(groupOf[row]!)
  })
  return {
    holders,
    groupOf: (row) => groupOf[row]!,
    leave(row, groups) {
      const group = groupOf[row]!
      if (group < 0) return
      groups.add(group)
      holders.remove(group, row)
    },
    join(row, groups) {
      const group = texts.groupOf(column, row)
      groupOf[row] = group
      if (group < 0) return
      groups.add(group)
      holders.add(group, row)
    },
  }
}
