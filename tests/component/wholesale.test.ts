// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from 'vitest'
import OnlineCheck from '../../renderer/src/features/draft-send/OnlineCheck.vue'
import WholesalePanel from '../../renderer/src/features/batches/WholesalePanel.vue'
import type { WholesaleItemLine, WholesaleStatus } from '../../shared/contract/wholesale-methods.ts'
import { err, ok } from '../../shared/kit/result.ts'
import { createFakeRoster, fakeBatch, type FakeRoster } from './support/fake-roster.ts'
import { buttonNamed, fieldNamed, mountScreen, press, settle, type, type Mounted } from './support/mount.ts'

const open: Mounted[] = []
afterEach(() => {
  for (const { wrapper } of open) wrapper.unmount()
  open.length = 0
  document.body.innerHTML = ''
})
async function show(fake: FakeRoster, language: 'en' | 'nb' = 'en'): Promise<Mounted> {
  const mounted = await mountScreen(WholesalePanel, { batch: { ...fakeBatch, state: 'applied' } }, { fake, language })
  open.push(mounted)
  return mounted
}
const inputsOf = ({ fake }: Mounted, method: string): readonly unknown[] =>
  fake.calls.filter((call) => call.method === method).map(({ input }) => input)

const none = { total: 4, pending: 0, sent: 0, unknown: 0, waiting: 0, done: 0, refused: 0, 'left-out': 0 }
const status = (patch: Partial<WholesaleStatus> = {}): WholesaleStatus => ({
  batch: fakeBatch.batch,
  customer: fakeBatch.customer,
  customerId: 'cust-1',
  url: 'https://webexapis.com/v1',
  hasToken: false,
  canSend: true,
  counts: { ...none, pending: 4 },
  lastSent: null,
  owner: null,
  ...patch,
})
const line = (patch: Partial<WholesaleItemLine>): WholesaleItemLine => ({
  number: 0,
  row: 2,
  email: 'kari.berg@nordlys.no',
  intent: 'add',
  state: 'done',
  reason: null,
  proof: 'answered',
  attempts: 1,
  subscriberId: 's-1',
  notCarried: [],
  ...patch,
})

