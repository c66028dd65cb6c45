import { once } from 'node:events'
import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** The two channels of cli.md: results on standard output, everything else on standard error. */
export interface Output {
  /** A piece of the result. Waits while the reader is slower than we are. */
  write(text: string): Promise<void>
  /** One JSON document. Long lists are given as `lists`: they follow the head, an element a line, and are never held as one text. */
  json(head: object, lists?: Readonly<Record<string, Iterable<unknown>>>): Promise<void>
  /** Something a person may want to know; not said with `--quiet`. */
  remark(text: string): void
  complain(text: string): void
  /** How far a long step is. On a terminal only. */
  progress(step: string, done: number, total: number | null): void
  /** Colours where standard output is a terminal that shows them. */
  paint(style: Style, text: string): string
}

export interface OutputOptions {
  readonly quiet: boolean
  readonly color: boolean
}

export function createOutput({ quiet, color }: OutputOptions): Output {
  const { stdout, stderr } = process
  let progressShown = false
  const write = async (text: string): Promise<void> => {
    if (!stdout.write(text)) await once(stdout, 'drain')
  }
  const say = (text: string): void => {
    if (progressShown) stderr.write('\r\u001B[K')
    progressShown = false
    stderr.write(`${text}\n`)
  }
  return {
    write,
    json: async (head, lists = {}) => {
      for (const piece of jsonPieces(head, lists)) await write(piece)
    },
    remark: (text) => {
      if (!quiet) say(text)
    },
    complain: say,
    progress: (step, done, total) => {
      if (quiet || !stderr.isTTY) return
      progressShown = true
      stderr.write(`\r\u001B[K${step} ${done}${total === null ? '' : ` / ${total}`}`)
      if (total !== null && done >= total) {
        stderr.write('\r\u001B[K')
        progressShown = false
      }
    },
    paint: (style, text) => (color ? styleText(style, text, { stream: stdout }) : text),
  }
}

const pieceLength = 1 << 16

/** The text of `{ ...head, ...lists }`, in pieces that are worth a write each. */
export function* jsonPieces(head: object, lists: Readonly<Record<string, Iterable<unknown>>>): Generator<string> {
  const names = Object.keys(lists)
  const start = JSON.stringify(head, null, 2)
  if (names.length === 0) {
    yield `${start}\n`
    return
  }
  let piece = start === '{}' ? '{' : `${start.slice(0, -2)},`
  for (const [place, name] of names.entries()) {
    piece += `${place === 0 ? '' : ','}\n  ${JSON.stringify(name)}: [`
    let first = true
    for (const element of lists[name] ?? []) {
      piece += `${first ? '' : ','}\n    ${JSON.stringify(element)}`
      first = false
      if (piece.length < pieceLength) continue
      yield piece
      piece = ''
    }
    piece += first ? ']' : '\n  ]'
  }
  yield `${piece}\n}\n`
}

/** Characters that would act on a terminal, hide, or look like a plain space: control, bidirectional, zero-width, odd spaces, tags. */

const invisible = /[\u0000-\u001F\u007F-\u00A0\u00AD\u061C\u2000-\u200F\u2028-\u202F\u205F-\u2069\u3000\uFEFF\u{E0000}-\u{E007F}]/gu

/** A cell's text for a person's eyes: what cannot be seen is written as its code, and a long text is cut. */
export function visible(text: string, limit = 80): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}…` : text
  return cut.replace(invisible, (found) => `⟨U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`)
}

/** What a person or a program said, for one line: its own line ends are spaces, all else as in a cell. */
export const visibleWords = (text: string, limit: number): string => visible(text.trim().replace(/\s*[\r\n]+\s*/gu, ' '), limit)

/** Rows of texts as columns of equal width; the last column is not padded. `right`: columns that stand to the right. */
export function columnsOf(rows: readonly (readonly string[])[], right: ReadonlySet<number> = new Set()): string[] {
  const widths: number[] = []
  for (const row of rows) for (const [place, text] of row.entries()) widths[place] = Math.max(widths[place] ?? 0, text.length)
  return rows.map((row) =>
    row
      .map((text, place) => {
        if (right.has(place)) return text.padStart(widths[place] ?? 0)
        return place === row.length - 1 ? text : text.padEnd(widths[place] ?? 0)
      })
      .join('  '),
  )
}
