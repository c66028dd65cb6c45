import type { RowId } from '../table/table.ts'
import type { CheckContext, MovableUser } from './context.ts'
import type { Touch } from './edit-touch.ts'
import { extensionKeyReader } from './families/extension.ts'
import { phoneKeyReader } from './families/phone.ts'
import { partsOfPlaced, placeKeyReader, placeNumbers } from './first-seen.ts'
import {
  emailHashes,
  extensionHashes,
  HashIndex,
  hashOfExtension,
  hashOfPhone,
  hashOfPlaced,
  phoneHashes,
  placedHashes,
  TouchedHashes,
  type KeyHashes,
} from './key-hashes.ts'
import type { NumberIndex } from './number-index.ts'

/** Rows by what nobody else may hold. */
export interface Held {
  readonly hashes: KeyHashes
  /** For edits of few rows; made when one comes. */
  index: HashIndex | null
}

/** A relation between users: who holds the same key. */
export interface Relation {
  readonly held: Held
  keysOf(user: MovableUser): number | readonly number[]
  hashOf(key: number): number
}

/** Who holds what: made when an edit first needs to know. */
export interface KeyHolders {
  emails(): Held
  phones(): Held
  extensions(): Held
  /** Emails, phones and extensions; null for what no edit has asked for yet. */
  known(): readonly (Held | null)[]
  phoneRelation(): Relation
  extensionRelation(): Relation
  /** Extensions by the place where they are dialled; for edits of few rows alone. */
  placedRelation(): Relation
  readonly placeKey: ReturnType<typeof placeKeyReader>
  indexOf(held: Held): HashIndex
  /** Where the cells of an edit's rows are read. */
  readBy(touch: Touch): readonly Held[]
  forgetPlaced(): void
}

export function keyHolders(context: CheckContext, positionOf: Int32Array): KeyHolders {
  const { users, rows: allRows } = context
  let emails: Held | null = null
  let phones: Held | null = null
  let extensions: Held | null = null
  let placed: Held | null = null
  const phonesHeld = (): Held => (phones ??= { hashes: phoneHashes(context), index: null })
  const extensionsHeld = (): Held => (extensions ??= { hashes: extensionHashes(context), index: null })
  const placeOf = placeNumbers()
  const placedHeld = (): Held => (placed ??= { hashes: placedHashes(context, extensionsHeld().hashes, placeOf), index: null })
  const keyOfExtension = extensionKeyReader(context)
  const placeKey = placeKeyReader(placeOf)
  return {
    emails: () => (emails ??= { hashes: emailHashes(context), index: null }),
    phones: phonesHeld,
    extensions: extensionsHeld,
    known: () => [emails, phones, extensions],
    phoneRelation: () => ({ held: phonesHeld(), keysOf: phoneKeyReader(context), hashOf: hashOfPhone }),
    extensionRelation: () => ({ held: extensionsHeld(), keysOf: keyOfExtension, hashOf: hashOfExtension }),
    placedRelation: () => ({
      held: placedHeld(),
      keysOf(user) {
        const key = keyOfExtension(user)
        return key < 0 ? -1 : placeKey(user, key)
      },
      hashOf(key) {
        const { extension, place } = partsOfPlaced(key)
        return hashOfPlaced(extension, place)
      },
    }),
    placeKey,
    indexOf: (held) => (held.index ??= new HashIndex(held.hashes, allRows, positionOf)),
    readBy({ columns, isEmail, isIdentity }) {
      const read: Held[] = []
      // A blank cell keeps what the baseline's user has, and that may be another one.
      const touches = (column: number): boolean => isIdentity || columns.includes(column)
      if (isEmail && emails !== null) read.push(emails)
      if (phones !== null && touches(users.phone)) read.push(phones)
      if (extensions !== null && touches(users.extension)) read.push(extensions)
      if (placed !== null && (touches(users.extension) || touches(users.location))) read.push(placed)
      return read
    },
    forgetPlaced() {
      placed = null
    },
  }
}

/** A full index: a row that holds the number first finds itself. */
export function lookUp(relation: Relation, first: (relation: Relation, key: number) => RowId): NumberIndex {
  const get = (key: number): number => first(relation, key)
  return { get, putIfAbsent: get }
}
export const nothingSeen: NumberIndex = { get: () => -1, putIfAbsent: () => -1 }

/** The hashes of what the rows of an edit held and hold. Null: the edit does not touch it. */
export interface Touched {
  readonly emails: TouchedHashes | null
  readonly phones: TouchedHashes | null
  readonly extensions: TouchedHashes | null
}

export const touchedBy = ({ isEmail, isPhone, isExtension }: Touch): Touched => ({
  emails: isEmail ? new TouchedHashes() : null,
  phones: isPhone ? new TouchedHashes() : null,
  extensions: isExtension ? new TouchedHashes() : null,
})

/** Adds what some rows hold at the moment. */
export function touchRows({ emails, phones, extensions }: Touched, holders: KeyHolders, rows: Uint32Array): void {
  emails?.addRows(holders.emails().hashes, rows)
  phones?.addRows(holders.phones().hashes, rows)
  extensions?.addRows(holders.extensions().hashes, rows)
}
