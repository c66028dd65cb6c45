import Ajv from 'ajv'
import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { BatchItem } from '../../../../shared/core/batch/batch.ts'
import { packageNames } from '../../../../shared/core/catalogue/packages.ts'
import { callingParameters, newSubscriberBody, subscriberSchemas } from '../../../../shared/core/wholesale/bodies.ts'
import { wholesaleFiles, type PayloadManifest } from '../../../../shared/core/wholesale/payload-files.ts'
import { isPlainlySound, planCalls, wantedUsers, type PlanFacts } from '../../../../shared/core/wholesale/plan-calls.ts'
import { effectRequest, lookUpRequest, precheckRequest } from '../../../../shared/core/wholesale/requests.ts'
import { projectRoot } from '../../../support/process.ts'

const vendor = JSON.parse(readFileSync(path.join(projectRoot, 'tests/fixtures/openapi/webex-wholesale-subscribers.json'), 'utf8')) as {
  readonly calls: Readonly<Record<string, { readonly request?: object }>>
  readonly components: object
}
const ajv = new Ajv({ strict: false, allErrors: true })
const schemas = new Map(
  Object.entries(vendor.calls).flatMap(([name, { request }]) =>
    request === undefined ? [] : [[name, ajv.compile({ ...request, components: vendor.components })] as const],
  ),
)

const link = { customerId: 'cust', locations: [{ name: 'Oslo HQ', id: 'loc-1' }] }
const facts: PlanFacts = { link, isInStore: () => true, userOf: () => null }
const item = (more: Partial<BatchItem>): BatchItem => ({
  number: 0,
  intent: 'add',
  email: ' kari@example.no ',
  formerEmail: null,
  row: 2,
  from: null,
  to: 'Webex Calling',
  cells: cells({ 'First Name': 'Kari', 'Last Name': 'Berg', Extension: '2301', Location: 'Oslo HQ' }),
  ...more,
})
const cells = (after: Readonly<Record<string, string>>): BatchItem['cells'] =>
  Object.entries(after).map(([column, text]) => ({ column, before: '', after: text }))
const planOne = (more: Partial<BatchItem>, given: Partial<PlanFacts> = {}) => planCalls([item(more)], { ...facts, ...given })[0]!

