import { readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { isUtf8 } from 'node:buffer'
import { describe, expect, test } from 'vitest'
import { recogniseColumns, scoreHeader } from '../../../shared/core/catalogue/recognise.ts'
import type { RecognisedColumn } from '../../../shared/core/catalogue/column.ts'
import { readCsv, type ReadCsv } from '../../../shared/core/csv/read-csv.ts'
import { parseCustomerProfile } from '../../../shared/core/customer/parse-profile.ts'
import type { CustomerProfile } from '../../../shared/core/customer/profile.ts'
import { compareWithBaseline } from '../../../shared/core/diff/compare-with-baseline.ts'
import { checkTable } from '../../../shared/core/rules/check-table.ts'
import { exportedUsers } from '../../../scripts/samples/export.ts'
import { novemberUsers } from '../../../scripts/samples/november.ts'
import { sampleFiles } from '../../../scripts/write-samples.ts'

const folder = new URL('../../../resources/samples/', import.meta.url)
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)))
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

interface Opened extends ReadCsv {
  readonly columns: readonly RecognisedColumn[]
}

function opened(name: string): Opened {
  const read = readCsv(bytesOf(name), { name, scoreHeader, isUtf8 })
  if (!read.ok) throw new Error(read.error.detail)
  const headers = read.value.table.columns.map(({ header }) => header)
  return { ...read.value, columns: recogniseColumns(headers, customer) }
}

function customerOf(name: string): CustomerProfile {
  const parsed = parseCustomerProfile(JSON.parse(new TextDecoder().decode(bytesOf(name))))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error))
  return parsed.value
}

const customer = customerOf('nordfjell.json')
const exported = opened('nordfjell-export.csv')
const november = opened('nordfjell-november.csv')

function countsByRule(file: Opened, baseline?: Opened): Readonly<Record<string, number>> {
  const findings = checkTable({ ...file, customer, ...(baseline === undefined ? {} : { baseline: { ...baseline, kind: 'export' } }) })
  return Object.fromEntries(Object.entries(findings.byRule).filter(([, count]) => count > 0))
}

test('the files are what the generator writes, byte for byte', () => {
  for (const [name, bytes] of sampleFiles()) expect(hashOf(bytesOf(name)), name).toBe(hashOf(bytes))
})

test('another seed makes other people, and the November list does not depend on luck', () => {
  expect(exportedUsers(1)[5]).not.toEqual(exportedUsers(2)[5])
  expect(novemberUsers(exportedUsers(7), 3).length).toBeGreaterThan(1200)
})

describe('the export', () => {
  test('is as Control Hub writes it: 59 columns and the packages, 1,200 users', () => {
    expect(exported.facts).toMatchObject({ encoding: 'utf-8', delimiter: ',', bom: false, lineEnding: 'crlf', emptyLines: 0 })
    expect(exported.table.rows.length).toBe(1200)
    expect(exported.columns.length).toBe(64)
    expect(exported.columns[51]?.header).toBe('Advanced Messaging ')
    expect(exported.columns.filter(({ match }) => match === 'unknown')).toEqual([])
  })
  test('has no mistakes but the missing sites that Control Hub lets pass', () => {
    expect(countsByRule(exported)).toEqual({ 'name/beyond-ascii': expect.any(Number) as number, 'site/missing': 6 })
  })
  test('names nobody outside of domains that cannot exist', () => {
    const emails = /[^\s,;"@]+@[^\s,;"@]+/gu
    for (const name of ['nordfjell-export.csv', 'nordfjell-november.csv', 'nordfjell.json']) {
      const found = new TextDecoder('windows-1252').decode(bytesOf(name)).match(emails) ?? []
      expect(found.filter((email) => !email.endsWith('.example'))).toEqual([])
    }
  })
})

describe('the November list', () => {
  test('is in the dialect of a Norwegian spreadsheet', () => {
    expect(november.facts).toMatchObject({ encoding: 'windows-1252', delimiter: ';', bom: false, lineEnding: 'crlf', emptyLines: 3 })
  })
  test('has each kind of mistake as often as it was made', () => {
    expect(countsByRule(november, exported)).toMatchObject({
      'text/mojibake': 1,
      'text/lost-character': 1,
      'text/formula': 2,
      'email/missing': 1,
      'email/malformed': 1,
      'email/character': 1,
      'email/duplicate': 3,
      'email/unknown-domain': 1,
      'name/missing': 1,
      'package/none': 1,
      'package/several': 1,
      'package/removal': 8,
      'package/over-limit': 1,
      'package/administrator': 1,
      'package/needs-reassign': 1,
      'package/loses-calling': 2,
      'calling/number-missing': 1,
      'calling/location-missing': 1,
      'calling/location-unknown': 1,
      'calling/location-changed': 3,
      'phone/scientific': 6,
      'phone/replaced': 2,
      'extension/emergency': 1,
      'extension/lost-zero': 52,
      'site/missing': 10,
      'jabber/calling-missing': 3,
      'jabber/teams-missing': 3,
      'licence/would-be-removed': 2,
      'identity/renamed': 3,
    })
  })
  test('holds every intent, and leaves some users out', () => {
    const { summary, absent } = compareWithBaseline({ ...november, baseline: exported, customer })
    expect(summary).toMatchObject({ packageChange: 19, remove: 8, rename: 3 })
    for (const intent of ['add', 'update', 'unchanged'] as const) expect(summary[intent]).toBeGreaterThan(20)
    expect(absent).toBe(22)
  })
})
