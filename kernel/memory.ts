// The kernel's memory is taken from the front and never given back: a new file begins anew.

/** Slack behind whatever is loaded 16 bytes at a time. */
export const padding: usize = 64
/** Set bytes, then cleared ones: see `maskOf`. */
let slope: usize = 0
let top: usize = 0

export function startOver(): void {
  top = (__heap_base + 63) & ~63
  slope = take(160)
  memory.fill(slope, 0xff, 64)
  memory.fill(slope + 64, 0, 96)
}

export function take(bytes: usize): usize {
  const at = top
  top = (at + bytes + 15) & ~15
  const wanted = (top + padding + 0xffff) >> 16
  const have = usize(memory.size())
  if (wanted > have) memory.grow(i32(max(wanted - have, 16)))
  return at
}

/** 64 bytes, of which the first `length` (64 at most) are set. */
@inline
export function maskOf(length: usize): usize { return slope + 64 - length }
