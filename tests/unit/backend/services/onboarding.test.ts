import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { createWorkbookWriter } from '../../../../backend/adapters/xlsx/write-workbook.ts'
import { emptyPlan, emptyTemplate } from '../../../../shared/core/onboarding/plan.ts'
import { must, onBench, problemOf, type Bench } from '../../../support/backend.ts'
import { planWith, samplePlan } from '../../../support/plans.ts'
import { users } from '../../../support/user-file.ts'

const contentOf = async ({ backend }: Bench, ticket: string): Promise<string> =>
  new TextDecoder().decode(must(await backend.readTicket(ticket)).bytes)

describe('plans', () => {
  test('are saved at any stage, found again, and gone after their name was typed', () =>
    onBench(async ({ api }) => {
      const empty = must(await api['onboarding.savePlan']({ plan: emptyPlan(), revision: 0 }))
      const named = must(await api['onboarding.savePlan']({ plan: { ...samplePlan(), id: empty.plan.id }, revision: empty.revision }))
      expect(must(await api['onboarding.plan']({ plan: empty.plan.id }))).toEqual(named)
      expect(must(await api['onboarding.list']({})).plans).toMatchObject([
        { id: empty.plan.id, name: 'Fjordkraft Verksted AS', users: 4, errors: 0, next: { step: 'review', actor: 'reviewer' } },
      ])
      expect(problemOf(await api['onboarding.deletePlan']({ plan: empty.plan.id, confirmedName: 'Other' })).code).toBe('guard/refused')
      must(await api['onboarding.deletePlan']({ plan: empty.plan.id, confirmedName: 'Fjordkraft Verksted AS' }))
      expect(problemOf(await api['onboarding.plan']({ plan: empty.plan.id })).code).toBe('plan/not-found')
    }))

  test('are not overwritten by a window that has not seen the last save', () =>
    onBench(async ({ api }) => {
      const first = must(await api['onboarding.savePlan']({ plan: samplePlan(), revision: 0 }))
      must(await api['onboarding.savePlan']({ plan: { ...first.plan, setupAssist: { wanted: false, note: '' } }, revision: 1 }))
      expect(problemOf(await api['onboarding.savePlan']({ plan: first.plan, revision: 1 }))).toMatchObject({ code: 'plan/changed' })
      expect(must(await api['onboarding.plan']({ plan: first.plan.id })).plan.setupAssist.wanted).toBe(false)
    }))

  test('that two windows save at the same moment keep one of them, and the other is told', () =>
    onBench(async ({ api }) => {
      const { plan } = must(await api['onboarding.savePlan']({ plan: samplePlan(), revision: 0 }))
      const notes = ['of the first', 'of the second', 'of the third']
      const saves = await Promise.all(
        notes.map((note) => api['onboarding.savePlan']({ plan: { ...plan, setupAssist: { wanted: true, note } }, revision: 1 })),
      )
      expect(saves.map((saved) => (saved.ok ? saved.value.revision : saved.error.code))).toEqual([2, 'plan/changed', 'plan/changed'])
      expect(must(await api['onboarding.plan']({ plan: plan.id })).plan.setupAssist.note).toBe('of the first')
    }))

  test('that are damaged on disk are named and left alone; the others still open', () =>
    onBench(async ({ api, folder }) => {
      const good = must(await api['onboarding.savePlan']({ plan: samplePlan(), revision: 0 }))
      await writeFile(path.join(folder, 'data/onboarding/plans/dead.json'), '{"revision":1,"plan":{"customer":{"nam')
      const list = must(await api['onboarding.list']({}))
      expect(list.damaged).toEqual(['plans/dead.json'])
      expect(list.plans.map(({ id }) => id)).toEqual([good.plan.id])
      expect(problemOf(await api['onboarding.plan']({ plan: 'dead' })).code).toBe('plan/invalid')
      expect(problemOf(await api['onboarding.plan']({ plan: '../settings' })).code).toBe('plan/not-found')
    }))
})

