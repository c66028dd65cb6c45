import { expect, type Page } from '@playwright/test'
import { userFile, users, type UserCells } from '../../support/user-file.ts'
import { choose, test, type App } from './support/app.ts'
import { roster } from './support/review.ts'
import { email, sheetOf, type Sheet } from './support/sheet.ts'

const customer = {
  name: 'Fjordkraft AS',
  packages: [
    { package: 'Webex Voice', limit: 10 },
    { package: 'Webex Suite', limit: 10 },
  ],
  locations: [{ name: 'Oslo HQ' }, { name: 'Bergen Vest' }, { name: 'Bergen Øst' }],
  sites: ['fjordkraft.webex.com', 'fjordkraft-prod.webex.com'],
  emailDomains: ['fjordkraft.no', 'fjordkraft.com'],
  numbers: [
    { number: '+4721538301', location: 'Oslo HQ' },
    { number: '+4721538390', location: 'Oslo HQ' },
    { number: '+4755000001', location: 'Bergen Vest' },
    { number: '+4780000001' },
  ],
}

async function openFor(app: App, count: number, change: (n: number) => UserCells = () => ({})): Promise<Sheet> {
  await app.file('profile.json', JSON.stringify(customer))
  await roster(app, ['customer', 'add', 'profile.json'])
  const page = await app.open({ width: 2900, height: 800 })
  const file = await app.file('november.csv', userFile(users(count, change)))
  await choose(page, () => page.getByRole('button', { name: /Prepare a file/ }).click(), file)
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Customer').selectOption({ label: 'Fjordkraft AS' })
  await dialog.getByRole('button', { name: /^Open \d/ }).click()
  const sheet = sheetOf(page)
  await expect(sheet.grid).toBeVisible()
  await sheet.grid.focus()
  return sheet
}

const offered = (page: Page): Promise<readonly string[]> => page.getByRole('listbox').getByRole('option').allInnerTexts()

async function command(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+Shift+p')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.type(words)
  await page.keyboard.press('Enter')
}

test('while typing, the customer’s values are offered first, then the draft’s', async ({ app }) => {
  const sheet = await openFor(app, 6, (n) => (n === 5 ? { Location: 'Bergen gamle', 'Preferred Webex Site': 'gammel.webex.com' } : {}))
  const { page } = sheet
  await sheet.click(1, 'Location')
  await page.keyboard.type('berg')
  await expect.poll(() => offered(page)).toEqual(['Bergen Vest', 'Bergen Øst', 'Bergen gamle'])
  await sheet.press('Enter')
  await sheet.reads('Location', 1, ['Bergen Vest'])

  await sheet.click(1, 'Preferred Webex Site')
  await sheet.press('F2')
  await expect.poll(() => offered(page)).toEqual(['fjordkraft-prod.webex.com', 'gammel.webex.com'])
  await sheet.press('ArrowDown', 'Enter')
  await sheet.reads('Preferred Webex Site', 1, ['fjordkraft-prod.webex.com'])

  await sheet.click(1, 'Package')
  await sheet.press('F2')
  await expect.poll(async () => (await offered(page)).slice(0, 2)).toEqual(['Webex Suite', 'Webex Voice'])
  await sheet.press('Escape')

  await sheet.click(1, email)
  await page.keyboard.type('ada@')
  await expect.poll(() => offered(page)).toEqual(['ada@fjordkraft.no', 'ada@fjordkraft.com'])
  await page.keyboard.type('fjordkraft.c')
  await expect.poll(() => offered(page)).toEqual(['ada@fjordkraft.com'])
  await sheet.press('Enter')
  await sheet.reads(email, 1, ['ada@fjordkraft.com'])
})

test('numbers of the own location, the default site where there is none, a site for all; each one step', async ({ app }) => {
  const sheet = await openFor(app, 5, (n) => ({
    'Phone Number': n === 4 ? '+4721538301' : '',
    Location: n === 1 ? 'Bergen Vest' : 'Oslo HQ',
    'Preferred Webex Site': n === 2 ? 'fjordkraft-prod.webex.com' : '',
  }))
  const { page } = sheet
  const dialog = page.getByRole('dialog')
  await sheet.click(1, 'First Name')
  await sheet.press('Shift+ArrowDown', 'Shift+ArrowDown')
  // +4721538301 is user 5's already; Bergen's number goes to Bergen, the one without a place to who is left.
  await command(page, 'free phone numbers')
  await dialog.getByRole('button', { name: 'Change 3 users' }).click()
  await sheet.reads('Phone Number', 1, ['+4721538390', '+4755000001', '+4780000001', ''])
  await sheet.grid.focus()
  await sheet.press('Control+z')
  await sheet.reads('Phone Number', 1, ['', '', '', '', '+4721538301'])

  await sheet.click(1, 'First Name')
  await sheet.press('Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown')
  await command(page, 'free phone numbers')
  await dialog.getByRole('button', { name: 'Change 4 users' }).click()
  await expect(dialog.getByText('For 3 users at Oslo HQ there are 2 free numbers. Nothing was changed.')).toBeVisible()
  await page.keyboard.press('Escape')
  await sheet.reads('Phone Number', 1, ['', '', '', ''])

  await command(page, 'default site')
  await expect(dialog.getByLabel('Preferred Webex Site')).toHaveValue('fjordkraft.webex.com')
  await dialog.getByRole('button', { name: 'Change 4 users' }).click()
  await sheet.reads('Preferred Webex Site', 1, [
    'fjordkraft.webex.com',
    'fjordkraft.webex.com',
    'fjordkraft-prod.webex.com',
    'fjordkraft.webex.com',
    '',
  ])
  await command(page, 'Set the site of')
  await dialog.getByLabel('Preferred Webex Site').fill('fjordkraft-prod.webex.com')
  await dialog.getByRole('button', { name: 'Change 4 users' }).click()
  await sheet.reads('Preferred Webex Site', 3, ['fjordkraft-prod.webex.com', 'fjordkraft-prod.webex.com', ''])
  await sheet.grid.focus()
  await sheet.press('Control+z', 'Control+z')
  await sheet.reads('Preferred Webex Site', 1, ['', '', 'fjordkraft-prod.webex.com', ''])
})

test('the status bar counts packages in the draft, and in the selection once it is more than a row', async ({ app }) => {
  const sheet = await openFor(app, 9, (n) => ({ package: n < 2 ? 'Webex Voice' : n === 8 ? null : 'Webex Suite' }))
  const { page } = sheet
  await sheet.click(1, 'First Name')
  const whole = page.getByRole('list', { name: 'Packages', exact: true })
  await expect(whole).toHaveText(/In the draft:\s*Voice 2\/10\s*Suite 6\/10|In the draft:\s*Suite 6\/10\s*Voice 2\/10/)
  await sheet.press('Shift+ArrowDown', 'Shift+ArrowDown')
  const selected = page.getByRole('list', { name: 'Packages of the selected users' })
  await expect(selected).toHaveText(/In the selection:/)
  await expect(selected.getByRole('listitem')).toHaveText(['In the selection:', 'Suite 1', 'Voice 2'])
  // A second range, and the user without a package.
  await sheet.click(9, 'First Name', ['ControlOrMeta'])
  await expect(selected.getByRole('listitem')).toHaveText(['In the selection:', 'Suite 1', 'Voice 2', 'no package 1'])
  await sheet.click(1, 'First Name')
  await expect(whole).toBeVisible()
})