describe('an item as a call', () => {
  test('a new user with number, extension and location; other columns are named as not carried', () => {
    const planned = planOne({
      cells: cells({
        'First Name': ' Kari ',
        'Last Name': 'Berg',
        'Phone Number': 'REMOVE|+4721000001,PRIMARY|+4721000002',
        Location: 'Oslo HQ',
        Department: 'Salg',
      }),
    })
    expect(planned).toEqual({
      number: 0,
      row: 2,
      intent: 'add',
      email: 'kari@example.no',
      leftOut: null,
      notCarried: ['Department'],
      call: {
        kind: 'add',
        package: 'webex_calling',
        body: {
          customerId: 'cust',
          email: 'kari@example.no',
          packages: ['webex_calling'],
          provisioningParameters: { firstName: 'Kari', lastName: 'Berg', primaryPhoneNumber: '+4721000002', locationId: 'loc-1' },
        },
      },
    })
  })

  test('Webex Meetings takes no number; one who leaves it for calling brings number and location from the store', () => {
    expect(planOne({ to: 'Webex Meetings' }).call).toMatchObject({
      body: { packages: ['webex_meetings'], provisioningParameters: { firstName: 'Kari', lastName: 'Berg' } },
    })
    const change = { intent: 'packageChange', from: 'Webex Meetings', to: 'Webex Calling', cells: cells({ Extension: '2305' }) } as const
    const known = { email: 'kari@example.no', package: 'Webex Calling', cells: { Location: 'Oslo HQ', Extension: '1' } } as const
    expect(planOne(change, { userOf: () => known }).call).toEqual({
      kind: 'change',
      from: 'webex_meetings',
      package: 'webex_calling',
      body: { packages: ['webex_calling'], provisioningParameters: { extension: '2305', locationId: 'loc-1' } },
    })
    expect(wantedUsers([item(change), item({})])).toEqual(['kari@example.no'])
  })

  test('between calling packages only the package goes', () => {
    expect(planOne({ intent: 'packageChange', from: 'Webex Calling', to: 'Webex Suite', cells: cells({ Extension: '9' }) })).toMatchObject({
      call: { kind: 'change', body: { packages: ['webex_suite'] } },
      notCarried: ['Extension'],
    })
  })

  test.each<readonly [string, Partial<BatchItem>, Partial<PlanFacts>, object]>([
    ['another cell', { intent: 'update', cells: cells({ Title: 'x' }) }, {}, { kind: 'not-in-api', detail: 'Title' }],
    ['another email', { intent: 'rename', formerEmail: 'k@example.no', cells: [] }, {}, { kind: 'not-in-api' }],
    ['what the store has not applied', {}, { isInStore: () => false }, { kind: 'not-in-store' }],
    [
      'a location without an ID',
      { cells: cells({ 'First Name': 'K', 'Last Name': 'B', Location: 'Bergen', Extension: '2301' }) },
      {},
      { kind: 'no-location-id', detail: 'Bergen' },
    ],
    [
      'a calling package without a number',
      { cells: cells({ 'First Name': 'K', 'Last Name': 'B', Location: 'Oslo HQ' }) },
      {},
      { kind: 'unfit', detail: 'Extension, Phone Number' },
    ],
    [
      'a number that is none',
      { cells: cells({ 'First Name': 'K', 'Last Name': 'B', 'Phone Number': '21000001' }) },
      {},
      { kind: 'unfit', detail: expect.stringContaining('/provisioningParameters/primaryPhoneNumber') as string },
    ],
  ])('is left out with its reason: %s', (_, more, given, why) => {
    expect(planOne(more, given)).toMatchObject({ call: null, leftOut: why })
  })

  test('every item is a call that fits the vendor’s schema or is left out with a reason; never both, never neither', () => {
    const text = fc.constantFrom(
      '',
      ' ',
      'Kari',
      'Åse "T"',
      '+4721000001',
      '21000001',
      '2301',
      '1',
      'Oslo HQ',
      'Bergen',
      'PRIMARY|+4721000001',
    )
    const anyItem = fc.record({
      intent: fc.constantFrom('add', 'update', 'packageChange', 'remove', 'rename'),
      email: fc.constantFrom('a@example.no', 'no-email', 'a b@example.no'),
      from: fc.constantFrom(null, ...packageNames),
      to: fc.constantFrom(null, ...packageNames),
      cells: fc
        .record({ 'First Name': text, 'Last Name': text, Extension: text, 'Phone Number': text, Location: text, Title: text })
        .map((record) => cells(record)),
    })
    fc.assert(
      fc.property(anyItem, (more) => {
        const { call, leftOut } = planOne(more)
        expect((call === null) !== (leftOut === null)).toBe(true)
        if (call === null || call.kind === 'remove') return
        const check = schemas.get(call.kind === 'add' ? 'POST /wholesale/subscribers' : 'PUT /wholesale/subscribers/{subscriberId}')!
        expect(check(call.body) ? [] : check.errors).toEqual([])
        expect(call.body.packages).toHaveLength(1)
      }),
      { numRuns: 500 },
    )
  })
})

