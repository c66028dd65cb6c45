import { isUtf8 } from 'node:buffer'
import { broken } from './trouble.ts'

/** A start tag (or an empty one): its name without a prefix, its attributes with theirs. */
export interface XmlTag {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
}

/**
 * The bytes of a part as UTF-8 without BOM, a declaration or a comment; CDATA as ordinary text. Any DOCTYPE is refused: no
 * Office file has one, and it is the door to entities that grow or fetch.
 */
export function plainXml(bytes: Buffer, part: string): Buffer {
  let text = decodedFromUtf16(bytes)
  if (text.length >= 3 && text.readUIntBE(0, 3) === 0xefbbbf) text = text.subarray(3)
  if (!isUtf8(text)) broken(`${part} is not UTF-8 text`)
  const declaration = /^\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']/.exec(text.toString('latin1', 0, 200))
  const encoding = declaration?.[1]?.toLowerCase() ?? 'utf-8'
  if (text.length === bytes.length && !['utf-8', 'utf8', 'us-ascii', 'ascii'].includes(encoding) && !encoding.startsWith('utf-16'))
    broken(`${part} says that it is written in ${encoding}`)
  if (encoding === 'utf-7') broken(`${part} says that it is written in ${encoding}`)
  return text.includes('<!') ? withoutMarkup(text, part) : text
}

function decodedFromUtf16(bytes: Buffer): Buffer {
  const mark = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0
  if (mark !== 0xfffe && mark !== 0xfeff) return bytes
  return Buffer.from(new TextDecoder(mark === 0xfffe ? 'utf-16le' : 'utf-16be').decode(bytes))
}

/** Comments away, CDATA into escaped text. Positions within the part shift; nothing reports them. */
function withoutMarkup(bytes: Buffer, part: string): Buffer {
  const text = bytes.toString('utf8')
  const out: string[] = []
  let at = 0
  for (;;) {
    const start = text.indexOf('<!', at)
    if (start < 0) break
    out.push(text.slice(at, start))
    if (text.startsWith('<!--', start)) at = closing(text, '-->', start + 4, part)
    else if (text.startsWith('<![CDATA[', start)) {
      at = closing(text, ']]>', start + 9, part)
      out.push(escapeText(text.slice(start + 9, at - 3)))
    } else broken(`${part} holds a DOCTYPE; no workbook needs one, so it is not read`)
  }
  out.push(text.slice(at))
  return Buffer.from(out.join(''))
}

function closing(text: string, mark: string, from: number, part: string): number {
  const at = text.indexOf(mark, from)
  return at < 0 ? broken(`${part} ends within a comment`) : at + mark.length
}

const escapeText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** The tags of a small part, in order, whatever they are nested in. */
export function* tagsOf(text: string): Generator<XmlTag> {
  for (const match of text.matchAll(/<([A-Za-z_][\w.-]*:)?([\w.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*\/?>/g)) {
    const attributes = new Map<string, string>()
    for (const [, name, doubled, single] of (match[3] ?? '').matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g))
      attributes.set(name ?? '', unescapeXml(doubled ?? single ?? ''))
    yield { name: match[2] ?? '', attributes }
  }
}

export const isTrue = (value: string | undefined): boolean => value === '1' || value === 'true' || value === 'on'

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The five named entities and character references; anything else stays as it stands (there is no DOCTYPE to name more). */
export function unescapeXml(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    /&(?:(amp|lt|gt|quot|apos)|#x([0-9a-fA-F]{1,6})|#(\d{1,7}));/g,
    (whole, name?: string, hex?: string, decimal?: string) => {
      if (name !== undefined) return named[name] ?? whole
      const code = hex === undefined ? Number(decimal) : parseInt(hex, 16)
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole
    },
  )
}

/**
 * The characters of a cell from the text of a `<t>` or a `<v>`: line ends as XML reads them (CR LF and CR are LF), then
 * entities, then `_xHHHH_` escapes (ECMA-376-1 §22.9.2.19: how a workbook keeps what XML cannot, and `_x005F_` a plain underscore).
 */
export function cellText(raw: string): string {
  const lines = raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw
  const text = unescapeXml(lines)
  if (!text.includes('_x')) return text
  return text.replace(/_x([0-9a-fA-F]{4})_/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
}
