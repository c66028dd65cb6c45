import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assignNumbers, locationKey, spanOf, type NumberInput } from '../../shared/core/onboarding/numbers.ts'

// Few locations and few numbers, so that everything meets: shared numbers, exhausted pools, matching extensions, wrong texts.
const location = fc.constantFrom('Oslo', 'oslo ', 'Bergen', 'Aarhus', '')
const number = fc.integer({ min: 100, max: 160 }).map((end) => `+4721530${end}`)
const odd = fc.constantFrom('', '4721530100', '+47 21 53', 'x')
const range = fc.tuple(location, number, fc.oneof(number, fc.constant(''), odd)).map(([place, from, to]) => ({ location: place, from, to }))
const user = fc.record({
  firstName: fc.constantFrom('Kari', 'Ola'),
  lastName: fc.constantFrom('Berg', 'Dahl', 'Ås'),
  email: fc.emailAddress(),
  package: fc.constantFrom('Webex Suite' as const, 'Webex Calling' as const, 'Webex Meetings' as const, '' as const),
  location,
  extension: fc.oneof(fc.constant(''), fc.integer({ min: 10, max: 160 }).map(String), fc.constant('0042'), fc.constant('12a')),
  phoneNumber: fc.oneof({ weight: 3, arbitrary: fc.constant('') }, number, odd),
})
const input: fc.Arbitrary<NumberInput> = fc.record({
  users: fc.array(user, { maxLength: 30 }),
  numbers: fc.record({
    ranges: fc.array(range, { maxLength: 6 }),
    reserved: fc.array(fc.record({ number: fc.oneof(number, odd) }), { maxLength: 6 }),
    order: fc.constantFrom('list' as const, 'name' as const, 'extension' as const),
    matchExtension: fc.boolean(),
  }),
})
const digits = (text: string): number => Number(text.slice(1))

describe('numbers given to users', () => {
  test('no number twice, none that is taken or reserved, none from another location', () => {
    fc.assert(
      fc.property(input, ({ users, numbers }) => {
        const { assigned } = assignNumbers({ users, numbers })
        const given = assigned.map((entry) => entry.number)
        expect(new Set(given).size).toBe(given.length)
        const kept = new Set(users.map(({ phoneNumber }) => phoneNumber))
        const reserved = new Set(numbers.reserved.map((entry) => entry.number))
        for (const entry of assigned) {
          const who = users[entry.user]
          expect(who?.phoneNumber).toBe('')
          expect(['Webex Suite', 'Webex Calling']).toContain(who?.package)
          expect(kept.has(entry.number) || reserved.has(entry.number)).toBe(false)
          const own = numbers.ranges
            .map(spanOf)
            .filter((span) => typeof span !== 'string' && span.location === locationKey(who?.location ?? ''))
          expect(
            own.some((span) => typeof span !== 'string' && span.first <= digits(entry.number) && digits(entry.number) <= span.last),
          ).toBe(true)
        }
      }),
    )
  })

  test('every user who needs one gets one or is named as a conflict; nobody is named and served', () => {
    fc.assert(
      fc.property(input, ({ users, numbers }) => {
        const { assigned, conflicts } = assignNumbers({ users, numbers })
        const served = new Set(assigned.map((entry) => entry.user))
        const without = new Set(
          conflicts.filter(({ conflict }) => conflict === 'none-left' || conflict === 'no-location').map((entry) => entry.user),
        )
        users.forEach((who, index) => {
          const needs = who.phoneNumber === '' && (who.package === 'Webex Suite' || who.package === 'Webex Calling')
          expect(Number(served.has(index)) + Number(without.has(index))).toBe(needs ? 1 : 0)
        })
      }),
    )
  })

  test('a pool is used up before anybody goes without', () => {
    fc.assert(
      fc.property(input, ({ users, numbers }) => {
        const { conflicts, free } = assignNumbers({ users, numbers })
        for (const { user: index, conflict } of conflicts)
          if (conflict === 'none-left') expect(free.get(locationKey(users[index]?.location ?? '')) ?? 0).toBe(0)
      }),
    )
  })

  test('the same input gives the same result, and giving again changes nothing', () => {
    fc.assert(
      fc.property(input, ({ users, numbers }) => {
        const first = assignNumbers({ users, numbers })
        expect(assignNumbers(structuredClone({ users, numbers })).assigned).toEqual(first.assigned)
        const given = new Map(first.assigned.map((entry) => [entry.user, entry.number]))
        const after = users.map((who, index) => ({ ...who, phoneNumber: given.get(index) ?? who.phoneNumber }))
        expect(assignNumbers({ users: after, numbers }).assigned).toEqual([])
      }),
    )
  })

  test('without matching, whoever is listed first has the lower number of the location', () => {
    fc.assert(
      fc.property(input, ({ users, numbers }) => {
        const { assigned } = assignNumbers({ users, numbers: { ...numbers, order: 'list', matchExtension: false } })
        const last = new Map<string, number>()
        for (const entry of assigned) {
          const key = locationKey(users[entry.user]?.location ?? '')
          expect(digits(entry.number)).toBeGreaterThan(last.get(key) ?? 0)
          last.set(key, digits(entry.number))
        }
      }),
    )
  })

  test('a match ends with the extension; where nobody matched, no free number did', () => {
    fc.assert(
      fc.property(input, ({ users, numbers }) => {
        const { assigned, conflicts } = assignNumbers({ users, numbers: { ...numbers, matchExtension: true } })
        for (const entry of assigned)
          if (entry.why === 'match') expect(entry.number.endsWith(users[entry.user]?.extension ?? '?')).toBe(true)
        const unmatched = new Set(conflicts.filter(({ conflict }) => conflict === 'no-match').map((entry) => entry.user))
        for (const entry of assigned)
          if (entry.why === 'next' && (users[entry.user]?.extension ?? '') !== '') expect(unmatched.has(entry.user)).toBe(true)
      }),
    )
  })
})
