import Ajv from 'ajv'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { checklistAsHtml, checklistAsMarkdown, checklistAsText, checklistOf } from '../../../../shared/core/onboarding/checklist.ts'
import { planPackageChange, type PackageMove } from '../../../../shared/core/onboarding/change-package.ts'
import { checkPlan } from '../../../../shared/core/onboarding/check-plan.ts'
import { compareTemplates } from '../../../../shared/core/onboarding/compare-templates.ts'
import { firstBatch, standardHeader } from '../../../../shared/core/onboarding/first-batch.ts'
import {
  customersFromJson,
  customersFromRows,
  locationsFromJson,
  locationsFromRows,
} from '../../../../shared/core/onboarding/import-records.ts'
import { payloadSchemas } from '../../../../shared/core/onboarding/payload-schemas.ts'
import { payloadFiles } from '../../../../shared/core/onboarding/payloads.ts'
import { emptyUser, planFileSchema, type OnboardingPlan } from '../../../../shared/core/onboarding/plan.ts'
import { profileOfPlan } from '../../../../shared/core/onboarding/profile-of-plan.ts'
import { renameLocation } from '../../../../shared/core/onboarding/rename-location.ts'
import { projectRoot } from '../../../support/process.ts'
import { planWith, samplePlan } from '../../../support/plans.ts'

const vendor = JSON.parse(readFileSync(path.join(projectRoot, 'tests/fixtures/openapi/webex-wholesale-requests.json'), 'utf8')) as {
  readonly requests: Readonly<Record<string, object>>
  readonly components: object
  readonly examples: Readonly<Record<string, unknown>>
}
const ajv = new Ajv({ strict: false, allErrors: true })
const requests = Object.keys(payloadSchemas) as (keyof typeof payloadSchemas)[]
const ofVendor = new Map(requests.map((name) => [name, ajv.compile({ ...vendor.requests[name], components: vendor.components })]))
const ofOurs = new Map(requests.map((name) => [name, ajv.compile(JSON.parse(JSON.stringify(payloadSchemas[name])) as object)]))
const files = {
  '01-customers-validate.json': requests[0],
  '02-customers.json': requests[1],
  '03-locations.json': requests[2],
  '04-subscribers.json': requests[3],
}

/** Every body of the plan, with the request it is for. */
function bodies(plan: OnboardingPlan): readonly (readonly [request: keyof typeof payloadSchemas, body: unknown])[] {
  return payloadFiles(plan).flatMap(({ name, json }) => {
    const request = files[name as keyof typeof files]
    if (request === undefined) return []
    return (Array.isArray(json) ? (json as unknown[]) : [json]).map((body) => [request, body] as const)
  })
}
function expectValid(plan: OnboardingPlan): void {
  expect(checkPlan(plan).filter(({ gates }) => gates.includes('payloads'))).toEqual([])
  for (const [request, body] of bodies(plan))
    for (const schemas of [ofVendor, ofOurs]) {
      const check = schemas.get(request)
      if (check === undefined) throw new Error(request)
      expect({ request, errors: check(body) ? [] : check.errors }).toEqual({ request, errors: [] })
    }
}

