import { describe, expect, it } from 'vitest'
import type { BatchItem } from '../../../../shared/core/batch/batch.ts'
import { applyItem } from '../../../../shared/core/batch/effects.ts'
import { heldAfter, isSameHeld, takenBack } from '../../../../shared/core/batch/held-text.ts'
import type { Subscriber } from '../../../../shared/core/batch/subscriber.ts'
import { compensate } from '../../../../shared/core/batch/undo.ts'

const phone = 'Phone Number'
const kari = (text: string): Subscriber => ({
  email: 'kari@firma.no',
  package: 'Webex Calling',
  cells: text === '' ? {} : { [phone]: text },
})
const update = (before: string, after: string, column = phone): BatchItem => ({
  number: 0,
  intent: 'update',
  email: 'kari@firma.no',
  formerEmail: null,
  row: 2,
  from: null,
  to: null,
  cells: [{ column, before, after }],
})

it.each([
  ['PRIMARY|+4721538391,REMOVE|+4721538390', '+4721538391'],
  ['REMOVE|+4721538390', ''],
  ['PRIMARY|+4721538391', '+4721538391'],
  ['PRIMARY|+4721538391,+4721538392,REMOVE|+4721538390', 'PRIMARY|+4721538391,+4721538392'],
  ['+4721538391', '+4721538391'],
  ['47 21 53', '47 21 53'],
])('who was written %s has %s', (written, held) => {
  expect(heldAfter(phone, '+4721538390', written)).toBe(held)
})

it('reads marks in columns of numbers only', () => {
  expect(heldAfter('Title', '', 'REMOVE|this')).toBe('REMOVE|this')
  expect(isSameHeld('Title', 'PRIMARY|a', 'a')).toBe(false)
  expect(isSameHeld(phone, 'PRIMARY|+4721538391', '+4721538391')).toBe(true)
  expect(isSameHeld(phone, 'PRIMARY|+4721538391,+4721538392', 'PRIMARY|+4721538392,+4721538391')).toBe(false)
})

describe('a cell that only takes numbers away', () => {
  const [first, second, third] = ['+4721538390', '+4721538391', '+4721538392']

  it.each([
    [`${first},${second}`, `REMOVE|${second}`, first],
    [`PRIMARY|${first},${second}`, `REMOVE|${first}`, second],
    [`PRIMARY|${first},${second},${third}`, `REMOVE|${third}`, `PRIMARY|${first},${second}`],
    [`${first},${second}`, `REMOVE|${first}, REMOVE|${second}`, ''],
  ])('leaves of %s, written %s, %s', (before, written, held) => {
    expect(heldAfter(phone, before, written)).toBe(held)
    expect(applyItem(kari(before), update(before, written))).toEqual({ kind: 'update', after: kari(held) })
  })

  it('is not done twice, and is taken back as it was', () => {
    const item = update(`${first},${second}`, `REMOVE|${second}`)
    expect(applyItem(kari(first), item)).toEqual({ kind: 'none', after: kari(first) })
    expect(compensate([item], new Map([[0, kari(first)]])).items).toEqual([])
    const [back] = compensate([item], new Map([[0, kari(`${first},${second}`)]])).items
    expect(back?.cells).toEqual([{ column: phone, before: first, after: `${first},${second}` }])
  })
})

describe('a number that is replaced as Control Hub wants it', () => {
  const replaced = update('+4721538390', 'PRIMARY|+4721538391,REMOVE|+4721538390')

  it('leaves the user with the new one, on which the next change of a fresh export can stand', () => {
    expect(applyItem(kari('+4721538390'), replaced)).toEqual({ kind: 'update', after: kari('+4721538391') })
    expect(applyItem(kari('+4721538391'), update('+4721538391', '+4721538392'))).toEqual({ kind: 'update', after: kari('+4721538392') })
  })

  it('is the same for a store that kept the marks, and is not done twice', () => {
    const kept = kari('PRIMARY|+4721538391,REMOVE|+4721538390')
    expect(applyItem(kept, update('+4721538391', '+4721538392'))).toEqual({ kind: 'update', after: kari('+4721538392') })
    expect(applyItem(kari('+4721538391'), replaced)).toEqual({ kind: 'none', after: kari('+4721538391') })
    expect(applyItem(kari('+4721538399'), replaced)).toMatchObject({ kind: 'refused', columns: [phone] })
  })

  it('is taken back with the new number removed, or Control Hub would keep both', () => {
    const [back] = compensate([replaced], new Map([[0, kari('+4721538390')]])).items
    expect(back?.cells).toEqual([{ column: phone, before: '+4721538391', after: 'PRIMARY|+4721538390,REMOVE|+4721538391' }])
    expect(applyItem(kari('+4721538391'), back ?? replaced)).toEqual({ kind: 'update', after: kari('+4721538390') })
    // A first number, or a number that was taken away, comes back without a mark.
    expect(takenBack(phone, '', '+4721538391')).toEqual({ before: '+4721538391', after: '' })
    expect(takenBack(phone, '+4721538390', '')).toEqual({ before: '', after: '+4721538390' })
  })
})
