import { describe, expect, test } from 'vitest'
import { checkPlan } from '../../../../shared/core/onboarding/check-plan.ts'
import { emptyPlan, readPlan } from '../../../../shared/core/onboarding/plan.ts'
import { problemIds } from '../../../../shared/core/onboarding/problem.ts'
import { planStatus, withProgress } from '../../../../shared/core/onboarding/status.ts'
import { onboardingWords } from '../../../../shared/core/onboarding/text/all.ts'
import { problemText } from '../../../../shared/core/onboarding/text/words.ts'
import { planWith, samplePlan } from '../../../support/plans.ts'

/** What stands at the field when its value is `value`: rule and severity, or null. */
function at(place: string, value: unknown, field = place): string | null {
  const problem = checkPlan(planWith(place, value)).find(({ path }) => path === field)
  return problem === undefined ? null : `${problem.severity} ${problem.id}`
}

const line = 'a'.repeat(50)
const cases: readonly (readonly [
  field: string,
  good: readonly unknown[],
  bad: readonly (readonly [value: unknown, says: string])[],
  where?: string,
])[] = [
  [
    'template.name',
    ['Standard'],
    [
      ['', 'error missing'],
      ['   ', 'error missing'],
      ['a\nb', 'error control'],
    ],
  ],
  [
    'template.country',
    ['NO', 'DK', 'AX'],
    [
      ['', 'error missing'],
      ['no', 'error country'],
      ['NOR', 'error country'],
      ['XX', 'error country'],
      ['UK', 'error country'],
    ],
  ],
  [
    'template.administrator',
    ['Kari Berg', 'kari@x.no'],
    [
      ['', 'error missing'],
      ['kari@@x.no', 'error email'],
    ],
  ],
  ['template.subscription', ['Sub1'], [['', 'error missing']]],
  [
    'template.emailLanguage',
    ['nb', 'nb_NO', 'en_us', 'da_DK'],
    [
      ['', 'error missing'],
      ['norsk', 'error language'],
      ['nb-NO', 'error language'],
      ['NB', 'error language'],
      ['nb_XX', 'error language'],
      ['zz', 'error language'],
      ['nb_No', 'error language'],
    ],
  ],
  ['template.authentication', ['webex'], [['saml', 'error missing']], 'template.idpEntityId'],
  ['template.authentication', ['webex'], [['oidc', 'error missing']], 'template.idpName'],
  ['template.pstnProvider', ['', ' '], [['Telco', 'warning pstn-advice']]],
  [
    'template.provisioningId',
    ['abc'],
    [
      ['', 'error missing-for-payloads'],
      ['a b', 'error spaces'],
    ],
  ],
  [
    'customer.name',
    ['Fjord AS', 'Café & Søn', "John's"],
    [
      ['', 'error missing'],
      ['100 % AS', 'error percent'],
      ['a\u200bb', 'error control'],
      ['a\u202eb', 'error control'],
      ['a\ud800b', 'error control'],
    ],
  ],
  [
    'customer.adminEmail',
    ['a@b.no'],
    [
      ['', 'error missing'],
      ['a', 'error email'],
      ['a@b', 'error email'],
      ['a b@c.no', 'error email'],
    ],
  ],
  ['customer.subPartnerAdminEmail', ['', 'a@b.no'], [['nobody', 'error email']]],
  ['customer.language', ['', 'nb'], [['bokmål', 'error language']]],
  ['customer.externalId', ['1'], [['', 'error missing-for-payloads']]],
  ['customer.organisation', ['new'], [['existing', 'error missing-for-payloads']], 'customer.orgId'],
  ['customer.packages', [samplePlan().customer.packages], [[[], 'error package-none']]],
  [
    'customer.packages.0.quantity',
    [null, 2, 10],
    [
      [0, 'error quantity'],
      [-1, 'error quantity'],
      [2.5, 'error quantity'],
      [1, 'error quantity-below-users'],
    ],
  ],
  [
    'customer.packages.1.package',
    ['Webex Calling'],
    [
      ['Webex Suite', 'error package-twice'],
      ['', 'error missing'],
    ],
  ],
  ['customer.supportedLocation', [true], [[false, 'error not-confirmed']]],
  [
    'customer.headOffice.name',
    ['Oslo HQ'],
    [
      ['', 'error missing'],
      ['a'.repeat(81), 'error too-long'],
    ],
  ],
  [
    'customer.headOffice.address.line1',
    [line, 'Å'.repeat(50)],
    [
      ['', 'error missing'],
      [`${line}a`, 'error too-long'],
    ],
  ],
  ['customer.headOffice.address.line2', ['', line], [[`${line}a`, 'error too-long']]],
  ['customer.headOffice.address.city', ['Oslo'], [['', 'error missing']]],
  [
    'customer.headOffice.address.country',
    ['NO'],
    [
      ['', 'error missing'],
      ['Norge', 'error country'],
      ['DK', 'info residency'],
    ],
  ],
  [
    'customer.headOffice.timeZone',
    ['Europe/Oslo', 'America/Argentina/Buenos_Aires', 'UTC'],
    [
      ['', 'error missing'],
      ['Oslo', 'error time-zone'],
      ['europe/oslo', 'error time-zone'],
      ['+01:00', 'error time-zone'],
      ['CET/Foo', 'error time-zone'],
    ],
  ],
  [
    'customer.headOffice.announcementLanguage',
    ['nb_NO'],
    [
      ['', 'error missing'],
      ['n', 'error language'],
    ],
  ],
  ['customer.headOffice.address.country', ['NO'], [['US', 'warning state']], 'customer.headOffice.address.state'],
  [
    'customer.billingAddress',
    [null],
    [[{ line1: '', line2: '', city: '', state: '', postalCode: '', country: '' }, 'error missing']],
    'customer.billingAddress.line1',
  ],
  [
    'locations.0.name',
    ['Bergen'],
    [
      ['', 'error missing'],
      ['oslo  hq', 'error location-same-name'],
    ],
  ],
  ['locations.0.address.postalCode', ['5013'], [['', 'error postal-for-payloads']]],
  ['users.0.firstName', ['Kari'], [['', 'error missing']]],
  [
    'users.0.email',
    ['k@fjord.no'],
    [
      ['', 'error missing'],
      ['k@', 'error email'],
    ],
  ],
  ['users.1.email', ['x@fjord.no'], [['KARI.BERG@fjordkraft.example', 'error email-twice']]],
  [
    'users.0.package',
    ['Webex Suite'],
    [
      ['', 'error missing'],
      ['Webex Voice', 'error user-package-not-bought'],
    ],
  ],
  [
    'users.0.location',
    ['Oslo HQ', 'oslo hq'],
    [
      ['', 'error missing'],
      ['Oslo H', 'error location-unknown'],
    ],
  ],
  [
    'users.0.extension',
    ['1001', '0042', ''],
    [
      ['12a', 'error extension'],
      ['1', 'error extension'],
      ['12345678901', 'error extension'],
      ['112', 'error extension-emergency'],
    ],
  ],
  ['users.1.extension', ['1002'], [['1001', 'error extension-twice']]],
  [
    'users.0.phoneNumber',
    ['+4721531001', ''],
    [
      ['4721531001', 'error phone'],
      ['+47 21 53 10 01', 'error phone'],
      ['+4755530001', 'error number-other-location'],
      ['+4721531000', 'error number-reserved'],
      ['+4721539999', 'error number-not-in-pool'],
    ],
  ],
  ['users.1.phoneNumber', ['+4721531002'], [['+4721531001', 'error number-twice']]],
  [
    'numbers.ranges.0.from',
    ['+4721531000'],
    [
      ['21531000', 'error range-number'],
      ['+47215310', 'error range-length'],
      ['+4721531100', 'error range-backwards'],
      ['+4721500000', 'error range-too-large'],
    ],
  ],
  ['numbers.ranges.1.from', ['+4755530000'], [['+47555300x', 'error range-number']]],
  [
    'numbers.ranges.0.location',
    ['Oslo HQ'],
    [
      ['', 'error missing'],
      ['Tromsø', 'error location-unknown'],
    ],
  ],
  ['numbers.reserved.0.number', ['+4721531000'], [['0', 'error phone']]],
  [
    'administrators.0.email',
    ['a@b.no'],
    [
      ['', 'error missing'],
      ['x', 'error email'],
    ],
  ],
  [
    'administrators.0.package',
    ['Webex Suite'],
    [
      ['', 'error missing'],
      ['Webex Calling', 'error administrator-package'],
    ],
  ],
]

