// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest'
import { reactive } from 'vue'
import BatchPage from '../../renderer/src/features/batches/BatchPage.vue'
import CustomerPage from '../../renderer/src/features/customers/CustomerPage.vue'
import CustomerListPage from '../../renderer/src/features/customers/CustomerListPage.vue'
import FindingsPanel from '../../renderer/src/features/draft-edit/FindingsPanel.vue'
import DraftSend from '../../renderer/src/features/draft-send/DraftSend.vue'
import StartPage from '../../renderer/src/features/start/StartPage.vue'
import type { AppError } from '../../shared/contract/app-error.ts'
import type { OutputOf } from '../../shared/contract/method.ts'
import type { Methods } from '../../shared/contract/methods.ts'
import { err, ok, type Result } from '../../shared/kit/result.ts'
import type { BatchDetail, CustomerListItem } from '../../shared/contract/batch-methods.ts'
import { createFakeRoster, fakeBatch } from './support/fake-roster.ts'
import { buttonNamed, fieldNamed, mountScreen, press, settle, type, type Mounted } from './support/mount.ts'

let open: Mounted[] = []
afterEach(() => {
  for (const { wrapper } of open) wrapper.unmount()
  open = []
  document.body.replaceChildren()
})
const show = async (...args: Parameters<typeof mountScreen>): Promise<Mounted> => {
  const mounted = await mountScreen(...args)
  open.push(mounted)
  return mounted
}
const inputsOf = ({ fake }: Mounted, method: string): readonly unknown[] =>
  fake.calls.filter((call) => call.method === method).map(({ input }) => input)

test('the start page counts what waits and lists the drafts with their findings', async () => {
  const { text } = await show(StartPage)
  expect(text()).toContain('1 batch waits for your review')
  expect(text()).toContain('1 approved batch waits to be pushed')
  expect(text()).toContain('users-november.csv')
  expect(text()).toContain('in use elsewhere')
})

test('the findings stand by rule, the errors first, and open to their places', async () => {
  const fake = createFakeRoster()
  const gone: unknown[] = []
  const { wrapper, text } = await show(
    FindingsPanel,
    { draftId: 'd-1', state: fake.draft(), current: null, onGoTo: (finding: unknown) => gone.push(finding) },
    { fake },
  )
  const names = wrapper.findAll('.rule .name').map((name) => name.text())
  expect(names[0]).toMatch(/plus|\+/u)
  expect(names).toHaveLength(5)
  await press(wrapper.findAll('.rule')[0]?.element as HTMLElement)
  expect(text()).toContain('Row 7 · Phone Number')
  await press(wrapper.find('.place').element as HTMLElement)
  expect(gone).toMatchObject([{ rule: 'phone/no-plus', viewRow: 5, columnIndex: 6 }])
})

test('findings of before an edit do not come back, though their answer comes late', async () => {
  const fake = createFakeRoster()
  const late = Promise.withResolvers<null>()
  const { transport } = createFakeRoster()
  let asked = 0
  fake.override({
    'findings.list': async (input) => {
      const count = [9, 8, 1][asked++] ?? 0
      if (count === 8) await late.promise
      return (await transport.call('findings.list', { ...input, count })) as Result<OutputOf<Methods['findings.list']>, AppError>
    },
  })
  const props = reactive({ draftId: 'd-1', state: fake.draft(), current: null })
  const { wrapper } = await show(FindingsPanel, props, { fake })
  await press(wrapper.findAll('.rule')[0]?.element as HTMLElement)
  const places = (): number => wrapper.findAll('.place').length
  expect(places()).toBe(9)
  props.state = { ...props.state, revision: props.state.revision + 1 }
  await settle()
  props.state = { ...props.state, revision: props.state.revision + 1 }
  await vi.waitFor(() => expect(places()).toBe(1), 5000)
  late.resolve(null)
  await settle()
  expect(places()).toBe(1)
})

test('a repair is shown before it is done', async () => {
  const fake = createFakeRoster()
  const mounted = await show(FindingsPanel, { draftId: 'd-1', state: fake.draft(), current: null }, { fake })
  await press(buttonNamed(/9$/u))
  await press(buttonNamed(/^Fix all 9 alike/u))
  expect(mounted.text()).toContain('31 cells change')
  expect(inputsOf(mounted, 'findings.fix')).toEqual([])
  await press(buttonNamed('Change 31'))
  expect(inputsOf(mounted, 'findings.fix')).toEqual([
    { draftId: 'd-1', selection: { scope: 'rule', rule: 'phone/no-plus', includeAsk: true } },
  ])
})

