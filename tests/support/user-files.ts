import { recogniseColumns } from '../../shared/core/catalogue/recognise.ts'
import type { ReadCsv } from '../../shared/core/csv/read-csv.ts'
import { checkTable } from '../../shared/core/rules/check-table.ts'

export const header = ['First Name', 'Last Name', 'User ID/Email (Required)', 'Phone Number', 'Extension', 'Location', 'Webex Calling', 'Webex Suite', 'Title'] // prettier-ignore

/** A seeded stream of numbers from 0 to 1. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
}

/** What kind of file. */
export interface Shape {
  readonly rows: number
  readonly delimiter: string
  /** How many of a thousand rows are odd. */
  readonly odd: number
  readonly lineEnd: string
}

/** Users of every kind, among them rows that only the tolerant reader takes. */
export function fileOf(seed: number, { rows, delimiter, odd, lineEnd }: Shape): Uint8Array {
  const random = seeded(seed)
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`
  const cell = (text: string): string => (text.includes(delimiter) || /["\r\n]/.test(text) || random() < 0.03 ? quoted(text) : text)
  const lines = [header.join(delimiter)]
  for (let row = 0; row < rows; row++) {
    const cells = [
      oneOf(['Kari', 'Ola', 'Åse', 'J.-P.', '', 'Ana "A"', ' Per']),
      oneOf(['Hansen', 'Ødegård', "O'Neil", 'Lie, jr.', `Nr${String(row % 700)}`, '李']),
      oneOf([`user.${String(row)}@fjordkraft.no`, `User.${String(row >> 1)}@fjordkraft.no`, `u${String(row)}@x.co`, 'nobody', '', 'ø@fjord.no', `${'a'.repeat(70)}@b.no`]), // prettier-ignore
      oneOf([`+47215${String(100_000 + row)}`, `+47215${String(100_000 + (row >> 1))}`, `0047215${String(100_000 + row)}`, '', `PRIMARY|+47215${String(row + 100_000)},+47215${String(row + 100_001)}`, 'REMOVE|+4721500001', '4721500002', '(clear)', '+4,72E+10']), // prettier-ignore
      oneOf(['', String(1000 + (row % 900)), '042', '112', String(row), 'x1', '(clear)', ' 2001']),
      oneOf(['Oslo HQ', 'OSLO hq', 'Bergen', '', 'Malmö', '(clear)']),
      oneOf(['TRUE', 'FALSE', 'sann', '', '(clear)', 'maybe']),
      oneOf(['TRUE', 'FALSE', '']),
      oneOf(['', 'VP "Growth"', `line${lineEnd}two`, '=1+1', 'a\u0007', 'S\ufffd', 'x'.repeat(40), `t${String(row % 3)}`]),
    ]
    let line = cells.map(cell).join(delimiter)
    if (random() * 1000 < odd) {
      line = oneOf([
        '',
        delimiter.repeat(header.length - 1),
        line + delimiter + 'surplus',
        cells.slice(0, 4).map(cell).join(delimiter),
        `"text" behind${line.slice(line.indexOf(delimiter))}`,
        `a"b${line.slice(line.indexOf(delimiter))}`,
        `Kari\r${line}`,
        `${'y'.repeat(9_000)}${line.slice(line.indexOf(delimiter))}`,
      ])
    }
    lines.push(line)
  }
  const text = lines.map((line, i) => line + (odd > 0 && i % 97 === 0 ? '\n' : lineEnd)).join('')
  return new TextEncoder().encode(seed % 2 === 0 ? text.trimEnd() : text)
}

/** All that a table says, to be held against what another reader said. */
export function contentOf({ table, facts }: ReadCsv): unknown {
  return {
    facts,
    numbers: Array.from(table.rows, (row) => table.numberOf(row)),
    ragged: [...table.ragged],
    columns: table.columns.map((column) => [column.header, ...Array.from(table.rows, (row) => column.textOf(row))]),
  }
}

export function findingsOf({ table, facts }: ReadCsv): unknown {
  const columns = recogniseColumns(table.columns.map((column) => column.header))
  const findings = checkTable({ table, columns, facts })
  return { byRule: findings.byRule, all: Array.from({ length: findings.count }, (_, i) => findings.describe(i, 'en')) }
}

/** Sound files, odd ones and some that are odd through and through. */
export const shapes: readonly Shape[] = [
  { rows: 4_000, delimiter: ',', odd: 0, lineEnd: '\r\n' },
  { rows: 12_000, delimiter: ';', odd: 3, lineEnd: '\n' },
  { rows: 12_000, delimiter: '\t', odd: 10, lineEnd: '\r\n' },
  { rows: 5_000, delimiter: '\t', odd: 60, lineEnd: '\r\n' },
  { rows: 4_000, delimiter: '|', odd: 600, lineEnd: '\n' },
  { rows: 4_000, delimiter: ',', odd: 0, lineEnd: '\r' },
]
