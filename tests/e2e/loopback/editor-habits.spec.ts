import { expect, type Page } from '@playwright/test'
import { userFile, users } from '../../support/user-file.ts'
import { choose, test } from './support/app.ts'
import { email, openSheet, sheetOf, type Sheet } from './support/sheet.ts'

const shown = async (page: Page, words: string): Promise<void> => expect(page.getByText(words).first()).toBeVisible()

async function columnMenu(sheet: Sheet, title: string) {
  await sheet.click(1, title)
  await sheet.press('Alt+ArrowDown')
  const dialog = sheet.page.getByRole('dialog')
  await expect(dialog).toBeVisible()
  return dialog
}

/** When a layout of columns that fits has been kept: it is sent when the columns have rested for a moment. */
const keptLayout = (page: Page, fits: (layout: readonly { readonly id: string; readonly isPinned: boolean }[]) => boolean) =>
  page.waitForResponse((response) => {
    if (!response.url().endsWith('editor.setLayout')) return false
    const sent = response.request().postDataJSON() as { readonly layout: Parameters<typeof fits>[0] }
    return fits(sent.layout)
  })

const titles = (page: Page): Promise<(string | null)[]> =>
  page.locator('[role=columnheader][title]').evaluateAll((all) => all.map((each) => each.getAttribute('title')))

test('filters: by a condition, by a finding, by what becomes of users, by what the cell has; each a chip that goes', async ({ app }) => {
  const now = users(12, (n) => ({
    Location: n < 4 ? 'Bergen' : 'Oslo HQ',
    Department: n % 3 === 0 ? 'Salg' : 'Drift',
    ...(n === 5 || n === 6 ? { 'Phone Number': `472153830${String(n)}` } : {}),
  }))
  const sheet = await openSheet(app, now)
  const { page } = sheet
  const clear = async (): Promise<void> => {
    await sheet.grid.focus()
    await sheet.press('Control+Shift+L')
    await expect(page.getByText(/of 12 shown/)).toHaveCount(0)
  }

  const wrong = await columnMenu(sheet, 'Department')
  await wrong.getByRole('combobox', { name: 'Condition' }).selectOption({ label: 'matches pattern' })
  await wrong.getByRole('textbox', { name: 'Text of the condition' }).fill('(')
  await wrong.getByRole('button', { name: 'Filter', exact: true }).last().click()
  await expect(page.getByText(/^That could not be done: .*\(.*Nothing was changed/u)).toBeVisible()

  const menu = await columnMenu(sheet, 'Department')
  await menu.getByRole('combobox', { name: 'Condition' }).selectOption({ label: 'begins with' })
  await menu.getByRole('textbox', { name: 'Text of the condition' }).fill('sa')
  await menu.getByRole('button', { name: 'Filter', exact: true }).last().click()
  await shown(page, '4 of 12 shown')
  await page.getByRole('button', { name: /Department.*Remove this filter/ }).click()
  await expect(page.getByText(/of 12 shown/)).toHaveCount(0)

  const panel = page.getByRole('region', { name: 'Findings' })
  await panel.locator('button[aria-expanded]').first().click()
  await panel.getByRole('button', { name: 'Only these rows' }).first().click()
  await shown(page, '2 of 12 shown')
  await sheet.reads(email, 1, ['user.5@fjordkraft.no', 'user.6@fjordkraft.no'])
  await clear()

  await sheet.click(1, 'Location')
  await page.keyboard.press('Control+Shift+p')
  await page.keyboard.type('what the active cell has')
  await page.keyboard.press('Enter')
  await shown(page, '4 of 12 shown')
  await clear()

  // Compared with last month's, two users are new and one has moved.
  const before = users(10, (n) => ({ Location: n < 3 ? 'Bergen' : 'Oslo HQ', Department: n % 3 === 0 ? 'Salg' : 'Drift' }))
  await page.getByRole('button', { name: /^Compare/ }).click()
  const file = await app.file('oktober.csv', userFile(before))
  await choose(page, () => page.getByRole('menuitem').first().click(), file)
  await expect(page.getByText(/^Compared with/).first()).toBeVisible()
  await page.getByRole('group', { name: 'Filter' }).getByRole('button', { name: 'Filter' }).click()
  await page.getByRole('menuitem', { name: /^Added/ }).click()
  await shown(page, '2 of 12 shown')
  await sheet.reads(email, 1, ['user.10@fjordkraft.no', 'user.11@fjordkraft.no'])
})

test('rows are doubled, and a paste that keeps where it is blank goes only over the rows that are shown', async ({ app }) => {
  const sheet = await openSheet(
    app,
    users(6, (n) => ({ Department: n % 2 === 0 ? 'Salg' : 'Drift' })),
  )
  const { page } = sheet
  await sheet.click(2, 'First Name')
  await sheet.press('Shift+ArrowDown')
  await page.keyboard.press('Control+Shift+p')
  await page.keyboard.type('Duplicate 2 rows')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: '8 users' })).toBeVisible()
  await sheet.reads('First Name', 1, ['Kari', 'Ola', 'Ola', 'Ingrid', 'Ingrid', 'Nils'])
  await sheet.grid.focus()
  await sheet.press('Control+z')
  await sheet.reads('First Name', 1, ['Kari', 'Ola', 'Ingrid', 'Nils', 'Anna', 'Trond'])

  await sheet.click(1, 'Department')
  await page.keyboard.press('Control+Shift+p')
  await page.keyboard.type('what the active cell has')
  await page.keyboard.press('Enter')
  await shown(page, '3 of 6 shown')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate(() => navigator.clipboard.writeText('A\tAA\n\tBB\nC\t\n'))
  await sheet.click(1, 'First Name')
  await sheet.press('Control+Shift+v')
  await sheet.reads('First Name', 1, ['A', 'Ingrid', 'C'])
  await sheet.reads('Last Name', 1, ['AA', 'BB', 'Nordmann'])
  await sheet.press('Control+Shift+L')
  await sheet.reads('First Name', 1, ['A', 'Ola', 'Ingrid', 'Nils', 'C', 'Trond'])
  await sheet.reads('Last Name', 1, ['AA', 'Nordmann', 'BB', 'Nordmann', 'Nordmann', 'Nordmann'])
})

