// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest'
import BaselineMenu from '../../renderer/src/features/draft-edit/BaselineMenu.vue'
import type { StoreCustomer } from '../../shared/contract/store-methods.ts'
import { ok } from '../../shared/kit/result.ts'
import { createFakeRoster, type FakeRoster } from './support/fake-roster.ts'
import { buttonNamed, mountScreen, press, settle, type Mounted } from './support/mount.ts'

const open: Mounted[] = []
afterEach(() => {
  for (const { wrapper } of open) wrapper.unmount()
  open.length = 0
  document.body.innerHTML = ''
})

/** The entry of the menu that compares with the store. */
async function storeEntry(customer: string | null, held: StoreCustomer): Promise<{ readonly fake: FakeRoster; readonly entry: Element }> {
  const fake = createFakeRoster()
  fake.setDraft({ customer, baseline: null })
  fake.override({ 'store.customer': async () => ok(held) })
  open.push(await mountScreen(BaselineMenu, { draftId: 'd-1', state: fake.draft() }, { fake }))
  await settle()
  await press(buttonNamed('Compare with …'))
  const entry = [...document.querySelectorAll('[role^=menuitem]')].find(({ textContent }) => textContent.includes('provisioning store'))
  if (entry === undefined) throw new Error(document.body.textContent)
  return { fake, entry }
}
const known: StoreCustomer = { isKnown: true, users: 1118, packages: [] }

test('a draft is compared with the store’s users, whose number stands beside', async () => {
  const { fake, entry } = await storeEntry('Nordlys Energi AS', known)
  expect(entry.textContent).toContain('1,118 users in the store')
  entry.dispatchEvent(new MouseEvent('click', { bubbles: true }))
  await settle()
  expect(fake.calls.find(({ method }) => method === 'drafts.setBaseline')?.input).toMatchObject({ baseline: { kind: 'store' } })
})

test.each([
  ['no customer is chosen', null, known, 'choose a customer first'],
  ['the store knows none of its users', 'Ny AS', { isKnown: false, users: 0, packages: [] }, 'the store knows none of its users yet'],
] as const)('it cannot be chosen where %s, and says so', async (_, customer, held, said) => {
  const { entry } = await storeEntry(customer, held)
  expect(entry.textContent).toContain(said)
  expect(entry.hasAttribute('data-disabled')).toBe(true)
})
