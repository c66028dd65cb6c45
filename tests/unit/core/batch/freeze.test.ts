import { describe, expect, it } from 'vitest'
import { canonicalize } from '../../../../shared/core/batch/canonical.ts'
import { digestOf, itemHash, readContent, serializeContent, verifyContent } from '../../../../shared/core/batch/digest.ts'
import { driftOf, presentFingerprint } from '../../../../shared/core/batch/drift.ts'
import { freeze } from '../../../../shared/core/batch/freeze.ts'
import { sheetFromItems } from '../../../../shared/core/batch/sheet-from-items.ts'
import { subscribersFromTable, tableFromSubscribers } from '../../../../shared/core/batch/subscribers-from-table.ts'
import { emailKey } from '../../../../shared/core/diff/cell-meaning.ts'
import { compareWithBaseline } from '../../../../shared/core/diff/compare-with-baseline.ts'
import { hasher } from '../../../support/hasher.ts'
import { sheet, sheetOf, user } from '../../../support/sheets.ts'

const baseline = sheetOf([user('Kari', 'Webex Calling'), user('Ola', 'Webex Suite'), user('Per', 'Webex Suite')])
const file = sheetOf([user('Kari', null), user('Ny', 'Webex Meetings'), user('Ola', 'Webex Calling', { Department: '(clear)' })])
const facts = { customer: 'Firma', author: 'Kari', rulesetVersion: '1', target: null, baseline: 'file', confirmedRemovals: 1 } as const
const content = freeze(compareWithBaseline({ ...file, baseline }), facts, hasher)

const finder = (users = subscribersFromTable(baseline)) => {
  const byEmail = new Map(users.map((subscriber) => [emailKey(subscriber.email), subscriber]))
  return (key: string) => byEmail.get(key) ?? null
}

describe('a frozen batch', () => {
  it('has its items in the order of the file, removals last, the package said once', () => {
    expect(content.items).toEqual([
      expect.objectContaining({ number: 0, intent: 'add', email: 'ny@firma.no', row: 3, to: 'Webex Meetings' }),
      {
        number: 1,
        intent: 'packageChange',
        email: 'ola@firma.no',
        formerEmail: null,
        row: 4,
        from: 'Webex Suite',
        to: 'Webex Calling',
        cells: [{ column: 'Department', before: 'Drift', after: '' }],
      },
      { number: 2, intent: 'remove', email: 'kari@firma.no', formerEmail: null, row: 2, from: 'Webex Calling', to: null, cells: [] },
    ])
    expect(content.items[0]?.cells.map((cell) => cell.column)).toEqual([
      'First Name',
      'Last Name',
      'Extension',
      'Location',
      'Department',
      'Jabber Calling',
    ])
    expect(content.baseline).toMatchObject({ kind: 'file', users: 3 })
  })

  it('keeps cells under the name that the baseline has for a column', () => {
    const email = 'User ID/Email (Required)'
    const old = sheet([email, 'Extension', 'Real Time Translation [Sub1]'], [['a@firma.no', '1', 'FALSE']])
    const changed = sheet([email, 'Directory Number', 'Real Time Translation'], [['a@firma.no', '2', 'SANN']])
    const [item] = freeze(compareWithBaseline({ ...changed, baseline: old }), facts, hasher).items
    expect(item?.cells).toEqual([
      { column: 'Extension', before: '1', after: '2' },
      { column: 'Real Time Translation [Sub1]', before: 'FALSE', after: 'TRUE' },
    ])
  })
})

