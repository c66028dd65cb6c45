import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { customerName, must, onBench, problemOf, type Bench } from '../../../support/backend.ts'
import { userCells, userFile, users, type UserCells } from '../../../support/user-file.ts'

const base = users(8)
const changed = users(8, (n): UserCells => (n < 3 ? { Department: 'Salg' } : {}))
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

const errorFile = [
  'Row,What happened,Who',
  '2,"Cannot update user attributes. There is no rollback of the license change.",USER.0@fjordkraft.no',
  '4,User license could not be updated,user.2@fjordkraft.no',
  '9,Invalid phone number,user.7@fjordkraft.no',
  '3,Something,nobody@elsewhere.no',
].join('\n')

const rowsOf = async (api: Bench['api'], draftId: string): Promise<readonly (readonly string[])[]> => {
  const { columns } = must(await api['drafts.state']({ draftId }))
  const window = must(await api['drafts.window']({ draftId, from: 0, count: 100, columns: columns.map(({ index }) => index) }))
  return window.rows.map(({ cells }) => cells)
}

describe('Control Hub’s error file', () => {
  test('puts each message on its user, and is there after a restart of the draft', () =>
    onBench(async ({ api, draft, ticket }) => {
      const { id } = await draft(changed, { baseline: base })
      const state = must(await api['drafts.readImportErrors']({ draftId: id, ticket: await ticket(errorFile, 'errors.csv') }))
      expect(state.importErrors).toEqual({ name: 'errors.csv', total: 4, notFound: 1, attributes: 1, licence: 1 })
      must(await api['drafts.close']({ draftId: id }))
      const { errors, total } = must(await api['drafts.importErrors']({ draftId: id, from: 0, count: 100 }))
      expect(total).toBe(4)
      expect(errors.map(({ email, row, kind }) => [email, row, kind])).toEqual([
        ['USER.0@fjordkraft.no', 2, 'attributes-not-updated'],
        ['user.2@fjordkraft.no', 4, 'licence-not-updated'],
        ['user.7@fjordkraft.no', 9, 'other'],
        ['nobody@elsewhere.no', null, 'other'],
      ])
      expect(must(await api['drafts.forgetImportErrors']({ draftId: id })).importErrors).toBeUndefined()
    }))

  test('makes a draft of the failed users only, with their messages on them', () =>
    onBench(async ({ api, draft, ticket }) => {
      const { id } = await draft(changed, { baseline: base })
      must(await api['drafts.readImportErrors']({ draftId: id, ticket: await ticket(errorFile) }))
      const made = must(await api['drafts.failedUsers']({ draftId: id }))
      expect(made.users).toBe(3)
      expect(await rowsOf(api, made.draftId)).toEqual([changed[0], changed[2], changed[7]])
      const { errors } = must(await api['drafts.importErrors']({ draftId: made.draftId, from: 0, count: 9 }))
      expect(errors.map(({ rowId, row }) => [rowId, row])).toEqual([[0, 2], [1, 4], [2, 9], [null, null]]) // prettier-ignore
      const state = must(await api['drafts.state']({ draftId: made.draftId }))
      expect(state.changes).toMatchObject({ update: 2, unchanged: 1 })
    }))

  test('becomes two drafts where the package must be taken away and given again: the first deletes, the second is whole', () =>
    onBench(async ({ api, draft, ticket }) => {
      // What the file leaves blank comes from the baseline: after the first import nothing of the user is left.
      const sparse = changed.map((cells, n) => (n === 0 ? userCells(0, { Extension: '', 'Phone Number': '', Department: 'Salg' }) : cells))
      const { id } = await draft(sparse, { baseline: base })
      must(await api['drafts.readImportErrors']({ draftId: id, ticket: await ticket(errorFile) }))
      const pair = must(await api['drafts.reassignPair']({ draftId: id, rows: null }))
      expect(pair).toMatchObject({ users: 2, withoutPackage: [] })
      const first = must(await api['drafts.state']({ draftId: pair.unassign }))
      expect(first.name).toMatch(/1 of 2, DELETES users/u)
      expect(first.changes).toMatchObject({ remove: 2, add: 0, update: 0 })
      expect(first.findings.error).toBe(2)
      expect(first.byRule.map(({ rule }) => rule)).toContain('package/removal')
      const second = must(await api['drafts.state']({ draftId: pair.assign }))
      expect(second.name).toMatch(/2 of 2, after 1/u)
      expect(second.findings.error).toBe(0)
      const [kari] = await rowsOf(api, pair.assign)
      expect(kari).toEqual(userCells(0, { Department: 'Salg', 'User Status': '' }))
    }))

  test('is refused where it is none, and what cannot be given back is not taken away', () =>
    onBench(async ({ api, draft, ticket }) => {
      const { id } = await draft([...users(2), userCells(2, { package: null })])
      const wrong = await api['drafts.readImportErrors']({ draftId: id, ticket: await ticket('a,b\r\n1,2\r\n', 'x.csv') })
      expect(problemOf(wrong)).toMatchObject({ code: 'file/unusable', name: 'x.csv' })
      expect(problemOf(await api['drafts.failedUsers']({ draftId: id }))).toMatchObject({ code: 'edit/impossible' })
      expect(problemOf(await api['drafts.reassignPair']({ draftId: id, rows: [2] }))).toMatchObject({ code: 'edit/impossible' })
    }))

  test('of a batch makes a draft of its failed users, ready to be tried again', () =>
    onBench(async ({ api, submitted, ticket }) => {
      const { batch } = await submitted(changed, base)
      const made = must(await api['batches.failedUsers']({ batch, ticket: await ticket(errorFile) }))
      expect(made).toMatchObject({ users: 2, notFound: ['user.7@fjordkraft.no', 'nobody@elsewhere.no'] })
      expect(must(await api['drafts.state']({ draftId: made.draftId }))).toMatchObject({ rows: 2, customer: customerName })
      // The batch changes no package; the pair gives back the one that the baseline came with.
      const pair = must(await api['drafts.reassignPair']({ draftId: made.draftId, rows: null }))
      expect(pair).toMatchObject({ users: 2, withoutPackage: [] })
      const [again] = await rowsOf(api, pair.assign)
      expect(again).toEqual(userCells(0, { Department: 'Salg', 'User Status': '' }))
    }))
})