test('a repair that takes rows out, or evens them, says how many, and can be done', async () => {
  const fake = createFakeRoster()
  fake.override({
    'findings.previewFix': async () => ok({ cells: 0, columns: 0, rows: 1, removed: 2, byRule: { 'email/duplicate': 2 }, samples: [] }),
  })
  const mounted = await show(FindingsPanel, { draftId: 'd-1', state: fake.draft(), current: null }, { fake })
  await press(buttonNamed(/9$/u))
  await press(buttonNamed(/^Fix all 9 alike/u))
  expect(mounted.text()).toContain('1 row gets the header’s number of cells · 2 rows go out.')
  expect(mounted.text()).not.toContain('Nothing would change')
  await press(buttonNamed('Change 3'))
  expect(inputsOf(mounted, 'findings.fix')).toHaveLength(1)
})

test('removals are confirmed only by typing their number', async () => {
  const fake = createFakeRoster()
  const mounted = await show(FindingsPanel, { draftId: 'd-1', state: fake.draft(), current: null }, { fake })
  await press(mounted.wrapper.findAll('.rule')[1]?.element as HTMLElement)
  await press(buttonNamed(/^Confirm 3 removals/u))
  expect(mounted.text()).toContain('Delete 3 users from Nordlys Energi AS?')
  expect(buttonNamed('Delete 3 users').disabled).toBe(true)
  await type(fieldNamed(/^Type 3/u), '2')
  expect(buttonNamed('Delete 3 users').disabled).toBe(true)
  expect(mounted.text()).toContain('The number is 3.')
  await type(fieldNamed(/^Type 3/u), '3')
  expect(buttonNamed('Delete 3 users').disabled).toBe(false)
})