describe('payloads', () => {
  test('of the sample fit the vendor’s schemas and our stricter ones', () => {
    expectValid(samplePlan())
    expect(bodies(samplePlan())).toHaveLength(1 + 1 + 2 + 4)
  })

  test('of an existing organisation, with another billing address, without calling, with every package', () => {
    const existing = planWith('customer.organisation', 'existing')
    existing.customer.orgId = 'Y2lz'
    existing.customer.billingAddress = { line1: 'Box 1', line2: '', city: 'Lund', state: '', postalCode: '', country: 'SE' }
    expectValid(existing)
    expect(bodies(existing)[1]?.[1]).toMatchObject({ orgId: 'Y2lz', address: { addressLine1: 'Box 1', country: 'SE' } })

    const meetings = planWith('customer.packages', [{ package: 'Webex Meetings', quantity: null }])
    meetings.users = [
      { ...emptyUser(), firstName: 'A', lastName: 'B', email: 'a@b.no', package: 'Webex Meetings', phoneNumber: '', extension: '' },
    ]
    meetings.numbers.ranges = []
    meetings.customer.createdWith = ''
    meetings.administrators = []
    expectValid(meetings)
    expect(JSON.stringify(bodies(meetings))).not.toContain('"calling"')
  })

  test('a vendor’s schema that the fixture holds does refuse what is wrong', () => {
    expect(ofVendor.get('POST /wholesale/customers')?.({ packages: ['gold'] })).toBe(false)
    expect(ofVendor.get('POST /wholesale/subscribers')?.({ email: 'a@b.no' })).toBe(false)
  })

  test('name what only the API can tell, and fill it once it is known', () => {
    const plan = samplePlan()
    expect(bodies(plan)[6]?.[1]).toMatchObject({
      customerId: '{{customerId}}',
      provisioningParameters: { locationId: '{{locationId:Bergen}}', extension: '0042' },
    })
    plan.customer.customerId = 'C1'
    for (const location of plan.locations) location.webexId = `L-${location.name}`
    expect(bodies(plan)[6]?.[1]).toMatchObject({ customerId: 'C1', provisioningParameters: { locationId: 'L-Bergen' } })
  })

  test('carry the quantities as limits, where the API has a place for them', () => {
    const plan = planWith('customer.packages.3', { package: 'Cisco Calling Plan', quantity: 3 })
    expect(checkPlan(plan)).toMatchObject([{ id: 'limit-not-in-api', severity: 'info' }])
    expect(bodies(plan)[1]?.[1]).toMatchObject({
      packages: ['webex_suite', 'webex_calling', 'common_area_calling', 'cisco_calling_plan'],
      provisioningParameters: { packages: { limits: { webex_suite: 10, webex_calling: 10, common_area_calling: 2 } } },
    })
    expectValid(plan)
  })

  test('come with the calls in order', () => {
    const json = payloadFiles(samplePlan())[0]?.json as {
      readonly calls: readonly { readonly order: number; readonly path: string; readonly about: string }[]
    }
    expect(json.calls.map(({ order, path: where, about }) => `${order} ${where} ${about}`)).toEqual([
      '1 /v1/wholesale/customers/validate Fjordkraft Verksted AS',
      '2 /v1/wholesale/customers Fjordkraft Verksted AS',
      '3 /v1/locations Bergen',
      '4 /v1/locations Aarhus',
      '5 /v1/wholesale/subscribers kari.berg@fjordkraft.example',
      '6 /v1/wholesale/subscribers ola.dahl@fjordkraft.example',
      '7 /v1/wholesale/subscribers ingrid.ostby@fjordkraft.example',
      '8 /v1/wholesale/subscribers soren.kjaer@fjordkraft.example',
    ])
  })
})

describe('the schema for people', () => {
  test('takes the sample and an empty plan, and is the one in the docs', () => {
    const schema = planFileSchema() as object
    const check = new Ajv({ strict: false, validateSchema: false }).compile(
      Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema')),
    )
    expect(check(JSON.parse(readFileSync(path.join(projectRoot, 'resources/samples/plan-nordlys.json'), 'utf8')))).toBe(true)
    expect(check({})).toBe(true)
    expect(check({ customer: { nam: '' } })).toBe(false)
    expect(JSON.parse(readFileSync(path.join(projectRoot, 'docs/onboarding-plan.schema.json'), 'utf8'))).toEqual(schema)
  })
})