test('what is plainly sound fits our own schemas, so that it need not be held against them', () => {
  const own = {
    add: ajv.compile(JSON.parse(JSON.stringify(subscriberSchemas['POST /wholesale/subscribers'])) as object),
    change: ajv.compile(JSON.parse(JSON.stringify(subscriberSchemas['PUT /wholesale/subscribers/{subscriberId}'])) as object),
  }
  const text = fc.oneof(
    fc.constantFrom('', 'a', '2301', '+4721000001', '+0', 'a@b.no', 'a@b@c', '١٢٣', '23\n', '+4721000001\n'),
    fc.string(),
  )
  const parts = fc.record({
    customerId: text,
    email: text,
    firstName: text,
    lastName: text,
    phoneNumber: text,
    extension: text,
    locationId: text,
  })
  fc.assert(
    fc.property(parts, fc.constantFrom(...packageNames), (user, name) => {
      const add = { kind: 'add', package: 'x', body: newSubscriberBody({ ...user, package: name }) } as const
      const change = {
        kind: 'change',
        from: null,
        package: 'x',
        body: { packages: [name], provisioningParameters: callingParameters(user) },
      } as const
      if (isPlainlySound(add)) expect(own.add(add.body) ? [] : own.add.errors).toEqual([])
      const { packages, ...rest } = change.body
      if (isPlainlySound(change)) expect(own.change({ packages: ['webex_suite'], ...rest })).toBe(true)
      expect(packages).toHaveLength(1)
    }),
    { numRuns: 2000 },
  )
})

describe('requests and files', () => {
  const items = planCalls(
    [
      item({}),
      item({ number: 1, row: 3, email: 'ola+x@example.no', intent: 'packageChange', from: 'Webex Suite', to: 'Webex Voice', cells: [] }),
      item({ number: 2, row: 4, email: 'per@example.no', intent: 'remove', from: 'Webex Suite', to: null, cells: [] }),
      item({ number: 3, row: 5, intent: 'update', cells: cells({ Title: 'x' }) }),
    ],
    facts,
  )

  test('the sub-partner goes with every call, and nothing of a cell ends a query', () => {
    const sub = { ...link, subPartnerOrgId: 'org=1' }
    const [add, change] = items
    if (add?.call?.kind !== 'add' || change?.call == null) throw new Error('no call')
    expect(precheckRequest(sub, add.call).path).toBe('/wholesale/subscribers/validate?onBehalfOfSubPartnerOrgId=org%3D1')
    expect(lookUpRequest(sub, 'ola+x&email=y@example.no').path).toBe(
      '/wholesale/subscribers?customerId=cust&email=ola%2Bx%26email%3Dy%40example.no&max=100&onBehalfOfSubPartnerOrgId=org%3D1',
    )
    expect(effectRequest(link, change.call, 'id/1')).toEqual({
      method: 'PUT',
      path: '/wholesale/subscribers/id%2F1',
      body: { packages: ['webex_voice'] },
    })
  })

  test('a manifest says what is sent in which order, with checksums, and what is left out and why', () => {
    const about = { batch: 'b-1', digest: 'sha256:d', customer: 'Fjordkraft AS', madeAt: '2026-11-21T00:00:00.000Z', link }
    const files = wholesaleFiles(items, about, (text) => `hash of ${text.length}`)
    const manifest = files[0]?.json as PayloadManifest
    expect(files.map(({ name }) => name)).toEqual(['requests.json', '01-subscribers-add.json', '02-subscribers-change.json'])
    expect(manifest.files).toEqual(
      files.slice(1).map(({ name, text, json }) => ({ name, requests: (json as unknown[]).length, sha256: `hash of ${text.length}` })),
    )
    expect(manifest.requests).toMatchObject([
      { order: 1, item: 0, row: 2, method: 'POST', path: '/v1/wholesale/subscribers', file: '01-subscribers-add.json', index: 0 },
      { order: 2, item: 1, row: 3, method: 'PUT', path: '/v1/wholesale/subscribers/{{subscriberId}}', index: 0 },
      {
        order: 3,
        item: 2,
        row: 4,
        method: 'DELETE',
        path: '/v1/wholesale/subscribers/{{subscriberId}}',
        lookUp: '/v1/wholesale/subscribers?customerId=cust&email=per%40example.no',
      },
    ])
    expect(manifest.leftOut).toEqual([{ item: 3, row: 5, email: 'kari@example.no', reason: { kind: 'not-in-api', detail: 'Title' } }])
  })
})
