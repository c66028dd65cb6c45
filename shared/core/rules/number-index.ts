/**
 * Which number came first where: an open-addressing table from whole numbers below 2^53 to a row. A Map of strings took five times
 * as long on a million phone numbers.
 */
export interface NumberIndex {
  /** The row already kept for the number; -1 where it is new, and then `row` is kept. */
  putIfAbsent(number: number, row: number): number
  get(number: number): number
}

export function numberIndex(expected: number): NumberIndex {
  let capacity = 64
  /** Four words a slot, so that one look at memory finds all: the halves of the number, and one more than the row (0: free). */
  let slots = new Int32Array(capacity * 4)
  let count = 0

  const slotOf = (wanted: number): number => {
    number[0] = wanted
    const low = halves[0]!
    const high = halves[1]!
    // The finishing step of MurmurHash3: neighbouring numbers, and multiples of a power of two, spread over the whole table.
    let hash = low ^ Math.imul(high, 0x9e3779b1)
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    const mask = slots.length - 1
    let slot = ((hash ^ (hash >>> 16)) << 2) & mask
    while (slots[slot + 2] !== 0 && (slots[slot] !== low || slots[slot + 1] !== high)) slot = (slot + 4) & mask
    slots[slot] = low
    slots[slot + 1] = high
    return slot
  }
  const resize = (wanted: number): void => {
    const old = slots
    capacity = wanted
    slots = new Int32Array(capacity * 4)
    for (let i = 0; i < old.length; i += 4) {
      if (old[i + 2] === 0) continue
      halves[0] = old[i]!
      halves[1] = old[i + 1]!
      slots[slotOf(number[0]!) + 2] = old[i + 2]!
    }
  }
  /** Room for all that is expected, when the first number comes that needs it. */
  const makeRoom = (): void => {
    let wanted = capacity
    while (wanted < expected * 2) wanted *= 2
    if (wanted > capacity) resize(wanted)
  }

  // Extensions are small numbers: they need no search.
  let dense: Int32Array | null = null
  const isSmall = (wanted: number): boolean => wanted >= 0 && wanted < denseNumbers
  return {
    putIfAbsent(wanted, row) {
      if (isSmall(wanted)) {
        dense ??= new Int32Array(denseNumbers)
        const known = dense[wanted]!
        if (known === 0) dense[wanted] = row + 1
        return known - 1
      }
      if (count === 0) makeRoom()
      const slot = slotOf(wanted)
      const known = slots[slot + 2]!
      if (known !== 0) return known - 1
      slots[slot + 2] = row + 1
      count++
      if (count * 2 > capacity) resize(capacity * 2)
      return -1
    },
    get: (wanted) => (isSmall(wanted) ? (dense?.[wanted] ?? 0) : slots[slotOf(wanted) + 2]!) - 1,
  }
}

/** Numbers below this are places of an array: extensions of up to five digits, with the 1 that is put before them. */
const denseNumbers = 200_000

/** A double and its two halves, in the same memory. */
const number = new Float64Array(1)
const halves = new Int32Array(number.buffer)
