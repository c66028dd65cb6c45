import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BatchItem } from '../../../../shared/core/batch/batch.ts'
import { applyItem } from '../../../../shared/core/batch/effects.ts'
import { subjectKey } from '../../../../shared/core/batch/drift.ts'
import { itemsToTakeOver, storeDrift } from '../../../../shared/core/batch/store-drift.ts'
import type { Subscriber } from '../../../../shared/core/batch/subscriber.ts'
import { tableFromSubscribers } from '../../../../shared/core/batch/subscribers-from-table.ts'
import { emailKey } from '../../../../shared/core/diff/cell-meaning.ts'

const user = (name: string, more: Partial<Subscriber> = {}): Subscriber => ({
  email: `${name}@firma.no`,
  package: 'Webex Calling',
  cells: { 'First Name': name, Department: 'Drift' },
  ...more,
})

describe('an export held against the store', () => {
  test('counts and names who is only there, only here, and what differs; other case of an email is the same user', () => {
    const held = [user('kari'), user('ola'), user('per', { cells: { 'First Name': 'per', Extension: '0042' } })]
    const exported = tableFromSubscribers([
      user('kari', { email: 'KARI@firma.no' }),
      user('ola', { package: 'Webex Suite', cells: { 'First Name': 'ola' } }),
      user('eva'),
    ])
    const drift = storeDrift(exported, held)
    expect(drift.counts).toEqual({ 'only-there': 1, 'only-here': 1, differs: 1, same: 1 })
    expect(drift.rows).toMatchObject([
      {
        email: 'ola@firma.no',
        kind: 'differs',
        columns: [
          { column: 'Package', there: 'Webex Suite', here: 'Webex Calling' },
          { column: 'Department', there: '', here: 'Drift' },
        ],
      },
      { email: 'eva@firma.no', kind: 'only-there' },
      { email: 'per@firma.no', kind: 'only-here', row: null },
    ])
    expect(drift.unseen).toEqual(['Extension'])
  })

  test('phone numbers in another order, or marked, are no difference', () => {
    const phones = (text: string) => [user('kari', { cells: { 'Phone Number': text } })]
    expect(storeDrift(tableFromSubscribers(phones('+4721000002,PRIMARY|+4721000001')), phones('+4721000001,+4721000002')).rows).toEqual([])
  })

  test('taking it over leaves users alone who are only here, unless that is asked for, and then they go last', () => {
    const held = [user('kari'), user('per')]
    const exported = tableFromSubscribers([user('kari', { cells: { 'First Name': 'Kari' } }), user('eva')])
    const drift = storeDrift(exported, held)
    const intents = (removals: boolean) => itemsToTakeOver(drift, held, exported, { removals }).map(({ intent, email }) => [intent, email])
    expect(intents(false)).toEqual([
      ['update', 'kari@firma.no'],
      ['add', 'eva@firma.no'],
    ])
    expect(intents(true).at(-1)).toEqual(['remove', 'per@firma.no'])
  })

  test('after it was taken over nothing is left but what the export cannot say', () => {
    const cell = fc.constantFrom('', 'Drift', '0042', '+4721000001', 'TRUE', ' x ')
    const people = fc.uniqueArray(
      fc.record({
        email: fc.constantFrom('a', 'B', 'c', 'd').map((name) => `${name}@firma.no`),
        package: fc.constantFrom(null, 'Webex Calling' as const, 'Webex Suite' as const),
        cells: fc
          .dictionary(fc.constantFrom('First Name', 'Department', 'Phone Number', 'Own column'), cell)
          .map((cells) => Object.fromEntries(Object.entries(cells).filter(([, text]) => text !== ''))),
      }),
      { selector: ({ email }) => emailKey(email) },
    )
    fc.assert(
      fc.property(people, people, (there, here) => {
        const exported = tableFromSubscribers(there)
        const items = itemsToTakeOver(storeDrift(exported, here), here, exported, { removals: true })
        const after = storeDrift(exported, applied(items, here))
        expect(after.rows).toEqual([])
      }),
    )
  })
})

function applied(items: readonly BatchItem[], users: readonly Subscriber[]): readonly Subscriber[] {
  const store = new Map(users.map((one) => [emailKey(one.email), one]))
  for (const item of items) {
    const effect = applyItem(store.get(subjectKey(item)) ?? null, item)
    if (effect.kind === 'refused') throw new Error(`${item.email}: ${effect.reason}`)
    if (effect.after === null) store.delete(subjectKey(item))
    else store.set(emailKey(effect.after.email), effect.after)
  }
  return [...store.values()]
}
