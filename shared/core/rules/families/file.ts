import { otherFamilyOf } from '../../catalogue/other-family.ts'
import type { RecognisedColumn } from '../../catalogue/column.ts'
import { readBoolean } from '../../catalogue/read-boolean.ts'
import { recogniseColumns } from '../../catalogue/recognise.ts'
import { columnKey, roleOf } from '../../diff/paired-columns.ts'
import type { CheckContext } from '../context.ts'
import { rule, type Rule } from '../rule.ts'
import type { Conversions } from '../rule-facts.ts'

const onFile = { on: 'file', columns: 'the header', needs: [] } as const
const onColumn = { on: 'column', columns: 'every column', needs: [] } as const
const isUserFile = (context: CheckContext): boolean => otherFamilyOf(context.columns.map((column) => column.header)) === null
/** The customer's own header list; an empty one is none. */
const knownHeader = ({ input }: CheckContext): readonly string[] | undefined =>
  input.customer?.header?.length === 0 ? undefined : input.customer?.header
/** The headers that the customer's packages are known to have. */
const packageHeaders = ({ input }: CheckContext): string[] =>
  (input.customer?.packages ?? []).flatMap(({ column }) => (column === undefined ? [] : [column]))

/**
 * A licence that the customer's header does not have, of a name that nobody knows, or of a site or subscription when the customer's columns
 * name others only: it is another customer's, and Control Hub refuses the file. A header that names the service alone has it. That the list
 * lacks a known service of the customer's own subscription says nothing: it may be a short one.
 */
function foreignTo(known: readonly string[]): (column: RecognisedColumn) => boolean {
  const recognised = recogniseColumns(known)
  const keys = new Set(recognised.map(columnKey))
  const isOther = (part: 'site' | 'subscription'): ((column: RecognisedColumn) => boolean) => {
    const own = new Set(recognised.flatMap((column) => column[part]?.toLowerCase() ?? []))
    return (column) => own.size > 0 && column[part] !== null && !own.has(column[part].toLowerCase())
  }
  const [isOfOtherSite, isOfOtherSubscription] = [isOther('site'), isOther('subscription')]
  return (column) =>
    column.column !== null &&
    (column.column.id.startsWith('licence:') || isOfOtherSite(column) || isOfOtherSubscription(column)) &&
    !known.includes(column.header) &&
    !keys.has(columnKey(column)) &&
    !keys.has(column.column.name)
}
/** Control Hub's own export: UTF-8 without BOM, comma, CRLF. */
const conversions = ({ input: { facts } }: CheckContext): Conversions => {
  const { delimiter, encoding, bom, lineEnding } = facts
  return facts.format === 'xlsx'
    ? { isWorkbook: true, delimiter: null, encoding: null, bom: false, lineEnding: null }
    : {
        isWorkbook: false,
        delimiter: delimiter === ',' ? null : delimiter,
        encoding: encoding === 'utf-8' ? null : encoding,
        bom,
        lineEnding: lineEnding === 'crlf' || lineEnding === 'none' ? null : lineEnding,
      }
}
const isConverted = ({ isWorkbook, delimiter, encoding, bom, lineEnding }: Conversions): boolean =>
  isWorkbook || delimiter !== null || encoding !== null || bom || lineEnding !== null

