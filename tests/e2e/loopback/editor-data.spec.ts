import { expect, type Browser, type Page } from '@playwright/test'
import { users } from '../../support/user-file.ts'
import { test } from './support/app.ts'
import { email, openSheet, sheetOf } from './support/sheet.ts'

test('filling: the handle counts on, Ctrl+D and Ctrl+R repeat', async ({ app }) => {
  const sheet = await openSheet(app, users(12))
  const { page } = sheet
  await sheet.click(1, 'Extension')
  await page.keyboard.type('1001')
  await sheet.press('Enter')
  await page.keyboard.type('1002')
  await sheet.press('Enter')
  await sheet.reads('Extension', 1, ['1001', '1002'])
  await sheet.click(1, 'Extension')
  await sheet.press('Shift+ArrowDown')
  await sheet.dragHandle(2, 'Extension', 5)
  await sheet.reads('Extension', 1, ['1001', '1002', '1003', '1004', '1005', '2305'])
  await sheet.press('Control+z')
  await sheet.reads('Extension', 3, ['2302', '2303'])

  await sheet.click(1, 'Last Name')
  await page.keyboard.type('Dahl')
  await sheet.press('Enter')
  await sheet.click(1, 'Last Name')
  await sheet.press('Shift+ArrowDown', 'Shift+ArrowDown', 'Control+d')
  await sheet.reads('Last Name', 1, ['Dahl', 'Dahl', 'Dahl', 'Nordmann'])
  await sheet.click(1, 'First Name')
  await sheet.press('Shift+ArrowRight', 'Control+r')
  await sheet.reads('Last Name', 1, ['Kari', 'Dahl'])
})

test('rows: inserted, doubled, taken out of the draft, brought back', async ({ app }) => {
  const sheet = await openSheet(app, users(5))
  const { page } = sheet
  await sheet.click(2, 'First Name')
  // On a cell it is the window's key, and nobody who makes the window smaller loses a row.
  await sheet.press('Control+Minus')
  await expect.poll(() => page.evaluate(() => document.documentElement.style.zoom)).toBe('90%')
  await expect(page.getByRole('heading', { name: '5 users' })).toBeVisible()
  await sheet.press('Control+0', 'Shift+Space', 'Control+Minus')
  await expect(page.getByRole('heading', { name: '4 users' })).toBeVisible()
  await sheet.reads('First Name', 1, ['Kari', 'Ingrid'])
  await sheet.press('Control+z')
  await sheet.reads('First Name', 1, ['Kari', 'Ola', 'Ingrid'])
  await sheet.press('Control+Shift+Equal')
  await expect(page.getByRole('heading', { name: '6 users' })).toBeVisible()
})

test('find and replace: a counter, a pattern, one step of undo with a name', async ({ app }) => {
  const sheet = await openSheet(
    app,
    users(30, (n) => ({ Location: n % 3 === 0 ? 'Oslo HQ' : 'Bergen' })),
  )
  const { page } = sheet
  await sheet.click(1, email)
  await sheet.press('Control+h')
  const bar = page.getByRole('search')
  const box = bar.getByRole('textbox', { name: 'Find' })
  await box.fill('Bergen')
  await expect(bar.getByText('1 of 20')).toBeVisible()
  await box.press('Enter')
  await expect(bar.getByText('2 of 20')).toBeVisible()
  await bar.getByRole('button', { name: 'Match case' }).click()
  await box.fill('bergen')
  await expect(bar.getByText('Not found')).toBeVisible()
  await bar.getByRole('button', { name: 'Regular expression' }).click()
  await box.fill('^Ber(gen)$')
  await expect(bar.getByText(/of 20/)).toBeVisible()
  await bar.getByRole('textbox', { name: 'Replace with' }).fill('Ny-$1')
  await bar.getByRole('button', { name: 'Replace all' }).click()
  await expect(bar.getByText('20 cells changed')).toBeVisible()
  await sheet.reads('Location', 1, ['Oslo HQ', 'Ny-gen', 'Ny-gen'])
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Steps' }).click()
  await expect(page.getByText(/^Replaced 20 values/)).toBeVisible()
  await page.getByRole('button', { name: 'The file as it was opened' }).click()
  await sheet.reads('Location', 1, ['Oslo HQ', 'Bergen', 'Bergen'])
})

