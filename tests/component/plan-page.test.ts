// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest'
import { RouterView } from 'vue-router'
import { useToasts } from '../../renderer/src/state/toasts.ts'
import { emptyPlan, emptyUser } from '../../shared/core/onboarding/plan.ts'
import { err, ok } from '../../shared/kit/result.ts'
import { createFakeRoster } from './support/fake-roster.ts'
import { buttonNamed, fieldNamed, mountScreen, press, settle, type, type Mounted } from './support/mount.ts'

let mounted: Mounted | null = null
afterEach(() => {
  mounted?.wrapper.unmount()
  mounted = null
  document.body.replaceChildren()
})

const planNamed = (name: string, who = '') => ({
  ...emptyPlan(),
  id: 'p-1',
  customer: { ...emptyPlan().customer, name },
  progress: [{ step: 'handOver' as const, done: false, note: '', date: '', who }],
})
const storedAs = (revision: number, name: string, who = '') => ({ revision, changedAt: '2026-11-21T10:00:00Z', plan: planNamed(name, who) })

test('what another window changed is not handed over in place of what stands here; the plan is opened again from its page', async () => {
  const fake = createFakeRoster()
  let handedOver = 0
  fake.override({
    'onboarding.plan': async () => ok(storedAs(3, 'Fjordkraft AS')),
    'onboarding.savePlan': async () => err({ code: 'plan/changed', name: 'Fjordkraft AS' }),
    'onboarding.planFile': async () => {
      handedOver++
      return ok({ ticket: 't-1', name: 'plan.json', size: 1 })
    },
  })
  mounted = await mountScreen(RouterView, {}, { fake, at: '/onboarding/plans/p-1/handOver' })
  await type(fieldNamed('Who'), 'Nora')
  await press(buttonNamed('Save plan file'))
  await vi.waitFor(() => {
    expect(mounted?.text()).toContain('changed in another window')
  })
  expect(handedOver).toBe(0)

  fake.override({
    'onboarding.plan': async () => ok(storedAs(4, 'Fjordkraft AS', 'Per')),
    'onboarding.savePlan': async ({ plan }) => ok({ revision: 5, changedAt: '2026-11-21T10:00:00Z', plan }),
  })
  await press(buttonNamed('Open it again'))
  await vi.waitFor(() => {
    expect(fieldNamed('Who').value).toBe('Per')
  })
  expect(mounted.text()).not.toContain('changed in another window')
  await press(buttonNamed('Save plan file'))
  await vi.waitFor(() => {
    expect(handedOver).toBe(1)
  })
})

test('a plan that could not be written is tried again, by hand or with the next change', async () => {
  const fake = createFakeRoster()
  const saved: string[] = []
  let isFull = true
  fake.override({
    'onboarding.plan': async () => ok(storedAs(1, 'Fjordkraft AS')),
    'onboarding.savePlan': async ({ plan, revision }) => {
      if (isFull) return err({ code: 'file/not-writable', path: 'plan', detail: 'the disk is full' })
      saved.push(plan.progress[0]?.who ?? '')
      return ok({ revision: revision + 1, changedAt: '2026-11-21T10:00:00Z', plan })
    },
  })
  mounted = await mountScreen(RouterView, {}, { fake, at: '/onboarding/plans/p-1/handOver' })
  await type(fieldNamed('Who'), 'Nora')
  await vi.waitFor(() => {
    expect(mounted?.text()).toContain('Not saved')
  })
  await press(buttonNamed('Try again'))
  await settle()
  expect(saved).toEqual([])
  isFull = false
  await type(fieldNamed('Who'), 'Nora Vik')
  await vi.waitFor(
    () => {
      expect(saved).toEqual(['Nora Vik'])
    },
    { timeout: 10_000 },
  )
  expect(mounted.text()).not.toContain('Not saved')
})

test('users and numbers that went at one press are brought back, from another step, too', async () => {
  const fake = createFakeRoster()
  const user = (name: string, phoneNumber: string) => ({
    ...emptyUser(),
    firstName: name,
    email: `${name}@x.example`.toLowerCase(),
    package: 'Webex Calling' as const,
    phoneNumber,
  })
  const plan = { ...planNamed('Fjordkraft AS'), users: [user('Kari', '+4721000001'), user('Ola', ''), user('Per', '+4721000003')] }
  let kept = plan
  fake.override({
    'onboarding.plan': async () => ok({ revision: 1, changedAt: '2026-11-21T10:00:00Z', plan }),
    'onboarding.savePlan': async (input) => {
      kept = input.plan as typeof plan
      return ok({ revision: input.revision + 1, changedAt: '2026-11-21T10:00:00Z', plan: input.plan })
    },
  })
  mounted = await mountScreen(RouterView, {}, { fake, at: '/onboarding/plans/p-1/numbers' })
  const undo = async (): Promise<void> => {
    useToasts().toasts[0]?.action?.run()
    await settle()
  }
  await press(buttonNamed('Take all numbers back'))
  await mounted.router.push('/onboarding/plans/p-1/users')
  await settle()
  expect(useToasts().toasts[0]?.text).toBe('2 numbers taken back')
  await undo()
  expect(kept.users.map(({ phoneNumber }) => phoneNumber)).toEqual(['+4721000001', '', '+4721000003'])

  await press(buttonNamed('Remove row 2'))
  await undo()
  expect(kept.users.map(({ firstName }) => firstName)).toEqual(['Kari', 'Ola', 'Per'])
  await press(buttonNamed('Remove all'))
  expect(useToasts().toasts[0]?.text).toBe('3 users taken out')
  await undo()
  expect(kept.users.map(({ firstName }) => firstName)).toEqual(['Kari', 'Ola', 'Per'])
})
