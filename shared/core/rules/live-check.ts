import { emailKey, sameEmail } from '../diff/cell-meaning.ts'
import { isNew, isNobody } from '../diff/match-rows.ts'
import { firstRowWithSameText } from '../table/matching-rows.ts'
import { once } from '../../kit/once.ts'
import type { RowId } from '../table/table.ts'
import { rowsMarked, secondCheck } from './second-check.ts'
import { checkWhole, type CheckedFindings, type CheckedTable } from './check-table.ts'
import { movableUser, type CheckInput } from './context.ts'
import { edited, everySet, sharingEmails, sharingExtensions, sharingPhones, touchOf, type Touch } from './edit-touch.ts'
import { forgetRenames, suspectedRenames } from './families/identity.ts'
import { baselineUserFinder, hashesOf, noKey, TouchedHashes, type HashIndex } from './key-hashes.ts'
import { keyHolders, lookUp, nothingSeen, touchedBy, touchRows, type Relation, type Touched } from './key-holders.ts'
import { packageTally } from './package-tally.ts'
import type { Run } from './run.ts'

/** A check that goes along with edits of cells. Law: after each it says what a check of the whole table would say. */
export interface LiveCheck {
  readonly findings: CheckedFindings
  /**
   * Carries out an edit of the cells of `rows` (distinct) in `columns`, and checks again what it can have changed: these rows, those that
   * share an email, a number or an extension with them before or after, and the counts. Null, with nothing done: only a check of the
   * whole table will do. Gives the users who are others now.
   */
  edit(rows: Uint32Array, columns: readonly number[], carryOut: () => void): OtherUsers | null
}

/** Of rows whose email is another one now, or repeats an earlier one or does so no more: the baseline's row, `isNew` or `isNobody`. */
export type OtherUsers = ReadonlyMap<RowId, RowId>

/** More rows than this are checked as a set: what is looked at for each of them is then more than a walk over the table. */
const mostFew = 1_000
/** With more rows than this to look at again, they are looked at as a set. */
const mostAgain = 10_000
/** An email of more rows than this is one that very many share. */
const mostSharing = 1_000
/** An index with so many rows beside its buckets is made anew. */
const mostChanged = 20_000

