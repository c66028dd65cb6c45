import { packageNames } from '../catalogue/packages.ts'
import { emailKey, sameEmail } from '../diff/cell-meaning.ts'
import { isNew, isNobody } from '../diff/match-rows.ts'
import { firstRowWithSameText } from '../table/matching-rows.ts'
import { once } from '../../kit/once.ts'
import type { RowId } from '../table/table.ts'
import { checkWhole, placeIn, runRules, type CheckedFindings, type CheckedTable } from './check-table.ts'
import { movableUser, type CheckInput, type MovableUser } from './context.ts'
import { extensionKeyReader } from './families/extension.ts'
import { forgetRenames, suspectedRenames } from './families/identity.ts'
import { heldPackagesReader, usersPerPackage } from './families/package.ts'
import { phoneKeyReader } from './families/phone.ts'
import type { KeptFinding } from './finding-list.ts'
import { findingStore } from './finding-store.ts'
import { newFirstSeen, partsOfPlaced, placeKeyReader, placeNumbers } from './first-seen.ts'
import {
  baselineUserFinder,
  emailHashes,
  extensionHashes,
  HashIndex,
  hashesOf,
  hashOfExtension,
  hashOfPhone,
  hashOfPlaced,
  noKey,
  phoneHashes,
  placedHashes,
  TouchedHashes,
  type KeyHashes,
} from './key-hashes.ts'
import type { NumberIndex } from './number-index.ts'
import type { Rule } from './rule.ts'
import { levelOf, type Run } from './run.ts'
import { shapesOf } from './shapes.ts'

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

/** Rows by what nobody else may hold. */
interface Held {
  readonly hashes: KeyHashes
  /** For edits of few rows; made when one comes. */
  index: HashIndex | null
}

/** A relation between users: who holds the same key. */
interface Relation {
  readonly held: Held
  keysOf(user: MovableUser): number | readonly number[]
  hashOf(key: number): number
}

/** What an edit can touch beside the cells themselves. */
interface Touch {
  readonly rows: Uint32Array
  readonly columns: readonly number[]
  readonly isEmail: boolean
  /** Who is whom of the baseline. */
  readonly isIdentity: boolean
  /** Packages may be others, also because another user's are kept. */
  readonly isPackage: boolean
  /** New users may be taken for other vanished ones than before. */
  readonly isPeople: boolean
  readonly isPhone: boolean
  readonly isExtension: boolean
}

/** Sets of rows, as bits. */
const edited = 1
const sharingPhones = 2
const sharingExtensions = 4
const sharingEmails = 8
const everySet = edited | sharingPhones | sharingExtensions | sharingEmails
/** Not of rows but of the whole table: a rule that is quick to ask. */
const anyRow = 16