describe('every field with its rule', () => {
  for (const [place, good, bad, where] of cases) {
    test(place, () => {
      for (const value of good) expect({ value, says: at(place, value, where) }).toEqual({ value, says: null })
      for (const [value, says] of bad) expect({ value, says: at(place, value, where) }).toEqual({ value, says })
    })
  }

  test('an add-on needs a package that carries it', () => {
    const plan = planWith('customer.packages', [
      { package: 'Webex Meetings', quantity: null },
      { package: 'Attendant Console', quantity: null },
    ])
    expect(checkPlan(plan).filter(({ id }) => id === 'addon-needs')).toMatchObject([
      { path: 'customer.packages.1.package', values: { package: 'Attendant Console' } },
    ])
  })

  test('the sample has nothing wrong', () => expect(checkPlan(samplePlan())).toEqual([]))

  test('ranges of two locations may not share a number', () => {
    const plan = samplePlan()
    plan.numbers.ranges.push({ location: 'Bergen', from: '+4721531050', to: '+4721531150' })
    expect(checkPlan(plan)).toMatchObject([{ id: 'range-overlap', severity: 'error', path: 'numbers.ranges.3.from' }])
  })

  test('a location written twice is found: same name, near name, same address; numbered ones are not taken for each other', () => {
    const plan = samplePlan()
    const [bergen] = plan.locations
    if (bergen === undefined) throw new Error('the sample has locations')
    const office = (name: string, line1: string) => ({ ...bergen, name, address: { ...bergen.address, line1 } })
    plan.locations = [
      bergen,
      office('BERGEN', 'Torget 1'),
      office('Bergenn sentrum', 'Torget 2'),
      office('Bergen sentrum', 'Torget 3'),
      office('Kai 3', 'strandgaten 4'),
      office('Lager 1', 'Vei 1'),
      office('Lager 2', 'Vei 2'),
    ]
    const found = checkPlan(plan).filter(({ step, id }) => step === 'locations' && id.startsWith('location-'))
    expect(found.map(({ id, path }) => `${id} ${path}`)).toEqual([
      'location-same-name locations.1.name',
      'location-near-name locations.3.name',
      'location-same-address locations.4.name',
    ])
  })
})

