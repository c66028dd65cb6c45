// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest'
import { reactive } from 'vue'
import BatchPage from '../../renderer/src/features/batches/BatchPage.vue'
import ExportPanel from '../../renderer/src/features/batches/ExportPanel.vue'
import StorePage from '../../renderer/src/features/batches/StorePage.vue'
import PolicySection from '../../renderer/src/features/customers/PolicySection.vue'
import RecordPanel from '../../renderer/src/features/draft-grid/RecordPanel.vue'
import TemplatePage from '../../renderer/src/features/onboarding/TemplatePage.vue'
import SettingsPage from '../../renderer/src/features/settings/SettingsPage.vue'
import { useDraftStore } from '../../renderer/src/state/draft-store.ts'
import { useSettings } from '../../renderer/src/state/settings-store.ts'
import type { AppError } from '../../shared/contract/app-error.ts'
import type { CustomerListItem, Settings } from '../../shared/contract/batch-methods.ts'
import type { WindowRow } from '../../shared/contract/draft-methods.ts'
import type { ReviewState } from '../../shared/contract/review-methods.ts'
import { emptyTemplate } from '../../shared/core/onboarding/plan.ts'
import type { ReviewPolicy } from '../../shared/core/review/policy.ts'
import { err, ok, type Result } from '../../shared/kit/result.ts'
import { createFakeRoster, fakeBatch } from './support/fake-roster.ts'
import { buttonNamed, fieldNamed, mountScreen, press, settle, type, type Mounted } from './support/mount.ts'

const open: Mounted[] = []
afterEach(() => {
  for (const { wrapper } of open) wrapper.unmount()
  open.length = 0
  document.body.replaceChildren()
})
const show = async (...args: Parameters<typeof mountScreen>): Promise<Mounted> => {
  const mounted = await mountScreen(...args)
  open.push(mounted)
  return mounted
}
/** An answer that comes when it is told to. */
function held<T>(): { readonly answer: Promise<T>; readonly give: (value: T) => Promise<void> } {
  let resolve: (value: T) => void = () => undefined
  const answer = new Promise<T>((settled) => (resolve = settled))
  return {
    answer,
    give: (value) => {
      resolve(value)
      return settle()
    },
  }
}
const labelled = (label: string): HTMLInputElement => {
  const found = document.querySelector<HTMLInputElement>(`input[aria-label="${label}"]`)
  if (found === null) throw new Error(`There is no field ${label}`)
  return found
}

test('what is being typed into the settings stands when they are read, and when another one is changed', async () => {
  await show(SettingsPage)
  const [person, rows] = [fieldNamed('Your name'), fieldNamed('Users per file')]
  await useSettings().load()
  await settle()
  expect(person.value).toBe('Per Dahl')
  await type(person, 'Nora Vik')
  await type(rows, '500')
  await useSettings().change({ zoom: 110 })
  await useSettings().load()
  await settle()
  expect([person.value, rows.value]).toEqual(['Nora Vik', '500'])
  rows.dispatchEvent(new Event('change'))
  await settle()
  expect(useSettings().settings.maxRows).toBe(500)
  await useSettings().change({ maxRows: 600 })
  await settle()
  expect([person.value, rows.value]).toEqual(['Nora Vik', '600'])
})

test('the zoom goes a step with each key, however late the answers are; what cannot be kept is put back', async () => {
  const fake = createFakeRoster()
  await show(SettingsPage, {}, { fake })
  const settings = useSettings()
  await settings.load()
  const answers = ['first', 'second', 'third'].map(() => held<Result<Settings, AppError>>())
  let asked = 0
  fake.override({ 'settings.set': () => answers[asked++]!.answer })
  const further = (): Promise<void> => settings.change({ zoom: settings.settings.zoom + 10 })
  const changes = [further(), further()]
  const { zoom } = settings.settings
  await answers[0]!.give(ok({ ...settings.settings, zoom: zoom - 10 }))
  expect(settings.settings.zoom).toBe(zoom)
  changes.push(further())
  await answers[2]!.give(err({ code: 'file/not-writable', path: 'settings.json', detail: 'ENOSPC: no space left on device' }))
  await answers[1]!.give(ok({ ...settings.settings, zoom }))
  await Promise.all(changes)
  expect(settings.settings.zoom).toBe(zoom)
})

test('a number of rows that was typed for an export stands when the settings come in, and follows them before', async () => {
  await show(ExportPanel, { batch: fakeBatch })
  const rows = (): HTMLInputElement => fieldNamed('Users per file')
  await useSettings().change({ maxRows: 700 })
  await settle()
  expect(rows().value).toBe('700')
  await type(rows(), '300')
  await useSettings().change({ maxRows: 900 })
  await settle()
  expect(rows().value).toBe('300')
})

test('a customer that was chosen beside the store stays while the list of customers is still read', async () => {
  const fake = createFakeRoster()
  const both = ok(['Fjord AS', 'Vik AS'].map((name): CustomerListItem => ({ name, profile: { name }, drafts: 0, batches: 0 })))
  const first = held<typeof both>()
  let asked = 0
  fake.override({
    'customers.list': () => (asked++ === 0 ? first.answer : Promise.resolve(both)),
    'store.customer': async () => ok({ isKnown: false, users: 0, packages: [] }),
  })
  await show(StorePage, {}, { fake })
  fake.emit({ kind: 'customers-changed' })
  await vi.waitFor(() => {
    expect(fieldNamed('Customer').textContent).toContain('Vik AS')
  })
  const choice = fieldNamed('Customer')
  choice.value = 'Vik AS'
  choice.dispatchEvent(new Event('change', { bubbles: true }))
  await first.give(both)
  expect(fieldNamed('Customer').value).toBe('Vik AS')
})

