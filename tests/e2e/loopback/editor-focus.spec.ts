import AxeBuilder from '@axe-core/playwright'
import { expect, type Locator, type Page } from '@playwright/test'
import { userFile, users } from '../../support/user-file.ts'
import { choose, test } from './support/app.ts'
import { email, openSheet, sheetOf } from './support/sheet.ts'

const inFocus = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.closest('[data-pane]')?.getAttribute('aria-label') ?? document.activeElement?.role ?? '')

test('by key alone: an opened list has the keys, F6 leads out of the grid and round the window, and a draft is left and found again where one was', async ({
  app,
}) => {
  const page = await app.open({ width: 1280, height: 800 })
  await expect(page.getByRole('heading', { name: 'What would you like to do?' })).toBeVisible()
  const sheet = sheetOf(page)
  const open = async (name: string): Promise<void> => {
    const file = await app.file(name, userFile(users(40)))
    await choose(page, () => page.keyboard.press('Control+o'), file)
    await expect(page.getByRole('button', { name: /^Open 40/ })).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(sheet.grid).toBeFocused()
  }
  await open('november.csv')
  await sheet.press('ArrowDown', 'PageDown')
  const place = await sheet.active()
  expect(place).not.toMatch(/^[12] /)

  await sheet.press('F6')
  await expect.poll(() => inFocus(page)).toBe('Findings')
  await sheet.press('Shift+F6')
  await expect(sheet.grid).toBeFocused()
  await sheet.press('Shift+F6', 'Shift+F6')
  await expect.poll(() => inFocus(page)).toBe('Views of the draft')

  await sheet.press('F6', 'F6')
  await expect(sheet.grid).toBeFocused()
  await sheet.press('Control+2')
  await expect(page).toHaveURL(/\/changes$/)
  await expect(page.locator('main')).toBeFocused()
  await sheet.press('Control+1')
  await expect(sheet.grid).toBeFocused()
  await expect.poll(sheet.active).toBe(place)

  await open('december.csv')
  await sheet.press('Control+PageUp')
  await expect(sheet.grid).toHaveAccessibleName(/november/)
  await expect(sheet.grid).toBeFocused()
  await expect.poll(sheet.active).toBe(place)
})

test('the form of a user is entered by F6, and Escape first takes back what was typed, then closes it', async ({ app }) => {
  const sheet = await openSheet(app, users(3), { width: 1280, height: 800 })
  await sheet.press('Control+Shift+Enter')
  const form = sheet.page.getByRole('complementary', { name: 'User' })
  await expect(form).toBeVisible()
  await sheet.press('F6')
  await expect(form.getByRole('button', { name: 'Close' })).toBeFocused()
  await sheet.press('Tab')
  const field = form.getByLabel('First Name')
  await expect(field).toBeFocused()
  const before = await field.inputValue()
  await sheet.page.keyboard.type('Zoe')
  await sheet.press('Escape')
  await expect(field).toHaveValue(before)
  await sheet.press('Escape')
  await expect(form).toBeHidden()
  await expect(sheet.grid).toBeFocused()
})

test('what was typed into the form goes to its user when another row is clicked, and the next one keeps what they have', async ({
  app,
}) => {
  const sheet = await openSheet(app, users(3), { width: 1280, height: 800 })
  await sheet.click(1, 'First Name')
  await sheet.press('Control+Shift+Enter')
  const field = sheet.page.getByRole('complementary', { name: 'User' }).getByLabel('Last Name')
  await field.fill('Dahl')
  await sheet.click(2, 'First Name')
  await expect(field).toHaveValue('Nordmann')
  await sheet.click(1, 'First Name')
  await expect(field).toHaveValue('Dahl')
})

test('a column menu that was left open in another view does not take F6 away', async ({ app }) => {
  const sheet = await openSheet(app, users(3), { width: 1280, height: 800 })
  const menu = sheet.page.getByRole('dialog', { name: /Column menu/ })
  await sheet.press('Alt+ArrowDown')
  await expect(menu).toBeVisible()
  await sheet.press('Control+2')
  await expect(sheet.page.locator('main')).toBeFocused()
  await expect(menu).toBeHidden()
  await sheet.press('F6')
  await expect(sheet.page.locator('main')).not.toBeFocused()
})

test('what is refused, or only half done, is said on the screen', async ({ app }) => {
  const sheet = await openSheet(app, users(4), { width: 1600, height: 800 })
  const { page } = sheet
  await sheet.click(1, 'Package')
  await sheet.press('Delete')
  await expect(page.getByText('A package is set by its name.')).toBeVisible()
  await page.evaluate(() => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', 'Webex Voice\r\nPremium\r\n')
    document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  })
  await sheet.reads('Package', 1, ['Webex Voice', 'Webex Suite'])
  await expect(page.getByText('1 text names no package and was passed over')).toBeVisible()
  await sheet.click(1, email)
  await sheet.click(3, 'First Name', ['ControlOrMeta'])
  await sheet.press('Control+c')
  await expect(page.getByText('These ranges make no block.')).toBeVisible()
})

test('the bar at the foot tells the row that is active, also after sorting; new rows below are what is typed into', async ({ app }) => {
  const sheet = await openSheet(app, users(4), { width: 1600, height: 800 })
  const foot = sheet.page.getByRole('contentinfo')
  await sheet.press('Control+Home')
  await expect(foot).toContainText('Row 2 · 4 users')
  await sheet.press('Control+End')
  await expect(foot).toContainText('Row 5 · 4 users')
  await sheet.press('Control+Home', 'Alt+ArrowDown')
  await sheet.page.getByRole('button', { name: 'Sort Z to A' }).click()
  await expect(foot).toContainText('Row 5 · 4 users')
  const [first = ''] = await sheet.texts(email, 1, 1)
  await sheet.press('Shift+F10')
  await sheet.page.getByRole('menuitem', { name: 'Insert 1 row below' }).click()
  await expect(foot).toContainText('New row · 5 users')
  await sheet.page.keyboard.type('new@fjordkraft.no')
  await sheet.press('Enter')
  await sheet.reads(email, 1, [first, 'new@fjordkraft.no'])
})