describe('words', () => {
  test('every problem has its sentence in three languages, and none leaves a blank', () => {
    for (const [field, , bad, where] of cases)
      for (const [value] of bad)
        for (const problem of checkPlan(planWith(field, value)).filter(({ path }) => path === (where ?? field)))
          for (const words of Object.values(onboardingWords))
            expect(problemText(words, problem)).not.toMatch(/[{}]|undefined|\w+\.\w+\.\w+$/)
    for (const words of Object.values(onboardingWords)) expect(Object.keys(words.problem).sort()).toEqual([...problemIds].sort())
  })
})

describe('a plan of any stage', () => {
  test('can be read and written, empty too', () => {
    expect(readPlan({})).toEqual({ ok: true, value: emptyPlan() })
    expect(readPlan(JSON.parse(JSON.stringify(samplePlan())))).toEqual({ ok: true, value: samplePlan() })
  })

  test.each([
    [{ customer: { nam: 'x' } }, '/customer/nam'],
    [{ users: [{ package: 'Gold' }] }, '/users/0/package'],
    [{ customer: { packages: [{ quantity: 'ten' }] } }, '/customer/packages/0/quantity'],
    [{ numbers: { order: 'random' } }, '/numbers/order'],
    [[], ''],
    [null, ''],
    ['plan', ''],
  ])('%j is refused with the path', (value, path) => {
    const read = readPlan(value)
    expect(read).toMatchObject({ ok: false, error: { path } })
  })

  test('only the hand-over is gated, and only by what it needs', () => {
    const noId = planStatus(planWith('template.provisioningId', ''))
    expect(noId.gates).toEqual({ checklist: 0, payloads: 1, batch: 0 })
    expect(planStatus(planWith('customer.supportedLocation', false)).gates).toEqual({ checklist: 1, payloads: 1, batch: 0 })
    expect(planStatus(planWith('users.0.email', 'x')).gates).toEqual({ checklist: 1, payloads: 1, batch: 1 })
    expect(planStatus(planWith('template.pstnProvider', 'Telco')).gates).toEqual({ checklist: 0, payloads: 0, batch: 0 })
  })

  test('who acts next: whoever prepares, the reviewer, the hand-over, then the partner administrator in the vendor’s order', () => {
    const order: unknown[] = []
    let plan = planWith('users.0.email', '')
    order.push(planStatus(plan).next)
    plan = samplePlan()
    for (let turn = 0; turn < 20; turn++) {
      const { next } = planStatus(plan)
      order.push(next)
      if (next === null) break
      plan = withProgress(plan, { step: next.step, done: true, note: '', date: '2026-11-21', who: 'Kari' })
    }
    expect(order).toEqual([
      { step: 'users', actor: 'preparer' },
      { step: 'review', actor: 'reviewer' },
      { step: 'handOver', actor: 'preparer' },
      ...['template', 'customer', 'locations', 'users', 'numbers', 'administrators', 'setupAssist', 'firstBatch'].map((step) => ({
        step,
        actor: 'partnerAdministrator',
      })),
      null,
    ])
  })

  test('a tick counts although something is missing: it was done elsewhere', () => {
    const plan = withProgress(planWith('users.0.email', ''), {
      step: 'users',
      done: true,
      note: 'typed in by phone',
      date: '2026-11-20',
      who: 'Ola',
    })
    const users = planStatus(plan).steps.find(({ step }) => step === 'users')
    expect(users).toMatchObject({ state: 'done', actor: null, progress: { note: 'typed in by phone', date: '2026-11-20', who: 'Ola' } })
  })

  test.each(['2026-02-30', '21.11.2026', 'yesterday'])('%s is no day', (date) => {
    const plan = withProgress(samplePlan(), { step: 'review', done: true, note: '', date, who: '' })
    expect(checkPlan(plan)).toMatchObject([{ id: 'date', path: 'progress.0.date' }])
  })
})
