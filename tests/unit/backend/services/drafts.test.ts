import { cp } from 'node:fs/promises'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { compose, type ComposedBackend } from '../../../../backend/compose.ts'
import type { DraftEdit } from '../../../../shared/contract/draft-methods.ts'
import { must, onBench, problemOf } from '../../../support/backend.ts'
import { userCells, userFile, userHeader, users } from '../../../support/user-file.ts'

const column = (name: string): number => userHeader.findIndex((header) => header === name)
const cell = (row: number, name: string, text: string): DraftEdit => ({ kind: 'set-cells', cells: [{ row, column: column(name), text }] })
const broken = [
  ...users(5),
  userCells(5, { 'Phone Number': '4721538305' }),
  userCells(6, { 'First Name': ' Kari' }),
  userCells(7, { 'First Name': ' Ola ' }),
]

describe('editing', () => {
  test('each edit is on disk when it is answered, and undo and redo lead back and forth', () =>
    onBench(async ({ api, draft }) => {
      const { id, revision } = await draft(users(3))
      const edited = must(await api['drafts.edit']({ draftId: id, revision, edit: cell(1, 'Department', 'Salg') }))
      expect(edited).toMatchObject({
        revision: 1,
        cells: 1,
        state: { savedRevision: 1, undo: { kind: 'set-cells', count: 1, column: 'Department' }, redo: null },
      })
      const texts = async (): Promise<string[]> =>
        must(await api['drafts.block']({ draftId: id, from: 0, count: 3, columns: [column('Department')] })).map(([text = '']) => text)
      expect(await texts()).toEqual(['Drift', 'Salg', 'Drift'])
      expect(must(await api['drafts.undo']({ draftId: id })).state).toMatchObject({ undo: null, redo: { kind: 'set-cells' } })
      expect(await texts()).toEqual(['Drift', 'Drift', 'Drift'])
      must(await api['drafts.redo']({ draftId: id }))
      expect(await texts()).toEqual(['Drift', 'Salg', 'Drift'])
    }))

  test('a program that ended without closing a draft says what came back, once', () =>
    onBench(async ({ folder, api, backend, draft }) => {
      const { id } = await draft(users(3))
      const recoveredBy = async (other: ComposedBackend) => must(await other.services.api['drafts.open']({ draftId: id })).recovered
      must(await api['drafts.edit']({ draftId: id, edit: cell(1, 'Department', 'Salg') }))
      must(await api['drafts.edit']({ draftId: id, edit: cell(2, 'Department', 'Lager') }))
      // As a killed process leaves it: the file is copied while it is open.
      const copy = path.join(folder, 'copy')
      await cp(path.join(folder, 'data'), copy, { recursive: true, filter: (source) => !source.includes('lock') })
      const after = compose({ dataDir: copy })
      expect(await recoveredBy(after)).toMatchObject({ steps: 2, last: { kind: 'set-cells', column: 'Department' } })
      await after.close()
      const later = compose({ dataDir: copy })
      expect(await recoveredBy(later)).toBeUndefined()
      await later.close()
      must(await api['drafts.close']({ draftId: id }))
      expect(await recoveredBy(backend)).toBeUndefined()
    }))

  test('an edit on a revision that is no longer the present one is refused', () =>
    onBench(async ({ api, draft }) => {
      const { id, revision } = await draft(users(3))
      must(await api['drafts.edit']({ draftId: id, revision, edit: cell(0, 'Department', 'A') }))
      const late = await api['drafts.edit']({ draftId: id, revision, edit: cell(0, 'Department', 'B') })
      expect(problemOf(late)).toEqual({ code: 'draft/stale-revision', expected: 0, actual: 1 })
    }))

  test('what is said of an edited draft is what is said when it is opened anew', () =>
    onBench(async ({ api, draft }) => {
      const { id } = await draft(broken, { baseline: users(6) })
      const edits: readonly DraftEdit[] = [
        cell(1, 'Phone Number', userCells(2)[column('Phone Number')] ?? ''),
        cell(2, 'Extension', 'x1'),
        cell(6, 'First Name', 'Kari'),
        cell(3, 'Department', 'Salg'),
        { kind: 'set-package', rows: [0, 4], package: 'Webex Voice' },
        { kind: 'fill', rows: [1, 2, 3], columns: [column('Location')], text: '' },
      ]
      const said = async (): Promise<unknown> => {
        const { undo: _undo, redo: _redo, view: _view, ...state } = must(await api['drafts.state']({ draftId: id }))
        const columns = userHeader.map((_, index) => index)
        const { rows } = must(await api['drafts.window']({ draftId: id, from: 0, count: 20, columns }))
        const { findings, total } = must(await api['findings.list']({ draftId: id, from: 0, count: 100, language: 'en' }))
        const phones = must(await api['findings.list']({ draftId: id, rule: 'phone/duplicate', from: 0, count: 100, language: 'en' }))
        return { state, rows, findings, total, phones, changes: must(await api['changes.overview']({ draftId: id })) }
      }
      for (const edit of edits) {
        must(await api['drafts.edit']({ draftId: id, edit }))
        const now = await said()
        must(await api['drafts.close']({ draftId: id }))
        expect(now).toEqual(await said())
      }
      must(await api['drafts.undo']({ draftId: id }))
      const undone = await said()
      must(await api['drafts.close']({ draftId: id }))
      expect(undone).toEqual(await said())
    }))

  test('a package is set in every package column, and the step is called what it is', () =>
    onBench(async ({ api, draft }) => {
      const { id } = await draft(users(3))
      const edit: DraftEdit = { kind: 'set-package', rows: [0, 2], package: 'Webex Voice' }
      const { state } = must(await api['drafts.edit']({ draftId: id, edit }))
      expect(state.undo).toMatchObject({ kind: 'set-package', to: 'Webex Voice', count: 2 })
      expect(state.packages).toEqual([
        { package: 'Webex Suite', users: 1 },
        { package: 'Webex Voice', users: 2 },
      ])
      const none: DraftEdit = { kind: 'set-package', rows: [0], package: 'Customer Assist' }
      expect(problemOf(await api['drafts.edit']({ draftId: id, edit: none })).code).toBe('edit/impossible')
    }))

  test('users are removed only by who says how many, and taking it back takes the confirmation’s effect back', () =>
    onBench(async ({ api, draft }) => {
      const { id } = await draft(users(4), { baseline: users(4) })
      const remove = (confirmedCount: number): DraftEdit => ({ kind: 'remove-users', rows: [1, 2], confirmedCount })
      expect(problemOf(await api['drafts.edit']({ draftId: id, edit: remove(1) }))).toEqual({
        code: 'guard/removals-unconfirmed',
        removals: 2,
        confirmed: 1,
      })
      const { state } = must(await api['drafts.edit']({ draftId: id, edit: remove(2) }))
      expect(state).toMatchObject({ confirmedRemovals: 2, changes: { remove: 2 }, findings: { error: 0 } })
      expect(must(await api['drafts.undo']({ draftId: id })).state).toMatchObject({ confirmedRemovals: 0, changes: { remove: 0 } })
    }))

  test('any step of the history can be gone back to', () =>
    onBench(async ({ api, draft }) => {
      const { id } = await draft(users(2))
      for (const text of ['one', 'two', 'three']) must(await api['drafts.edit']({ draftId: id, edit: cell(0, 'Department', text) }))
      must(await api['drafts.goToStep']({ draftId: id, step: 1 }))
      const { steps, current } = must(await api['drafts.history']({ draftId: id }))
      expect([steps.map(({ to }) => to), current]).toEqual([['three', 'two', 'one'], 1])
      expect(must(await api['drafts.block']({ draftId: id, from: 0, count: 1, columns: [column('Department')] }))).toEqual([['one']])
      expect(problemOf(await api['drafts.goToStep']({ draftId: id, step: 9 })).code).toBe('edit/impossible')
    }))
})