describe('the checklist', () => {
  test.each([
    [
      'en',
      [
        '1. Onboarding template',
        '2. Create customer',
        '3. Set up customer',
        '4. Administrators',
        '5. First batch, by file',
        '6. Setup assist',
      ],
    ],
    [
      'nb',
      ['1. Onboardingmal', '2. Opprett kunde', '3. Konfigurer kunde', '4. Administratorer', '5. Første brukerfil', '6. Oppsettshjelp'],
    ],
    [
      'da',
      [
        '1. Onboarding-skabelon',
        '2. Opret kunde',
        '3. Opsætning af kunde',
        '4. Administratorer',
        '5. Første brugerfil',
        '6. Engrosassistent',
      ],
    ],
  ] as const)('in %s goes through the wizards in the vendor’s order', (language, titles) => {
    const list = checklistOf(samplePlan(), language, '2026-11-21')
    expect(list.parts.map(({ title }) => title)).toEqual(titles)
    const text = checklistAsText(list)
    const order = [
      'Nordlys standard',
      'Nordlys Telefoni',
      'FK-2026-017',
      'Attendant Console',
      'Storgata 17',
      'Strandgaten 4',
      '+4721531001',
      '14 desk phones',
    ].map((value) => text.indexOf(value))
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(order.every((place) => place > 0)).toBe(true)
    for (const written of [text, checklistAsMarkdown(list), checklistAsHtml(list)]) expect(written).not.toMatch(/\{\w+\}|undefined/)
  })

  test('says the vendor’s own Danish words, with the English ones beside them', () => {
    const text = checklistAsText(checklistOf(samplePlan(), 'da', ''))
    for (const word of [
      '"Skabeloner" (Templates)',
      '"Webex til engroshandel" (Webex for Wholesale)',
      'Klargørings-id',
      'Opsætning af kunde',
      'Tilføj og bekræft placeringer',
    ])
      expect(text).toContain(word)
  })

  test('runs no script that stands in a name', () => {
    const html = checklistAsHtml(checklistOf(planWith('customer.name', '<script>alert(1)</script>"\'&'), 'en', ''))
    expect(html).not.toContain('<script')
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;')
  })

  test('sends more users than the form takes by file, and says so', () => {
    const plan = samplePlan()
    plan.users = Array.from({ length: 26 }, (_, n) => ({
      ...emptyUser(),
      firstName: 'A',
      lastName: 'B',
      email: `u${n}@x.no`,
      package: 'Webex Suite' as const,
      location: 'Oslo HQ',
      extension: String(3000 + n),
    }))
    const text = checklistAsText(checklistOf(plan, 'en', ''))
    expect(text).toContain('26 users are too many for the form (25 at a time)')
    expect(text).not.toContain('u25@x.no')
  })

  test('shows what was ticked elsewhere, and the advice against a PSTN provider', () => {
    const plan = planWith('template.pstnProvider', 'Telco')
    plan.progress = [{ step: 'customer', done: true, note: '', date: '2026-11-20', who: 'Ola' }]
    const text = checklistAsText(checklistOf(plan, 'en', ''))
    expect(text).toContain('2. Create customer  (done 2026-11-20 Ola)')
    expect(text).toContain('Cisco advises against this setting')
  })
})

