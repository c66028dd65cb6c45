import type { CellTexts } from './delta.ts'

/** The texts of `count` cells, each distinct one once. */
export function internedTexts(count: number, textOf: (i: number) => string): CellTexts {
  const texts: string[] = []
  const places = new Map<string, number>()
  const index = new Uint32Array(count)
  for (let i = 0; i < count; i++) {
    const text = textOf(i)
    let place = places.get(text)
    if (place === undefined) places.set(text, (place = texts.push(text) - 1))
    index[i] = place
  }
  return { texts, index: texts.length <= 1 ? null : index }
}
