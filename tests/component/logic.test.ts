// @vitest-environment happy-dom
import { describe, expect, test, vi } from 'vitest'
import { matchCommands } from '../../renderer/src/app/match-commands.ts'
import { formOf, profileOf, rebasedForm } from '../../renderer/src/features/customers/profile-form.ts'
import { sendChecks } from '../../renderer/src/features/draft-send/send-checks.ts'
import { batchSteps } from '../../renderer/src/features/batches/batch-steps.ts'
import { inReviewOrder } from '../../renderer/src/parts/changes.ts'
import { loopbackPlatform, takeEvents } from '../../renderer/src/platform/loopback.ts'
import { isKey, splitKeys } from '../../renderer/src/ui/key-name.ts'
import type { BatchDetail } from '../../shared/contract/batch-methods.ts'
import type { CustomerProfile } from '../../shared/core/customer/profile.ts'
import { createFakeRoster } from './support/fake-roster.ts'

const pressed = (key: string, modifiers: Partial<KeyboardEventInit> = {}): KeyboardEvent =>
  new KeyboardEvent('keydown', { key, ...modifiers })

describe('keys', () => {
  test('a key is its letter and exactly its modifiers', () => {
    expect(isKey(pressed('P', { ctrlKey: true, shiftKey: true }), 'Mod+Shift+P')).toBe(true)
    expect(isKey(pressed('p', { ctrlKey: true }), 'Mod+Shift+P')).toBe(false)
    expect(isKey(pressed('p', { ctrlKey: true, altKey: true }), 'Mod+P')).toBe(false)
    expect(isKey(pressed('F8', { shiftKey: true }), 'Shift+F8')).toBe(true)
  })

  test('a sign that needs Shift on this keyboard is still that sign', () => {
    expect(isKey(pressed('/', { ctrlKey: true, shiftKey: true }), 'Mod+/')).toBe(true)
    expect(splitKeys('Mod++')).toEqual(['Mod', '+'])
  })
})

describe('the palette', () => {
  const commands = ['Open a file', 'Close this draft', 'Go to Drafts'].map((title) => ({
    id: title,
    title: () => title,
    run: () => undefined,
  }))
  const titles = (typed: string): readonly string[] => matchCommands(commands, typed).map(({ title }) => title())

  test('shows all before anything is typed', () => expect(titles('')).toHaveLength(3))
  test('finds by every word, in any order, and puts what begins so first', () => {
    expect(titles('draft')).toEqual(['Close this draft', 'Go to Drafts'])
    expect(titles('drafts go')).toEqual(['Go to Drafts'])
    expect(titles('op')).toEqual(['Open a file'])
    expect(titles('zzz')).toEqual([])
  })
})

describe('the event stream', () => {
  test('whole events are taken, the rest is kept for the next piece', () => {
    const first = takeEvents(':\n\ndata: {"kind":"drafts-changed"}\n\ndata: {"kind":"cust')
    expect(first.events).toEqual([{ kind: 'drafts-changed' }])
    expect(takeEvents(`${first.left}omers-changed"}\r\n\r\n`).events).toEqual([{ kind: 'customers-changed' }])
  })

  test('whenever the stream begins, and begins again, what may have been missed is asked for anew', async () => {
    const streams = ['data: {"kind":"drafts-changed"}\n\n', ':\n\n'].map((text) => new Response(text))
    vi.stubGlobal('fetch', () => Promise.resolve(streams.shift() ?? new Response(null, { status: 403 })))
    const kinds: string[] = []
    const stop = loopbackPlatform({ origin: '', token: 't' }).transport.subscribe(({ kind }) => kinds.push(kind))
    const missed = ['drafts-changed', 'customers-changed', 'batches-changed', 'resumed']
    await vi.waitFor(() => expect(kinds).toEqual([...missed, 'drafts-changed', ...missed]), 5000)
    stop()
    vi.unstubAllGlobals()
  })

  test('what is no event is passed over', () => expect(takeEvents('data: nonsense\n\n').events).toEqual([]))
})

