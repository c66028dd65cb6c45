import { isUtf8 } from 'node:buffer'
import { columnName, maxSheetColumns, maxSheetRows } from '../../ports/workbook-bounds.ts'
import type { CsvExtent, CsvOut } from './csv-out.ts'
import { isDateText, isoCellText, numberText, plainFormat } from './number-text.ts'
import type { NumberFormat } from './number-text.ts'
import { richText, simpleText } from './shared-strings.ts'
import type { SharedStrings } from './shared-strings.ts'
import { broken, leaveToLibrary, refuse } from './trouble.ts'
import { cellText, isTrue, tagsOf } from './xml.ts'

/** What a sheet holds beside its cells. */
export interface SheetNotes {
  readonly hiddenRows: readonly number[]
  /** Pairs of first and last, from 1. */
  readonly hiddenColumns: readonly (readonly [number, number])[]
  readonly formulas: Spotted
  readonly dates: Spotted
  /** How many, and the first few. */
  readonly merged: { readonly count: number; readonly first: readonly string[] }
}

interface Spotted {
  count: number
  /** Address of the first. */
  first: string
}

export interface SheetFrame {
  readonly name: string
  readonly strings: SharedStrings
  readonly formats: readonly NumberFormat[]
  readonly date1904: boolean
  readonly maxChars: number
}

/** Takes a sheet's XML in windows, each of which ends behind a `</row>` (the last one: at the end), and writes its rows. */
export interface SheetScan {
  take(window: Buffer): void
  finish(): { readonly extent: CsvExtent; readonly notes: SheetNotes }
}

const lt = 60
const gt = 62
const slash = 47
const equals = 61
const letterR = 114

/** Types of a cell, from its `t`. */
const number = 0
const shared = 1
const text = 2
const inline = 3
const boolean = 4
const error = 5
const isoDate = 6