test('the fill handle counts phone numbers on, and names with a number; with Alt it repeats', async ({ app }) => {
  const sheet = await openSheet(app, users(9))
  const { page } = sheet
  const type = async (title: string, texts: readonly string[]): Promise<void> => {
    await sheet.click(1, title)
    for (const text of texts) {
      await page.keyboard.type(text)
      await sheet.press('Enter')
    }
    await sheet.reads(title, 1, texts)
    await sheet.click(1, title)
    for (let i = 1; i < texts.length; i++) await sheet.press('Shift+ArrowDown')
  }
  const drag = (title: string, to: number): Promise<void> => sheet.dragHandle(2, title, to)
  await type('Phone Number', ['+4721550001', '+4721550002'])
  await drag('Phone Number', 5)
  await sheet.reads('Phone Number', 1, ['+4721550001', '+4721550002', '+4721550003', '+4721550004', '+4721550005', '+4721538305'])

  await type('Display Name', ['Møterom 08', 'Møterom 09'])
  await drag('Display Name', 4)
  await sheet.reads('Display Name', 3, ['Møterom 10', 'Møterom 11', 'Anna Nordmann'])

  await type('Extension', ['1001', '1002'])
  await page.keyboard.down('Alt')
  await drag('Extension', 5)
  await page.keyboard.up('Alt')
  await sheet.reads('Extension', 1, ['1001', '1002', '1001', '1002', '1001', '2305'])
})

