import { userFile, userHeader, users } from './user-file.ts'

export interface HostileFile {
  readonly name: string
  readonly reason: 'over-limit' | 'unterminated-quote'
  /** Made when it is asked for: they are large. */
  bytes(): Uint8Array
  /** The spreadsheet's number of the row that is to blame. */
  readonly row: number
  readonly says: RegExp
}

const mib = 1 << 20
const line = (n: number): string =>
  userFile(users(1, () => ({ 'User ID/Email (Required)': `user.${String(n)}@fjordkraft.no` }))).split('\r\n')[1] ?? ''
const head = `${userHeader.join(',')}\r\n`
const joined = (...parts: readonly (string | Uint8Array)[]): Uint8Array => Buffer.concat(parts.map((part) => Buffer.from(part)))
const repeated = (text: string, times: number): Uint8Array => Buffer.alloc(Buffer.byteLength(text) * times, text)

/** Files that no person made by hand, and that programs do make: each is refused with the place of its trouble. */
export const hostileFiles: readonly HostileFile[] = [
  {
    name: 'a cell of 100 MB between quotes',
    reason: 'over-limit',
    bytes: () => joined(head, `${line(1)}\r\nOla,"`, repeated('x', 100 * mib), '",Ola Dahl\r\n'),
    row: 3,
    says: /^Cell 2 of row 3 has more than 32767 characters\.$/,
  },
  {
    name: 'a bare cell of 100 MB',
    reason: 'over-limit',
    bytes: () => joined(head, `${line(1)}\r\nOla,`, repeated('x', 100 * mib), ',Ola Dahl\r\n'),
    row: 3,
    says: /^Cell 2 of row 3 has more than 32767 characters\.$/,
  },
  {
    name: 'a header of 100 MB',
    reason: 'over-limit',
    bytes: () => joined('First Name,', repeated('x', 100 * mib), `\r\n${line(1)}\r\n`),
    row: 1,
    says: /^Cell 2 of row 1 has more than 32767 characters\.$/,
  },
  {
    name: 'a million columns',
    reason: 'over-limit',
    bytes: () => joined(head.trimEnd(), repeated(',x', 1_000_000), `\r\n${line(1)}\r\n`),
    row: 1,
    says: /^Row 1 has more than 500 cells/,
  },
  {
    name: 'a million cells in one row far down',
    reason: 'over-limit',
    bytes: () => joined(head, repeated(`${line(1)}\r\n`, 50_000), line(2), repeated(',x', 1_000_000), `\r\n${line(1)}\r\n`),
    row: 50_002,
    says: /^Row 50002 has more than 500 cells/,
  },
  {
    name: 'ten million empty lines',
    reason: 'over-limit',
    bytes: () => joined(head, `${line(1)}\r\n`, repeated('\r\n', 10_000_000), `${line(2)}\r\n`),
    row: 2_000_003,
    says: /^The file has more than 2000000 empty lines; row 2000003 is one too many\.$/,
  },
  {
    name: 'ten million empty lines before the header',
    reason: 'over-limit',
    bytes: () => joined(repeated('\n', 10_000_000), head, `${line(1)}\r\n`),
    row: 2_000_001,
    says: /^The file has more than 2000000 empty lines; row 2000001 is one too many\.$/,
  },
  {
    name: 'a quote in row 900,000 that is never closed',
    reason: 'unterminated-quote',
    bytes: () =>
      joined(
        'First Name,Email\r\n',
        repeated('Kari,kari@fjordkraft.no\r\n', 899_998),
        'Ola,"ola@fjordkraft.no\r\n',
        repeated('Kari,kari@fjordkraft.no\r\n', 100_000),
      ),
    row: 900_000,
    says: /^Row 900000 opens a quote/,
  },
  {
    name: 'more rows than may be opened',
    reason: 'over-limit',
    bytes: () => joined('First Name,Email\r\n', repeated('Kari,kari@fjordkraft.no\r\n', 2_000_001)),
    row: 2_000_002,
    says: /^The file has more than 2000000 rows, the most that can be opened; row 2000002 is one too many\.$/,
  },
]