test('find within the selection only', async ({ app }) => {
  const sheet = await openSheet(
    app,
    users(30, () => ({ Location: 'Bergen' })),
  )
  await sheet.click(2, 'Location')
  await sheet.press('Shift+ArrowDown', 'Shift+ArrowDown', 'Control+f')
  const bar = sheet.page.getByRole('search')
  await bar.getByRole('combobox', { name: 'Where to look' }).selectOption({ label: 'Selected rows and columns' })
  await bar.getByRole('textbox', { name: 'Find' }).fill('Bergen')
  await expect(bar.getByText('1 of 3')).toBeVisible()
  await bar.getByRole('textbox', { name: 'Find' }).press('Enter')
  await bar.getByRole('textbox', { name: 'Find' }).press('Enter')
  await expect(bar.getByText('3 of 3')).toBeVisible()
  await bar.getByRole('textbox', { name: 'Find' }).press('Enter')
  await expect(bar.getByText('1 of 3')).toBeVisible()
})

test('filter and sort: by values with counts, by several columns; shown, removable, and there after the host was killed', async ({
  app,
}) => {
  const sheet = await openSheet(
    app,
    users(20, (n) => ({ Location: n % 2 === 0 ? 'Oslo HQ' : 'Bergen', Department: n < 10 ? 'Salg' : 'Drift' })),
  )
  const { page } = sheet
  const menu = async (title: string): Promise<void> => {
    await sheet.click(1, title)
    await sheet.press('Alt+ArrowDown')
    await expect(page.getByRole('dialog', { name: new RegExp(title.replaceAll(/[()]/g, '.')) })).toBeVisible()
  }
  await menu('Location')
  const dialog = page.getByRole('dialog')
  await expect(dialog.locator('label').filter({ hasText: 'Bergen' })).toContainText('10')
  await dialog.locator('label').filter({ hasText: 'Oslo HQ' }).click()
  await dialog.getByRole('button', { name: 'Filter', exact: true }).first().click()
  await expect(page.getByText('10 of 20 shown').first()).toBeVisible()
  await menu('First Name')
  await dialog.getByRole('button', { name: 'Sort A to Z' }).click()
  await menu(email)
  await dialog.getByRole('button', { name: 'Sort Z to A' }).click({ modifiers: ['Shift'] })
  await expect(sheet.grid.locator('[role=columnheader][title="First Name"]')).toHaveAttribute('aria-sort', 'ascending')
  await expect(sheet.grid.locator(`[role=columnheader][title="${email}"]`)).toHaveAttribute('aria-sort', 'descending')
  const order = [7, 15, 3, 19, 11, 9, 17, 1, 5, 13].map((n) => `user.${String(n)}@fjordkraft.no`)
  await sheet.reads(email, 1, order)
  await sheet.reads('First Name', 1, ['Magnus', 'Magnus', 'Nils', 'Nils', 'Nils', 'Ola', 'Ola', 'Ola', 'Trond', 'Trond'])
  await sheet.saved()

  await app.kill()
  await app.start()
  const again = sheetOf(await app.open())
  await again.page
    .getByRole('link', { name: /november/ })
    .or(again.page.getByRole('button', { name: /november/ }))
    .first()
    .click()
  await expect(again.grid).toBeVisible()
  await expect(again.page.getByText('10 of 20 shown').first()).toBeVisible()
  await again.reads(email, 1, order)
  await again.page
    .getByRole('button', { name: 'Remove this filter' })
    .or(again.page.getByRole('button', { name: /Location: Bergen/ }))
    .first()
    .click()
  await expect(again.page.getByText('10 of 20 shown')).toHaveCount(0)
})