/** `most`: edits of more rows than this are checked as a set. `checked`: a check of `input` that was made already. */
export function liveCheck(input: CheckInput, most = mostFew, checked: CheckedTable = checkWhole(input)): LiveCheck {
  const { findings, list, run } = checked
  const { context } = run
  const allRows = context.rows
  const { users } = context
  const positionOf = list.positionOf
  const baselineUser = once(() => baselineUserFinder(context))
  const holders = keyHolders(context, positionOf)
  const { indexOf } = holders
  const tally = packageTally(context, isActive(run, 'package/over-limit'))
  const again = secondCheck(checked, tally)

  function canFollow(columns: readonly number[]): boolean {
    if (typeof input.confirmedRemovals === 'number') return false
    return !columns.some((column) => context.recognised(column)?.suspended === true)
  }

  function edit(rows: Uint32Array, columns: readonly number[], carryOut: () => void): OtherUsers | null {
    if (!canFollow(columns)) return null
    // Worked out from all rows, and remembered: later not all are looked at.
    suspectedRenames(context)
    const touch = touchOf(context, rows, columns)
    if (tally.isOfEdit(touch)) tally.begin()
    const others = rows.length > most ? editMany(touch, carryOut) : editFew(touch, carryOut)
    return touch.isIdentity ? otherUsers(rows, others) : nobody
  }

  /** Who the rows of some lists are now. */
  function otherUsers(...lists: readonly Iterable<RowId>[]): OtherUsers {
    const emailOf = context.table.columns[users.email]!
    const found = new Map<RowId, RowId>()
    for (const list of lists) {
      for (const row of list) {
        const isUser = context.sameEmailAs[row]! < 0 && emailKey(emailOf.textOf(row)) !== ''
        const known = context.baselineRowOf[row]!
        found.set(row, !isUser ? isNobody : known >= 0 ? known : isNew)
      }
    }
    return found
  }

  /** Reads anew what is known of the edited rows. */
  function readAgain({ rows, isIdentity, isPackage }: Touch): void {
    for (const field of Object.values(context.fields)) field.own?.forget()
    if (isIdentity) {
      const emailOf = context.table.columns[users.email]!
      const find = baselineUser()
      for (let i = 0; i < rows.length; i++) context.baselineRowOf[rows[i]!] = find(emailOf.textOf(rows[i]!))
    }
    if (isPackage) context.readPackages(rows)
  }

  /** New users who are taken for another vanished one now, or for none. Asked when it is known who is whom. */
  function renamedAgain({ isPeople }: Touch): Uint32Array {
    if (!isPeople) return new Uint32Array(0)
    const before = suspectedRenames(context)
    forgetRenames(context)
    const now = suspectedRenames(context)
    return Uint32Array.from(new Set([...before.keys(), ...now.keys()])).filter((row) => before.get(row) !== now.get(row))
  }

  // Few rows: one after the other through the indexes.

  /** Gives the rows whose email another row repeats now, or does no more. */
  function editFew(touch: Touch, carryOut: () => void): Iterable<RowId> {
    const { rows, isEmail, isIdentity, isPhone, isExtension } = touch
    const affected = new Set<RowId>(rows)
    const user = movableUser(context)
    const relations: Relation[] = []
    if (isPhone) relations.push(holders.phoneRelation())
    if (isExtension) relations.push(holders.extensionRelation(), holders.placedRelation())
    for (const { held } of relations) indexOf(held)
    const emailIndex = isEmail ? indexOf(holders.emails()) : null
    const counts = tally.isOfEdit(touch)
    /** Rows that hold nothing at the moment. */
    const out = new Set<RowId>()

    const other = movableUser(context)
    const firstHolder = ({ held, keysOf, hashOf }: Relation, key: number): RowId =>
      indexOf(held).first(hashOf(key), (row) => {
        if (out.has(row)) return false
        other.moveTo(row)
        if (other.isRemoval) return false
        const keys = keysOf(other)
        return typeof keys === 'number' ? keys === key : keys.includes(key)
      })
    /** Takes what a row holds out of the relations, or puts it in. Where the first holder changes, so does what is said of the others. */
    const relate = (row: RowId, isIn: boolean): void => {
      if (isIn) out.delete(row)
      for (const relation of relations) {
        user.moveTo(row)
        // Who is to be removed takes nothing from anybody.
        const keys = user.isRemoval ? -1 : relation.keysOf(user)
        for (const key of typeof keys === 'number' ? [keys] : keys) {
          if (key >= 0 && firstHolder(relation, key) === row)
            indexOf(relation.held).each(relation.hashOf(key), (same) => affected.add(same))
        }
      }
      if (!isIn) out.add(row)
      if (counts) tally.count(row, isIn ? 1 : -1)
    }

    for (const row of rows) relate(row, false)
    const emailsMet = new Set<number>()
    const meetEmails = (): void => {
      for (const row of rows) if (holders.emails().hashes.of[row] !== noKey) emailsMet.add(holders.emails().hashes.of[row]!)
    }
    if (emailIndex !== null) meetEmails()
    const heldBefore = holders.known().map((held) => (emailIndex === null || held === null ? [] : hashesOf(held.hashes, rows)))
    const indexes = holders.readBy(touch).map(indexOf)
    for (const index of indexes) for (const row of rows) index.leave(row)
    const baselineRows = new Set(isIdentity ? Array.from(rows, (row) => context.baselineRowOf[row]!) : [])
    carryOut()
    readAgain(touch)
    for (const { hashes } of holders.readBy(touch)) hashes.read(rows)
    for (const index of indexes) for (const row of rows) index.join(row)

    const repeating = new Set<RowId>()
    if (emailIndex !== null) {
      meetEmails()
      // Of an email that very many have another one may be the first now, and then all their numbers change hands.
      if (isShared(emailIndex, emailsMet)) {
        const touched = touchedBy(touch)
        for (const [i, set] of [touched.emails, touched.phones, touched.extensions].entries()) set?.addAll(heldBefore[i]!)
        return settle(touch, touched)
      }
      const there = new Set<RowId>()
      for (const row of rows) context.sameEmailAs[row] = -1
      const isEdited = new Set(rows)
      const column = context.table.columns[users.email]!
      for (const hash of emailsMet) {
        const firstOf = new Map<string, RowId>()
        emailIndex.each(hash, (row) => {
          there.add(context.baselineRowOf[row]!)
          const email = emailKey(column.textOf(row))
          const first = firstOf.get(email)
          if (first === undefined) firstOf.set(email, row)
          const sameAs = first ?? -1
          if (context.sameEmailAs[row] === sameAs) return
          affected.add(row)
          repeating.add(row)
          if (!isEdited.has(row)) relate(row, false)
          context.sameEmailAs[row] = sameAs
          if (!isEdited.has(row)) relate(row, true)
        })
      }
      for (const row of rows) baselineRows.add(context.baselineRowOf[row]!)
      if (isIdentity) tally.mention(baselineRows, (row) => there.has(row))
    }
    for (const row of renamedAgain(touch)) affected.add(row)
    for (const row of rows) relate(row, true)
    for (const held of holders.readBy(touch)) if (held.index !== null && held.index.changedCount > mostChanged) held.index = null

    context.firstSeen = {
      phones: isPhone ? lookUp(holders.phoneRelation(), firstHolder) : nothingSeen,
      extensions: isExtension ? lookUp(holders.extensionRelation(), firstHolder) : nothingSeen,
      placed: isExtension ? lookUp(holders.placedRelation(), firstHolder) : nothingSeen,
      placeKey: holders.placeKey,
    }
    const sorted = Uint32Array.from(affected).sort((a, b) => positionOf[a]! - positionOf[b]!)
    if (sorted.length <= mostAgain) again.ofFew(sorted, touch)
    else checkMany(sorted, touch)
    return repeating
  }

  function isShared(index: HashIndex, hashes: ReadonlySet<number>): boolean {
    let members = 0
    for (const hash of hashes) index.each(hash, () => void members++)
    return members > mostSharing
  }

  /** One number that very many share: their first holder is another one now. */
  function checkMany(rows: Uint32Array, touch: Touch): void {
    const marks = marked(rows)
    if (touch.isPhone) TouchedHashes.of(holders.phones().hashes, rows).markHolders(holders.phones().hashes, allRows, marks, sharingPhones)
    if (touch.isExtension)
      TouchedHashes.of(holders.extensions().hashes, rows).markHolders(holders.extensions().hashes, allRows, marks, sharingExtensions)
    again.ofSets(marks, touch)
  }

  /** The rows themselves belong to every set: what was said of them may be void. */
  function marked(rows: Uint32Array): Uint8Array {
    const marks = new Uint8Array(context.table.rowLimit)
    for (let i = 0; i < rows.length; i++) marks[rows[i]!] = everySet
    return marks
  }

  // Many rows: as sets. What nobody else may hold is asked of all that may hold the same by their hashes, so that no row is looked up; a
  // rule runs only over the rows for which the edit can have changed something, and only where it reads what was edited.

  function editMany(touch: Touch, carryOut: () => void): Iterable<RowId> {
    const { rows } = touch
    if (tally.isOfEdit(touch)) for (let i = 0; i < rows.length; i++) tally.count(rows[i]!, -1)
    const touched = touchedBy(touch)
    touchRows(touched, holders, rows)
    holders.forgetPlaced()
    carryOut()
    readAgain(touch)
    for (const held of holders.readBy(touch)) {
      held.hashes.read(rows)
      held.index = null
    }
    return settle(touch, touched)
  }

  /** After an edit: `touched` are the hashes that its rows had before, and their packages are not counted. Gives rows as `editFew` does. */
  function settle(touch: Touch, touched: Touched): Uint32Array {
    const { rows } = touch
    const counts = tally.isOfEdit(touch)
    const marks = marked(rows)
    touchRows(touched, holders, rows)
    let repeating: Uint32Array = new Uint32Array(0)
    if (touched.emails !== null) {
      touched.emails.markHolders(holders.emails().hashes, allRows, marks, sharingEmails)
      repeating = repeatAgain(rowsMarked(allRows, marks, sharingEmails), marks, counts)
      touchRows({ ...touched, emails: null }, holders, repeating)
    }
    if (touch.isIdentity) tally.mentionAll()
    const renamed = renamedAgain(touch)
    for (const row of renamed) marks[row] = everySet
    touchRows({ ...touched, emails: null }, holders, renamed)
    if (counts) for (let i = 0; i < rows.length; i++) tally.count(rows[i]!, 1)
    touched.phones?.markHolders(holders.phones().hashes, allRows, marks, sharingPhones)
    touched.extensions?.markHolders(holders.extensions().hashes, allRows, marks, sharingExtensions)
    again.ofSets(marks, touch)
    return repeating
  }

  /** Says anew who repeats an earlier email among rows that may share one; gives those not edited for whom it is another row. */
  function repeatAgain(rows: Uint32Array, marks: Uint8Array, counts: boolean): Uint32Array {
    const { sameEmailAs } = context
    const first = firstRowWithSameText(context.table.columns[users.email]!, rows, sameEmail)
    const moved = new Uint32Array(rows.length)
    let length = 0
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!
      if (sameEmailAs[row] === first[row]) continue
      const isOther = (marks[row]! & edited) === 0
      if (counts && isOther) tally.count(row, -1)
      sameEmailAs[row] = first[row]!
      if (!isOther) continue
      if (counts) tally.count(row, 1)
      moved[length++] = row
    }
    return moved.subarray(0, length)
  }

  return { findings, edit }
}

const nobody: OtherUsers = new Map()

const isActive = (run: Run, id: string): boolean => run.rules.some((rule, number) => rule.id === id && run.active[number] === true)
