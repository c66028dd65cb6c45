/** What a file really is. Its first bytes decide, never its name. */
export type FileKind =
  | 'text'
  | 'empty'
  | 'zip' // a workbook (.xlsx) is a ZIP archive; whether this one is, its content tells
  | 'ole' // the old .xls, and workbooks with a password
  | 'pdf'
  | 'jpeg'
  | 'png'
  | 'gif'
  | 'gzip'
  | 'sqlite'
  | 'program'
  | 'html'
  | 'xml'

export interface Sniffed {
  readonly kind: FileKind
  /** What it is, in a sentence's words: "a PNG picture". */
  readonly words: string
  /** The name promises a CSV or text file and the bytes are something else, or a workbook and they are not. */
  readonly misnamed: boolean
}

const magics: readonly (readonly [FileKind, string, readonly number[]])[] = [
  ['zip', 'a ZIP archive or XLSX workbook', [0x50, 0x4b, 0x03, 0x04]],
  ['zip', 'an empty ZIP archive', [0x50, 0x4b, 0x05, 0x06]],
  ['ole', 'an old XLS workbook or a workbook with a password', [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]],
  ['pdf', 'a PDF document', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['jpeg', 'a JPEG picture', [0xff, 0xd8, 0xff]],
  ['png', 'a PNG picture', [0x89, 0x50, 0x4e, 0x47]],
  ['gif', 'a GIF picture', [0x47, 0x49, 0x46, 0x38]],
  ['gzip', 'a gzip archive', [0x1f, 0x8b]],
  ['sqlite', 'an SQLite database', [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x66, 0x6f, 0x72, 0x6d, 0x61, 0x74, 0x20, 0x33, 0x00]],
  ['program', 'a program', [0x7f, 0x45, 0x4c, 0x46]],
]

/** Looks at the first bytes of a file; 512 of them are enough. */
export function sniff(bytes: Uint8Array, name: string): Sniffed {
  const { kind, words } = kindOf(bytes)
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  const promisesText = ['csv', 'txt', 'tsv', 'tab'].includes(extension)
  const promisesWorkbook = ['xlsx', 'xlsm'].includes(extension)
  return { kind, words, misnamed: (promisesText && kind !== 'text' && kind !== 'empty') || (promisesWorkbook && kind !== 'zip') }
}

function kindOf(bytes: Uint8Array): { kind: FileKind; words: string } {
  if (bytes.length === 0) return { kind: 'empty', words: 'an empty file' }
  for (const [kind, words, magic] of magics) if (magic.every((byte, i) => bytes[i] === byte)) return { kind, words }
  if (isWindowsProgram(bytes)) return { kind: 'program', words: 'a program' }
  const start = asciiStart(bytes)
  if (/^<(!doctype html|html|head|body|table|meta)[\s>]/.test(start)) return { kind: 'html', words: 'a web page (HTML)' }
  if (start.startsWith('<?xml')) return { kind: 'xml', words: 'an XML document' }
  return { kind: 'text', words: 'a text file' }
}

/** "MZ", and where the header says so "PE": two letters alone may well be a column name. */
function isWindowsProgram(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x4d || bytes[1] !== 0x5a || bytes.length < 64) return false
  return bytes.subarray(2, 64).includes(0)
}

/** The first characters, in lower case, white space and byte order mark passed over; UTF-16 reads as its ASCII part. */
function asciiStart(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length && i < 512 && text.length < 24; i++) {
    const byte = bytes[i]!
    if (byte === 0 || byte > 0x7f) continue
    if (byte <= 0x20 && text === '') continue
    text += String.fromCharCode(byte)
  }
  return text.toLowerCase()
}