test('a draft with errors cannot be sent; one without goes with its removals counted', async () => {
  const fake = createFakeRoster()
  const blocked = await show(DraftSend, { draftId: 'd-1', state: fake.draft() }, { fake })
  expect(blocked.text()).toContain('9 errors must be put right first.')
  expect(buttonNamed(/^Submit 173 changes/u).disabled).toBe(true)
  blocked.wrapper.unmount()

  const sound = await show(DraftSend, { draftId: 'd-1', state: { ...fake.draft(), findings: { error: 0, warning: 0, info: 0 } } }, { fake })
  await type(fieldNamed('Your name'), 'Kari Berg')
  expect(buttonNamed(/^Submit 173 changes/u).disabled).toBe(true)
  await type(fieldNamed(/^Type 3/u), '3')
  expect(buttonNamed(/^Submit 173 changes/u).disabled).toBe(false)
  await press(buttonNamed(/^Submit 173 changes/u))
  await settle()
  expect(inputsOf(sound, 'batches.submit')).toMatchObject([{ draftId: 'd-1', by: 'Kari Berg', confirmRemovals: 3 }])
  expect(sound.router.currentRoute.value.path).toMatch(/^\/batches\//u)
})

test('the author is told at once that somebody else must approve', async () => {
  const mounted = await show(BatchPage, { batch: 'b-20261114-01' })
  await press(buttonNamed('Approve…'))
  await type(fieldNamed('Your name'), 'kari berg')
  expect(mounted.text()).toContain('Kari Berg submitted this batch and cannot approve it.')
  expect(buttonNamed('Approve').disabled).toBe(true)
  await type(fieldNamed('Your name'), 'Per Dahl')
  await type(fieldNamed(/^Type 3/u), '3')
  await press(buttonNamed('Approve'))
  expect(inputsOf(mounted, 'batches.decide')).toMatchObject([
    { by: 'Per Dahl', decision: 'approved', confirmRemovals: 3, digest: expect.stringMatching(/^sha256:/u) },
  ])
})

test('a page shows its own batch alone, though the answer about the one before it comes late', async () => {
  const fake = createFakeRoster()
  const known = async (batch: string): Promise<Result<BatchDetail, AppError>> =>
    (await createFakeRoster().transport.call('batches.show', { batch })) as Result<BatchDetail, AppError>
  const late = Promise.withResolvers<null>()
  const early = Promise.withResolvers<null>()
  fake.override({
    'batches.show': async ({ batch }) => {
      await (batch === 'b-20261114-01' ? late : early).promise
      return known(batch)
    },
  })
  const props = reactive({ batch: 'b-20261114-01' })
  const { text } = await show(BatchPage, props, { fake })
  props.batch = 'b-20261112-02'
  await settle()
  early.resolve(null)
  await vi.waitFor(() => expect(text()).toContain('b-20261112-02 ·'), 5000)
  late.resolve(null)
  await settle()
  expect(text()).toContain('b-20261112-02 ·')
  expect(text()).not.toContain('b-20261114-01 ·')
})

test('rejecting asks for a reason', async () => {
  await show(BatchPage, { batch: 'b-20261114-01' })
  await press(buttonNamed('Reject…'))
  await type(fieldNamed('Your name'), 'Per Dahl')
  expect(buttonNamed('Reject').disabled).toBe(true)
  await type(fieldNamed('Why it is rejected'), 'Wrong package')
  expect(buttonNamed('Reject').disabled).toBe(false)
})

test('single-person approval stands on the batch and on its receipt', async () => {
  const { text } = await show(BatchPage, { batch: 'b-20261112-02' })
  expect(text().match(/single-person approval/gu)).toHaveLength(2)
  expect(text()).toContain('Verified: the receipt matches')
  expect(text()).toContain('Add and remove services')
  expect(text()).toContain('Wholesale API')
})

test('a batch for the store alone offers neither files for Control Hub nor calls to Webex, and says why', async () => {
  const fake = createFakeRoster()
  const shown = await fake.transport.call('batches.show', { batch: 'b-20261112-02' })
  fake.override({ 'batches.show': async () => ok({ ...(shown as { value: BatchDetail }).value, storeOnly: true }) })
  const { text } = await show(BatchPage, { batch: 'b-20261112-02' }, { fake })
  expect(text()).toContain('For the store alone')
  expect(text()).not.toContain('Wholesale API')
  expect(text()).not.toContain('Add and remove services')
})

test('content changed after submission is said, and nothing can be decided any more', async () => {
  const fake = createFakeRoster()
  fake.override({ 'batches.show': () => Promise.resolve(ok({ ...fakeBatch, digestHolds: false })) })
  const { text } = await show(BatchPage, { batch: 'b-20261114-01' }, { fake })
  expect(text()).toContain('was changed after it was submitted')
  expect(() => buttonNamed('Approve…')).toThrow()
})

test('a push shows how far it is and what stopping leaves', async () => {
  const fake = createFakeRoster()
  let job = ''
  let finish: () => void = () => undefined
  fake.override({
    'batches.push': (input) => {
      job = input.job ?? ''
      return new Promise((resolve) => {
        finish = () => resolve(err({ code: 'cancelled' }))
      })
    },
  })
  const mounted = await show(BatchPage, { batch: 'b-20261113-01' }, { fake })
  await press(buttonNamed('Push 170 changes…'))
  await type(fieldNamed('Your name'), 'Per Dahl')
  await press(buttonNamed('Push 170 changes'))
  fake.emit({ kind: 'job', job, step: 'push', done: 71, total: 170, state: 'running' })
  await settle()
  expect(mounted.text()).toContain('71 of 170 done')
  expect(mounted.text()).toContain('stopping takes all of them back')
  await press(buttonNamed('Stop'))
  expect(inputsOf(mounted, 'jobs.cancel')).toEqual([{ job }])
  finish()
  await settle()
})

test('an empty list of customers says what a profile is for', async () => {
  const fake = createFakeRoster()
  fake.override({ 'customers.list': () => Promise.resolve(ok([])) })
  const { text } = await show(CustomerListPage, {}, { fake, language: 'nb' })
  expect(text()).toContain('Ingen kunder ennå')
})

test('a failed operation is said in words, without its code', async () => {
  const fake = createFakeRoster()
  fake.override({ 'batches.show': () => Promise.resolve(err({ code: 'internal', incident: 'i-42' })) })
  const { text } = await show(BatchPage, { batch: 'b-1' }, { fake })
  expect(text()).toContain('Something went wrong inside Roster. Your work is saved. Incident i-42.')
  expect(text()).not.toContain('internal')
})

test('customers that cannot be read are not said to be none, and nobody can be added meanwhile', async () => {
  const fake = createFakeRoster()
  const listed = (await fake.transport.call('customers.list', {})) as Result<readonly CustomerListItem[], AppError>
  const unreadable = { code: 'customer/unreadable', path: '/data/customers', detail: 'EACCES: permission denied' } as const
  fake.override({ 'customers.list': () => Promise.resolve(err(unreadable)) })
  const { text } = await show(CustomerListPage, {}, { fake })
  expect(text()).toContain('The customer profiles cannot be read, at /data/customers: EACCES: permission denied.')
  expect(text()).not.toContain('No customers yet')
  expect(() => buttonNamed('New customer…')).toThrow('no button')
  fake.override({ 'customers.list': () => Promise.resolve(listed) })
  await press(buttonNamed('Try again'))
  await vi.waitFor(() => {
    expect(text()).toContain('Nordlys Energi AS')
  })
  expect(text()).not.toContain('cannot be read')
  buttonNamed('New customer…')
})

test('a customer’s page that cannot be read has a way on', async () => {
  const fake = createFakeRoster()
  const listed = (await fake.transport.call('customers.list', {})) as Result<readonly CustomerListItem[], AppError>
  fake.override({ 'customers.list': async () => err({ code: 'customer/unreadable', path: '/data/customers', detail: 'EACCES' }) })
  const { text } = await show(CustomerPage, { name: 'Nordlys Energi AS' }, { fake })
  expect(text()).toContain('The customers could not be read')
  fake.override({ 'customers.list': async () => listed })
  await press(buttonNamed('Try again'))
  await vi.waitFor(() => expect(fieldNamed('Name').value).toBe('Nordlys Energi AS'), 5000)
  expect(text()).not.toContain('could not be read')
})

test('what is typed in a profile stands when the customers are read again, and when somebody else saves', async () => {
  const mounted = await show(CustomerPage, { name: 'Nordlys Energi AS' })
  await type(fieldNamed(/locations/u), 'Oslo HQ; NO\nBergen; NO\nMoss; NO')
  await type(fieldNamed('Length of extensions'), '5')
  mounted.fake.emit({ kind: 'customers-changed' })
  await settle()
  expect(fieldNamed(/locations/u).value).toBe('Oslo HQ; NO\nBergen; NO\nMoss; NO')
  expect(buttonNamed('Save').disabled).toBe(false)

  const list = await mounted.fake.transport.call('customers.list', {})
  const [item] = (list as { value: readonly { profile: object }[] }).value
  await mounted.fake.transport.call('customers.save', { profile: { ...item?.profile, extensionLength: 6, sites: ['new.webex.com'] } })
  mounted.fake.emit({ kind: 'customers-changed' })
  await settle()
  expect(fieldNamed(/Webex site/u).value).toBe('new.webex.com')
  expect(fieldNamed('Length of extensions').value).toBe('5')
  expect(mounted.text()).toContain('Saved elsewhere while you typed: Length of extensions.')
  mounted.fake.emit({ kind: 'customers-changed' })
  await settle()
  expect(mounted.text()).toContain('Saved elsewhere while you typed: Length of extensions.')
  await press(buttonNamed('Take what is saved'))
  expect(fieldNamed('Length of extensions').value).toBe('6')
  expect(mounted.text()).not.toContain('Saved elsewhere')
  expect(buttonNamed('Save').disabled).toBe(true)

  // What is saved comes back put in order, and clashes with nothing.
  await type(fieldNamed(/locations/u), '  Oslo HQ ;NO\n\nMoss')
  await press(buttonNamed('Save'))
  expect(fieldNamed(/locations/u).value).toBe('Oslo HQ; NO\nMoss')
  expect(mounted.text()).not.toContain('Saved elsewhere')
  expect(buttonNamed('Save').disabled).toBe(true)
})

test('a save that fails while the customers are read again takes nothing back of what was typed', async () => {
  let answer: () => void = () => undefined
  const fake = createFakeRoster()
  fake.override({
    'customers.save': async () => {
      await new Promise<void>((resolve) => (answer = resolve))
      return err({ code: 'guard/refused', detail: 'not now' })
    },
  })
  await show(CustomerPage, { name: 'Nordlys Energi AS' }, { fake })
  await type(fieldNamed(/Webex site/u), 'mine.webex.com')
  await press(buttonNamed('Save'))
  fake.emit({ kind: 'customers-changed' })
  await settle()
  answer()
  await settle()
  expect(fieldNamed(/Webex site/u).value).toBe('mine.webex.com')
  expect(buttonNamed('Save').disabled).toBe(false)
})
