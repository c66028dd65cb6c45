import { describe, expect, it } from 'vitest'
import type { BatchItem } from '../../../../shared/core/batch/batch.ts'
import { applyItem } from '../../../../shared/core/batch/effects.ts'
import type { Subscriber } from '../../../../shared/core/batch/subscriber.ts'

const kari: Subscriber = { email: 'Kari@firma.no', package: 'Webex Calling', cells: { Extension: '0042', Department: 'Drift' } }
const item = (more: Partial<BatchItem>): BatchItem => ({
  number: 0,
  intent: 'update',
  email: 'kari@firma.no',
  formerEmail: null,
  row: 2,
  from: null,
  to: null,
  cells: [],
  ...more,
})
const salg = { column: 'Department', before: 'Drift', after: 'Salg' }

describe('an update', () => {
  it('sets its cells and leaves the rest, the package too', () => {
    expect(applyItem(kari, item({ cells: [salg, { column: 'Extension', before: '0042', after: '' }] }))).toEqual({
      kind: 'update',
      after: { email: 'Kari@firma.no', package: 'Webex Calling', cells: { Department: 'Salg' } },
    })
  })

  it('is refused, with the columns, when somebody changed what it rests on', () => {
    const moved = { ...kari, cells: { Extension: '42', Department: 'Drift' } }
    expect(applyItem(moved, item({ cells: [salg, { column: 'Extension', before: '0042', after: '43' }] }))).toEqual({
      kind: 'refused',
      reason: 'changed',
      columns: ['Extension'],
    })
  })

  it('does nothing to a user who already is as wanted, and is refused where there is none', () => {
    const done = { ...kari, cells: { Extension: '0042', Department: 'Salg' } }
    expect(applyItem(done, item({ cells: [salg] }))).toEqual({ kind: 'none', after: done })
    expect(applyItem(null, item({ cells: [salg] }))).toMatchObject({ kind: 'refused', reason: 'missing' })
  })

  it('treats a column called __proto__ as any other', () => {
    const effect = applyItem(kari, item({ cells: [{ column: '__proto__', before: '', after: 'x' }] }))
    expect(effect.kind).toBe('update')
    expect(Object.keys(effect.kind === 'update' ? effect.after.cells : {})).toContain('__proto__')
    expect(applyItem(kari, item({ cells: [{ column: 'toString', before: '', after: 'x' }] })).kind).toBe('update')
  })
})

describe('a package change', () => {
  const change = item({ intent: 'packageChange', from: 'Webex Calling', to: 'Webex Suite', cells: [salg] })

  it('gives the new package', () => {
    expect(applyItem(kari, change)).toMatchObject({ kind: 'update', after: { package: 'Webex Suite', cells: { Department: 'Salg' } } })
  })

  it('is refused when the user has another package by now', () => {
    expect(applyItem({ ...kari, package: 'Webex Voice' }, change)).toMatchObject({ reason: 'changed', columns: ['Package'] })
  })
})

describe('an added user', () => {
  const add = item({ intent: 'add', to: 'Webex Calling', cells: [{ column: 'Extension', before: '', after: '0042' }] })

  it('is put in', () => {
    expect(applyItem(null, add)).toEqual({
      kind: 'insert',
      after: { email: 'kari@firma.no', package: 'Webex Calling', cells: { Extension: '0042' } },
    })
  })

  it('is refused where there is one already, unless it is the same one', () => {
    expect(applyItem({ ...kari, cells: { Extension: '7' } }, add)).toEqual({ kind: 'refused', reason: 'exists', columns: ['Extension'] })
    expect(applyItem(kari, add).kind).toBe('none')
    expect(applyItem({ ...kari, package: 'Webex Suite' }, add)).toMatchObject({ reason: 'exists' })
  })
})

describe('a removal', () => {
  const remove = item({ intent: 'remove', from: 'Webex Calling' })

  it('deletes the user who has the package that was taken', () => {
    expect(applyItem(kari, remove)).toEqual({ kind: 'delete', after: null })
    expect(applyItem({ ...kari, package: 'Webex Suite' }, remove)).toMatchObject({ reason: 'changed', columns: ['Package'] })
    expect(applyItem(null, remove)).toMatchObject({ reason: 'missing' })
  })
})

describe('a rename', () => {
  const rename = item({
    intent: 'rename',
    email: 'kari.vik@firma.no',
    formerEmail: 'kari@firma.no',
    from: 'Webex Calling',
    to: 'Webex Calling',
  })

  it('moves the user to the new email if it is free', () => {
    expect(applyItem(kari, rename)).toMatchObject({ kind: 'update', after: { email: 'kari.vik@firma.no', cells: kari.cells } })
    expect(applyItem(kari, rename, { ...kari, email: 'kari.vik@firma.no' })).toMatchObject({ reason: 'email-taken' })
  })
})