test('a location that was not said is asked for; nobody loses the one they have', async ({ app }) => {
  const sheet = await openSheet(app, users(3))
  await sheet.press('Control+k')
  await sheet.page.keyboard.type('Move the selected users')
  await sheet.press('Enter')
  const dialog = sheet.page.getByRole('dialog')
  await expect(dialog.getByLabel('Location')).toBeFocused()
  await sheet.press('Enter')
  await expect(dialog.getByRole('alert')).toHaveText('Say which location.')
  await sheet.press('Escape')
  await expect(sheet.grid).toBeFocused()
  await sheet.reads('Location', 1, ['Oslo HQ'])
})

const within = async (what: Locator): Promise<void> => {
  await expect(what).toBeInViewport({ ratio: 0.999 })
}

test('at 200 % menus, lists and dialogs are whole on the screen, and nothing scrolls the window itself', async ({ app }) => {
  const sheet = await openSheet(app, users(30), { width: 1280, height: 800 })
  const { page } = sheet
  await page.getByRole('link', { name: 'Settings' }).click()
  for (let i = 0; i < 10; i++) await page.keyboard.press('Control+Equal')
  await page.keyboard.press('Control+PageDown')
  await expect(sheet.grid).toBeFocused()
  await sheet.press('ArrowRight', 'Shift+F10')
  await within(page.getByRole('menu'))
  await sheet.press('Escape', 'Alt+ArrowDown')
  const columnMenu = page.getByRole('dialog', { name: /Column menu/ })
  await within(columnMenu)
  await columnMenu.getByRole('button', { name: 'Rename header…' }).scrollIntoViewIfNeeded()
  await within(columnMenu.getByRole('button', { name: 'Rename header…' }))
  await sheet.press('Escape', 'Control+h')
  const find = page.getByRole('search')
  for (const part of [find, find.getByRole('button', { name: 'Close' }), find.getByRole('combobox')]) await within(part)
  await sheet.press('Escape')
  await page.getByRole('button', { name: 'Steps' }).click()
  await within(page.getByRole('dialog', { name: 'Steps' }))
  await sheet.press('Escape', 'F1')
  await within(page.getByRole('dialog'))
  expect((await new AxeBuilder({ page }).include('[role=dialog]').analyze()).violations).toEqual([])
  await sheet.press('Escape', 'Control+2')
  await expect(page.getByRole('heading', { name: 'What this would do' })).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight)).toBeLessThanOrEqual(1)
})

test('chips of the filter are whole however narrow the window, and a cell that is scrolled away is not named as the active one', async ({
  app,
}) => {
  const sheet = await openSheet(
    app,
    users(60, () => ({ 'Phone Number': '4721538305' })),
    { width: 1024, height: 700 },
  )
  const { page } = sheet
  await page
    .getByRole('group', { name: 'Show only rows with' })
    .getByRole('button', { name: /errors/ })
    .click()
  const chip = page.getByRole('button', { name: /With errors/ })
  await expect(chip).toBeVisible()
  expect(await chip.locator('.truncate').evaluate((words) => words.scrollWidth - words.clientWidth)).toBeLessThanOrEqual(0)
  await sheet.grid.hover()
  await page.mouse.wheel(0, 1400)
  await expect(sheet.grid).not.toHaveAttribute('aria-activedescendant')
  await page.mouse.wheel(0, -1400)
  await expect(sheet.grid).toHaveAttribute('aria-activedescendant', /./)
})

test('no rows, and none that fits the filter: it is said, with the way on; many tabs leave the one in front in view', async ({ app }) => {
  const sheet = await openSheet(app, [], { width: 1280, height: 800 })
  const { page } = sheet
  await expect(page.getByRole('heading', { name: 'No users in this draft' })).toBeVisible()
  await page.getByRole('button', { name: 'Insert a row' }).click()
  await expect(sheet.grid).toBeFocused()
  await page.keyboard.type('new@fjordkraft.no')
  await sheet.press('Enter')
  await sheet.reads(email, 1, ['new@fjordkraft.no'])
  await sheet.press('Control+Home', 'Shift+F10')
  await page.getByRole('menuitem', { name: /^Only rows with/ }).click()
  await sheet.press('Shift+Space', 'Control+-')
  await expect(page.getByRole('heading', { name: 'No row fits the filter' })).toBeVisible()
  await page.getByRole('button', { name: 'Show all rows' }).click()
  await expect(page.getByRole('heading', { name: 'No users in this draft' })).toBeVisible()

  for (let i = 0; i < 10; i++) {
    const file = await app.file(`users-of-office-${String(i)}.csv`, userFile(users(1)))
    await choose(page, () => page.keyboard.press('Control+o'), file)
    await expect(page.getByRole('button', { name: /^Open 1 user/ })).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(sheet.grid).toHaveAccessibleName(new RegExp(`office-${String(i)}`))
  }
  const tabs = page.getByRole('navigation', { name: 'Open drafts' })
  await within(tabs.getByRole('link', { name: 'users-of-office-9.csv' }))
  await within(tabs.getByRole('button', { name: 'Open a file' }))
  await sheet.press('Control+PageDown')
  await within(tabs.getByRole('link', { name: 'november.csv' }))
})