test('columns: fitted, hidden, dragged wider and elsewhere; all of it there after a restart', async ({ app }) => {
  const long = 'Kari Margrethe Elisabeth Nordmann-Haraldsen av Fjordkraft'
  const sheet = await openSheet(
    app,
    users(4, (n) => (n === 2 ? { 'Display Name': long } : {})),
  )
  const { page } = sheet
  const widthOf = async (title: string): Promise<number> =>
    (await page.locator(`[role=columnheader][title="${title}"]`).boundingBox())?.width ?? 0
  const before = await widthOf('Display Name')
  await (await columnMenu(sheet, 'Display Name')).getByRole('button', { name: 'Fit width to text' }).click()
  await expect.poll(() => widthOf('Display Name')).toBeGreaterThan(before + 100)

  await (await columnMenu(sheet, 'User Status')).getByRole('button', { name: 'Hide column' }).click()
  await expect.poll(() => titles(page)).not.toContain('User Status')

  const grip = await page.locator('[role=columnheader][title="First Name"] .rg-grip').boundingBox()
  if (grip === null) throw new Error('no grip')
  const first = await widthOf('First Name')
  await page.mouse.move(grip.x + grip.width / 2, grip.y + 8)
  await page.mouse.down()
  await page.mouse.move(grip.x + grip.width / 2 + 60, grip.y + 8, { steps: 4 })
  await page.mouse.up()
  await expect.poll(() => widthOf('First Name')).toBeCloseTo(first + 60, -1)

  const [from, to] = [
    await page.locator('[role=columnheader][title="Extension"]').boundingBox(),
    await page.locator('[role=columnheader][title="First Name"]').boundingBox(),
  ]
  if (from === null || to === null) throw new Error('no header')
  const layoutKept = keptLayout(page, (layout) => {
    const ids = layout.map(({ id }) => id)
    return ids.indexOf('Extension') < ids.indexOf('First Name')
  })
  await page.mouse.move(from.x + 30, from.y + 12)
  await page.mouse.down()
  await page.mouse.move(to.x + 10, to.y + 12, { steps: 8 })
  await page.mouse.up()
  const order = [email, 'Extension', 'First Name', 'Last Name']
  await expect.poll(async () => (await titles(page)).slice(0, 4)).toEqual(order)

  await layoutKept
  await app.kill()
  await app.start()
  const again = sheetOf(await app.open({ width: 2900, height: 800 }))
  await again.page
    .getByRole('link', { name: /november/ })
    .first()
    .click()
  await expect(again.grid).toBeVisible()
  await expect.poll(async () => (await titles(again.page)).slice(0, 4)).toEqual(order)
  await expect.poll(() => titles(again.page)).not.toContain('User Status')
  const kept = async () => (await again.page.locator('[role=columnheader][title="First Name"]').boundingBox())?.width
  await expect.poll(kept).toBeCloseTo(first + 60, -1)
  await again.page.keyboard.press('Control+Shift+p')
  await again.page.keyboard.type('Show 1 hidden')
  await again.page.keyboard.press('Enter')
  await expect.poll(() => titles(again.page)).toContain('User Status')
})

test('a user as a form: what each field is for, its findings, and an edit that is one of the draft’s', async ({ app }) => {
  const sheet = await openSheet(
    app,
    users(4, (n) => (n === 1 ? { 'Phone Number': '4721538301', 'Preferred Webex Site': '' } : {})),
  )
  const { page } = sheet
  await sheet.click(2, 'First Name')
  await sheet.press('Control+Shift+Enter')
  const form = page.getByRole('complementary', { name: 'User' })
  await expect(form.getByRole('heading', { name: 'user.1@fjordkraft.no' })).toBeVisible()
  await expect(form.getByText('A new user needs a first and a last name.').first()).toBeVisible()
  await expect(form.getByText('Webex Suite has meetings, and meetings need a site.')).toBeVisible()
  await form.getByLabel('First Name').fill('Olav')
  await form.getByLabel('First Name').press('Enter')
  await sheet.reads('First Name', 2, ['Olav'])
  await form.getByRole('combobox', { name: 'Package' }).selectOption('Webex Voice')
  await sheet.reads('Package', 2, ['Webex Voice'])
  await expect(form.getByText('Webex Voice needs a phone number or an extension.').first()).toBeVisible()
  // The form follows the active row.
  await sheet.click(4, 'First Name')
  await expect(form.getByRole('heading', { name: 'user.3@fjordkraft.no' })).toBeVisible()
  await sheet.saved()
})

test('Space turns TRUE and FALSE, of a selection too; Ctrl+Enter writes into all of it', async ({ app }) => {
  const sheet = await openSheet(app, users(5))
  const { page } = sheet
  await sheet.click(1, 'Jabber Calling')
  await sheet.press(' ')
  await sheet.reads('Jabber Calling', 1, ['✓', '–', '–'])
  await sheet.press(' ')
  await sheet.reads('Jabber Calling', 1, ['–', '–', '–'])
  await sheet.press('Shift+ArrowDown', 'Shift+ArrowDown', ' ')
  await sheet.reads('Jabber Calling', 1, ['✓', '✓', '✓', '–'])
  await sheet.press('Control+z')
  await sheet.reads('Jabber Calling', 1, ['–', '–', '–', '–'])

  await sheet.click(1, 'Department')
  await sheet.press('Shift+ArrowDown')
  await sheet.click(4, 'Department', ['ControlOrMeta'])
  await page.keyboard.type('Salg')
  await sheet.press('Control+Enter')
  await sheet.reads('Department', 1, ['Salg', 'Salg', 'Drift', 'Salg', 'Drift'])
  await sheet.press('Control+z')
  await sheet.reads('Department', 1, ['Drift', 'Drift', 'Drift', 'Drift', 'Drift'])
})

