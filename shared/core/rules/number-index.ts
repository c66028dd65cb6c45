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
  let keys = new Float64Array(capacity).fill(-1)
  let rows = new Int32Array(capacity)
  let count = 0
  /** Room for all that is expected, when the first number comes that needs it. */
  const makeRoom = (): void => {
    while (capacity < expected * 2) capacity *= 2
    keys = new Float64Array(capacity).fill(-1)
    rows = new Int32Array(capacity)
  }

  const slotOf = (number: number): number => {
    const mask = capacity - 1
    // The finishing step of MurmurHash3: neighbouring numbers, and multiples of a power of two, spread over the whole table.
    bits.number[0] = number
    let hash = bits.halves[0]! ^ Math.imul(bits.halves[1]!, 0x9e3779b1)
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    let slot = (hash ^ (hash >>> 16)) & mask
    while (keys[slot] !== -1 && keys[slot] !== number) slot = (slot + 1) & mask
    return slot
  }
  const grow = (): void => {
    const [oldKeys, oldRows] = [keys, rows]
    capacity *= 2
    keys = new Float64Array(capacity).fill(-1)
    rows = new Int32Array(capacity)
    for (let i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] === -1) continue
      const slot = slotOf(oldKeys[i]!)
      keys[slot] = oldKeys[i]!
      rows[slot] = oldRows[i]!
    }
  }
  // Extensions are small numbers: they need no search.
  let dense: Int32Array | null = null
  const isSmall = (number: number): boolean => number >= 0 && number < denseNumbers
  return {
    putIfAbsent(number, row) {
      if (isSmall(number)) {
        dense ??= new Int32Array(denseNumbers)
        const known = dense[number]!
        if (known === 0) dense[number] = row + 1
        return known - 1
      }
      if (count === 0) makeRoom()
      const slot = slotOf(number)
      if (keys[slot] === number) return rows[slot]!
      keys[slot] = number
      rows[slot] = row
      count++
      if (count * 2 > capacity) grow()
      return -1
    },
    get(number) {
      if (isSmall(number)) return (dense?.[number] ?? 0) - 1
      const slot = slotOf(number)
      return keys[slot] === number ? rows[slot]! : -1
    },
  }
}

/** Numbers below this are places of an array: extensions of up to five digits, with the 1 that is put before them. */
const denseNumbers = 200_000

/** The two halves of a double. */
const number = new Float64Array(1)
const bits = { number, halves: new Int32Array(number.buffer) }