/** `most`: edits of more rows than this are checked as a set. `checked`: a check of `input` that was made already. */
export function liveCheck(input: CheckInput, most = mostFew, checked: CheckedTable = checkWhole(input)): LiveCheck {
  const { findings, list, run } = checked
  const { context, rules } = run
  const allRows = context.rows
  const shapes = shapesOf(run)
  const { users } = context
  const positionOf = list.positionOf
  const packageColumns = [...users.packages.values()].flat()
  const isOverLimitActive = isActive(run, 'package/over-limit')
  const heldPackages = once(() => (context.baseline === null ? () => 0 : heldPackagesReader(context.baseline)))
  const baselineUser = once(() => baselineUserFinder(context))
  /** Users of each package by its place in `packageNames`, known once they were asked for. */
  let packageUsers: number[] | null = null

  // Who holds what: made when an edit first needs to know.
  let emails: Held | null = null
  let phones: Held | null = null
  let extensions: Held | null = null
  /** For edits of few rows alone. */
  let placed: Held | null = null
  const emailsHeld = (): Held => (emails ??= { hashes: emailHashes(context), index: null })
  const phonesHeld = (): Held => (phones ??= { hashes: phoneHashes(context), index: null })
  const extensionsHeld = (): Held => (extensions ??= { hashes: extensionHashes(context), index: null })
  const placeOf = placeNumbers()
  const placedHeld = (): Held => (placed ??= { hashes: placedHashes(context, extensionsHeld().hashes, placeOf), index: null })
  const indexOf = (held: Held): HashIndex => (held.index ??= new HashIndex(held.hashes, allRows, positionOf))

  const keyOfExtension = extensionKeyReader(context)
  const placeKey = placeKeyReader(placeOf)
  const phoneRelation = (): Relation => ({ held: phonesHeld(), keysOf: phoneKeyReader(context), hashOf: hashOfPhone })
  const extensionRelation = (): Relation => ({ held: extensionsHeld(), keysOf: keyOfExtension, hashOf: hashOfExtension })
  const placedRelation = (): Relation => ({
    held: placedHeld(),
    keysOf(user) {
      const key = keyOfExtension(user)
      return key < 0 ? -1 : placeKey(user, key)
    },
    hashOf(key) {
      const { extension, place } = partsOfPlaced(key)
      return hashOfPlaced(extension, place)
    },
  })

  function canFollow(columns: readonly number[]): boolean {
    if (typeof input.confirmedRemovals === 'number') return false
    return !columns.some((column) => context.recognised(column)?.suspended === true)
  }

  function edit(rows: Uint32Array, columns: readonly number[], carryOut: () => void): OtherUsers | null {
    if (!canFollow(columns)) return null
    // Worked out from all rows, and remembered: later not all are looked at.
    suspectedRenames(context)
    const touches = (...wanted: readonly number[]): boolean => wanted.some((column) => columns.includes(column))
    const isEmail = users.email >= 0 && touches(users.email)
    const isIdentity = isEmail && context.baseline !== null
    const isPackage = isIdentity || touches(...packageColumns)
    const kept = context.baseline !== null && isPackage
    const isOfPeople = touches(users.firstName, users.lastName, users.phone, users.extension)
    const isPeople = isIdentity || (context.baseline !== null && isOfPeople && rows.some((row) => context.baselineRowOf[row]! < 0))
    const touch: Touch = {
      rows,
      columns,
      isEmail,
      isIdentity,
      isPackage,
      isPeople,
      // Whoever was renamed may keep the number.
      isPhone: isEmail || kept || isPeople || touches(users.phone),
      isExtension: isEmail || kept || touches(users.extension, users.location),
    }
    if (isOverLimitActive && (isPackage || isEmail)) packageUsers ??= packageNames.map((name) => usersPerPackage(context).get(name) ?? 0)
    const others = rows.length > most ? editMany(touch, carryOut) : editFew(touch, carryOut)
    return isIdentity ? otherUsers(rows, others) : nobody
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

  const isCounted = ({ isPackage, isEmail }: Touch): boolean => isOverLimitActive && (isPackage || isEmail)
  /** Counts the packages of a row in or out; a repeated email is no user of its own. */
  function count(row: RowId, by: 1 | -1): void {
    if (context.sameEmailAs[row]! < 0) countBits(context.packages[row]!, by)
  }
  function countBits(bits: number, by: 1 | -1): void {
    for (let i = 0; i < packageNames.length; i++) if ((bits & (1 << i)) !== 0) packageUsers![i]! += by
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

  /** Notes which of some users of the baseline the file has (`isThere`). Those whom it lacks keep their packages, and are counted with them. */
  function mention(baselineRows: Iterable<RowId>, isThere: (baselineRow: RowId) => boolean): void {
    const { isMentioned } = context
    for (const row of baselineRows) {
      const is = isThere(row) ? 1 : 0
      if (row < 0 || isMentioned[row] === is) continue
      isMentioned[row] = is
      if (packageUsers !== null) countBits(heldPackages()(row), is === 1 ? -1 : 1)
    }
  }
  function mentionAll(): void {
    const isThere = new Uint8Array(context.isMentioned.length)
    for (let i = 0; i < allRows.length; i++) {
      const row = context.baselineRowOf[allRows[i]!]!
      if (row >= 0) isThere[row] = 1
    }
    mention(context.baseline!.table.rows, (row) => isThere[row] === 1)
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
    if (isPhone) relations.push(phoneRelation())
    if (isExtension) relations.push(extensionRelation(), placedRelation())
    for (const { held } of relations) indexOf(held)
    const emailIndex = isEmail ? indexOf(emailsHeld()) : null
    const counts = isCounted(touch)
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
      if (counts) count(row, isIn ? 1 : -1)
    }

    for (const row of rows) relate(row, false)
    const emailsMet = new Set<number>()
    const meetEmails = (): void => {
      for (const row of rows) if (emails!.hashes.of[row] !== noKey) emailsMet.add(emails!.hashes.of[row]!)
    }
    if (emailIndex !== null) meetEmails()
    const heldBefore = [emails, phones, extensions].map((held) => (emailIndex === null || held === null ? [] : hashesOf(held.hashes, rows)))
    const indexes = heldBy(touch).map(indexOf)
    for (const index of indexes) for (const row of rows) index.leave(row)
    const baselineRows = new Set(isIdentity ? Array.from(rows, (row) => context.baselineRowOf[row]!) : [])
    carryOut()
    readAgain(touch)
    for (const { hashes } of heldBy(touch)) hashes.read(rows)
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
      if (isIdentity) mention(baselineRows, (row) => there.has(row))
    }
    for (const row of renamedAgain(touch)) affected.add(row)
    for (const row of rows) relate(row, true)
    for (const held of heldBy(touch)) if (held.index !== null && held.index.changedCount > mostChanged) held.index = null

    context.firstSeen = {
      phones: isPhone ? lookUp(phoneRelation(), firstHolder) : nothingSeen,
      extensions: isExtension ? lookUp(extensionRelation(), firstHolder) : nothingSeen,
      placed: isExtension ? lookUp(placedRelation(), firstHolder) : nothingSeen,
      placeKey,
    }
    const again = Uint32Array.from(affected).sort((a, b) => positionOf[a]! - positionOf[b]!)
    if (again.length <= mostAgain) checkAgain(again, touch)
    else checkMany(again, touch)
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
    if (touch.isPhone) TouchedHashes.of(phonesHeld().hashes, rows).markHolders(phonesHeld().hashes, allRows, marks, sharingPhones)
    if (touch.isExtension)
      TouchedHashes.of(extensionsHeld().hashes, rows).markHolders(extensionsHeld().hashes, allRows, marks, sharingExtensions)
    checkSets(marks, touch)
    if (isCounted(touch)) list.replace(new Map([[-1, sheetFindings()]]))
  }

  /** The rows themselves belong to every set: what was said of them may be void. */
  function marked(rows: Uint32Array): Uint8Array {
    const marks = new Uint8Array(context.table.rowLimit)
    for (let i = 0; i < rows.length; i++) marks[rows[i]!] = everySet
    return marks
  }

  /** Where the cells of these rows are read, for an edit that touches them. */
  function heldBy({ columns, isEmail, isIdentity }: Touch): Held[] {
    const read: Held[] = []
    // A blank cell keeps what the baseline's user has, and that may be another one.
    const touches = (column: number): boolean => isIdentity || columns.includes(column)
    if (isEmail && emails !== null) read.push(emails)
    if (phones !== null && touches(users.phone)) read.push(phones)
    if (extensions !== null && touches(users.extension)) read.push(extensions)
    if (placed !== null && (touches(users.extension) || touches(users.location))) read.push(placed)
    return read
  }

  function checkAgain(rows: Uint32Array, touch: Touch): void {
    const stays = (rule: Rule): boolean =>
      asksAllRows(rule) ||
      (rule.id === renamedRule && !touch.isPeople) ||
      (rule.id === phoneRule && !touch.isPhone) ||
      (extensionRules.includes(rule.id) && !touch.isExtension)
    const store = findingStore()
    const active = run.active.map((is, number) => {
      const rule = rules[number]!
      return is && isOfRows(rule) && !stays(rule)
    })
    context.rows = rows
    runRules({ ...run, active, store }, shapes)
    context.rows = allRows
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
    if (isCounted(touch)) found.set(-1, sheetFindings())
    list.replace(found)
    checkAllRows(touch)
  }

  /** The rules that an edit makes ask all rows, where few were looked at for the others. */
  function checkAllRows(touch: Touch): void {
    const active = rules.map((rule, number) => run.active[number] === true && asksAllRows(rule) && scopeOf(rule, touch) === anyRow)
    if (!active.includes(true)) return
    const store = findingStore()
    runRules({ ...run, active, store }, [], true)
    list.replaceMany((rule) => active[rule] === true, store.sorted(positionOf, allRows.length), isSafe)
  }

  const isSafe = (rule: number, row: number, column: number, extra: number): boolean =>
    rules[rule]!.repair?.(placeIn(context, row, column, extra))?.kind === 'safe'
  const asKept = (rule: number, level: number, row: number, column: number, extra: number): KeptFinding => ({
    rule,
    level,
    column,
    extra,
    isSafe: list.countsSafe && isSafe(rule, row, column, extra),
  })

  /** Of the findings of the file only the limits of packages depend on cells. */
  function sheetFindings(): KeptFinding[] {
    const overLimit = rules.findIndex(({ id }) => id === 'package/over-limit')
    const { from, to } = list.rangeOf(-1)
    const findingsOfSheet: KeptFinding[] = []
    for (let index = from; index < to; index++) {
      if (list.ruleAt(index) !== overLimit)
        findingsOfSheet.push(asKept(list.ruleAt(index), list.levelAt(index), -1, list.columnAt(index), list.extraAt(index)))
    }
    for (const [name, limit] of context.customer?.limits ?? []) {
      const place = packageNames.indexOf(name)
      if ((packageUsers![place] ?? 0) > limit) findingsOfSheet.push(asKept(overLimit, levelOf('error'), -1, -1, place))
    }
    return findingsOfSheet.sort((a, b) => a.column - b.column || a.rule - b.rule)
  }

  // Many rows: as sets. What nobody else may hold is asked of all that may hold the same by their hashes, so that no row is looked up; a
  // rule runs only over the rows for which the edit can have changed something, and only where it reads what was edited.

  function editMany(touch: Touch, carryOut: () => void): Iterable<RowId> {
    const { rows } = touch
    if (isCounted(touch)) for (let i = 0; i < rows.length; i++) count(rows[i]!, -1)
    const touched = touchedBy(touch)
    touchRows(touched, rows)
    placed = null
    carryOut()
    readAgain(touch)
    for (const held of heldBy(touch)) {
      held.hashes.read(rows)
      held.index = null
    }
    return settle(touch, touched)
  }

  /** What the edited rows held and hold. */
  interface Touched {
    readonly emails: TouchedHashes | null
    readonly phones: TouchedHashes | null
    readonly extensions: TouchedHashes | null
  }
  const touchedBy = ({ isEmail, isPhone, isExtension }: Touch): Touched => ({
    emails: isEmail ? new TouchedHashes() : null,
    phones: isPhone ? new TouchedHashes() : null,
    extensions: isExtension ? new TouchedHashes() : null,
  })
  function touchRows({ emails: sameEmails, phones: samePhones, extensions: sameExtensions }: Touched, rows: Uint32Array): void {
    sameEmails?.addRows(emailsHeld().hashes, rows)
    samePhones?.addRows(phonesHeld().hashes, rows)
    sameExtensions?.addRows(extensionsHeld().hashes, rows)
  }

  /** After an edit: `touched` are the hashes that its rows had before, and their packages are not counted. Gives rows as `editFew` does. */
  function settle(touch: Touch, touched: Touched): Uint32Array {
    const { rows } = touch
    const counts = isCounted(touch)
    const marks = marked(rows)
    touchRows(touched, rows)
    let repeating: Uint32Array = new Uint32Array(0)
    if (touched.emails !== null) {
      touched.emails.markHolders(emailsHeld().hashes, allRows, marks, sharingEmails)
      repeating = repeatAgain(rowsMarked(marks, sharingEmails), marks, counts)
      touchRows({ ...touched, emails: null }, repeating)
    }
    if (touch.isIdentity) mentionAll()
    const renamed = renamedAgain(touch)
    for (const row of renamed) marks[row] = everySet
    touchRows({ ...touched, emails: null }, renamed)
    if (counts) for (let i = 0; i < rows.length; i++) count(rows[i]!, 1)
    touched.phones?.markHolders(phonesHeld().hashes, allRows, marks, sharingPhones)
    touched.extensions?.markHolders(extensionsHeld().hashes, allRows, marks, sharingExtensions)
    checkSets(marks, touch)
    if (counts) list.replace(new Map([[-1, sheetFindings()]]))
    return repeating
  }

  /** Says anew who repeats an earlier email among rows that may share one; gives those that were not edited and for whom it is another row. */
  function repeatAgain(rows: Uint32Array, marks: Uint8Array, counts: boolean): Uint32Array {
    const { sameEmailAs } = context
    const first = firstRowWithSameText(context.table.columns[users.email]!, rows, sameEmail)
    const moved = new Uint32Array(rows.length)
    let length = 0
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!
      if (sameEmailAs[row] === first[row]) continue
      const isOther = (marks[row]! & edited) === 0
      if (counts && isOther) count(row, -1)
      sameEmailAs[row] = first[row]!
      if (!isOther) continue
      if (counts) count(row, 1)
      moved[length++] = row
    }
    return moved.subarray(0, length)
  }

  /** The marked rows in the order of the table. */
  function rowsMarked(marks: Uint8Array, mark: number): Uint32Array {
    const found = new Uint32Array(allRows.length)
    let length = 0
    for (let i = 0; i < allRows.length; i++) if ((marks[allRows[i]!]! & mark) !== 0) found[length++] = allRows[i]!
    return length === allRows.length ? allRows : found.slice(0, length)
  }

  function checkSets(marks: Uint8Array, touch: Touch): void {
    const { columns, isPackage } = touch
    const scopes = rules.map((rule, number) => (run.active[number] === true ? scopeOf(rule, touch) : 0))
    const isOfCells = rules.map(({ condition }) => condition.kind === 'shape' && !isPackage)
    const touchedShapes = isPackage ? shapes : shapes.filter(({ recognised }) => columns.includes(recognised.index))
    const store = findingStore()
    for (const scope of [edited, sharingPhones, sharingExtensions, sharingEmails, anyRow]) {
      const active = scopes.map((one) => one === scope)
      if (!active.includes(true)) continue
      context.rows = scope === anyRow ? allRows : rowsMarked(marks, scope)
      // Whoever may hold the same is among the rows, so what came first is found among them.
      context.firstSeen = newFirstSeen(context.rows.length)
      runRules({ ...run, active, store }, scope === edited ? touchedShapes : [], true)
    }
    context.rows = allRows
    context.firstSeen = newFirstSeen(0)
    const isColumn = new Uint8Array(context.table.columns.length)
    for (const column of columns) isColumn[column] = 1
    list.replaceMany(
      (rule, row, column) => {
        const scope = scopes[rule]!
        if (scope === anyRow) return true
        return row >= 0 && scope !== 0 && (marks[row]! & scope) !== 0 && (isOfCells[rule] !== true || isColumn[column] === 1)
      },
      store.sorted(positionOf, allRows.length),
      isSafe,
    )
  }

  /** The set of rows for which an edit can change what a rule says; 0: none. */
  function scopeOf(rule: Rule, { columns, isEmail, isPhone, isExtension, isPackage, isPeople }: Touch): number {
    const { condition, id } = rule
    if (!isOfRows(rule)) return 0
    if (id === renamedRule) return isPeople ? anyRow : 0
    if (id === phoneRule) return isPhone ? sharingPhones : 0
    if (extensionRules.includes(id)) return isExtension ? sharingExtensions : 0
    if (id === emailRule) return isEmail ? sharingEmails : 0
    const scope = asksAllRows(rule) ? anyRow : edited
    if (condition.kind === 'shape' || condition.reads === undefined) return scope
    const { reads } = condition
    const read = typeof reads === 'function' ? reads(context) : reads.map((field) => context.fields[field].index)
    if (isPackage && (scope === edited || read.some((column) => packageColumns.includes(column)))) return scope
    return read.some((column) => columns.includes(column)) ? scope : 0
  }

  return { findings, edit }
}

const nobody: OtherUsers = new Map()

const renamedRule = 'identity/renamed'
const phoneRule = 'phone/duplicate'
const emailRule = 'email/duplicate'
const extensionRules: readonly string[] = ['extension/duplicate', 'extension/duplicate-elsewhere']

const asksAllRows = ({ condition }: Rule): boolean => condition.kind === 'table' && condition.isOfAllRows === true

/** What is said of the file and its columns does not follow from single cells, but for the limits of packages. */
const isOfRows = ({ on }: Rule): boolean => on !== 'file' && on !== 'column'

const isActive = (run: Run, id: string): boolean => run.rules.some((rule, number) => rule.id === id && run.active[number] === true)

/** A full index: a row that holds the number first finds itself. */
function lookUp(relation: Relation, first: (relation: Relation, key: number) => RowId): NumberIndex {
  const get = (key: number): number => first(relation, key)
  return { get, putIfAbsent: get }
}
const nothingSeen: NumberIndex = { get: () => -1, putIfAbsent: () => -1 }
