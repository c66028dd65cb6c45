import { csvField } from './csv-out.ts'
import { broken, leaveToLibrary } from './trouble.ts'
import { cellText } from './xml.ts'

/** The shared texts, each as a CSV field. Most are bytes of the part itself; `start` below 0 points (as `~start`) into `made`. */
export interface SharedStrings {
  readonly count: number
  readonly part: Buffer
  readonly made: Buffer
  readonly starts: Int32Array
  readonly ends: Int32Array
  /** Texts longer than a cell can be; refused where a cell shows one, so that the place can be named. */
  readonly tooLong: ReadonlySet<number>
}

export const noSharedStrings: SharedStrings = {
  count: 0,
  part: Buffer.alloc(0),
  made: Buffer.alloc(0),
  starts: new Int32Array(0),
  ends: new Int32Array(0),
  tooLong: new Set(),
}

const lt = 60
const gt = 62
const slash = 47

/** `part`: plain XML (see `plainXml`). */
export function scanSharedStrings(part: Buffer, name: string, maxChars: number): SharedStrings {
  const open = /^\s*(?:<\?[^>]*\?>\s*)?<sst[\s/>]/.exec(part.toString('latin1', 0, 400))
  if (open === null) leaveToLibrary('shared strings under a prefix')
  let at = part.indexOf('>', open[0].length - 1) + 1
  if (at === 0) broken(`${name} is cut off`)
  if (part[at - 2] === slash) return { ...noSharedStrings, part }

  let starts = new Int32Array(1 << 12)
  let ends = new Int32Array(1 << 12)
  let count = 0
  let made = Buffer.allocUnsafe(1 << 12)
  let madeLength = 0
  const tooLong = new Set<number>()

  function add(start: number, end: number): void {
    if (count === starts.length) {
      starts = grown(starts)
      ends = grown(ends)
    }
    starts[count] = start
    ends[count++] = end
  }
  function addText(text: string): void {
    if (text.length > maxChars) {
      tooLong.add(count)
      add(0, 0)
      return
    }
    const field = csvField(text)
    const bytes = Buffer.byteLength(field)
    if (madeLength + bytes > made.length) {
      const larger = Buffer.allocUnsafe(Math.max(made.length * 2, madeLength + bytes))
      made.copy(larger, 0, 0, madeLength)
      made = larger
    }
    made.write(field, madeLength)
    add(~madeLength, ~(madeLength += bytes))
  }

  for (;;) {
    // One text follows the other as a rule: looking for a byte that stands right there cost a third of the scan.
    if (part[at] !== lt) at = part.indexOf('<', at)
    if (at < 0) broken(`${name} is cut off`)
    // <si
    if (part[at + 1] !== 115 || part[at + 2] !== 105) {
      if (part.toString('latin1', at, at + 5) === '</sst') break
      leaveToLibrary('an unknown element among the shared strings')
    }
    at = part[at + 3] === gt ? at + 4 : part.indexOf('>', at) + 1
    if (at === 0) broken(`${name} is cut off`)
    if (part[at - 2] === slash) {
      add(0, 0)
      continue
    }
    const simple = simpleText(part, at, 115, 105)
    if (simple === undefined) {
      const end = part.indexOf('</si>', at)
      if (end < 0) broken(`${name} is cut off`)
      addText(richText(part.toString('utf8', at, end), name))
      at = end + 5
      continue
    }
    if (simple.asItStands && simple.to - simple.from <= maxChars) add(simple.from, simple.to)
    else addText(cellText(part.toString('utf8', simple.from, simple.to)))
    at = simple.next
  }
  return { count, part, made, starts, ends, tooLong }
}

// One object for all calls: a million short-lived ones cost a third of the scan.
const found = { from: 0, to: 0, next: 0, asItStands: false }

/**
 * `<t>text</t></si>` at `at` (or `</is>`: the two letters are given): where the text is, and whether it can go into CSV byte by
 * byte. Undefined: something else is there. The answer is good until the next call.
 */
export function simpleText(b: Buffer, at: number, letter1: number, letter2: number): Readonly<typeof found> | undefined {
  if (b[at] !== lt || b[at + 1] !== 116) return undefined
  let p = at + 2
  if (b[p] !== gt) {
    if (b[p] !== 32) return undefined
    while (p < b.length && b[p] !== gt) p++
    if (b[p - 1] === slash) return undefined
  }
  const from = ++p
  let asItStands = true
  for (; p < b.length; p++) {
    const c = b[p] as number
    if (c === lt) break
    // & " , LF CR, and _x
    if (c <= 44 ? c === 38 || c === 34 || c === 44 || c === 10 || c === 13 : c === 95 && b[p + 1] === 120) asItStands = false
  }
  // </t></si>
  if (b[p + 1] !== slash || b[p + 2] !== 116 || b[p + 3] !== gt || b[p + 4] !== lt || b[p + 5] !== slash || b[p + 6] !== letter1)
    return undefined
  if (b[p + 7] !== letter2 || b[p + 8] !== gt) return undefined
  found.from = from
  found.to = p
  found.next = p + 9
  found.asItStands = asItStands
  return found
}

/** The runs of a rich text joined; phonetic runs (`<rPh>`, how a name is said) are no part of it. */
export function richText(xml: string, part: string): string {
  let text = ''
  let at = 0
  for (;;) {
    const open = xml.indexOf('<', at)
    if (open < 0) return text
    const close = xml.indexOf('>', open)
    if (close < 0) broken(`${part} is cut off within a text`)
    if (xml[open + 1] === '!') broken(`${part} holds a comment within a text`)
    const name = /^<([\w:.-]+)/.exec(xml.slice(open, open + 24))?.[1]
    at = close + 1
    if (name?.includes(':')) leaveToLibrary('a rich text under a prefix')
    if (xml[close - 1] === '/') continue
    if (name === 't') {
      const end = xml.indexOf('<', at)
      if (end < 0 || !xml.startsWith('</t', end)) broken(`${part} is cut off within a text`)
      text += cellText(xml.slice(at, end))
      at = end
    } else if (name === 'rPh') {
      at = xml.indexOf('</rPh>', at)
      if (at < 0) broken(`${part} is cut off within a text`)
    }
  }
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2)
  larger.set(array)
  return larger
}
