/** What the editing child does at a revision: the same in the child and in the test that looks at what is left. */
export const deedAt = (revision: number): 'undo' | { readonly row: number; readonly text: string } =>
  revision % 7 === 6 ? 'undo' : { row: (revision * 5) % 12, text: `text ${revision}` }

/** The first column after so many deeds. */
export function columnAfter(before: readonly string[], revisions: number): readonly string[] {
  const texts = [...before]
  const done: { readonly row: number; readonly text: string }[] = []
  for (let revision = 0; revision < revisions; revision++) {
    const deed = deedAt(revision)
    if (deed === 'undo') {
      const last = done.pop()
      if (last !== undefined) texts[last.row] = last.text
    } else {
      done.push({ row: deed.row, text: texts[deed.row] ?? '' })
      texts[deed.row] = deed.text
    }
  }
  return texts
}
