import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { ElectronApplication, Page } from '@playwright/test'
import { createWorkbookWriter } from '../../../backend/adapters/xlsx/write-workbook.ts'
import { userFile, userHeader, users } from '../../support/user-file.ts'
import { expect, test } from './launch.ts'

/** The person's answer to the next open dialogs; none: cancelled. */
const answerOpen = (app: ElectronApplication, filePaths: readonly string[]) =>
  app.evaluate(
    ({ dialog }, paths) => {
      const asked: unknown[] = []
      Object.assign(globalThis, { asked })
      dialog.showOpenDialog = (...args: unknown[]) => {
        asked.push(args.at(-1))
        return Promise.resolve({ canceled: paths.length === 0, filePaths: paths })
      }
    },
    [...filePaths],
  )
const answerSave = (app: ElectronApplication, filePath: string) =>
  app.evaluate(({ dialog }, chosen) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: chosen === '', filePath: chosen })
  }, filePath)
const asked = (app: ElectronApplication) => app.evaluate(() => (globalThis as unknown as { readonly asked: readonly unknown[] }).asked)

/** A report of a new draft, as a ticket of the window's. */
const makeReport = (page: Page) =>
  page.evaluate(async () => {
    const call = async (method: string, input: unknown) =>
      (await window.roster?.call(method, input)) as { readonly value: Record<string, string> }
    const { value: draft } = await call('drafts.createSample', {})
    const { value } = await call('drafts.report', { draftId: draft['id'], kind: 'table-csv', language: 'en' })
    return value['ticket'] ?? ''
  })
const save = (page: Page, ticket: string, name: string) =>
  page.evaluate(([which, as]) => window.roster?.saveTicket(which, as), [ticket, name] as const)

test('the system asks for a file, and what was chosen opens', async ({ desk, desktop: { app, page } }) => {
  const file = path.join(desk.folder, 'Åse & co.csv')
  await writeFile(file, userFile(users(7)))
  await answerOpen(app, [file])
  await page.keyboard.press('ControlOrMeta+o')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /7 users/u })
    .click()
  await expect(page.getByRole('heading', { name: '7 users' })).toBeVisible()
  expect(await asked(app)).toMatchObject([
    {
      properties: ['openFile', 'multiSelections'],
      filters: [{ extensions: ['csv', 'tsv', 'txt', 'xlsx', 'xlsm'] }, { extensions: ['*'] }],
    },
  ])
})

test('a workbook is read by a process of its own', async ({ desk, desktop: { app, page } }) => {
  const file = path.join(desk.folder, 'users.xlsx')
  await createWorkbookWriter().write(file, [{ name: 'Users', header: userHeader, rows: users(3) }])
  await answerOpen(app, [file])
  await page.keyboard.press('ControlOrMeta+o')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /3 users/u })
    .click()
  await expect(page.getByRole('heading', { name: '3 users' })).toBeVisible()
})

test('a cancelled dialog changes nothing; a file that has gone is said so', async ({ desk, desktop: { app, page } }) => {
  await answerOpen(app, [])
  await page.keyboard.press('ControlOrMeta+o')
  await expect.poll(() => asked(app)).toHaveLength(1)
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await answerOpen(app, [path.join(desk.folder, 'gone.csv')])
  await page.keyboard.press('ControlOrMeta+o')
  await expect(page.getByText('gone.csv was not taken: it is not there any more')).toBeVisible()
})

test('a dropped file opens', async ({ desktop: { page } }) => {
  await page.evaluate(
    (text) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([text], 'dropped.csv'))
      window.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
    },
    userFile(users(4)),
  )
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /4 users/u })
    .click()
  await expect(page.getByRole('heading', { name: '4 users' })).toBeVisible()
})

test('what Roster makes is saved where the person says, whole or not at all', async ({ desk, desktop: { app, page } }) => {
  const ticket = await makeReport(page)
  const folder = path.join(desk.folder, 'mine')
  const target = path.join(folder, 'report.csv')
  await mkdir(folder)
  await writeFile(target, 'old')

  await answerSave(app, '')
  expect(await save(page, ticket, 'report.csv')).toEqual({ ok: true, value: false })
  expect(await readFile(target, 'utf8')).toBe('old')

  await answerSave(app, path.join(target, 'below-a-file.csv'))
  expect(await save(page, ticket, 'report.csv')).toMatchObject({
    ok: false,
    name: 'below-a-file.csv',
    detail: expect.stringMatching(/^E[A-Z]+: /u),
  })
  await answerSave(app, target)
  expect(await save(page, ticket, '../../report.csv')).toEqual({ ok: true, value: true })
  expect((await readFile(target)).length).toBeGreaterThan(100_000)
  expect(await readdir(folder)).toEqual(['report.csv'])

  expect(await save(page, 'no-such-ticket', 'x.csv')).toEqual({ ok: false, name: 'x.csv', detail: 'it is not there any more' })
})