export function createSheetScan(frame: SheetFrame, out: CsvOut): SheetScan {
  const { strings, formats, name } = frame
  const isPlain = Uint8Array.from(formats, (format) => (format.kind === 'plain' ? 1 : 0))
  let phase: 'head' | 'rows' | 'tail' = 'head'
  let row = 0
  let sawEnd = false
  const hiddenRows: number[] = []
  let hiddenColumns: [number, number][] = []
  const formulas: Spotted = { count: 0, first: '' }
  const dates: Spotted = { count: 0, first: '' }
  const merged: { count: number; first: string[] } = { count: 0, first: [] }

  const address = (column: number): string => `${columnName(column)}${row}`
  const spot = (spotted: Spotted, column: number): void => {
    if (spotted.count++ === 0) spotted.first = address(column)
  }

  function take(b: Buffer): void {
    if (!isUtf8(b)) broken(`${name} is not UTF-8 text`)
    let p = 0
    if (phase === 'head') {
      p = readHead(b)
      if (p < 0) return
    }
    if (phase === 'rows') p = readRows(b, p)
    // The phase may have changed on the way.
    if ((phase as string) === 'tail') readTail(b, p)
  }

  function readHead(b: Buffer): number {
    const at = b.indexOf('<sheetData')
    const head = b.toString('utf8', 0, at < 0 ? b.length : at)
    const root = /^(?:\ufeff)?\s*(?:<\?[^>]*\?>\s*)*<([\w:.-]+)/.exec(head)?.[1]
    if (root !== 'worksheet') leaveToLibrary('a sheet under a prefix')
    if (at < 0) {
      phase = 'tail'
      readTail(b, 0)
      return -1
    }
    hiddenColumns = hiddenColumnsOf(head)
    const close = b.indexOf('>', at)
    if (close < 0) broken(`${name} is cut off`)
    phase = b[close - 1] === slash ? 'tail' : 'rows'
    return close + 1
  }

  function readTail(b: Buffer, from: number): void {
    for (let at = b.indexOf('<mergeCell ', from); at >= 0; at = b.indexOf('<mergeCell ', at + 11)) {
      if (merged.count++ >= 5) continue
      const ref = /\sref="([A-Z0-9:]{2,30})"/.exec(b.toString('latin1', at, at + 80))?.[1]
      if (ref !== undefined) merged.first.push(ref)
    }
    if (/<\/worksheet\s*>\s*$/.test(b.toString('latin1', Math.max(0, b.length - 64)))) sawEnd = true
  }

  function readRows(b: Buffer, from: number): number {
    const end = b.length
    let p = from
    for (;;) {
      while (p < end && (b[p] as number) <= 32) p++
      if (p >= end) return p
      if (b[p] !== lt) broken(`${name}: text between rows, after row ${row}`)
      if (b[p + 1] === letterR && b[p + 2] === 111 && b[p + 3] === 119) {
        p = readRow(b, p + 4)
      } else if (b[p + 1] === slash) {
        const close = b.indexOf('>', p)
        if (b.toString('latin1', p, p + 11) !== '</sheetData' || close < 0) broken(`${name} is damaged after row ${row}`)
        phase = 'tail'
        return close + 1
      } else leaveToLibrary(`an unknown element among the rows of ${name}`)
    }
  }

  /** From behind `<row` to behind its end. */
  function readRow(b: Buffer, from: number): number {
    const end = b.length
    let p = from
    let next = row + 1
    let hidden = false
    let empty = false
    for (;;) {
      p = skipSpace(b, p)
      if (b[p] === gt) {
        p++
        break
      }
      if (b[p] === slash && b[p + 1] === gt) {
        p += 2
        empty = true
        break
      }
      const nameStart = p
      while (p < end && b[p] !== equals && b[p] !== gt) p++
      const nameEnd = p
      p = endOfValue(b, p)
      if (nameEnd - nameStart === 1 && b[nameStart] === letterR) next = wholeNumber(b, nameEnd + 2, p)
      else if (nameEnd - nameStart === 6 && b[nameStart] === 104 && b.toString('latin1', nameStart, nameEnd) === 'hidden')
        hidden = isTrue(b.toString('latin1', nameEnd + 2, p))
      p++
    }
    if (!(next >= 1 && next <= maxSheetRows))
      broken(`${name} holds a row numbered ${next < 0 ? 'with something else than a number' : next}`)
    if (next <= row) leaveToLibrary(`rows of ${name} out of order`)
    row = next
    if (empty) return p
    out.startRow(row)
    p = readCells(b, p)
    if (out.endRow() && hidden) hiddenRows.push(row)
    return p
  }

  /** From behind `<row …>` to behind `</row>`. */
  function readCells(b: Buffer, from: number): number {
    const end = b.length
    let p = from
    let column = -1
    for (;;) {
      while (p < end && (b[p] as number) <= 32) p++
      if (b[p] !== lt) broken(`${name} is cut off, or damaged, in row ${row}`)
      if (b[p + 1] === slash) {
        if (b[p + 2] !== letterR || b[p + 3] !== 111 || b[p + 4] !== 119) broken(`${name} is damaged in row ${row}`)
        p = skipSpace(b, p + 5)
        if (b[p] !== gt) broken(`${name} is damaged in row ${row}`)
        return p + 1
      }
      if (b[p + 1] !== 99 || ((b[p + 2] as number) > 32 && b[p + 2] !== gt && b[p + 2] !== slash))
        leaveToLibrary(`an unknown element in row ${row} of ${name}`)
      p += 2

      // The start tag: r, s and t matter.
      let next = column + 1
      let type = number
      let style = 0
      let empty = false
      for (;;) {
        while ((b[p] as number) <= 32) p++
        const c = b[p]
        if (c === gt) {
          p++
          break
        }
        if (c === slash) {
          p += 2
          empty = true
          break
        }
        const one = b[p + 1] === equals
        if (one && c === letterR) {
          const quote = b[p + 2]
          p += 3
          next = 0
          while (p < end && (b[p] as number) >= 65 && (b[p] as number) <= 90) next = next * 26 + (b[p++] as number) - 64
          next--
          let cellRow = 0
          while (p < end && (b[p] as number) >= 48 && (b[p] as number) <= 57) cellRow = cellRow * 10 + (b[p++] as number) - 48
          if (b[p] !== quote || (quote !== 34 && quote !== 39)) broken(`${name} holds a cell with a strange address in row ${row}`)
          if (next < 0 || next >= maxSheetColumns) broken(`${name} holds a cell outside of the sheet in row ${row}`)
          if (cellRow !== row) leaveToLibrary(`a cell that names another row than ${row}`)
          p++
        } else {
          let nameEnd = p
          while (nameEnd < end && b[nameEnd] !== equals && b[nameEnd] !== gt) nameEnd++
          const valueEnd = endOfValue(b, nameEnd)
          if (one && c === 115) style = wholeNumber(b, p + 3, valueEnd)
          else if (one && c === 116) type = cellType(b, p + 3, valueEnd)
          p = valueEnd + 1
        }
      }
      if (next <= column) leaveToLibrary(`cells out of order in row ${row}`)
      if (next >= maxSheetColumns) broken(`${name} holds a cell outside of the sheet in row ${row}`)
      column = next
      if (empty) continue

      // Its content: a formula, a value, an inline text.
      let from = 0
      let to = 0
      for (;;) {
        while (p < end && (b[p] as number) <= 32) p++
        if (b[p] !== lt) broken(`${name} is damaged at ${address(column)}`)
        const c = b[p + 1]
        if (c === 118 && b[p + 2] !== 58) {
          p += 2
          while (p < end && b[p] !== gt) p++
          p++
          if (b[p - 2] === slash) continue
          from = p
          while (p < end && b[p] !== lt) p++
          to = p
          if (b[p + 1] !== slash || b[p + 2] !== 118) broken(`${name} is damaged at ${address(column)}`)
          p += 4
        } else if (c === slash && b[p + 2] === 99) {
          p = skipSpace(b, p + 3)
          if (b[p] !== gt) broken(`${name} is damaged at ${address(column)}`)
          p++
          break
        } else if (c === 102 && b[p + 2] !== 58) {
          spot(formulas, column)
          while (p < end && b[p] !== gt) p++
          p++
          if (b[p - 2] === slash) continue
          while (p < end && b[p] !== lt) p++
          if (b[p + 1] !== slash || b[p + 2] !== 102) broken(`${name} is damaged at ${address(column)}`)
          p += 4
        } else if (c === 105 && b[p + 2] === 115) {
          if (b[p + 3] === slash) {
            p += 5
            continue
          }
          const simple = type === inline ? simpleText(b, p + 4, 105, 115) : undefined
          if (simple !== undefined && b[p + 3] === gt) {
            p = simple.next
            if (simple.asItStands && simple.to - simple.from <= frame.maxChars && !(row === 1 && column === 0)) {
              if (simple.to > simple.from) out.putField(column, b, simple.from, simple.to)
            } else putText(column, cellText(b.toString('utf8', simple.from, simple.to)))
            continue
          }
          const close = b.indexOf('</is>', p)
          if (close < 0) broken(`${name} is damaged at ${address(column)}`)
          if (type === inline) putText(column, richText(b.toString('utf8', p + 3, close), `${name} at ${address(column)}`))
          p = close + 5
        } else leaveToLibrary(`an unknown element at ${address(column)} of ${name}`)
      }
      if (to > from && type !== inline) putValue(b, from, to, type, style, column)
    }
  }

  function putValue(b: Buffer, from: number, to: number, type: number, style: number, column: number): void {
    if (type === shared) {
      const index = wholeNumber(b, from, to)
      if (!(index >= 0 && index < strings.count)) broken(`${name}: ${address(column)} shows a shared text that is not there`)
      const start = strings.starts[index] as number
      const stop = strings.ends[index] as number
      if (start >= 0) {
        if (start < stop) {
          // A byte order mark at the very start would be taken for one and lost: the slow way quotes it.
          if (row === 1 && column === 0 && strings.part[start] === 0xef) out.putText(0, strings.part.toString('utf8', start, stop))
          else out.putField(column, strings.part, start, stop)
        } else if (strings.tooLong.has(index)) tooLong(column)
      } else if (start !== stop) out.putField(column, strings.made, ~start, ~stop)
    } else if (type === number) {
      if ((style >= isPlain.length || isPlain[style] === 1) && isDigits(b, from, to)) out.putField(column, b, from, to)
      else putNumber(b.toString('latin1', from, to), formats[style] ?? plainFormat, column)
    } else if (type === text) putText(column, cellText(b.toString('utf8', from, to)))
    else if (type === boolean) out.putText(column, booleanText(b.toString('latin1', from, to), column))
    else if (type === error) putText(column, cellText(b.toString('utf8', from, to)))
    else {
      const iso = isoCellText(b.toString('latin1', from, to)) ?? broken(`${name}: ${address(column)} holds no date that can be read`)
      spot(dates, column)
      out.putText(column, iso)
    }
  }

  function putNumber(raw: string, format: NumberFormat, column: number): void {
    const digits = numberText(raw, format, frame.date1904) ?? broken(`${name}: ${address(column)} holds no number that can be read`)
    if (isDateText(raw, format, frame.date1904)) spot(dates, column)
    out.putText(column, digits)
  }

  function putText(column: number, characters: string): void {
    if (characters.length > frame.maxChars) tooLong(column)
    out.putText(column, characters)
  }

  function tooLong(column: number): never {
    return refuse('over-limit', `${address(column)} holds more than ${frame.maxChars} characters`)
  }

  function booleanText(raw: string, column: number): string {
    if (raw === '1' || raw === 'true') return 'TRUE'
    return raw === '0' || raw === 'false' ? 'FALSE' : broken(`${name}: ${address(column)} holds neither TRUE nor FALSE`)
  }

  return {
    take,
    finish() {
      if (phase !== 'tail' || !sawEnd) broken(`${name} is cut off after row ${row}`)
      return { extent: out.finish(), notes: { hiddenRows, hiddenColumns, formulas, dates, merged } }
    },
  }

  /** Where the quote that ends an attribute's value stands; `at` is its `=`. */
  function endOfValue(b: Buffer, at: number): number {
    const quote = b[at + 1]
    if (b[at] !== equals || (quote !== 34 && quote !== 39)) broken(`${name} is damaged in or after row ${row}`)
    let p = at + 2
    while (p < b.length && b[p] !== quote) p++
    if (p >= b.length) broken(`${name} is cut off in or after row ${row}`)
    return p
  }
}