test('what is typed in a policy while it is saved stands, and is yet to be saved', async () => {
  const fake = createFakeRoster()
  const policy: ReviewPolicy = { format: 1, approvers: 1 }
  const saved = held<ReturnType<typeof ok<{ customer: string; policy: ReviewPolicy; isOwn: boolean }>>>()
  fake.override({
    'review.policy': async ({ customer }) => ok({ customer, policy, isOwn: true }),
    'review.setPolicy': () => saved.answer,
  })
  await show(PolicySection, { customer: 'Fjord AS' }, { fake })
  const approvers = (): HTMLInputElement => labelled('Approvers: Always')
  await type(approvers(), '2')
  await press(buttonNamed(/^Save/u))
  await type(approvers(), '3')
  await saved.give(ok({ customer: 'Fjord AS', policy: { format: 1, approvers: 2 }, isOwn: true }))
  expect(approvers().value).toBe('3')
  expect(buttonNamed(/^Save/u).disabled).toBe(false)
  expect(fake.calls.filter(({ method }) => method === 'review.setPolicy').map(({ input }) => input)).toEqual([
    { customer: 'Fjord AS', policy: { format: 1, approvers: 2 } },
  ])
})

test('a template cannot be typed into before it is there', async () => {
  const fake = createFakeRoster()
  const template = { ...emptyTemplate(), name: 'Butikk' }
  const detail = { id: 't-1', versions: [{ version: 1, at: '2026-11-01T10:00:00Z', by: 'Kari', template }], plans: 0 }
  const loaded = held<ReturnType<typeof ok<typeof detail>>>()
  fake.override({
    'onboarding.list': async () => ok({ plans: [], templates: [], damaged: [] }),
    'onboarding.template': () => loaded.answer,
  })
  const { text } = await show(TemplatePage, { id: 't-1' }, { fake })
  expect([...document.querySelectorAll('button, input')]).toEqual([])
  await loaded.give(ok(detail))
  await vi.waitFor(() => {
    expect(text()).toContain('Butikk')
  })
  buttonNamed(/edit/iu)
})

test('a comment that is being written stands when its writer gives a name', async () => {
  const fake = createFakeRoster()
  const review: ReviewState = {
    comments: [],
    seen: [],
    replaced: null,
    seenUsers: 0,
    risks: [],
    losesCalling: [],
    policy: { approvers: 1, signed: false, reasons: [] },
    counted: 0,
    approvals: [],
    broken: null,
    key: { here: false, registered: false },
    drifted: 0,
  }
  fake.override({ 'review.get': async () => ok(review) })
  await show(BatchPage, { batch: fakeBatch.batch }, { fake })
  await useSettings().change({ person: '' })
  await settle()
  await press(buttonNamed(/comment/iu))
  const line = (): HTMLInputElement => document.querySelector<HTMLInputElement>('.thread input, .thread textarea')!
  await type(line(), 'Hvorfor mister Nora nummeret?')
  await type(fieldNamed('Reviewing as'), 'Ola Vik')
  document.querySelector<HTMLFormElement>('form.name')?.dispatchEvent(new Event('submit', { cancelable: true }))
  await settle()
  expect(useSettings().settings.person).toBe('Ola Vik')
  expect(line().value).toBe('Hvorfor mister Nora nummeret?')
})

test('what was typed into the form of a user goes to that user, also when the form is on its way to the next one', async () => {
  const fake = createFakeRoster()
  const userOf = (row: number): { row: WindowRow; findings: [] } => ({
    row: {
      id: row,
      number: row + 2,
      cells: [`User ${String(row)}`, 'Berg'],
      severity: null,
      marks: [],
      intent: 'unchanged',
      before: [],
      package: 'Webex Suite',
      isRemoval: false,
    },
    findings: [],
  })
  const next = held<null>()
  fake.override({
    'drafts.row': async ({ row }) => {
      if (row === 5) await next.answer
      return ok(userOf(row))
    },
  })
  const props = reactive({ draftId: 'd-1', rowId: 4 })
  await show(RecordPanel, props, { fake })
  await useDraftStore('d-1').open()
  await settle()
  const field = fieldNamed('Last Name')
  expect(field.value).toBe('Berg')
  await type(field, 'Dahl')
  // A click on another row: the grid has it before the field has lost the focus.
  props.rowId = 5
  await settle()
  field.dispatchEvent(new Event('blur'))
  await settle()
  expect(fake.calls.flatMap(({ method, input }) => (method === 'drafts.edit' ? [input] : []))).toEqual([
    expect.objectContaining({ edit: { kind: 'set-cells', cells: [{ row: 4, column: 1, text: 'Dahl' }] } }),
  ])
  await next.give(null)
  // Nor does it stay in the field of the next one, who has the text that the first one had.
  expect([fieldNamed('First Name').value, fieldNamed('Last Name').value]).toEqual(['User 5', 'Berg'])
})
