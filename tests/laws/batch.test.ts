import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { emptyAuditHead, nextEntry, verifyChain, type AuditEntry } from '../../shared/core/batch/audit.ts'
import { canonicalize } from '../../shared/core/batch/canonical.ts'
import { canonicalItem, digestOf, readContent, serializeContent } from '../../shared/core/batch/digest.ts'
import { applyItem } from '../../shared/core/batch/effects.ts'
import { freeze } from '../../shared/core/batch/freeze.ts'
import type { Subscriber } from '../../shared/core/batch/subscriber.ts'
import { compensate } from '../../shared/core/batch/undo.ts'
import { compareWithBaseline } from '../../shared/core/diff/compare-with-baseline.ts'
import { hasher } from '../support/hasher.ts'
import { sheetOf, user } from '../support/sheets.ts'

const baseline = sheetOf([user('Kari', 'Webex Calling'), user('Ola', 'Webex Suite'), user('Per', 'Webex Suite')])
const file = sheetOf([
  user('Kari', null),
  user('Ny', 'Webex Meetings', { Department: 'Økonomi "øst"\n\u2028' }),
  user('Ola', 'Webex Calling', { Department: '(clear)' }),
])
const facts = {
  customer: 'Firma',
  author: 'Kari',
  rulesetVersion: '1',
  target: { lineage: 'l' },
  baseline: 'store',
  confirmedRemovals: 1,
} as const
const content = freeze(compareWithBaseline({ ...file, baseline }), facts, hasher)
const digest = digestOf(content, hasher)

it('the canonical form does not depend on the order of keys, and reads back as the same data', () => {
  const value = fc.jsonValue({ stringUnit: 'binary' }).filter((data) => JSON.stringify(data).isWellFormed())
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value), (data) => {
      const turned = Object.fromEntries(Object.entries(data).toReversed())
      expect(canonicalize(turned)).toBe(canonicalize(data))
      expect(canonicalize(JSON.parse(canonicalize(data)))).toBe(canonicalize(data))
    }),
    { numRuns: 200 },
  )
})

it('any byte of stored content that is flipped is found out', () => {
  const bytes = Buffer.from(serializeContent(content), 'utf8')
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (place, flip) => {
      const spoilt = Buffer.from(bytes)
      spoilt[place] = (spoilt[place] ?? 0) ^ flip
      expect(readContent(spoilt.toString('utf8'), digest, hasher).ok).toBe(false)
    }),
    { numRuns: 1500 },
  )
  expect(readContent(bytes.toString('utf8'), digest, hasher).ok).toBe(true)
})

it('any entry of the audit chain that is altered, taken out, swapped or cut off is found out', () => {
  const count = 12
  const chain: AuditEntry[] = []
  for (let n = 0; n < count; n++) {
    const fact = { at: `2026-11-21T08:00:${String(n).padStart(2, '0')}Z`, what: 'push/item', batch: 'b', digest, actor: 'x', counts: { n } }
    chain.push(nextEntry(chain.at(-1) ?? emptyAuditHead, fact, hasher))
  }
  const head = chain.at(-1) ?? emptyAuditHead
  const place = fc.nat(count - 1)
  const broken = (entries: readonly AuditEntry[]) => verifyChain(entries, hasher, [{ entry: head.entry, hash: head.hash }]).broken
  fc.assert(
    fc.property(place, place, fc.constantFrom('at', 'what', 'batch', 'digest', 'actor', 'hash'), (i, j, field) => {
      const altered = chain.map((entry, n) => (n === i ? { ...entry, [field]: `${entry[field as 'what']}!` } : entry))
      expect(broken(altered)?.entry).toBe(i + 1)
      expect(broken(chain.toSpliced(i, 1))?.entry).toBe(i + 1)
      expect(broken(chain.slice(0, i))?.entry).toBe(i + 1)
      if (i === j) return
      const swapped = chain.with(i, chain[j] ?? chain[0]!).with(j, chain[i] ?? chain[0]!)
      expect(broken(swapped)?.entry).toBe(Math.min(i, j) + 1)
    }),
    { numRuns: 200 },
  )
  expect(broken(chain)).toBeNull()
})

it('an undone item gives back the user as it was', () => {
  const cells = fc.dictionary(fc.constantFrom('Extension', 'Department', 'Title', '__proto__'), fc.constantFrom('a', 'b', 'c'))
  const packageName = fc.constantFrom('Webex Calling' as const, 'Webex Suite' as const, null)
  const change = fc.record({ column: fc.constantFrom('Extension', 'Department', 'Title'), after: fc.constantFrom('', 'a', 'b', 'c', 'd') })
  const intents = fc.constantFrom('update' as const, 'packageChange' as const, 'remove' as const, 'rename' as const)
  fc.assert(
    fc.property(
      cells,
      packageName,
      packageName,
      fc.uniqueArray(change, { selector: (one) => one.column }),
      intents,
      (held, from, to, changes, intent) => {
        const before: Subscriber = { email: 'a@f.no', package: from, cells: held }
        const item = {
          number: 0,
          intent,
          email: intent === 'rename' ? 'b@f.no' : 'a@f.no',
          formerEmail: intent === 'rename' ? 'a@f.no' : null,
          row: 2,
          from,
          to: intent === 'update' ? from : intent === 'remove' ? null : to,
          cells: intent === 'remove' ? [] : changes.map(({ column, after }) => ({ column, before: held[column] ?? '', after })),
        }
        const done = applyItem(before, item)
        if (done.kind === 'refused') throw new Error(done.reason)
        const [back] = compensate([item], new Map([[0, before]])).items
        if (back === undefined) {
          expect(done.after).toEqual(before)
          return
        }
        const undone = applyItem(done.after, back)
        if (undone.kind === 'refused') throw new Error(undone.reason)
        expect(undone.after).toEqual(before)
      },
    ),
    { numRuns: 300 },
  )
})

describe('the canonical form of an item', () => {
  const text = fc.string({ unit: 'binary' }).map((value) => value.toWellFormed())
  const item = fc.record({
    number: fc.nat(),
    intent: fc.constantFrom('add' as const, 'update' as const, 'remove' as const),
    email: text,
    formerEmail: fc.option(text, { nil: null }),
    row: fc.nat(),
    from: fc.constantFrom(null, 'Webex Suite' as const),
    to: fc.constantFrom(null, 'Webex Calling' as const),
    cells: fc.array(fc.record({ column: text, before: text, after: text }), { maxLength: 4 }),
  })
  test('is RFC 8785, whichever way it is made', () => {
    fc.assert(fc.property(item, (made) => canonicalItem(made) === canonicalize(made)))
  })
  test('holds whatever else somebody put into it', () => {
    fc.assert(
      fc.property(item, text, (made, extra) => {
        const more = { ...made, [`x${extra}`]: extra }
        const deeper = { ...made, cells: [...made.cells, { column: 'a', before: '', after: '', hidden: extra }] }
        const { to, ...less } = made
        const other = { ...less, [`x${extra}`]: to } as unknown as typeof made
        if (canonicalItem(other) !== canonicalize(other)) return false
        return canonicalItem(more) === canonicalize(more) && canonicalItem(deeper) === canonicalize(deeper)
      }),
    )
  })
})
