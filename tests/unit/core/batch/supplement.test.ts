import { expect, test } from 'vitest'
import { heardOf, supplementOf } from '../../../../shared/core/batch/supplement.ts'
import type { Subscriber } from '../../../../shared/core/batch/subscriber.ts'
import { addition, change, removal, rename, user } from '../../../support/store.ts'

const finding =
  (...users: readonly Subscriber[]) =>
  (key: string): Subscriber | null =>
    users.find(({ email }) => email === key) ?? null
const nothing = heardOf([])

test('users whom the store was never told of come in as the baseline has them', () => {
  expect(supplementOf([user(1), user(2)], finding(user(1)), nothing)).toEqual([{ before: null, after: user(2) }])
})

test('of a user who is there only cells that no batch ever set or emptied are filled in', () => {
  const held: Subscriber = { ...user(1), package: 'Webex Suite', cells: { Extension: '1' } }
  const baseline: Subscriber = { ...user(1), email: 'User1@Example.no', cells: { Extension: '2', Department: 'Salg', Location: 'Oslo' } }
  const heard = heardOf([[change(1, 'Department', 'Drift', '')]])
  expect(supplementOf([baseline], finding(held), heard)).toEqual([
    { before: held, after: { ...held, cells: { Extension: '1', Location: 'Oslo' } } },
  ])
  expect(supplementOf([{ ...baseline, cells: { Department: 'Salg' } }], finding(held), heard)).toEqual([])
})

test('who was removed or moved by a batch is left alone, under either email', () => {
  const heard = heardOf([
    [addition(1), addition(2)],
    [removal(1), rename(2, 'New@example.no')],
  ])
  const baseline = [user(1), user(2), { ...user(3), email: 'new@example.no' }]
  expect(supplementOf(baseline, finding({ ...user(2), email: 'new@example.no', cells: {} }), heard)).toEqual([])
})

test('a user whom an earlier batch spoke of, and was refused for, comes in', () => {
  const heard = heardOf([[change(4, 'Extension', '20004', '1')]])
  expect(supplementOf([user(4)], finding(), heard)).toEqual([{ before: null, after: user(4) }])
})