describe('a fresh export', () => {
  test('shows what landed, what did not, and what somebody else did; what did not land is a file to try again', () =>
    onBench(async ({ api, backend, submitted, ticket }) => {
      const { batch } = await submitted(changed, base)
      const fresh = users(8, (n): UserCells => (n === 0 ? { Department: 'Salg' } : n === 1 ? { Department: 'Lager' } : n === 5 ? { Location: 'Bergen' } : {})) // prettier-ignore
      const report = must(await api['batches.reconcile']({ batch, ticket: await ticket(userFile(fresh), 'fresh.csv') }))
      expect(report.counts).toEqual({ landed: 1, 'not-landed': 1, differently: 1 })
      expect(report.items.map(({ email, landing, columns }) => [email, landing, columns])).toEqual([
        ['user.1@fjordkraft.no', 'differently', [{ column: 'Department', wanted: 'Salg', found: 'Lager' }]],
        ['user.2@fjordkraft.no', 'not-landed', [{ column: 'Department', wanted: 'Salg', found: 'Drift' }]],
      ])
      expect(report.byOthers).toEqual([
        { email: 'user.5@fjordkraft.no', kind: 'changed', columns: [{ column: 'Location', before: 'Oslo HQ', found: 'Bergen' }] },
      ])
      const again = must(await backend.readTicket(report.catchUp!.ticket))
      expect(Buffer.from(again.bytes).toString('utf8').split('\r\n').slice(1, 3).map((line) => line.split(',')[3])).toEqual(['user.1@fjordkraft.no', 'user.2@fjordkraft.no']) // prettier-ignore
      const whole = must(await api['batches.reconcile']({ batch, ticket: await ticket(userFile(changed)) }))
      expect(whole).toMatchObject({ counts: { landed: 3, 'not-landed': 0, differently: 0 }, items: [], byOthers: [], catchUp: null })
    }))

  test('is refused where nobody and no package can be told in it', () =>
    onBench(async ({ api, submitted, ticket }) => {
      const { batch } = await submitted(changed, base)
      const noPackage = await ticket('First Name,User ID/Email (Required)\r\nKari,user.0@fjordkraft.no\r\n', 'x.csv')
      expect(problemOf(await api['batches.reconcile']({ batch, ticket: noPackage }))).toMatchObject({
        code: 'file/unusable',
        name: 'x.csv',
      })
    }))
})