test('undo and redo without end, and after the host was killed', async ({ app }) => {
  const sheet = await openSheet(app, users(8))
  for (let i = 1; i <= 8; i++) {
    await sheet.click(i, 'First Name')
    await sheet.page.keyboard.type(`Name ${String(i)}`)
    await sheet.press('Enter')
  }
  await sheet.reads('First Name', 8, ['Name 8'])
  await sheet.saved()
  await app.kill()
  await app.start()
  const again = sheetOf(await app.open())
  await again.page
    .getByRole('link', { name: /november/ })
    .or(again.page.getByRole('button', { name: /november/ }))
    .first()
    .click()
  // What came back is said, until it was read.
  const said = again.page.getByRole('status').filter({ hasText: 'Roster ended without closing this draft. Nothing was lost.' })
  await expect(said).toContainText('All 8 steps of that time are here.')
  await said.getByRole('button', { name: 'Hide' }).click()
  await expect(said).toHaveCount(0)
  await again.reads('First Name', 1, ['Name 1', 'Name 2'])
  await again.grid.focus()
  for (let i = 0; i < 8; i++) await again.press('Control+z')
  await again.reads('First Name', 1, ['Kari', 'Ola', 'Ingrid', 'Nils', 'Anna', 'Trond', 'Solveig', 'Magnus'])
  for (let i = 0; i < 3; i++) await again.press('Control+y')
  await again.reads('First Name', 1, ['Name 1', 'Name 2', 'Name 3', 'Nils'])
})

test('rows that the line lost on their way come on their own', async ({ app }) => {
  const sheet = await openSheet(app, users(900))
  let asked = 0
  await sheet.page.route('**/api/call/drafts.window', (route) => (asked++ < 3 ? route.abort('connectionreset') : route.continue()))
  await sheet.grid.focus()
  await sheet.press('Control+End')
  await expect(sheet.grid.getByText('user.899@fjordkraft.no')).toBeVisible()
  expect(asked).toBeGreaterThan(3)
})

/** A second window on the draft that a page shows. */
async function secondWindow(page: Page, chrome: Browser): Promise<Page> {
  const session = await page.evaluate(() => Object.entries(sessionStorage))
  const context = await chrome.newContext({ viewport: { width: 1280, height: 800 } })
  await context.addInitScript((entries) => {
    for (const [key, value] of entries) sessionStorage.setItem(key, value)
  }, session)
  const other = await context.newPage()
  await other.goto(page.url())
  return other
}

test('what is typed goes to the user it was typed for, whatever another window does to the rows meanwhile', async ({ app, chrome }) => {
  const sheet = await openSheet(app, users(5))
  const { page } = sheet
  const other = sheetOf(await secondWindow(page, chrome))
  await other.reads(email, 5, ['user.4@fjordkraft.no'])
  const takeOut = async (row: number): Promise<void> => {
    await other.grid.locator(`[role=row][aria-rowindex="${String(row + 1)}"] [role=rowheader]`).click()
    await other.press('Control+Minus')
  }
  await sheet.click(3, 'Last Name')
  await page.keyboard.type('Zed')
  await takeOut(1)
  await expect(page.getByRole('heading', { name: '4 users' })).toBeVisible()
  await sheet.press('Enter')
  await sheet.reads('Last Name', 1, ['Nordmann', 'Zed', 'Nordmann'])
  await sheet.reads(email, 2, ['user.2@fjordkraft.no'])

  // Whose row is gone gets nothing, and nobody else does.
  await sheet.click(4, 'Last Name')
  await page.keyboard.type('Gone')
  await takeOut(4)
  await expect(page.getByRole('heading', { name: '3 users' })).toBeVisible()
  await sheet.press('Enter')
  await expect(page.getByText('it was taken out meanwhile. Nothing was changed.')).toBeVisible()
  await sheet.reads('Last Name', 1, ['Nordmann', 'Zed', 'Nordmann'])
  await other.page.context().close()
})