describe('findings', () => {
  test('all safe repairs are one step, shown before they are done', () =>
    onBench(async ({ api, draft }) => {
      const { id, findings, safeFixes } = await draft(broken)
      expect([findings.warning > 0, safeFixes]).toEqual([true, 2])
      const preview = must(await api['findings.previewFix']({ draftId: id, selection: { scope: 'all-safe' } }))
      expect(preview).toMatchObject({ cells: 2, byRule: { 'text/surrounding-space': 2 } })
      expect(preview.samples).toContainEqual({ row: 8, column: 'First Name', before: ' Kari', after: 'Kari' })
      const fixed = must(await api['findings.fix']({ draftId: id, selection: { scope: 'all-safe' } }))
      expect(fixed).toMatchObject({ cells: 2, state: { safeFixes: 0, undo: { kind: 'fix', rule: 'text/surrounding-space', count: 2 } } })
      expect(must(await api['drafts.undo']({ draftId: id })).state.safeFixes).toBe(2)
    }))

  test('what needs a decision is repaired only when asked for by name', () =>
    onBench(async ({ api, draft }) => {
      const { id } = await draft(broken)
      const rule = 'phone/no-plus'
      expect(problemOf(await api['findings.fix']({ draftId: id, selection: { scope: 'rule', rule, includeAsk: false } })).code).toBe(
        'edit/impossible',
      )
      must(await api['findings.fix']({ draftId: id, selection: { scope: 'rule', rule, includeAsk: true } }))
      expect(must(await api['drafts.block']({ draftId: id, from: 5, count: 1, columns: [column('Phone Number')] }))).toEqual([
        ['+4721538305'],
      ])
    }))

  test('a row that says the same as an earlier one of its email can go, one that says something else is for a person to decide', () =>
    onBench(async ({ api, draft }) => {
      const { id } = await draft([
        ...users(3),
        userCells(1),
        userCells(2, { Department: 'Salg' }),
        userCells(0, { 'First Name': ' Kari ' }),
      ])
      const duplicates = async () =>
        must(await api['findings.list']({ draftId: id, severity: 'error', from: 0, count: 50, language: 'en' })).findings.filter(
          ({ rule }) => rule === 'email/duplicate',
        )
      const drop = { kind: 'ask', action: 'drop-row' }
      expect((await duplicates()).map(({ row, fix }) => [row, fix])).toEqual([[5, drop], [6, undefined], [7, drop]]) // prettier-ignore
      expect((await duplicates())[0]?.message).toContain('this one can go')
      const selection = { scope: 'rule' as const, rule: 'email/duplicate', includeAsk: true }
      expect(must(await api['findings.previewFix']({ draftId: id, selection }))).toMatchObject({ cells: 0, rows: 0, removed: 2 })
      must(await api['findings.fix']({ draftId: id, selection }))
      const departments = async () => must(await api['drafts.block']({ draftId: id, from: 0, count: 9, columns: [column('Department')] }))
      expect(await departments()).toEqual([['Drift'], ['Drift'], ['Drift'], ['Salg']])
      expect((await duplicates()).map(({ row }) => row)).toEqual([6])
      must(await api['drafts.undo']({ draftId: id }))
      expect(await departments()).toHaveLength(6)
    }))

  test('a warning can be passed over with a reason, an error cannot; it comes back when the cell changes', () =>
    onBench(async ({ api, draft }) => {
      const { id } = await draft(broken)
      const list = async (severity: 'error' | 'warning') =>
        must(await api['findings.list']({ draftId: id, severity, from: 0, count: 50, language: 'en' })).findings
      const warnings = (await list('warning')).filter(({ rule }) => rule === 'text/surrounding-space')
      expect(warnings).toHaveLength(2)
      must(await api['findings.ignore']({ draftId: id, finding: warnings[0]?.finding ?? -1, reason: 'meant so', alike: true }))
      expect((await list('warning')).filter(({ rule }) => rule === 'text/surrounding-space')).toEqual([])
      const { state } = must(await api['drafts.edit']({ draftId: id, edit: cell(6, 'First Name', ' Karin') }))
      expect(state.byRule.find(({ rule }) => rule === 'text/surrounding-space')?.count).toBe(1)
      const [error] = await list('error')
      const refused = await api['findings.ignore']({ draftId: id, finding: error?.finding ?? -1, reason: 'no', alike: false })
      expect(problemOf(refused).code).toBe('guard/refused')
    }))

  test('the next finding follows the view, not the file', () =>
    onBench(async ({ api, draft }) => {
      const { id } = await draft(broken)
      const sort = [{ column: column('User ID/Email (Required)'), direction: 'down' as const }]
      must(await api['drafts.setView']({ draftId: id, view: { sort, filter: [{ kind: 'rule', rule: 'text/surrounding-space' }] } }))
      const next = async (fromViewRow: number) =>
        must(
          await api['findings.next']({ draftId: id, fromViewRow, fromColumn: 0, direction: 'next', severity: 'warning', language: 'en' }),
        )
      expect((await next(-1))?.row).toBe(9)
      expect((await next(0))?.row).toBe(8)
      expect(await next(1)).toBeNull()
    }))
})

