import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { planWith, samplePlan } from '../support/plans.ts'
import { createWorkplace, projectRoot } from '../support/process.ts'

vi.setConfig({ testTimeout: 30_000 })
const place = await createWorkplace()
afterAll(() => place.remove())
const sample = path.join(projectRoot, 'resources/samples/plan-nordlys.json')

beforeAll(async () => {
  const plan = planWith('customer.headOffice.address.line1', 'a'.repeat(51))
  plan.template.provisioningId = ''
  await place.write('unfinished.json', JSON.stringify(plan))
  await place.write('no-id.json', JSON.stringify(planWith('template.provisioningId', '')))
  await place.write('broken.json', '{"customer":')
  await place.write('wrong.json', '{"customer":{"headOffice":{"timezone":"Europe/Oslo"}}}')
})

describe('onboarding check', () => {
  test('of the sample finds nothing and says whose turn it is', async () => {
    const { code, out } = await place.run(['onboarding', 'check', sample, '--lang', 'nb'])
    expect(code).toBe(0)
    expect(out).toContain('Neste: Den som gjennomgår – Gjennomgang')
  })

  test('names the field, the rule and what it stands in the way of; exit code 1', async () => {
    const ended = await place.run(['onboarding', 'check', 'unfinished.json', '--json'])
    expect(ended.code).toBe(1)
    expect(ended.json()).toMatchObject({
      customer: 'Fjordkraft Verksted AS',
      ready: { checklist: false, payloads: false, batch: false },
      next: { step: 'template', actor: 'preparer' },
      problems: [
        { path: 'template.provisioningId', problem: 'missing-for-payloads', gates: ['payloads'] },
        {
          path: 'customer.headOffice.address.line1',
          problem: 'too-long',
          severity: 'error',
          message: 'Address line 1 has 51 characters; at most 50 are taken.',
        },
      ],
    })
  })

  test('says which values a field takes, and that a file of another format is none of this version', async () => {
    const { customer, ...rest } = samplePlan() as unknown as { customer: { packages: object[] } }
    const check = (plan: object) => place.run(['onboarding', 'check', '-'], { input: JSON.stringify(plan) })
    const misspelt = await check({ ...rest, customer: { ...customer, packages: [{ package: 'webex suite', quantity: 1 }] } })
    expect(misspelt.code).toBe(65)
    expect(misspelt.err).toMatch(/\/customer\/packages\/0\/package must be one of .*"Webex Suite"/)
    const later = await check({ ...rest, customer, format: 'roster-onboarding-plan/2' })
    expect(later.code).toBe(65)
    expect(later.err).toMatch(/\/format must be "roster-onboarding-plan": this version of Roster knows no other/)
  })

  test('reads standard input', async () => {
    const { code } = await place.run(['onboarding', 'check', '-'], { input: JSON.stringify(samplePlan()) })
    expect(code).toBe(0)
  })

  test.each([
    ['broken.json', 65, /broken\.json is not a valid onboarding plan/],
    ['wrong.json', 65, /\/customer\/headOffice\/timezone is not a known key/],
    ['absent.json', 66, /absent\.json: there is no such file/],
    ['.', 65, /folder/],
  ])('%s is refused with exit code %i', async (file, code, words) => {
    const ended = await place.run(['onboarding', 'check', file])
    expect(ended.code).toBe(code)
    expect(ended.err).toMatch(words)
    expect(ended.out).toBe('')
  })
})

describe('onboarding payloads', () => {
  test('writes the folder whole, and not over another one', async () => {
    expect((await place.run(['onboarding', 'payloads', sample, '-o', 'out'])).code).toBe(0)
    expect(JSON.parse(await place.read('out/02-customers.json'))).toMatchObject({
      externalId: 'FK-2026-017',
      customerInfo: { language: 'nb_NO' },
    })
    expect((await place.run(['onboarding', 'payloads', sample, '-o', 'out'])).code).toBe(73)
    expect((await place.run(['onboarding', 'payloads', sample, '-o', 'out', '--force'])).code).toBe(0)
  })

  test('waits for the Provisioning ID; the checklist does not', async () => {
    const refused = await place.run(['onboarding', 'payloads', 'no-id.json', '-o', 'never', '--json'])
    expect(refused.code).toBe(77)
    expect(refused.json()).toMatchObject({ error: { code: 'plan/incomplete', open: 1 }, problems: [{ path: 'template.provisioningId' }] })
    expect((await place.run(['onboarding', 'checklist', 'no-id.json', '-o', 'list.md', '--lang', 'da'])).code).toBe(0)
    expect(await place.read('list.md')).toContain('# Tjekliste: Fjordkraft Verksted AS')
    expect(await place.names()).not.toContain('never')
  })
})

test('onboarding checklist prints as the ending or --format says; onboarding batch gives the first users', async () => {
  expect((await place.run(['onboarding', 'checklist', sample, '-o', 'list.html', '--lang', 'nb'])).code).toBe(0)
  expect(await place.read('list.html')).toMatch(/^<!doctype html>[\s\S]*<html lang="nb">/)
  expect((await place.run(['onboarding', 'checklist', sample, '-o', '-', '--format', 'txt'])).out).toContain('[ ] Click "Create customer".')
  const users = await place.run(['onboarding', 'batch', sample, '-o', '-'])
  expect(users.out.split('\r\n')).toHaveLength(4 + 2)
  await place.write('users.csv', users.out)
  expect((await place.run(['check', 'users.csv', '--fail-on', 'error'])).code).toBe(0)
})

test('without -o the results go to standard output; check writes its JSON where -o says', async () => {
  const payloads = await place.run(['onboarding', 'payloads', sample])
  expect(payloads.json()).toMatchObject({
    files: expect.arrayContaining([
      expect.objectContaining({
        name: '02-customers.json',
        json: expect.objectContaining({ externalId: 'FK-2026-017' }) as unknown,
      }) as unknown,
    ]) as unknown,
  })
  expect((await place.run(['onboarding', 'checklist', sample])).out).toContain('[ ] Click "Create customer".')
  expect((await place.run(['onboarding', 'checklist', sample, '--json', '--lang', 'nb', '--format', 'md'])).json()).toMatchObject({
    language: 'nb',
    format: 'md',
    text: expect.stringMatching(/^# /u) as string,
  })
  expect((await place.run(['onboarding', 'batch', sample])).out.split('\r\n')).toHaveLength(4 + 2)
  const checked = await place.run(['onboarding', 'check', 'unfinished.json', '-o', 'checked.json', '--json'])
  expect(checked.code).toBe(1)
  expect(JSON.parse(await place.read('checked.json'))).toEqual(checked.json())
  expect((await place.run(['onboarding', 'check', 'unfinished.json', '-o', 'checked.json'])).code).toBe(73)
})

test.each([
  [['onboarding'], 64],
  [['onboarding', 'chekc', 'x.json'], 64],
  [['onboarding', 'check'], 64],
  [['onboarding', 'payloads', sample, '-o', '-'], 64],
  [['onboarding', 'checklist', sample, '-o', 'x.txt', '--format', 'pdf'], 64],
  [['onboarding', 'check', sample, '--format', 'txt'], 64],
])('%j are wrong words', async (words, code) => {
  expect((await place.run(words)).code).toBe(code)
})