describe('a customer profile as a form', () => {
  const whole: CustomerProfile = {
    name: 'Nordlys Energi AS',
    createdWith: 'Webex Suite',
    packages: [{ package: 'Webex Calling', column: 'Webex Calling [Sub1]', limit: 0 }, { package: 'Webex Suite' }],
    locations: [{ name: 'Oslo; HQ', country: 'NO' }, { name: 'Bergen' }],
    sites: ['nordlys.webex.com'],
    numbers: [{ number: '+4721000001', location: 'Oslo; HQ' }, { number: '+4721000002' }],
    administrators: ['admin@nordlys.no'],
    emailDomains: ['nordlys.no'],
    extensionLength: 4,
    directorySynced: true,
    header: ['First Name', 'Last Name'],
    wholesale: { customerId: 'c-1', subPartnerOrgId: 'o-1', locations: [{ name: 'Oslo; HQ', id: 'l-1' }] },
  }

  test('comes back as it went in', () => {
    expect(profileOf(formOf(whole), whole)).toEqual({ profile: whole })
    expect(profileOf(formOf({ name: 'A' }), { name: 'A' })).toEqual({ profile: { name: 'A' } })
    const twice: CustomerProfile = {
      name: 'A',
      packages: [{ package: 'Webex Suite', column: 'Webex Suite [Sub1]' }, { package: 'Webex Suite', column: 'Webex Suite [Sub2]' }],
      rules: [{ name: 'own', column: 'Title', required: true }],
    } // prettier-ignore
    expect(profileOf(formOf(twice), twice)).toEqual({ profile: twice })
    expect(profileOf({ ...formOf(twice), rules: '' }, twice)).toMatchObject({ profile: { packages: twice.packages } })
  })

  test.each([
    ['extensionLength', { extensionLength: '11' }],
    ['locations', { locations: 'Oslo; Norway' }],
    ['locationIds', { locationIds: 'Oslo HQ' }],
    ['customerId', { customerId: ' ' }],
    ['name', { name: '  ' }],
    ['rules', { rules: '{"name":' }],
  ])('says which field cannot be read: %s', (field, change) => {
    expect(profileOf({ ...formOf(whole), ...change }, whole)).toMatchObject({ problem: { field } })
  })
})

describe('a profile that is saved elsewhere while somebody types in its form', () => {
  const base: CustomerProfile = { name: 'A', locations: [{ name: 'Oslo' }, { name: 'Moss' }], extensionLength: 4 }
  const before = formOf(base)

  test('what was typed stands, what nobody typed in is taken, and lists take the lines that came and went', () => {
    const typed = { ...before, extensionLength: '5', locations: 'Oslo\nMoss\nBergen' }
    const after = formOf({ ...base, sites: ['a.webex.com'], locations: [{ name: 'Oslo' }, { name: 'Hamar' }] })
    expect(rebasedForm(typed, before, after)).toEqual({
      form: { ...after, extensionLength: '5', locations: 'Oslo\nBergen\nHamar' },
      clashes: [],
    })
    expect(rebasedForm(typed, before, formOf(base)).form).toEqual(typed)
  })

  test('a field that changed on both sides keeps what was typed, and is named', () => {
    const after = formOf({ ...base, extensionLength: 6 })
    expect(rebasedForm({ ...before, extensionLength: '5' }, before, after)).toMatchObject({
      form: { extensionLength: '5' },
      clashes: ['extensionLength'],
    })
    expect(rebasedForm({ ...before, extensionLength: '6' }, before, after).clashes).toEqual([])
    // It is named as long as the two differ, however often the list is read again.
    const typed = { ...before, extensionLength: '5' }
    expect(rebasedForm(typed, after, after, ['extensionLength']).clashes).toEqual(['extensionLength'])
    expect(rebasedForm({ ...typed, extensionLength: '6' }, after, after, ['extensionLength']).clashes).toEqual([])
  })
})

describe('what stands between a draft and its review', () => {
  const draft = createFakeRoster().draft()
  const kinds = (patch: object): readonly string[] => sendChecks({ ...draft, ...patch }).map(({ kind }) => kind)

  test('errors block, warnings only tell; removals wait for their count and are no error here', () => {
    expect(sendChecks(draft)).toEqual([
      { kind: 'errors', blocks: true, count: 9 },
      { kind: 'warnings', blocks: false, count: 37 },
    ])
  })

  test('no customer, no change, no baseline and a held draft are all said', () => {
    const changes = { add: 0, update: 0, packageChange: 0, remove: 0, rename: 0, unchanged: 5, absent: 0 }
    expect(kinds({ readOnly: true, customer: null, baseline: null, changes, findings: { error: 0, warning: 0, info: 2 } })).toEqual([
      'read-only',
      'no-customer',
      'no-changes',
      'no-baseline',
      'clean',
    ])
  })
})

test('a reviewer meets removals first, then what may be one too, then the largest of each kind', () => {
  const group = (key: string, intent: 'add' | 'update' | 'remove' | 'rename', count: number) => ({ key, intent, count, changes: [] })
  const order = inReviewOrder([
    group('a', 'add', 99),
    group('b', 'update', 2),
    group('c', 'update', 40),
    group('d', 'rename', 1),
    group('e', 'remove', 1),
  ])
  expect(order.map(({ key }) => key)).toEqual(['e', 'd', 'c', 'b', 'a'])
})

describe('the line of states', () => {
  const batch = { author: 'Kari', submittedAt: '2026-01-01T00:00:00Z', approvals: [], history: [] } as unknown as BatchDetail
  const phases = (state: BatchDetail['state']): readonly string[] =>
    batchSteps({ ...batch, state }).map((step) => `${step.state} ${step.phase}`)

  test('shows what is done, what is next, and where it stopped', () => {
    expect(phases('submitted')).toEqual(['submitted done', 'approved now', 'applied ahead'])
    expect(phases('rejected')).toEqual(['submitted done', 'rejected failed'])
    expect(phases('interrupted')).toEqual(['submitted done', 'approved done', 'interrupted trouble'])
    expect(phases('applied')).toEqual(['submitted done', 'approved done', 'applied done'])
  })
})