test('a column is given another header: one that Control Hub knows, or one of one’s own', async ({ app }) => {
  const sheet = await openSheet(app, users(3))
  const { page } = sheet
  const menu = await columnMenu(sheet, 'Department')
  await menu.getByRole('button', { name: 'Rename header…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Say what a column is' })
  await expect(dialog.getByLabel('Header')).toHaveValue('Department')
  await expect(dialog.getByRole('button', { name: 'Rename the column' })).toBeDisabled()
  await dialog.getByLabel('Header').fill('Avdeling hos oss')
  await dialog.getByRole('button', { name: 'Rename the column' }).click()
  await expect.poll(() => titles(page)).toContain('Avdeling hos oss')
  await sheet.grid.focus()
  await sheet.press('Control+z')
  await expect.poll(() => titles(page)).toContain('Department')
})

test('findings by row: those of a user together, in the order of the rows; a click goes there, one is repaired', async ({ app }) => {
  const sheet = await openSheet(
    app,
    users(30, (n) =>
      n === 4 ? { 'Phone Number': '4721538304', 'First Name': ' Anna' } : n === 20 ? { 'Phone Number': '4721538320' } : {},
    ),
    { width: 1280, height: 800 },
  )
  const { page } = sheet
  const panel = page.getByRole('region', { name: 'Findings', exact: true })
  await panel.getByText('By row', { exact: true }).click()
  await expect(panel.getByRole('region')).toHaveCount(2)
  const first = panel.getByRole('region', { name: 'Row 6' })
  await expect(first.getByRole('listitem')).toHaveCount(2)
  await panel.getByRole('region', { name: 'Row 22' }).getByRole('button').first().click()
  await expect.poll(sheet.active).toBe('21 Phone Number')
  await first.getByRole('button', { name: 'Fix', exact: true }).first().click()
  await page.getByRole('dialog').getByRole('button', { name: 'Change 1' }).click()
  await expect(first.getByRole('listitem')).toHaveCount(1)
  await page.screenshot({ path: 'test-results/screens/findings-by-row.png' })
  await expect(page.getByRole('contentinfo').getByRole('list', { name: 'Findings' })).toHaveText(/2/)
})

test('frozen: email and status stay while the others scroll, at the first file of all; what is released stays released', async ({
  app,
}) => {
  const sheet = await openSheet(app, users(40), { width: 1280, height: 800 })
  const { page } = sheet
  const head = (title: string) => page.locator(`[role=columnheader][title="${title}"]`)
  const left = async (title: string): Promise<number> => (await head(title).boundingBox())?.x ?? NaN
  const toTheRight = () => sheet.grid.evaluate((grid) => grid.scrollTo({ left: grid.scrollWidth }))
  const before = [await left(email), await left('User Status')]
  // What they take leaves room: three others are whole, beside the panel of findings.
  const right = ((await sheet.grid.boundingBox())?.x ?? 0) + ((await sheet.grid.boundingBox())?.width ?? 0)
  const third = await head('Display Name').boundingBox()
  expect((third?.x ?? Infinity) + (third?.width ?? 0)).toBeLessThanOrEqual(right)
  await toTheRight()
  await expect(head('First Name')).toHaveCount(0)
  await expect.poll(async () => [await left(email), await left('User Status')]).toEqual(before)
  await expect(await sheet.cell(2, 'User Status')).toHaveText('Verified')
  await page.screenshot({ path: 'test-results/screens/frozen.png' })

  const layoutKept = keptLayout(page, (layout) => layout.some(({ id, isPinned }) => id === 'User Status' && !isPinned))
  await (await columnMenu(sheet, 'User Status')).getByRole('button', { name: 'Unpin' }).click()
  await toTheRight()
  await expect(head('User Status')).toHaveCount(0)
  await expect(head(email)).toBeVisible()
  await layoutKept
  await app.kill()
  await app.start()
  const again = await app.open()
  await again
    .getByRole('link', { name: /november/ })
    .first()
    .click()
  await expect(again.getByRole('grid')).toBeVisible()
  await expect.poll(async () => (await titles(again)).slice(0, 2)).toEqual([email, 'First Name'])
})
