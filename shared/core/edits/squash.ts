import { textAt } from './delta.ts'
import type { DeltaStep, TableDelta } from './delta.ts'
import { internedTexts } from './interned-texts.ts'

/**
 * Several deltas as one with the same effect: of a cell that was written more than once the first `before` and the last
 * `after` stay. Law: applying the result is applying them in order, and so is its inverse.
 */
export function squash(deltas: readonly TableDelta[]): TableDelta {
  const steps: DeltaStep[] = []
  let cells = new Map<number, Map<number, { before: string; after: string }>>()
  const flush = (): void => {
    for (const [column, changes] of cells) {
      const changed = [...changes].filter(([, change]) => change.before !== change.after)
      if (changed.length === 0) continue
      steps.push({
        kind: 'cells',
        column,
        rows: Uint32Array.from(changed, ([row]) => row),
        before: internedTexts(changed.length, (i) => changed[i]![1].before),
        after: internedTexts(changed.length, (i) => changed[i]![1].after),
      })
    }
    cells = new Map()
  }
  for (const step of deltas.flat()) {
    if (step.kind !== 'cells') {
      // A new row's or column's cells must not be written before it is there.
      flush()
      steps.push(step)
      continue
    }
    const changes = cells.get(step.column) ?? new Map<number, { before: string; after: string }>()
    cells.set(step.column, changes)
    step.rows.forEach((row, i) => {
      const after = textAt(step.after, i)
      const earlier = changes.get(row)
      if (earlier === undefined) changes.set(row, { before: textAt(step.before, i), after })
      else earlier.after = after
    })
  }
  flush()
  return steps
}