describe('the first batch', () => {
  test('has the standard header, one TRUE a user and a plus before every number', () => {
    const { header, rows, withoutColumn } = firstBatch(samplePlan())
    expect(header).toEqual(standardHeader)
    expect(withoutColumn).toEqual([])
    const user = Object.fromEntries(header.map((name, column) => [name, rows[2]?.[column]]))
    expect(user).toMatchObject({
      'First Name': 'Ingrid',
      'User ID/Email (Required)': 'ingrid.ostby@fjordkraft.example',
      Extension: '0042',
      'Phone Number': '+4755530042',
      Location: 'Bergen',
      'Preferred Webex Site': 'fjordkraft.webex.com',
      'Jabber Calling': 'FALSE',
      'Webex Suite': 'TRUE',
      'Webex Calling': 'FALSE',
      'Basic Messaging': '',
    })
  })

  test('takes the customer’s own header, and says what it has no column for', () => {
    const header = ['User ID/Email (Required)', 'Webex Suite [Sub1]', 'Own column']
    const made = firstBatch(samplePlan(), { name: 'x', header })
    expect(made.rows[0]).toEqual(['kari.berg@fjordkraft.example', 'TRUE', ''])
    expect(made.withoutColumn).toEqual(['Webex Calling'])
  })

  test('comes with the profile that switches the rules on', () => {
    const profile = profileOfPlan(samplePlan(), {
      name: 'old',
      header: ['A'],
      packages: [{ package: 'Webex Suite', column: 'Webex Suite [Sub1]' }],
    })
    expect(profile).toMatchObject({
      name: 'Fjordkraft Verksted AS',
      createdWith: 'Webex Suite',
      header: ['A'],
      packages: [
        { package: 'Webex Suite', column: 'Webex Suite [Sub1]', limit: 10 },
        { package: 'Webex Calling', limit: 10 },
      ],
      locations: [{ name: 'Oslo HQ', country: 'NO' }, { name: 'Bergen' }, { name: 'Aarhus', country: 'DK' }],
      sites: ['fjordkraft.webex.com'],
    })
    expect(profile.numbers).toHaveLength(100 + 100 + 20)
    expect(profile.wholesale).toBeUndefined()
  })

  test('and with the IDs that Webex gave, so that later batches can be sent to the API', () => {
    const plan = planWith('locations.0.webexId', 'loc-1')
    const known = { ...plan, customer: { ...plan.customer, customerId: 'cust-1' } }
    expect(profileOfPlan(known, { name: 'old', wholesale: { customerId: 'before', subPartnerOrgId: 'org-1' } }).wholesale).toEqual({
      customerId: 'cust-1',
      subPartnerOrgId: 'org-1',
      locations: [{ name: 'Bergen', id: 'loc-1' }],
    })
  })
})

describe('templates', () => {
  test('are compared field by field', () => {
    const { template } = samplePlan()
    expect(compareTemplates(template, template)).toEqual([])
    expect(compareTemplates(template, { ...template, brandName: 'Other', disableCallOnWebex: true })).toEqual([
      { field: 'brandName', before: 'Nordlys Telefoni', after: 'Other' },
      { field: 'disableCallOnWebex', before: false, after: true },
    ])
  })
})

test('users and numbers follow a location that is renamed, unless another one still has the name', () => {
  const renamed = planWith('locations.0.name', 'Bergen sentrum')
  const followed = renameLocation(renamed, 'Bergen', 'Bergen sentrum')
  expect(followed.users[2]?.location).toBe('Bergen sentrum')
  expect(followed.numbers.ranges[1]?.location).toBe('Bergen sentrum')
  expect(checkPlan(followed)).toEqual([])
  const twin = planWith('locations.1.name', 'Bergen')
  expect(renameLocation(twin, 'Bergen', 'Kai')).toBe(twin)
  expect(renameLocation(renamed, '', 'x')).toBe(renamed)
})