test('templates keep every version, serve several plans, and make none where nothing changed', () =>
  onBench(async ({ api }) => {
    const template = { ...emptyTemplate(), name: 'Standard', country: 'NO' }
    const first = must(await api['onboarding.saveTemplate']({ id: '', template, by: 'Kari', basedOn: 0 }))
    const second = must(
      await api['onboarding.saveTemplate']({ id: first.id, template: { ...template, brandName: 'Nord' }, by: 'Ola', basedOn: 1 }),
    )
    const same = must(
      await api['onboarding.saveTemplate']({ id: first.id, template: { ...template, brandName: 'Nord' }, by: 'Ola', basedOn: 2 }),
    )
    expect(second.versions.map(({ version, by, template: { brandName } }) => `${version} ${by} ${brandName}`)).toEqual([
      '1 Kari ',
      '2 Ola Nord',
    ])
    expect(same).toEqual(second)
    expect(problemOf(await api['onboarding.saveTemplate']({ id: first.id, template, by: 'Per', basedOn: 1 })).code).toBe('plan/changed')
    for (const name of ['A AS', 'B AS']) {
      const plan = planWith('customer.name', name)
      must(await api['onboarding.savePlan']({ plan: { ...plan, templateRef: { id: first.id, version: 2 } }, revision: 0 }))
    }
    expect(must(await api['onboarding.template']({ template: first.id })).plans).toBe(2)
  }))

describe('the hand-over', () => {
  test('is refused while something is missing, and each form waits only for its own', () =>
    onBench(async (bench) => {
      const { api } = bench
      const { plan } = must(await api['onboarding.savePlan']({ plan: planWith('template.provisioningId', ''), revision: 0 }))
      expect(problemOf(await api['onboarding.payloads']({ plan: plan.id }))).toMatchObject({ code: 'plan/incomplete', open: 1 })
      const list = must(await api['onboarding.checklist']({ plan: plan.id, language: 'nb', format: 'html' }))
      expect(list.name).toBe('fjordkraft-verksted-as-checklist-nb.html')
      expect(await contentOf(bench, list.ticket)).toContain('<html lang="nb">')
    }))

  test('gives payload files, a user file, and a draft with the customer’s profile that goes into a batch and the store', () =>
    onBench(async (bench) => {
      const { api } = bench
      const { plan } = must(await api['onboarding.savePlan']({ plan: samplePlan(), revision: 0 }))
      const payloads = must(await api['onboarding.payloads']({ plan: plan.id }))
      expect(payloads.map(({ name }) => name)).toEqual([
        'requests.json',
        '01-customers-validate.json',
        '02-customers.json',
        '03-locations.json',
        '04-subscribers.json',
      ])
      expect(JSON.parse(await contentOf(bench, payloads[2]?.ticket ?? ''))).toMatchObject({ externalId: 'FK-2026-017' })

      const made = must(await api['onboarding.firstBatch']({ plan: plan.id }))
      expect(made.withoutColumn).toEqual([])
      const state = must(await api['drafts.state']({ draftId: made.draftId }))
      expect(state).toMatchObject({ rows: 4, customer: 'Fjordkraft Verksted AS', findings: { error: 0 } })
      const batch = must(await api['batches.submit']({ draftId: made.draftId, by: 'Kari' }))
      must(await api['batches.decide']({ batch: batch.batch, by: 'Ola', decision: 'approved', digest: batch.digest }))
      expect(must(await api['batches.push']({ batch: batch.batch, by: 'Per' }))).toMatchObject({ state: 'applied', items: { applied: 4 } })
    }))
})

