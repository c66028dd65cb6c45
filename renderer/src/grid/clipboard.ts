/** Rows of texts, as the clipboard carries them. */
export type TextBlock = readonly (readonly string[])[]

const needsQuotes = /["\t\r\n]/u

/**
 * Tab-separated text as Excel, LibreOffice and Google Sheets write it: a cell with a tab, a line end or a leading quote stands in
 * quotes. `parseTsv(serialiseTsv(block))` is `block` for every rectangular block with at least one cell.
 */
export function serialiseTsv(block: TextBlock): string {
  const lines = block.map((row) => row.map((text) => (needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join('\t'))
  const only = block.length === 1 && block[0]?.length === 1
  return only ? (lines[0] ?? '') : lines.map((line) => `${line}\r\n`).join('')
}

/** Reads tab-separated text. A quote is a quote only where a whole cell stands in quotes; `"Nett" nord` is taken as it stands. */
export function parseTsv(text: string): TextBlock {
  const rows: string[][] = []
  let row: string[] = []
  let at = 0
  for (;;) {
    const quoted = text[at] === '"' ? quotedCell(text, at) : null
    const end = quoted ? quoted.end : plainEnd(text, at)
    row.push(quoted ? quoted.text : text.slice(at, end))
    if (text[end] === '\t') {
      at = end + 1
      continue
    }
    rows.push(row)
    row = []
    if (end >= text.length) break
    at = text.startsWith('\r\n', end) ? end + 2 : end + 1
    // Spreadsheets end the last line too.
    if (at >= text.length) break
  }
  return rectangular(rows)
}

function plainEnd(text: string, from: number): number {
  let end = from
  while (end < text.length && text[end] !== '\t' && text[end] !== '\n' && text[end] !== '\r') end++
  return end
}

function quotedCell(text: string, from: number): { readonly text: string; readonly end: number } | null {
  let at = from + 1
  for (;;) {
    const quote = text.indexOf('"', at)
    if (quote < 0) return null
    if (text[quote + 1] === '"') {
      at = quote + 2
      continue
    }
    const next = text[quote + 1]
    if (next !== undefined && next !== '\t' && next !== '\r' && next !== '\n') return null
    return { text: text.slice(from + 1, quote).replaceAll('""', '"'), end: quote + 1 }
  }
}

function rectangular(rows: readonly (readonly string[])[]): TextBlock {
  const width = rows.reduce((widest, row) => Math.max(widest, row.length), 1)
  return rows.map((row) => (row.length === width ? row : [...row, ...Array.from({ length: width - row.length }, () => '')]))
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string =>
  text.replace(/[&<>"]/gu, (character) => escapes[character] ?? character).replaceAll(/\r\n|\r|\n/gu, '<br>')

/**
 * A table whose cells say that they are text, to Excel by their style and to LibreOffice by `sdnum`, so that both keep `0042` and `+4721…`
 * as they are and take `=1+1` for no formula.
 */
export function serialiseHtml(block: TextBlock): string {
  const rows = block.map(
    (row) =>
      `<tr>${row.map((text) => `<td sdnum="1033;0;@" style="mso-number-format:'\\@';white-space:pre-wrap">${escaped(text)}</td>`).join('')}</tr>`,
  )
  return `<meta charset="utf-8"><table>${rows.join('')}</table>`
}

/** A comment, a style or script with its content, a tag, or text. */
const htmlPiece = /<!--[\s\S]*?-->|<(style|script)\b[\s\S]*?<\/\1\s*>|<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|'[^']*'|[^'">])*)>|([^<]+|<)/giu

interface HtmlCell {
  text: string
  readonly wide: number
  readonly tall: number
}

/**
 * The first table of a piece of HTML, spans spread out; null where there is none. Read here and not by the browser: the window's
 * policy on trusted types keeps foreign HTML out of its parsers, and of a table only rows, cells and line breaks count.
 */
export function parseHtml(html: string): TextBlock | null {
  const lines = cellsOf(html)
  if (lines === null) return null
  const grid: (string | undefined)[][] = []
  for (const [index, cells] of lines.entries()) {
    const line = (grid[index] ??= [])
    let column = 0
    for (const { text, wide, tall } of cells) {
      while (line[column] !== undefined) column++
      for (let down = 0; down < tall; down++)
        for (let right = 0; right < wide; right++) (grid[index + down] ??= [])[column + right] = down + right === 0 ? trimmed(text) : ''
      column += wide
    }
  }
  const rows = grid.map((line) => Array.from(line, (text) => text ?? '')).filter((line) => line.length > 0)
  return rows.length > 0 ? rectangular(rows) : null
}

/** The rows of the first table with their cells; a table within a cell is text of that cell. */
function cellsOf(html: string): readonly (readonly HtmlCell[])[] | null {
  const lines: HtmlCell[][] = []
  let depth = 0
  let cell: HtmlCell | null = null
  for (const [, , closing, tag, attributes, text] of html.matchAll(htmlPiece)) {
    const name = tag?.toLowerCase()
    if (text !== undefined && cell !== null) cell.text += decoded(text)
    else if (name === 'table') {
      depth += closing === '' ? 1 : -1
      if (depth === 0) return lines
    } else if (name === 'br' && cell !== null) cell.text += '\n'
    else if (depth !== 1) continue
    else if (name === 'tr') {
      cell = null
      if (closing === '') lines.push([])
    } else if (name === 'td' || name === 'th') {
      cell = closing === '' ? { text: '', wide: spanOf(attributes ?? '', 'colspan'), tall: spanOf(attributes ?? '', 'rowspan') } : null
      if (cell !== null) (lines.at(-1) ?? (lines[0] = [])).push(cell)
    }
  }
  return depth > 0 ? lines : null
}

const spanOf = (attributes: string, name: 'colspan' | 'rowspan'): number =>
  Math.max(1, Math.min(1000, Number(new RegExp(`\\b${name}\\s*=\\s*["']?(\\d+)`, 'iu').exec(attributes)?.[1] ?? 1)))

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  aring: 'å',
  Aring: 'Å',
  aelig: 'æ',
  AElig: 'Æ',
  oslash: 'ø',
  Oslash: 'Ø',
  auml: 'ä',
  Auml: 'Ä',
  ouml: 'ö',
  Ouml: 'Ö',
  uuml: 'ü',
  Uuml: 'Ü',
  eacute: 'é',
  ndash: '–',
  mdash: '—',
}
const decoded = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/giu, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return entities[name] ?? whole
    const code = hex === undefined ? Number(decimal) : parseInt(hex, 16)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })

const trimmed = (text: string): string => text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/gu, '')

/** A cell of LibreOffice's table with a line end or a tab within its text; an empty cell is one line end alone. */
const brokenText = /[^>\s](?:<br\b|\t+[^\s<])/iu
/** A longer table is not read for the sake of its line ends. */
const longestTable = 32 * 1024 * 1024

/**
 * What a paste brings: the tab-separated text, or the table where there is only that. LibreOffice puts a space for a line end or a tab
 * within a cell of its text (Excel puts such a cell in quotes); where its table has the same text with what really stands there, that is taken.
 */
export function readClipboard(plain: string, html: string): TextBlock | null {
  if (plain === '') return html === '' ? null : parseHtml(html)
  const block = parseTsv(plain)
  if (!html.includes('LibreOffice') || html.length > longestTable || !brokenText.test(html)) return block
  const table = parseHtml(html)
  if (table === null || table.length !== block.length || table[0]?.length !== block[0]?.length) return block
  return block.map((row, down) =>
    row.map((text, right) => {
      const whole = table[down]?.[right] ?? ''
      return whole !== text && whole.replaceAll(/[\t\n]/gu, ' ') === text ? whole : text
    }),
  )
}