export const fileRules: readonly Rule[] = [
  rule(
    {
      ...onFile,
      id: 'file/no-email-column',
      severity: ['error'],
      when: 'no column is recognised as `User ID/Email (Required)`',
      source: 'S: CSVADD, OLDUI',
      fix: 'ask',
      facts: () => ({}),
      repair: () => ({ kind: 'ask', action: 'map-column' }),
    },
    {
      kind: 'table',
      check(context, emit) {
        if (context.users.email < 0) emit(-1, -1)
      },
    },
  ),
  rule(
    {
      ...onFile,
      id: 'file/no-package-column',
      severity: ['error'],
      when: 'no column is recognised as a wholesale package',
      source: 'S: SEED-NO',
      fix: 'ask',
      facts: () => ({}),
      repair: () => ({ kind: 'ask', action: 'map-column' }),
    },
    {
      kind: 'table',
      check(context, emit) {
        if (context.users.packages.size === 0) emit(-1, -1)
      },
    },
  ),
  rule(
    { ...onFile, id: 'file/no-rows', columns: '', severity: ['error'], when: 'no data row', source: 'S: OLDUI', facts: () => ({}) },
    {
      kind: 'table',
      check(context, emit) {
        if (context.rows.length === 0) emit(-1, -1)
      },
    },
  ),
  rule(
    {
      ...onFile,
      id: 'file/empty-lines',
      columns: '',
      severity: ['info'],
      when: 'empty lines were passed over',
      source: 'F',
      facts: (place) => ({ count: place.extra }),
    },
    {
      kind: 'table',
      check(context, emit) {
        const { emptyLines } = context.input.facts
        if (emptyLines > 0) emit(-1, -1, emptyLines)
      },
    },
  ),
  rule(
    {
      id: 'file/ragged-row',
      on: 'row',
      columns: '',
      needs: [],
      severity: ['error'],
      when: 'more or fewer cells than the header',
      source: 'F',
      fix: 'ask',
      onRemovals: true,
      facts: ({ context, extra }) => ({ cells: extra, columns: context.columns.length }),
      repair: () => ({ kind: 'ask', action: 'pad-row' }),
    },
    {
      kind: 'table',
      reads: [],
      check(context, emit) {
        if (context.table.ragged.size === 0) return
        for (let i = 0; i < context.rows.length; i++) {
          const row = context.rows[i]!
          const ragged = context.table.ragged.get(row)
          if (ragged !== undefined) emit(row, -1, ragged.cellCount)
        }
      },
    },
  ),
  rule(
    {
      ...onColumn,
      id: 'file/duplicate-column',
      severity: ['error'],
      when: 'header text stands twice, or another header means the same column',
      source: 'F',
      facts: ({ context, header, extra }) => ({ header, first: extra + 1, firstHeader: context.columns[extra]?.header ?? header }),
    },
    {
      kind: 'table',
      check(context, emit) {
        const first = new Map<string, number>()
        // Of two columns with one key the store would keep the one and the rules might have looked at the other.
        const firstOfKey = new Map<string, number>()
        // Several subscriptions may give one package several columns of names of their own.
        const own = new Set(packageHeaders(context))
        context.columns.forEach((column, at) => {
          const text = column.header.trim().normalize('NFC')
          if (text === '') return
          const hasKey = column.column !== null && roleOf(column, context.users.email) !== 'ignored' && !own.has(column.header)
          const key = hasKey ? columnKey(column) : null
          const earlier = first.get(text) ?? (key === null ? undefined : firstOfKey.get(key))
          if (!first.has(text)) first.set(text, at)
          if (key !== null && !firstOfKey.has(key)) firstOfKey.set(key, at)
          if (earlier !== undefined) emit(-1, column.index, earlier)
        })
      },
    },
  ),
  rule(
    {
      ...onColumn,
      id: 'file/unknown-column',
      severity: ['error', 'info'],
      when: "not in the catalogue: error where the customer's own header list is known and lacks it, else info; it is kept as it is. A licence of a site or subscription that none of the customer's columns names is an error, too",
      source: 'S: OLDUI',
      fix: 'ask',
      facts: ({ header, context }) => ({
        header,
        customer: knownHeader(context) === undefined ? null : (context.input.customer?.name ?? null),
      }),
      repair: () => ({ kind: 'ask', action: 'map-column' }),
    },
    {
      kind: 'table',
      check(context, emit) {
        const known = knownHeader(context)
        const isForeign = known === undefined ? () => false : foreignTo([...known, ...packageHeaders(context)])
        for (const column of context.columns)
          if (column.match === 'unknown' || isForeign(column)) emit(-1, column.index, 0, known === undefined ? 'info' : 'error')
      },
    },
  ),
  rule(
    {
      ...onColumn,
      id: 'file/renamed-column',
      severity: ['warning'],
      when: 'an old, translated or misspelt name of a known column, or one in another case or with other spaces',
      source: 'S O: CSVADD, NEWS, SEED-NO, CUCMHDR, LAB',
      fix: 'safe',
      facts: ({ header, context, column }) => ({ header, expected: context.recognised(column)?.expected ?? '' }),
      repair({ context, column }) {
        const expected = context.recognised(column)?.expected ?? null
        const isTaken = context.columns.some(
          (other) => other.index !== column && (other.header === expected || other.expected === expected),
        )
        return expected === null || isTaken ? null : { kind: 'safe', action: 'rename-column', value: expected }
      },
    },
    {
      kind: 'table',
      check(context, emit) {
        for (const { match, index } of context.columns) if (match === 'renamed') emit(-1, index)
      },
    },
  ),
  rule(
    {
      ...onColumn,
      id: 'file/removed-column',
      columns: '`UC Manager Profile`, `Calling Behavior`, `Calling Behavior UC Manager Profile`',
      severity: ['warning'],
      when: 'Control Hub took the column out',
      source: 'S: CSVADD',
      fix: 'safe',
      facts: ({ header }) => ({ header }),
      repair: () => ({ kind: 'safe', action: 'drop-column' }),
    },
    {
      kind: 'table',
      check(context, emit) {
        for (const { match, index } of context.columns) if (match === 'removed') emit(-1, index)
      },
    },
  ),
  rule(
    {
      ...onColumn,
      id: 'file/suspended-column',
      columns: 'headers with `(Suspended)`',
      severity: ['error'],
      when: 'the header says `(Suspended)` and a cell is TRUE: Control Hub refuses the whole file',
      source: 'S: CSVADD, CSVREF',
      facts: ({ header, context, extra }) => ({ header, row: context.table.numberOf(extra) }),
    },
    {
      kind: 'table',
      check(context, emit) {
        for (const { suspended, index } of context.columns) {
          if (!suspended) continue
          const column = context.table.columns[index]!
          const row = context.rows.find((at) => readBoolean(column.textOf(at))?.value === true)
          if (row !== undefined) emit(-1, index, row)
        }
      },
    },
  ),
  rule(
    {
      ...onFile,
      id: 'file/other-family',
      severity: ['error'],
      when: 'looks like a Webex Calling CSV, a Meetings-site CSV or the short user report',
      source: 'S: CALLCSV, MEETCSV, CSVADD',
      facts: ({ context }) => ({ family: otherFamilyOf(context.columns.map((column) => column.header)) ?? 'user-report' }),
    },
    {
      kind: 'table',
      check(context, emit) {
        if (!isUserFile(context)) emit(-1, -1)
      },
    },
  ),
  rule(
    {
      ...onFile,
      id: 'file/too-many-rows',
      columns: '',
      severity: ['warning'],
      when: 'over 20,000 data rows (setting): will be split on export',
      source: 'S: CSVADD, CSVMOD',
      facts: ({ context }) => {
        const { maxRows } = context.settings
        return { rows: context.rows.length, limit: maxRows, files: Math.ceil(context.rows.length / maxRows) }
      },
    },
    {
      kind: 'table',
      check(context, emit) {
        if (context.rows.length > context.settings.maxRows) emit(-1, -1)
      },
    },
  ),
  rule(
    {
      ...onFile,
      id: 'file/converted',
      columns: '',
      severity: ['info'],
      when: "delimiter, encoding, BOM or line ends were not Control Hub's",
      source: 'F',
      facts: ({ context }) => conversions(context),
    },
    {
      kind: 'table',
      check(context, emit) {
        if (isConverted(conversions(context))) emit(-1, -1)
      },
    },
  ),
]