describe('the digest', () => {
  const digest = digestOf(content, hasher)

  it('is the same for the same change and another for any other', () => {
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/u)
    expect(digestOf(freeze(compareWithBaseline({ ...file, baseline }), facts, hasher), hasher)).toBe(digest)
    const [first, ...rest] = content.items
    expect(digestOf({ ...content, items: rest }, hasher)).not.toBe(digest)
    expect(digestOf({ ...content, items: [...rest, ...(first ? [first] : [])] }, hasher)).not.toBe(digest)
    expect(digestOf({ ...content, rulesetVersion: '2' }, hasher)).not.toBe(digest)
  })

  it('proves one row with the hashes of the others', () => {
    const hashes = content.items.map((item) => itemHash(item, hasher))
    expect(`sha256:${hasher.sha256(canonicalize({ ...content, items: hashes }))}`).toBe(digest)
  })

  it('refuses stored text that was changed, reordered, or spelt otherwise', () => {
    const text = serializeContent(content)
    expect(readContent(text, digest, hasher)).toEqual({ ok: true, value: content })
    expect(readContent(text.replace('ola@', 'ole@'), digest, hasher).ok).toBe(false)
    expect(readContent(text.replace('{', '{ '), digest, hasher).ok).toBe(false)
    expect(readContent(text.replace('"row":3', '"row":3,"row":3'), digest, hasher).ok).toBe(false)
    expect(readContent('null', digest, hasher).ok).toBe(false)
    expect(readContent('', digest, hasher).ok).toBe(false)
    expect(verifyContent(content, 'sha256:0', hasher)).toMatchObject({ ok: false })
  })

  it('takes text that no file could hold', () => {
    const odd = sheetOf([user('Kari', 'Webex Calling', { Department: 'a\ud800' })])
    const frozen = freeze(compareWithBaseline({ ...odd, baseline }), facts, hasher)
    expect(readContent(serializeContent(frozen), digestOf(frozen, hasher), hasher).ok).toBe(true)
  })
})

describe('drift', () => {
  it('is none while the users are as the batch found them', () => {
    expect(driftOf(content.items, finder())).toEqual([])
    expect(presentFingerprint(content.items, finder(), hasher)).toBe(content.baseline.fingerprint)
  })

  it('is not caused by users and cells that the batch leaves alone', () => {
    const others = subscribersFromTable(sheetOf([user('Kari', 'Webex Calling'), user('Ola', 'Webex Suite', { Extension: '9' })]))
    expect(presentFingerprint(content.items, finder(others), hasher)).toBe(content.baseline.fingerprint)
  })

  it('names who changed, and how', () => {
    const others = finder(subscribersFromTable(sheetOf([user('Ola', 'Webex Suite', { Department: 'Salg' }), user('Ny', null)])))
    expect(driftOf(content.items, others)).toEqual([
      { number: 0, email: 'ny@firma.no', kind: 'exists', columns: [] },
      { number: 1, email: 'ola@firma.no', kind: 'changed', columns: ['Department'] },
      { number: 2, email: 'kari@firma.no', kind: 'missing', columns: [] },
    ])
    expect(presentFingerprint(content.items, others, hasher)).not.toBe(content.baseline.fingerprint)
  })
})

describe('a baseline', () => {
  it('goes into the store and comes back whole', () => {
    const users = subscribersFromTable(baseline)
    expect(users[0]).toEqual({
      email: 'kari@firma.no',
      package: 'Webex Calling',
      cells: {
        'First Name': 'Kari',
        'Last Name': 'Vik',
        Extension: '0042',
        Location: 'Oslo HQ',
        Department: 'Drift',
        'Jabber Calling': 'FALSE',
      },
    })
    expect(subscribersFromTable(tableFromSubscribers(users))).toEqual(users)
    expect(compareWithBaseline({ ...baseline, baseline: tableFromSubscribers(users) }).summary).toMatchObject({ unchanged: 3, update: 0 })
  })
})

it('becomes a file again that asks for the same', () => {
  const again = sheetFromItems(content, content.items, finder())
  const refrozen = freeze(compareWithBaseline({ ...again, baseline }), facts, hasher)
  expect(refrozen.items.map((item) => ({ ...item, row: 0 }))).toEqual(content.items.map((item) => ({ ...item, row: 0 })))
})