describe('sending to the Wholesale API', () => {
  test('is not offered before the profile says what the API calls the customer; the way there is', async () => {
    const mounted = await show(createFakeRoster())
    expect(mounted.text()).toContain('does not say what the API calls this customer')
    expect(() => buttonNamed('Send to the API…')).toThrow()
    await press(buttonNamed('Open the profile'))
    expect(mounted.router.currentRoute.value.path).toContain('/customers/')
  })

  test('asks for a name and a token, sends with both, shows how far it is, and can be stopped', async () => {
    const fake = createFakeRoster()
    let finish: () => void = () => undefined
    let job = ''
    fake.override({
      'wholesale.status': () => Promise.resolve(ok(status())),
      'wholesale.send': (input) => {
        job = input.job ?? ''
        return new Promise((resolve) => {
          finish = () => resolve(err({ code: 'cancelled' }))
        })
      },
    })
    const mounted = await show(fake)
    expect(mounted.text()).toContain('4 changes can be sent to the API')
    await press(buttonNamed('Send to the API…'))
    await type(fieldNamed('Your name'), 'Per Dahl')
    expect(buttonNamed('Send to the API').disabled).toBe(true)
    const token = fieldNamed('Access token')
    expect(token.type).toBe('password')
    await type(token, 'secret-token')
    await press(buttonNamed('Send to the API'))
    expect(inputsOf(mounted, 'wholesale.send')).toMatchObject([{ by: 'Per Dahl', token: 'secret-token', mode: 'send' }])
    expect(document.body.innerHTML).not.toContain('secret-token')
    fake.emit({ kind: 'job', job, step: 'wholesale', done: 2, total: 4, state: 'running' })
    await settle()
    expect(mounted.text()).toContain('2 of 4')
    await press(buttonNamed('Stop'))
    expect(inputsOf(mounted, 'jobs.cancel')).toEqual([{ job }])
    finish()
    await settle()
    expect(mounted.text()).not.toContain('Stopped. Nothing was changed.')
  })

  test('lists what was refused with the reason, and tries it again', async () => {
    const fake = createFakeRoster()
    fake.override({
      'wholesale.status': () =>
        Promise.resolve(
          ok(
            status({
              hasToken: true,
              counts: { ...none, done: 2, refused: 1, waiting: 1 },
              lastSent: { by: 'Per Dahl', at: '2026-11-21T04:00:00.000Z', url: 'https://webexapis.com/v1' },
            }),
          ),
        ),
      'wholesale.items': ({ state }) =>
        Promise.resolve(
          ok({
            total: 1,
            items:
              state === 'refused'
                ? [line({ state, reason: { kind: 'changed', detail: 'webex_voice' }, proof: null, notCarried: ['Department'] })]
                : [line({ proof: 'was-so' })],
          }),
        ),
    })
    const mounted = await show(fake, 'nb')
    expect(mounted.text()).toContain('Brukeren er der med en annen pakke: webex_voice · 1 kolonne går med Control Hub-filene')
    await press(buttonNamed('Prøv de avviste igjen (1)…'))
    expect(() => fieldNamed('Tilgangstoken')).toThrow()
    await type(fieldNamed('Ditt navn'), 'Per Dahl')
    await press(buttonNamed('Prøv de avviste igjen'))
    expect(inputsOf(mounted, 'wholesale.send')).toMatchObject([{ by: 'Per Dahl', mode: 'retry' }])
    expect(inputsOf(mounted, 'wholesale.send')[0]).not.toHaveProperty('token')
  })

  test('the precheck shows its findings, and says when there are none or it is not to be had', async () => {
    const fake = createFakeRoster()
    const answers = [
      { unavailable: true, findings: [] },
      { unavailable: false, findings: [] },
      {
        unavailable: false,
        findings: [
          {
            rule: 'wholesale/precheck',
            severity: 'error' as const,
            row: 5,
            column: 'User ID/Email (Required)',
            value: 'kari.berg@nordlys.no',
            message: 'Webex would refuse this user: 10022: taken.',
          },
        ],
      },
    ]
    fake.override({
      'wholesale.status': () => Promise.resolve(ok(status({ hasToken: true }))),
      'wholesale.precheck': () => {
        const { unavailable, findings } = answers.shift()!
        return Promise.resolve(ok({ checked: 3, unavailable, summary: { error: findings.length, warning: 0, info: 0 }, findings }))
      },
    })
    const mounted = await show(fake)
    for (const words of [
      'Webex does not offer its precheck to this partner.',
      '3 new users were checked; Webex has nothing against them.',
      'Webex would refuse this user: 10022: taken.',
    ]) {
      await press(buttonNamed('Precheck new users…'))
      await press(buttonNamed('Precheck new users'))
      expect(mounted.text()).toContain(words)
    }
  })

  test('a draft’s new users are asked about before anybody reviews them', async () => {
    const fake = createFakeRoster()
    fake.override({
      'customers.list': () =>
        Promise.resolve(
          ok([
            {
              name: 'Nordlys Energi AS',
              profile: { name: 'Nordlys Energi AS', wholesale: { customerId: 'cust-1' } },
              drafts: 1,
              batches: 0,
            },
          ]),
        ),
      'wholesale.address': () => Promise.resolve(ok({ url: 'https://webexapis.com/v1', hasToken: false })),
      'wholesale.precheckDraft': () =>
        Promise.resolve(ok({ checked: 3, unavailable: false, summary: { error: 0, warning: 0, info: 0 }, findings: [] })),
    })
    const state = { ...fake.draft(), customer: 'Nordlys Energi AS', changes: { ...fakeBatch.summary, add: 3 } }
    const mounted = await mountScreen(OnlineCheck, { draftId: 'd-1', state }, { fake })
    open.push(mounted)
    await press(buttonNamed('Ask Webex about the 3 new users…'))
    await type(fieldNamed('Access token'), 'secret-token')
    await press(buttonNamed('Precheck new users'))
    expect(inputsOf(mounted, 'wholesale.precheckDraft')).toMatchObject([{ draftId: 'd-1', token: 'secret-token', language: 'en' }])
    expect(mounted.text()).toContain('3 new users were checked; Webex has nothing against them.')
  })

  test('a token that is not taken is said in words', async () => {
    const fake = createFakeRoster()
    fake.override({
      'wholesale.status': () => Promise.resolve(ok(status({ hasToken: true }))),
      'wholesale.precheck': () =>
        Promise.resolve(err({ code: 'wholesale/not-allowed', url: 'https://webexapis.com/v1', status: 401, detail: 'HTTP 401' })),
    })
    const mounted = await show(fake)
    await press(buttonNamed('Precheck new users…'))
    await press(buttonNamed('Precheck new users'))
    expect(mounted.text()).toContain('Webex does not allow it (HTTP 401)')
  })
})