describe('views and windows', () => {
  test('in a list put in another order, a new row stands where it was put, a copy below its original, and undo brings rows back to their place', () =>
    onBench(async ({ api, draft }) => {
      const { id } = await draft(users(6))
      const sort = [{ column: column('User ID/Email (Required)'), direction: 'down' as const }]
      must(await api['drafts.setView']({ draftId: id, view: { sort, filter: [] } }))
      const order = async (): Promise<readonly number[]> => must(await api['drafts.rowIds']({ draftId: id, from: 0, count: 20 }))
      const edit = async (wanted: DraftEdit): Promise<unknown> => must(await api['drafts.edit']({ draftId: id, edit: wanted }))
      expect(await order()).toEqual([5, 4, 3, 2, 1, 0])
      await edit({ kind: 'insert-rows', before: 3, rows: [[], []] })
      expect(await order()).toEqual([5, 4, 6, 7, 3, 2, 1, 0])
      await edit({ kind: 'duplicate-rows', rows: [4, 1] })
      expect(await order()).toEqual([5, 4, 9, 6, 7, 3, 2, 1, 8, 0])
      await edit({ kind: 'delete-rows', rows: [4, 2] })
      expect(await order()).toEqual([5, 9, 6, 7, 3, 1, 8, 0])
      for (let i = 0; i < 3; i++) must(await api['drafts.undo']({ draftId: id }))
      expect(await order()).toEqual([5, 4, 3, 2, 1, 0])
      for (let i = 0; i < 3; i++) must(await api['drafts.redo']({ draftId: id }))
      expect(await order()).toEqual([5, 9, 6, 7, 3, 1, 8, 0])
      // What is put at the end of the list stands at the end of the view.
      await edit({ kind: 'insert-rows', before: null, rows: [[]] })
      expect((await order()).at(-1)).toBe(10)
    }))

  test('a window holds the rows of the view with their marks, intents and earlier texts', () =>
    onBench(async ({ api, draft }) => {
      const { id } = await draft([userCells(0, { Department: 'Salg' }), userCells(1), userCells(9, { 'First Name': ' Ny' })], {
        baseline: users(3),
      })
      const { rows, total } = must(
        await api['drafts.window']({ draftId: id, from: 0, count: 10, columns: [column('First Name'), column('Department')] }),
      )
      expect(total).toBe(3)
      expect(rows.map(({ number, intent }) => [number, intent])).toEqual([
        [2, 'update'],
        [3, 'unchanged'],
        [4, 'add'],
      ])
      expect(rows[0]).toMatchObject({
        cells: ['Kari', 'Salg'],
        before: [{ cell: 1, text: 'Drift' }],
        package: 'Webex Suite',
        isRemoval: false,
      })
      expect(rows[2]?.marks).toContainEqual({ cell: 0, severity: 'warning' })
    }))

  test('a row stays in view while it is edited, though it no longer fits the filter', () =>
    onBench(async ({ api, draft }) => {
      const { id } = await draft(broken)
      const view = { sort: [], filter: [{ kind: 'rule' as const, rule: 'text/surrounding-space' }] }
      expect(must(await api['drafts.setView']({ draftId: id, view })).rows).toBe(2)
      const { state } = must(await api['drafts.edit']({ draftId: id, edit: cell(6, 'First Name', 'Kari') }))
      expect(state.view.rows).toBe(2)
      expect(must(await api['drafts.setView']({ draftId: id, view })).rows).toBe(1)
    }))

  test.each([
    [{ kind: 'search' as const, text: 'USER.3@' }, 1],
    [{ kind: 'severity' as const, severity: 'error' as const }, 1],
    [{ kind: 'package' as const, packages: ['Webex Suite' as const] }, 8],
    [{ kind: 'values' as const, column: 0, texts: ['Kari'] }, 1],
    [{ kind: 'text' as const, column: 0, test: 'starts' as const, text: ' ' }, 2],
  ])('filters by %j', (condition, rows) =>
    onBench(async ({ api, draft }) => {
      const { id } = await draft(broken)
      expect(must(await api['drafts.setView']({ draftId: id, view: { sort: [], filter: [condition] } })).rows).toBe(rows)
    }),
  )

  test('find goes round the end', () =>
    onBench(async ({ api, draft }) => {
      const { id } = await draft(users(4))
      const find = async (viewRow: number, direction: 'next' | 'previous') =>
        must(
          await api['drafts.find']({
            draftId: id,
            find: 'oslo',
            columns: [column('Location')],
            matchCase: false,
            wholeCell: false,
            regex: false,
            from: { viewRow, column: column('Location') },
            direction,
          }),
        )
      expect(await find(1, 'next')).toEqual({ viewRow: 2, column: column('Location'), nth: 3, total: 4 })
      expect((await find(3, 'next'))?.viewRow).toBe(0)
      expect((await find(0, 'previous'))?.viewRow).toBe(3)
    }))
})

