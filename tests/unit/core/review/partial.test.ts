import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BatchContent, BatchItem } from '../../../../shared/core/batch/batch.ts'
import { digestOf } from '../../../../shared/core/batch/digest.ts'
import { baselineFingerprint, driftOf } from '../../../../shared/core/batch/drift.ts'
import type { Subscriber } from '../../../../shared/core/batch/subscriber.ts'
import { reviewGroups, seenItems } from '../../../../shared/core/review/groups.ts'
import { contentWith } from '../../../../shared/core/review/partial.ts'
import { applyPolicy, parsePolicy, proposedPolicy } from '../../../../shared/core/review/policy.ts'
import { settle } from '../../../../shared/core/review/three-way.ts'
import { hasher } from '../../../support/hasher.ts'

const email = (n: number): string => `user.${n}@nordlys.no`
const update = (n: number, after = 'Salg'): Omit<BatchItem, 'number'> => ({
  intent: 'update',
  email: email(n),
  formerEmail: null,
  row: n + 2,
  from: null,
  to: null,
  cells: [{ column: 'Department', before: 'Drift', after }],
})
const move = (n: number): Omit<BatchItem, 'number'> => ({
  ...update(n),
  intent: 'packageChange',
  from: 'Webex Calling',
  to: 'Webex Suite',
  cells: [],
})
const removal = (n: number): Omit<BatchItem, 'number'> => ({ ...update(n), intent: 'remove', from: 'Webex Suite', to: null, cells: [] })

function contentOf(bodies: readonly Omit<BatchItem, 'number'>[]): BatchContent {
  const items = bodies.map((body, number) => ({ ...body, number }))
  const count = (intent: string): number => items.filter((item) => item.intent === intent).length
  return {
    format: 1,
    customer: 'Nordlys Energi AS',
    author: 'Kari',
    rulesetVersion: '1',
    target: { lineage: 'here' },
    baseline: { kind: 'file', fingerprint: baselineFingerprint(items, hasher), users: 100 },
    header: [],
    summary: { add: 0, update: count('update'), packageChange: count('packageChange'), remove: count('remove'), rename: 0, unchanged: 50 },
    packages: [
      { package: 'Webex Suite', before: 40, after: 40 + count('packageChange') - count('remove') },
      { package: 'Webex Calling', before: 60, after: 60 - count('packageChange') },
    ],
    confirmedRemovals: count('remove'),
    ignored: [],
    items,
  }
}
const mixed = fc
  .array(fc.constantFrom(update, move, removal), { minLength: 1, maxLength: 20 })
  .map((makers) => contentOf(makers.map((make, n) => make(n))))

describe('a part of a batch', () => {
  test('with all its items is the batch itself, with fewer another with counts of its own', () => {
    fc.assert(
      fc.property(mixed, fc.nat(), (content, pick) => {
        expect(digestOf(contentWith(content, content.items, hasher), hasher)).toBe(digestOf(content, hasher))
        const left = content.items.filter(({ number }) => number !== pick % content.items.length)
        const part = contentWith(content, left, hasher)
        expect(digestOf(part, hasher)).not.toBe(digestOf(content, hasher))
        // What it says of packages and counts is what a batch of these items alone would say.
        const alone = contentOf(left)
        expect(part.packages).toEqual(alone.packages)
        expect({ ...part.summary, unchanged: 0 }).toEqual({ ...alone.summary, unchanged: 0 })
        expect(part.baseline.fingerprint).toBe(alone.baseline.fingerprint)
      }),
    )
  })
})

describe('groups', () => {
  test('hold every item, and all are seen when all groups are', () => {
    fc.assert(
      fc.property(mixed, (content) => {
        const groups = reviewGroups(content)
        expect(new Set(groups.flatMap(({ members }) => members)).size).toBe(content.items.length)
        expect(seenItems(groups, new Set(groups.map(({ key }) => key)))).toBe(content.items.length)
        expect(seenItems(groups, new Set())).toBe(0)
      }),
    )
  })
  test('removals come first, then who loses calling', () => {
    const loser = { ...move(2), to: 'Webex Meetings' as const }
    const groups = reviewGroups(contentOf([update(0), move(1), loser, removal(3)]))
    expect(groups.map(({ intent, losesCalling }) => [intent, losesCalling])).toEqual([
      ['remove', false],
      ['packageChange', true],
      ['packageChange', false],
      ['update', false],
    ])
  })
  test('texts that one user alone has are one group for the column', () => {
    const groups = reviewGroups(contentOf([update(0, 'a'), update(1, 'b'), update(2, 'c'), update(3, 'c')]))
    expect(groups.map(({ key, count }) => [key.startsWith('various:'), count])).toEqual([
      [false, 2],
      [true, 2],
    ])
  })
})

describe('after somebody else changed the users', () => {
  const user = (n: number, department: string): Subscriber => ({
    email: email(n),
    package: 'Webex Calling',
    cells: { Department: department },
  })
  test('whatever is kept or taken, the batch stands on the users as they are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(update, move, removal), fc.constantFrom('Drift', 'IT', 'Salg', 'gone'), fc.boolean()), {
          maxLength: 12,
        }),
        (rows) => {
          const { items } = contentOf(rows.map(([make], n) => make(n)))
          const find = (key: string): Subscriber | null => {
            const n = Number(/\d+/.exec(key)?.[0])
            const department = rows[n]?.[1] ?? 'gone'
            return department === 'gone' ? null : user(n, department)
          }
          const choices = rows.map(([, , takes], number) => ({
            number,
            column: 'Department',
            choice: takes ? ('take' as const) : ('keep' as const),
          }))
          expect(driftOf(settle(items, find, choices), find)).toEqual([])
        },
      ),
    )
  })
  test('a cell that is kept is wanted over the new text, one that is taken drops out', () => {
    const { items } = contentOf([update(0), update(1)])
    const find = (key: string): Subscriber => user(Number(/\d+/.exec(key)?.[0]), 'IT')
    const settled = settle(items, find, [{ number: 1, column: 'Department', choice: 'take' }])
    expect(settled.map(({ email: who, cells }) => [who, cells])).toEqual([
      [email(0), [{ column: 'Department', before: 'IT', after: 'Salg' }]],
    ])
  })
})

describe('a policy', () => {
  const facts = (remove: number, administrators = 0) => ({
    summary: { add: 0, update: 0, packageChange: 0, remove, rename: 0, unchanged: 0 },
    baselineUsers: 1000,
    packages: [],
    administrators,
    losesCalling: 0,
  })
  test.each([
    [25, 0, 1],
    [26, 0, 2],
    [0, 1, 2],
  ])('%i removals and %i administrators need %i', (remove, administrators, approvers) => {
    expect(applyPolicy(proposedPolicy, facts(remove, administrators)).approvers).toBe(approvers)
  })
  test('never needs fewer for more removals', () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.nat(2000), (a, b) => {
        const [few, many] = [Math.min(a, b), Math.max(a, b)]
        return applyPolicy(proposedPolicy, facts(many)).approvers >= applyPolicy(proposedPolicy, facts(few)).approvers
      }),
    )
  })
  test('a misspelt key is refused with its path', () => {
    expect(parsePolicy({ format: 1, approvers: 1, removal: {} })).toEqual({ ok: false, error: { path: '/removal', detail: 'unknown key' } })
  })
})
