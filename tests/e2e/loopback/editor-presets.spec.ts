import { expect, type Page } from '@playwright/test'
import { users } from '../../support/user-file.ts'
import { test } from './support/app.ts'
import { email, openSheet, sheetOf } from './support/sheet.ts'

async function command(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+Shift+p')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.type(words)
  await page.keyboard.press('Enter')
}

test('the daily jobs on a selection: package, location, extensions out of a range, display names; one step each', async ({ app }) => {
  const sheet = await openSheet(
    app,
    users(8, (n) => (n === 1 ? { 'Display Name': '' } : {})),
  )
  const { page } = sheet
  const dialog = page.getByRole('dialog')
  await sheet.click(1, 'First Name')
  await sheet.press('Shift+ArrowDown', 'Shift+ArrowDown')

  await command(page, 'Set package of the selected users: Webex Voice')
  await sheet.reads('Package', 1, ['Webex Voice', 'Webex Voice', 'Webex Voice', 'Webex Suite'])

  await command(page, 'Move the selected users')
  await dialog.getByLabel('Location').fill('Bergen')
  await dialog.getByRole('button', { name: 'Change 3 users' }).click()
  await sheet.reads('Location', 1, ['Bergen', 'Bergen', 'Bergen', 'Oslo HQ'])

  // 2303 and 2304 are somebody's already.
  await command(page, 'Number extensions')
  await dialog.getByLabel('First extension').fill('2302')
  await dialog.getByLabel('Last extension').fill('2399')
  await dialog.getByRole('button', { name: 'Change 3 users' }).click()
  await sheet.reads('Extension', 1, ['2308', '2309', '2310', '2303'])
  await sheet.grid.focus()
  await sheet.press('Control+z')
  await sheet.reads('Extension', 1, ['2300', '2301', '2302', '2303'])

  await command(page, 'Number extensions')
  await dialog.getByLabel('First extension').fill('2302')
  await dialog.getByLabel('Last extension').fill('2308')
  await dialog.getByRole('button', { name: 'Change 3 users' }).click()
  await expect(dialog.getByText('There is 1 free one for 3 users. Nothing was changed.')).toBeVisible()
  await page.keyboard.press('Escape')

  await command(page, 'Fill Display Name')
  await dialog.getByRole('button', { name: 'Change 3 users' }).click()
  await sheet.reads('Display Name', 1, ['Kari Nordmann', 'Ola Nordmann'])
})

test('columns stay as they were put, also when the host was started anew', async ({ app }) => {
  const sheet = await openSheet(app, users(3))
  const titles = (page: Page) =>
    page.locator('[role=columnheader][title]').evaluateAll((all) => all.map((each) => each.getAttribute('title')))
  const order = [email, 'User Status', 'Last Name', 'First Name']
  await sheet.click(1, 'Last Name')
  const kept = sheet.page.waitForResponse((response) => response.url().endsWith('editor.setLayout'))
  await sheet.press('Alt+Shift+ArrowLeft')
  await expect.poll(async () => (await titles(sheet.page)).slice(0, 4)).toEqual(order)
  await kept
  await app.kill()
  await app.start()
  const again = sheetOf(await app.open())
  await again.page
    .getByRole('link', { name: /november/ })
    .or(again.page.getByRole('button', { name: /november/ }))
    .first()
    .click()
  await expect(again.grid).toBeVisible()
  await expect.poll(async () => (await titles(again.page)).slice(0, 4)).toEqual(order)
})

for (const zoom of [60, 200]) {
  test(`at ${String(zoom)} % the pointer finds the cell that it is on`, async ({ app }) => {
    const sheet = await openSheet(app, users(12), { width: 1600, height: 1000 })
    const key = zoom > 100 ? 'Control+Equal' : 'Control+Minus'
    // Over the grid Ctrl+− is about rows; elsewhere it is the window's.
    await sheet.page.getByRole('link', { name: 'Settings' }).click()
    for (let i = 0; i < Math.abs(zoom - 100) / 10; i++) await sheet.press(key)
    await sheet.page.getByRole('link', { name: 'november.csv' }).first().click()
    await expect(sheet.grid).toBeVisible()
    await sheet.click(3, 'User Status')
    await expect.poll(sheet.active).toBe('3 User Status')
    await sheet.page.screenshot({ path: `test-results/screens/editor-zoom-${String(zoom)}.png` })
    // However little of it is on the screen, every column can be gone to and pointed at.
    await sheet.press('Tab', 'Tab')
    await sheet.click(4, 'Last Name')
    await expect.poll(sheet.active).toBe('4 Last Name')
  })
}