describe('keeping', () => {
  test('a draft that was closed is as it was: rows, steps, view, baseline, what was passed over', () =>
    onBench(async ({ api, draft }) => {
      const { id } = await draft(broken, { baseline: users(5) })
      must(await api['findings.fix']({ draftId: id, selection: { scope: 'all-safe' } }))
      must(await api['drafts.edit']({ draftId: id, edit: { kind: 'delete-rows', rows: [0] } }))
      must(await api['drafts.edit']({ draftId: id, edit: { kind: 'insert-rows', before: 3, rows: [userCells(40)] } }))
      must(await api['drafts.edit']({ draftId: id, edit: { kind: 'insert-column', position: 0, header: 'Note', text: 'n' } }))
      must(await api['drafts.undo']({ draftId: id }))
      must(await api['drafts.rename']({ draftId: id, name: 'November' }))
      const view = { sort: [{ column: 0, direction: 'up' as const }], filter: [] }
      must(await api['drafts.setView']({ draftId: id, view }))
      const before = must(await api['drafts.state']({ draftId: id }))
      const rows = must(await api['drafts.window']({ draftId: id, from: 0, count: 50, columns: [0, 1, 3] })).rows
      must(await api['drafts.close']({ draftId: id }))
      const { view: beforeView, ...rest } = before
      const after = must(await api['drafts.open']({ draftId: id }))
      expect(after).toMatchObject(rest)
      expect(after.view).toMatchObject({ sort: beforeView.sort, rows: beforeView.rows })
      expect(must(await api['drafts.window']({ draftId: id, from: 0, count: 50, columns: [0, 1, 3] })).rows).toEqual(rows)
      expect(must(await api['drafts.list']({}))).toMatchObject([{ id, name: 'November', rows: before.rows, summary: before.findings }])
    }))

  test('another baseline, or none, leaves nothing of the one before in the draft', () =>
    onBench(async ({ api, draft, ticket, folder }) => {
      const { id } = await draft(users(2), { baseline: users(2) })
      const baselineParts = (): readonly string[] => {
        const database = new DatabaseSync(path.join(folder, 'data', 'drafts', `${id}.sqlite`), { readOnly: true })
        const rows = database.prepare("SELECT DISTINCT name FROM parts WHERE name LIKE 'baseline/%'").all()
        database.close()
        return rows.map((row) => String(row['name']))
      }
      const withGap = userFile(users(2)).replace('\r\n', '\r\n\r\n')
      must(await api['drafts.setBaseline']({ draftId: id, baseline: { kind: 'file', ticket: await ticket(withGap) } }))
      expect(baselineParts()).toContain('baseline/numbers')
      must(await api['drafts.setBaseline']({ draftId: id, baseline: { kind: 'file', ticket: await ticket(userFile(users(2))) } }))
      expect(baselineParts()).toContain('baseline/rows')
      expect(baselineParts()).not.toContain('baseline/numbers')
      must(await api['drafts.setBaseline']({ draftId: id, baseline: { kind: 'none' } }))
      expect(baselineParts()).toEqual([])
    }))

  test('a baseline without emails is refused as the command line does it, whenever it is chosen, and nothing is changed', () =>
    onBench(async ({ api, backend, draft, ticket }) => {
      const { id } = await draft(users(2), { baseline: users(2) })
      const before = must(await api['drafts.state']({ draftId: id }))
      const nameless = 'First Name,Last Name,Webex Suite\r\nKari,Nordmann,TRUE\r\n'
      const baselineTicket = await ticket(nameless, 'export.csv')
      const refusal = problemOf(
        await backend.services.files.open({ name: 'export.csv', bytes: new TextEncoder().encode(nameless) }, { needsEmails: true }),
      )
      expect(refusal).toMatchObject({ code: 'file/unusable', name: 'export.csv', reason: 'no-emails', row: 1 })

      const list = await ticket(userFile(users(2)))
      expect(problemOf(await api['drafts.create']({ ticket: list, baselineTicket }))).toEqual(refusal)
      expect(problemOf(await api['drafts.setBaseline']({ draftId: id, baseline: { kind: 'file', ticket: baselineTicket } }))).toEqual(
        refusal,
      )
      const { columns, constants, joinDisplayName } = must(await api['mapping.propose']({ ticket: list }))
      const mapping = {
        columns: columns.map(({ header, use, values }) => ({ header, use, values: [...values] })),
        constants: [...constants],
        joinDisplayName,
      }
      expect(problemOf(await api['mapping.createDraft']({ sources: [{ ticket: list, mapping }], baselineTicket }))).toEqual(refusal)

      expect(must(await api['drafts.state']({ draftId: id }))).toEqual(before)
      expect(must(await api['drafts.list']({})).map((one) => one.id)).toEqual([id])
      // A list that is not compared with may lack them: that is a finding, or a matter for the mapping.
      must(await api['drafts.create']({ ticket: await ticket(nameless) }))
    }))

  test('the sample opens as a draft with its customer and its baseline', () =>
    onBench(async ({ api }) => {
      const state = must(await api['drafts.createSample']({}))
      expect(state.baseline).toMatchObject({ kind: 'file', users: 1200 })
      expect(must(await api['customers.list']({}))).toMatchObject([{ name: state.customer, drafts: 1 }])
      expect(state.changes?.remove).toBeGreaterThan(0)
      expect(state.findings.error).toBeGreaterThan(0)
    }))

  test('a draft goes only when its name is typed', () =>
    onBench(async ({ api, draft }) => {
      const { id } = await draft(users(2))
      expect(problemOf(await api['drafts.delete']({ draftId: id, confirmedName: 'other' })).code).toBe('guard/refused')
      must(await api['drafts.delete']({ draftId: id, confirmedName: 'users.csv' }))
      expect(problemOf(await api['drafts.open']({ draftId: id }))).toEqual({ code: 'draft/not-found', draftId: id })
    }))

  test('a file that is no table makes no draft', () =>
    onBench(async ({ api, ticket }) => {
      const made = await api['drafts.create']({ ticket: await ticket('\u0000\u0001') })
      expect(problemOf(made).code).toBe('file/unusable')
      expect(problemOf(await api['drafts.create']({ ticket: await ticket('kari@example.no;Kari;Berg\r\n') }))).toMatchObject({
        reason: 'no-header',
        row: 1,
      })
      expect(must(await api['drafts.list']({}))).toEqual([])
    }))

  test('reports are files: the failed rows with their reasons, and a workbook that reads back', () =>
    onBench(async ({ api, backend, draft }) => {
      const { id } = await draft(broken)
      const csv = must(await api['drafts.report']({ draftId: id, kind: 'failed-rows-csv', language: 'nb' }))
      const text = new TextDecoder().decode(must(await backend.readTicket(csv.ticket)).bytes)
      expect(text.split('\r\n')[0]).toMatch(/,Hva som er galt$/u)
      expect(text).toContain('user.5@fjordkraft.no')
      expect(text).not.toContain('user.4@fjordkraft.no')
      const xlsx = must(await api['drafts.report']({ draftId: id, kind: 'annotated-xlsx', language: 'en' }))
      const read = must(await api['files.inspect']({ ticket: xlsx.ticket }))
      expect(read).toMatchObject({ rows: 3, facts: { format: 'xlsx', sheet: 'Users', sheets: ['Users', 'Findings'] } })
      expect(read.columns.at(-1)?.header).toBe('What is wrong')
      expect(read.preview.map((row) => row.at(-1))).not.toContain('')
      const inNorwegian = must(await api['drafts.report']({ draftId: id, kind: 'annotated-xlsx', language: 'nb' }))
      const list = must(await api['files.inspect']({ ticket: inNorwegian.ticket, sheet: 'Funn' })).preview
      expect(list.find(([row]) => row === '7')?.slice(0, 5)).toEqual(['7', 'user.5@fjordkraft.no', 'Phone Number', '4721538305', 'feil'])
    }))
})