function hiddenColumnsOf(head: string): [number, number][] {
  const hidden: [number, number][] = []
  for (const { name, attributes } of tagsOf(head))
    if (name === 'col' && isTrue(attributes.get('hidden'))) hidden.push([Number(attributes.get('min')), Number(attributes.get('max'))])
  return hidden
}

function skipSpace(b: Buffer, from: number): number {
  let p = from
  while (p < b.length && (b[p] as number) <= 32) p++
  return p
}

/** Digits only, no leading nought, or -1. */
function wholeNumber(b: Buffer, from: number, to: number): number {
  let value = 0
  if (from >= to || to - from > 15) return -1
  for (let p = from; p < to; p++) {
    const digit = (b[p] as number) - 48
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

function isDigits(b: Buffer, from: number, to: number): boolean {
  if (b[from] === 48 && to - from > 1) return false
  for (let p = from; p < to; p++) if ((b[p] as number) < 48 || (b[p] as number) > 57) return false
  return true
}

function cellType(b: Buffer, from: number, to: number): number {
  if (to - from === 1) {
    const letter = b[from]
    if (letter === 115) return shared
    if (letter === 110) return number
    if (letter === 98) return boolean
    if (letter === 101) return error
    if (letter === 100) return isoDate
  }
  const word = b.toString('latin1', from, to)
  if (word === 'str') return text
  return word === 'inlineStr' ? inline : leaveToLibrary(`a cell of the unknown kind “${word}”`)
}