describe('import', () => {
  test('locations from columns in three languages; what means nothing is named', () => {
    const rows = locationsFromRows(
      ['Navn', 'Adresse', 'Postnr', 'Poststed', 'Land', 'Tidssone', 'Språk', 'Etasje'],
      [
        ['Bergen', 'Kai 1', '0042', 'Bergen', 'no', 'Europe/Oslo', 'nb_NO', '3'],
        ['', '', '', '', '', '', '', ''],
      ],
    )
    expect(rows.unknown).toEqual(['Etasje'])
    expect(rows.items).toMatchObject([
      {
        name: 'Bergen',
        address: { line1: 'Kai 1', postalCode: '0042', city: 'Bergen', country: 'NO' },
        timeZone: 'Europe/Oslo',
        emailLanguage: 'nb_NO',
        announcementLanguage: 'nb_NO',
      },
    ])
  })

  test('locations from an answer of GET /locations', () => {
    const answer = {
      items: [
        {
          id: 'L1',
          name: 'Denver',
          orgId: 'O',
          timeZone: 'America/Denver',
          preferredLanguage: 'en_us',
          address: { address1: '1 Main', city: 'Denver', state: 'CO', postalCode: '80014', country: 'US' },
        },
      ],
    }
    expect(locationsFromJson(answer).items).toMatchObject([
      { webexId: 'L1', name: 'Denver', timeZone: 'America/Denver', address: { line1: '1 Main', state: 'CO' } },
    ])
  })

  test('customers from the vendor’s own example of GET /wholesale/customers', () => {
    const { items } = customersFromJson(vendor.examples['GET /wholesale/customers'])
    expect(items).toMatchObject([
      {
        customer: {
          organisation: 'existing',
          externalId: 'c1677a16-557a-4fb4-b48f-24adde57ec99',
          headOffice: { address: { line1: '771 Alder Drive', state: 'CA', country: 'US' } },
        },
      },
    ])
    expect(items[0]?.customer.packages.map((line) => line.package)).toContain('Customer Assist')
  })

  test('customers from a table, and a plan from its own file', () => {
    const { items } = customersFromRows(
      ['Company', 'Administrator', 'External ID', 'Packages', 'City'],
      [['Fjord AS', 'a@b.no', '7', 'Webex Suite; webex_calling', 'Oslo']],
    )
    expect(items).toMatchObject([
      {
        customer: {
          name: 'Fjord AS',
          adminEmail: 'a@b.no',
          externalId: '7',
          packages: [{ package: 'Webex Suite' }, { package: 'Webex Calling' }],
          headOffice: { address: { city: 'Oslo' } },
        },
      },
    ])
    expect(customersFromJson(samplePlan()).items).toEqual([samplePlan()])
  })

  test.each([[{}], [[]], [42], ['x'], [{ items: 'no' }], [{ items: [null, 1, 'x'] }]])('%j holds nothing', (value) => {
    expect(locationsFromJson(value).items).toEqual([])
    expect(customersFromJson(value).items).toEqual([])
  })
})

describe('changing packages', () => {
  const user = (patch: Partial<PackageMove> = {}): PackageMove => ({
    email: 'a@b.no',
    from: 'Webex Meetings',
    phoneNumber: '',
    extension: '',
    location: '',
    site: 's.webex.com',
    isAdministrator: false,
    ...patch,
  })
  test.each([
    ['calling asks for number or extension and location', user(), 'Webex Calling', { needs: ['number-or-extension', 'location'] }],
    ['an extension is enough', user({ extension: '0042', location: 'Oslo' }), 'Webex Calling', { needs: [] }],
    ['a number in a wrong form is asked for again', user({ phoneNumber: '4721', location: 'Oslo' }), 'Webex Suite', { needs: ['number'] }],
    [
      'several numbers are numbers',
      user({ phoneNumber: 'PRIMARY|+4721531001,+4721531002', location: 'Oslo' }),
      'Webex Suite',
      { needs: [] },
    ],
    [
      'a site is asked for where there is none',
      user({ from: 'Webex Voice', extension: '12', location: 'Oslo', site: '' }),
      'Webex Suite',
      { needs: ['site'] },
    ],
    ['leaving calling loses voicemail and number', user({ from: 'Webex Suite' }), 'Webex Meetings', { losses: ['calling'] }],
    ['Voice has no meetings', user({ from: 'Webex Suite', extension: '12', location: 'O' }), 'Webex Voice', { losses: ['meetings'] }],
    [
      'Suite to Standard is refused at once',
      user({ from: 'Webex Suite', extension: '12', location: 'O' }),
      'Webex Calling Standard',
      { inTwoSteps: true },
    ],
    [
      'Standard to Suite is not',
      user({ from: 'Webex Calling Standard', extension: '12', location: 'O' }),
      'Webex Suite',
      { inTwoSteps: false },
    ],
    ['the same package is no change', user({ from: 'Webex Suite' }), 'Webex Suite', { refused: 'same' }],
    [
      'an administrator keeps the level',
      user({ from: 'Webex Suite', isAdministrator: true }),
      'Webex Meetings',
      { refused: 'administrator' },
    ],
  ] as const)('%s', (_, move, to, expected) => {
    expect(planPackageChange([move], to, 'Webex Suite').moves[0]).toMatchObject(expected)
  })
})
