import { grown } from '../../kit/bytes.ts'
import type { RowId } from '../table/table.ts'

/** Rows by a whole number that they hold (a phone number's digits, an extension, an email's number), in the order of the table. */
export interface Holders {
  first(key: number): RowId
  rowsOf(key: number): readonly RowId[]
  add(key: number, row: RowId): void
  remove(key: number, row: RowId): void
}

/**
 * Chains over an open-addressing table: finding, adding and taking out cost what the chain is long. `forEach` visits each row with the
 * keys that it holds; positions say what comes first.
 */
export function holdersOf(rows: Uint32Array, positionOf: Int32Array, visit: (row: RowId, hold: (key: number) => void) => void): Holders {
  let capacity = 64
  while (capacity < rows.length * 2) capacity *= 2
  let keys = new Float64Array(capacity).fill(-1)
  /** Number of the first link of the key's chain; 0: none. */
  let heads = new Int32Array(capacity)
  let used = 0
  let linkRows = new Int32Array(rows.length + 64)
  let nexts = new Int32Array(rows.length + 64)
  let links = 1
  let free = 0

  const halves = new Int32Array(2)
  const whole = new Float64Array(halves.buffer)
  const slotOf = (key: number): number => {
    whole[0] = key
    let hash = halves[0]! ^ Math.imul(halves[1]!, 0x9e3779b1)
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    const mask = capacity - 1
    let slot = (hash ^ (hash >>> 16)) & mask
    while (keys[slot] !== -1 && keys[slot] !== key) slot = (slot + 1) & mask
    return slot
  }
  const claim = (key: number): number => {
    const slot = slotOf(key)
    if (keys[slot] === key) return slot
    if (used * 2 >= capacity) {
      const [oldKeys, oldHeads] = [keys, heads]
      capacity *= 2
      keys = new Float64Array(capacity).fill(-1)
      heads = new Int32Array(capacity)
      oldKeys.forEach((old, i) => {
        if (old === -1) return
        const to = slotOf(old)
        keys[to] = old
        heads[to] = oldHeads[i]!
      })
      return claim(key)
    }
    used++
    keys[slot] = key
    return slot
  }
  const newLink = (row: RowId, next: number): number => {
    let link = free
    if (link !== 0) free = nexts[link]!
    else {
      link = links++
      if (link >= linkRows.length) {
        linkRows = grown(linkRows, link * 2)
        nexts = grown(nexts, link * 2)
      }
    }
    linkRows[link] = row
    nexts[link] = next
    return link
  }

  // Backwards, so that each row goes before those that stand behind it.
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i]!
    visit(row, (key) => {
      const slot = claim(key)
      heads[slot] = newLink(row, heads[slot]!)
    })
  }

  return {
    first(key) {
      const slot = slotOf(key)
      const head = keys[slot] === key ? heads[slot]! : 0
      return head === 0 ? -1 : linkRows[head]!
    },
    rowsOf(key) {
      const slot = slotOf(key)
      const found: RowId[] = []
      for (let link = keys[slot] === key ? heads[slot]! : 0; link !== 0; link = nexts[link]!) found.push(linkRows[link]!)
      return found
    },
    add(key, row) {
      const slot = claim(key)
      const position = positionOf[row]!
      let before = 0
      let link = heads[slot]!
      while (link !== 0 && positionOf[linkRows[link]!]! < position) {
        before = link
        link = nexts[link]!
      }
      const made = newLink(row, link)
      if (before === 0) heads[slot] = made
      else nexts[before] = made
    },
    remove(key, row) {
      const slot = slotOf(key)
      if (keys[slot] !== key) return
      let before = 0
      let link = heads[slot]!
      while (link !== 0 && linkRows[link] !== row) {
        before = link
        link = nexts[link]!
      }
      if (link === 0) return
      if (before === 0) heads[slot] = nexts[link]!
      else nexts[before] = nexts[link]!
      nexts[link] = free
      free = link
    },
  }
}
