import type { DiffCell, DiffRow } from '../../../shared/core/review/diff-grid.ts'
import { textRuns, visiblePieces, type TextRun } from '../../../shared/core/review/visible-text.ts'
import type { CellPiece, CellView } from '../grid/grid-source.ts'

/** What a cell of the change grid says in words. */
export interface DiffWords {
  readonly blank: string
  readonly noService: string
  readonly invisible: string
  lookalike(shown: string): string
}

/** Texts this long are shown as one, with what went and what came marked inside it; shorter ones stand side by side. */
const longText = 24
/** So much of what stays is left around a change, for a cell shows one line. */
const around = 14

/** The text's pieces, those that nobody could see or that pass for others marked. */
function visible(text: string, look: string, words: DiffWords, isPart: { start?: boolean; end?: boolean } = {}): readonly CellPiece[] {
  const tag = look === 'dx-gone' ? ({ tag: 'del' } as const) : look === 'dx-new' ? ({ tag: 'ins' } as const) : {}
  return visiblePieces(text, isPart).map((piece): CellPiece => {
    if (piece.kind === 'plain') return { text: piece.text, look, ...tag }
    if (piece.kind === 'invisible') return { text: piece.shown, look: `${look} dx-invisible`, title: words.invisible, ...tag }
    return { text: piece.text, look: `${look} dx-lookalike`, title: words.lookalike(piece.shown), ...tag }
  })
}

/** What stays, cut down to what is next to a change. */
function shortened(text: string, isFirst: boolean, isLast: boolean): string {
  if (isFirst && isLast) return text
  if (isFirst) return text.length > around + 1 ? `…${text.slice(-around)}` : text
  if (isLast) return text.length > around + 1 ? `${text.slice(0, around)}…` : text
  return text.length > 2 * around + 1 ? `${text.slice(0, around)}…${text.slice(-around)}` : text
}

const lookOf: Readonly<Record<TextRun['kind'], string>> = { same: 'dx-same', gone: 'dx-gone', new: 'dx-new' }

export const isLongChange = ({ before, after }: DiffCell): boolean =>
  before !== '' && after !== '' && Math.max(before.length, after.length) >= longText

/** A changed cell on one line: before → after, or one long text with the change inside it. */
export function changedCell(cell: DiffCell, row: DiffRow, words: DiffWords): CellView {
  const { before, after } = cell
  const ended = after === '' ? (row.intent === 'remove' ? words.noService : words.blank) : after
  const text = row.intent === 'add' && before === '' ? after : `${before === '' ? words.blank : before} → ${ended}`
  const look = `dx-cell is-${row.intent ?? 'unchanged'}`
  if (isLongChange(cell)) {
    const runs = textRuns(before, after)
    const pieces = runs.flatMap(({ kind, text: run }, place) => {
      const [isFirst, isLast] = [place === 0, place === runs.length - 1]
      return visible(kind === 'same' ? shortened(run, isFirst, isLast) : run, lookOf[kind], words, { start: !isFirst, end: !isLast })
    })
    return { text, look, pieces }
  }
  const shownAfter =
    after === '' ? [{ text: ended, look: row.intent === 'remove' ? 'dx-new' : 'dx-blank' }] : visible(after, 'dx-new', words)
  if (row.intent === 'add' && before === '') return { text, look, pieces: shownAfter }
  const shownBefore = before === '' ? [{ text: words.blank, look: 'dx-blank' }] : visible(before, 'dx-gone', words)
  return { text, look, pieces: [...shownBefore, { text: ' → ', look: 'dx-arrow' }, ...shownAfter] }
}

/** A text that stays as it is. */
export const unchangedCell = (text: string, words: DiffWords): CellView =>
  text === '' ? { text: '', look: 'dx-rest' } : { text, look: 'dx-rest', pieces: visible(text, '', words) }

/** The user, and who they were. */
export function userCell({ email, formerEmail, intent }: DiffRow, words: DiffWords): CellView {
  const look = intent === null ? 'dx-rest' : `dx-user is-${intent}`
  const after = visible(email, formerEmail === null ? '' : 'dx-new', words)
  if (formerEmail === null) return { text: email, look, pieces: after }
  const pieces = [...visible(formerEmail, 'dx-gone', words), { text: ' → ', look: 'dx-arrow' }, ...after]
  return { text: `${formerEmail} → ${email}`, look, pieces }
}