describe('users typed in a form', () => {
  const kari = { firstName: 'Kari', lastName: 'Moe', email: 'kari@x.no', extension: '0042', location: 'Oslo HQ', site: 'x.webex.com' }

  test('become a draft like any other: one package TRUE, the others FALSE, Jabber stated', () =>
    onBench(async ({ api }) => {
      const state = must(await api['drafts.createManual']({ name: 'New in March', users: [{ ...kari, package: 'Webex Suite' }] }))
      expect(state).toMatchObject({ name: 'New in March', rows: 1, findings: { error: 0 } })
      expect(state.packages).toEqual([{ package: 'Webex Suite', users: 1 }])
      const [row] = await rowsOf(api, state.id)
      expect(row?.filter((text) => text === 'TRUE')).toHaveLength(1)
      expect(row).toContain('0042')
    }))

  test('stand in the customer’s own header where that is known, and at most 25 are taken', () =>
    onBench(async ({ api, backend }) => {
      const header = ['User ID/Email (Required)', 'First Name', 'Webex Suite [Sub1]', 'Webex Calling [Sub1]', 'Cost centre']
      must(
        await api['customers.save']({
          profile: { name: 'X', header, packages: [{ package: 'Webex Suite', column: 'Webex Suite [Sub1]' }] },
        }),
      )
      const made = await api['drafts.createManual']({ name: 'a', customer: 'X', users: [{ ...kari, package: 'Webex Suite' }] })
      expect(await rowsOf(api, must(made).id)).toEqual([['kari@x.no', 'Kari', 'TRUE', 'FALSE', '']])
      const many = Array.from({ length: 26 }, () => ({ ...kari, package: null }))
      expect(await backend.dispatch('drafts.createManual', { name: 'b', users: many })).toMatchObject({
        ok: false,
        error: { code: 'request/invalid-input' },
      })
    }))
})

describe('copies and pages', () => {
  test('a copy for the eyes runs nothing in a spreadsheet, and no import takes it', () =>
    onBench(async ({ api, backend, draft, ticket }) => {
      const { id } = await draft([userCells(0, { Department: '=HYPERLINK("http://x")', Extension: '0042' })])
      const file = must(await api['drafts.report']({ draftId: id, kind: 'view-only-csv', language: 'nb' }))
      expect(file.name).toMatch(/-view-only\.csv$/u)
      const text = Buffer.from(must(await backend.readTicket(file.ticket)).bytes).toString('utf8')
      expect(text.startsWith('\ufeff')).toBe(true)
      const cells = text.split(/[;\r\n]/u)
      expect(cells.filter((cell) => /^"?[=+\-@\t]/u.test(cell))).toEqual([])
      expect(cells).toContain("'+4721538300")
      expect(cells).toContain("'0042")
      const back = await api['drafts.create']({ ticket: await ticket(text.slice(1), 'renamed.csv') })
      expect(problemOf(back)).toMatchObject({ code: 'file/unusable', reason: 'view-only' })
    }))

  test('the page of a draft and of a batch hold all that a reviewer must see, as text only', () =>
    onBench(async ({ api, backend, submitted, draft }) => {
      const evil = '<script>alert(1)</script>'
      const page = async (ticket: string): Promise<string> => Buffer.from(must(await backend.readTicket(ticket)).bytes).toString('utf8')
      const { id } = await draft([userCells(0, { Department: evil, 'Phone Number': '4721538300' })], { baseline: base })
      const ofDraft = await page(must(await api['drafts.report']({ draftId: id, kind: 'summary-html', language: 'en' })).ticket)
      expect(ofDraft).toContain('phone/no-plus')
      expect(ofDraft).toMatch(/row 2, Phone Number<\/td><td>user\.0@fjordkraft\.no<\/td><td>4721538300/u)
      expect(ofDraft).toMatch(/Findings[\s\S]*<h2>The changes, user by user<\/h2>[\s\S]*changed: 1/u)
      expect(ofDraft).toContain('<svg')
      expect(ofDraft).toContain('&lt;script&gt;')
      expect(ofDraft).not.toContain('<script')
      const { batch, digest } = await submitted([...changed.slice(0, 7), userCells(7, { package: null })], base, 1)
      const ofBatch = await page(must(await api['batches.report']({ batch, language: 'da' })).ticket)
      for (const text of [digest, 'user.7@fjordkraft.no', 'SLETTET', 'Salg', 'Kari']) expect(ofBatch).toContain(text)
      expect(ofBatch).not.toMatch(/(?:src|href)=/u)
    }))

  test('files alone: the page of a check beside its CSV and workbook', () =>
    onBench(async ({ backend, folder }) => {
      const { files } = backend.services
      const open = async (rows: readonly (readonly string[])[]) => must(await files.open({ name: 'u.csv', bytes: bytes(userFile(rows)) }))
      const file = await open(changed)
      const target = path.join(folder, 'r.html')
      must(await files.writeReport(file, files.check(file), target, { language: 'nb', held: { baseline: await open(base) } }))
      expect(await readFile(target, 'utf8')).toMatch(/Endringer[\s\S]*Brukere per pakke[\s\S]*Funn/u)
    }))
})