describe('imports', () => {
  test('customers from CSV become plans; a file without any is refused and makes none', () =>
    onBench(async ({ api, ticket }) => {
      const csv = 'Company;Administrator;Country;City\r\nÅs & Sønn AS;a@as.no;NO;Ås\r\nFjord ApS;b@fjord.dk;DK;Aarhus\r\n'
      expect(must(await api['onboarding.importCustomers']({ ticket: await ticket(csv, 'customers.csv') })).plans).toHaveLength(2)
      expect(
        must(await api['onboarding.list']({}))
          .plans.map(({ name }) => name)
          .sort(),
      ).toEqual(['Fjord ApS', 'Ås & Sønn AS'])
      expect(problemOf(await api['onboarding.importCustomers']({ ticket: await ticket('{"items":[]}', 'x.json') })).code).toBe(
        'file/unusable',
      )
      expect(problemOf(await api['onboarding.importCustomers']({ ticket: await ticket('{"items":', 'x.json') })).code).toBe('file/unusable')
      expect(must(await api['onboarding.list']({})).plans).toHaveLength(2)
    }))

  test('customers and locations from a workbook, their texts as they are', () =>
    onBench(async ({ api, backend }) => {
      const workbook = async (name: string, header: readonly string[], rows: readonly (readonly string[])[]): Promise<string> => {
        const pieces: Uint8Array[] = []
        await createWorkbookWriter().write({ write: async (bytes) => void pieces.push(bytes) }, [
          { name: 'Sheet', header: [...header], rows },
        ])
        return (await backend.registerBytes(name, Buffer.concat(pieces))).ticket
      }
      const customers = await workbook(
        'customers.xlsx',
        ['Company', 'Administrator', 'Country', 'City'],
        [['Ås & Sønn AS', 'a@as.no', 'NO', 'Ås']],
      )
      expect(must(await api['onboarding.importCustomers']({ ticket: customers })).plans).toHaveLength(1)
      const locations = await workbook(
        'locations.xlsx',
        ['Name', 'Address', 'Postal code', 'City', 'Country'],
        [['Bergen', 'Kai 1', '0042', 'Bergen', 'NO']],
      )
      expect(must(await api['onboarding.readLocations']({ ticket: locations })).items).toMatchObject([
        { name: 'Bergen', address: { postalCode: '0042' } },
      ])
    }))

  test('locations from pasted rows, and users from a draft', () =>
    onBench(async ({ api, ticket, draft }) => {
      const pasted = 'Name\tAddress\tPostal code\tCity\tCountry\tTime zone\tLanguage\nBergen\tKai 1\t0042\tBergen\tNO\tEurope/Oslo\tnb_NO\n'
      expect(must(await api['onboarding.readLocations']({ ticket: await ticket(pasted, 'locations.csv') })).items).toMatchObject([
        { name: 'Bergen', address: { postalCode: '0042' } },
      ])
      const { id } = await draft(users(3))
      const read = must(await api['onboarding.readUsers']({ source: { draftId: id } }))
      expect(read.users).toHaveLength(3)
      expect(read.users[0]).toMatchObject({
        email: 'user.0@fjordkraft.no',
        package: 'Webex Suite',
        location: 'Oslo HQ',
        extension: '2300',
        phoneNumber: '+4721538300',
      })
      const plain = 'First name,Last name,Email,Package,Location,Extension\nKari,Berg,k@x.no,webex voice,Oslo,0042\n'
      expect(must(await api['onboarding.readUsers']({ source: { ticket: await ticket(plain) } })).users).toMatchObject([
        { email: 'k@x.no', package: 'Webex Voice', extension: '0042' },
      ])
    }))
})

describe('changing packages', () => {
  test('makes one draft of the users who change, with what was answered, against how they stood', () =>
    onBench(async ({ api, draft }) => {
      const { id } = await draft(
        users(4, (n) => ({ package: 'Webex Meetings', ...(n === 1 ? { Extension: '', 'Phone Number': '', Location: '' } : {}) })),
      )
      const emails = ['user.0@fjordkraft.no', 'USER.1@fjordkraft.no', 'nobody@fjordkraft.no']
      const asked = { draftId: id, emails, to: 'Webex Suite' as const, answers: [] }
      const before = must(await api['onboarding.packageChange'](asked))
      expect(before.unknown).toEqual(['nobody@fjordkraft.no'])
      expect(before.change.moves.map(({ needs }) => needs)).toEqual([[], ['number-or-extension', 'location']])
      expect(problemOf(await api['onboarding.makePackageChange'](asked)).code).toBe('edit/impossible')

      const answers = [{ email: 'user.1@fjordkraft.no', phoneNumber: '', extension: '0042', location: 'Oslo HQ', site: '' }]
      const { drafts } = must(await api['onboarding.makePackageChange']({ ...asked, answers }))
      expect(drafts).toHaveLength(1)
      const state = must(await api['drafts.state']({ draftId: drafts[0]?.draftId ?? '' }))
      expect(state).toMatchObject({ rows: 2, changes: { packageChange: 2, add: 0, remove: 0 } })
    }))

  test('makes two drafts where the change is refused at once: away first, then the new one', () =>
    onBench(async ({ api, draft }) => {
      const { id } = await draft(users(2, (n) => ({ package: n === 0 ? 'Webex Suite' : 'Webex Meetings' })))
      const { drafts } = must(
        await api['onboarding.makePackageChange']({
          draftId: id,
          emails: ['user.0@fjordkraft.no', 'user.1@fjordkraft.no'],
          to: 'Webex Calling Standard',
          answers: [],
        }),
      )
      const states = await Promise.all(drafts.map(async ({ draftId }) => must(await api['drafts.state']({ draftId }))))
      expect(states.map(({ name, rows, changes }) => [name, rows, changes?.remove])).toEqual([
        ['package-change-1-of-2.csv', 1, 1],
        ['package-change-2-of-2.csv', 2, 0],
      ])
    }))
})
