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

/** A table whose cells say that they are text, so that Excel keeps `0042` and `+4721…` as they are. */
export function serialiseHtml(block: TextBlock): string {
  const rows = block.map(
    (row) => `<tr>${row.map((text) => `<td style="mso-number-format:'\\@';white-space:pre-wrap">${escaped(text)}</td>`).join('')}</tr>`,
  )
  return `<meta charset="utf-8"><table>${rows.join('')}</table>`
}

/** The first table of a piece of HTML, spans spread out; null where there is none. Runs in a window: needs `DOMParser`. */
export function parseHtml(html: string): TextBlock | null {
  const table = new DOMParser().parseFromString(html, 'text/html').querySelector('table')
  if (!table) return null
  const grid: (string | undefined)[][] = []
  for (const [index, tr] of [...table.querySelectorAll('tr')].entries()) {
    const line = (grid[index] ??= [])
    let column = 0
    for (const cell of tr.querySelectorAll('td, th')) {
      while (line[column] !== undefined) column++
      const wide = spanOf(cell, 'colspan')
      const tall = spanOf(cell, 'rowspan')
      const text = textOf(cell)
      for (let down = 0; down < tall; down++)
        for (let right = 0; right < wide; right++) (grid[index + down] ??= [])[column + right] = down + right === 0 ? text : ''
      column += wide
    }
  }
  const rows = grid.map((line) => Array.from(line, (text) => text ?? '')).filter((line) => line.length > 0)
  return rows.length > 0 ? rectangular(rows) : null
}

const spanOf = (cell: Element, name: 'colspan' | 'rowspan'): number =>
  Math.max(1, Math.min(1000, Number(cell.getAttribute(name) ?? 1) || 1))

function textOf(cell: Element): string {
  for (const line of cell.querySelectorAll('br')) line.replaceWith('\n')
  return cell.textContent.replace(/^[ \t\r\n]+|[ \t\r\n]+$/gu, '')
}

/** What a paste brings: the tab-separated text, or the table where there is only that. */
export function readClipboard(plain: string, html: string): TextBlock | null {
  if (plain !== '') return parseTsv(plain)
  return html === '' ? null : parseHtml(html)
}
