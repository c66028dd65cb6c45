/**
 * Work in slices: it yields every few milliseconds at most, so that whoever runs it can let others in, tell how far it is, or drop it.
 * What is yielded is the share that is done, 0 to 1. Dropped before its end it has changed nothing that anybody else sees.
 */
export type Steps<T> = Generator<number, T, void>

/** All slices at once, for whom nobody waits. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** Work that is a part of other work, which is at `from` when it begins and at `to` when it ends. */
export function* within<T>(steps: Steps<T>, from: number, to: number): Steps<T> {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    yield from + step.value * (to - from)
  }
}

/** What is there already: one slice, in which nothing is left to do. */
export function* thereAlready<T>(value: T): Steps<T> {
  yield 1
  return value
}
