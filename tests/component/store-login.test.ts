// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest'
import StoreLoginSection from '../../renderer/src/features/batches/StoreLoginSection.vue'
import type { StoreLogin } from '../../shared/contract/store-methods.ts'
import { err, ok } from '../../shared/kit/result.ts'
import { createFakeRoster, type FakeRoster } from './support/fake-roster.ts'
import { buttonNamed, fieldNamed, mountScreen, press, settle, type, type Mounted } from './support/mount.ts'

const open: Mounted[] = []
afterEach(() => {
  for (const { wrapper } of open) wrapper.unmount()
  open.length = 0
  document.body.innerHTML = ''
})
const url = 'postgres://kari@db.example.no:5432/roster'
async function show(login: Partial<StoreLogin>): Promise<{ readonly mounted: Mounted; readonly fake: FakeRoster }> {
  const state: StoreLogin = { url, password: 'none', keeping: 'key-chain', ...login }
  const fake = createFakeRoster()
  fake.override({
    'store.login': async () => ok(state),
    'store.unlock': async ({ password, remember }) =>
      password === 'right' ? ok({ ...state, password: remember ? 'kept' : 'typed' }) : err({ code: 'store/login', url }),
    'store.forgetPassword': async () => ok({ ...state, password: 'none' }),
  })
  const mounted = await mountScreen(StoreLoginSection, {}, { fake })
  open.push(mounted)
  return { mounted, fake }
}

test('a password is typed, refused in words, taken, remembered where that is asked for, and forgotten', async () => {
  const { mounted, fake } = await show({})
  expect(fieldNamed('Password of the store').getAttribute('type')).toBe('password')
  await type(fieldNamed('Password of the store'), 'wrong')
  await press(buttonNamed('Log in'))
  expect(mounted.text()).toContain('does not take this login or its password')
  await type(fieldNamed('Password of the store'), 'right')
  const box = document.querySelector<HTMLInputElement>('input[type=checkbox]')
  box?.click()
  await settle()
  await press(buttonNamed('Log in'))
  expect(fake.calls.at(-1)).toEqual({ method: 'store.unlock', input: { password: 'right', remember: true } })
  expect(mounted.text()).toContain('The key chain of this system keeps the password.')
  await press(buttonNamed('Forget the password'))
  expect(mounted.text()).toContain('No password was given.')
  expect((fieldNamed('Password of the store') as HTMLInputElement).value).toBe('')
})

test.each([
  ['host', 'no key chain that Roster can use here'],
  ['unavailable', 'cannot be used now'],
  ['plain-text', 'without really encrypting it'],
] as const)('without a key chain (%s) that is said, and remembering is not offered', async (keeping, said) => {
  const { mounted } = await show({ keeping })
  expect(mounted.text()).toContain(said)
  expect(document.querySelector('input[type=checkbox]')).toBeNull()
})

test('the store in the data folder wants no password: nothing is shown', async () => {
  const { mounted } = await show({ url: null })
  expect(mounted.text()).not.toContain('login')
  expect(document.querySelector('form')).toBeNull()
})
