import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import path from 'node:path'
import { createWorkbookWriter } from '../../../backend/adapters/xlsx/write-workbook.ts'
import { choose, test, type App } from './support/app.ts'
import { email, sheetOf } from './support/sheet.ts'
import { still } from './support/still.ts'

/** A list as a Norwegian personnel system writes it. */
const people = [
  ['70000', 'Olsen, Freja', 'freja.olsen@fjordkraft.no', 'Nett', 'Bergen', '215 50 00 07', '4000', ''],
  ['70001', 'Vik, Henrik', 'henrik.vik@fjordkraft.no', 'Nett', 'Oslo', '215 50 01 07', '4001', 'Kun møter'],
  ['70002', 'Hansen, Gøran', 'goran.hansen@fjordkraft.no', 'Salg', 'Oslo', '215 50 02 07', '4002', 'Premium'],
]
const list = (rows: readonly (readonly string[])[]): string =>
  `\uFEFF${[['Ansattnr', 'Navn', 'E-post', 'Avdeling', 'Arbeidssted', 'Telefon', 'Internnr', 'Lisens'], ...rows].map((row) => row.join(';')).join('\r\n')}\r\n`

async function toMapping(page: Page, app: App, name = 'hr-liste.csv', text = list(people)): Promise<void> {
  await choose(page, () => page.getByRole('button', { name: /Prepare a file/ }).click(), await app.file(name, text))
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('This does not look like a Control Hub file.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Map the columns …' }).click()
  await expect(dialog.getByRole('heading', { name: `Which column is what? ${name}` })).toBeVisible()
}

test('a personnel list: guessed, confirmed, mapped, and remembered for the next time', async ({ app }) => {
  const page = await app.open()
  await toMapping(page, app)
  const dialog = page.getByRole('dialog')
  const target = (column: string) => dialog.getByRole('combobox', { name: `What ${column} becomes` })
  await expect(target('Navn')).toHaveValue('name:family-comma-given')
  await expect(target('E-post')).toHaveValue('to:email')
  await expect(target('Telefon')).toHaveValue('to:phone-number')
  await expect(target('Lisens')).toHaveValue('package')
  await expect(dialog.getByRole('combobox', { name: 'Kun møter becomes' })).toHaveValue('Webex Meetings')

  // A word of the customer's own, and a column that nobody needs.
  await dialog.getByRole('combobox', { name: 'Premium becomes' }).selectOption('Webex Suite')
  await target('Ansattnr').selectOption('drop')
  await page.screenshot({ path: 'test-results/screens/mapping.png' })
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(' | ')}`)).toEqual([])
  await dialog.getByRole('button', { name: 'Open 3 users' }).click()

  const sheet = sheetOf(page)
  await expect(sheet.grid).toBeVisible()
  await sheet.reads(email, 1, ['freja.olsen@fjordkraft.no', 'henrik.vik@fjordkraft.no', 'goran.hansen@fjordkraft.no'])
  await sheet.reads('First Name', 1, ['Freja', 'Henrik', 'Gøran'])
  await sheet.reads('Last Name', 1, ['Olsen', 'Vik', 'Hansen'])
  await sheet.reads('Package', 1, ['', 'Webex Meetings', 'Webex Suite'])
  // Numbers in the list's own way are findings; no spreadsheet has spoilt them.
  await expect(page.getByText('A spreadsheet has changed this file')).toHaveCount(0)
  await expect(page.getByRole('region', { name: 'Findings' }).getByRole('button', { expanded: false }).first()).toBeVisible()
  await expect(sheet.grid.locator('[role=columnheader][title=Ansattnr]')).toHaveCount(0)

  // The next month's list, after the host was ended: as it was mapped.
  await sheet.saved()
  await app.kill()
  await app.start()
  const again = await app.open()
  await toMapping(again, app, 'hr-liste-desember.csv')
  const next = again.getByRole('dialog')
  await expect(next.getByText('As you mapped this list before.')).toBeVisible()
  await expect(next.getByRole('combobox', { name: 'Premium becomes' })).toHaveValue('Webex Suite')
  await expect(next.getByRole('combobox', { name: 'What Ansattnr becomes' })).toHaveValue('drop')
})

test('two lists become one draft', async ({ app }) => {
  const page = await app.open()
  await toMapping(page, app, 'oslo.csv', list(people.slice(1)))
  const dialog = page.getByRole('dialog')
  const other = await app.file('bergen.csv', 'Name,Email\nFreja Olsen,freja.olsen@fjordkraft.no\n')
  await choose(page, () => dialog.getByRole('button', { name: 'Add another file …' }).click(), other)
  await expect(dialog.getByRole('button', { name: 'bergen.csv', exact: true })).toBeVisible()
  await dialog.getByRole('button', { name: 'Open 3 users' }).click()
  const sheet = sheetOf(page)
  await expect(sheet.grid).toBeVisible()
  await sheet.reads('First Name', 1, ['Henrik', 'Gøran', 'Freja'])
  await sheet.reads('Last Name', 1, ['Vik', 'Hansen', 'Olsen'])
})

test('Ja and Nei become TRUE and FALSE, a word in between is said by hand', async ({ app }) => {
  const page = await app.open()
  const words = ['Ja', 'nei', 'NEI', 'kanskje']
  const text = ['Navn;E-post;Softfon', ...words.map((word, n) => `Kari Berg;kari.${String(n)}@fjordkraft.no;${word}`)].join('\r\n')
  await toMapping(page, app, 'softfon.csv', text)
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: 'What Softfon becomes' }).selectOption({ label: 'Jabber Calling' })
  await expect(dialog.getByRole('combobox', { name: 'Ja becomes' })).toHaveValue('TRUE')
  // One word, however it is written.
  await expect(dialog.getByRole('combobox', { name: /^nei becomes/i })).toHaveValue('FALSE')
  await expect(dialog.getByRole('listitem').filter({ hasText: /^nei/i })).toContainText('2 users')
  await dialog.getByRole('combobox', { name: 'kanskje becomes' }).selectOption('FALSE')
  await dialog.getByRole('button', { name: 'Open 4 users' }).click()
  const sheet = sheetOf(page)
  await expect(sheet.grid).toBeVisible()
  await sheet.press('Control+End')
  await expect(sheet.grid.locator('[role=columnheader][title="Jabber Calling"]')).toBeVisible()
  await sheet.reads('Jabber Calling', 1, ['✓', '–', '–', '–'])
  await sheet.saved()
})

test('the sheets of a workbook are put one after the other, with a file beside them', async ({ app }) => {
  const page = await app.open()
  const header = ['Navn', 'E-post', 'Arbeidssted']
  const book = path.join(app.folder, 'ansatte.xlsx')
  await app.file('placeholder.txt', '')
  await createWorkbookWriter().write(book, [
    { name: 'Oslo', header, rows: [['Kari Berg', 'kari@fjordkraft.no', 'Oslo']] },
    {
      name: 'Bergen',
      header,
      rows: [
        ['Ola Vik', 'ola@fjordkraft.no', 'Bergen'],
        ['Nils Dahl', 'nils@fjordkraft.no', 'Bergen'],
      ],
    },
  ])
  await choose(page, () => page.getByRole('button', { name: /Prepare a file/ }).click(), book)
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Map the columns …' }).click()
  await dialog.getByRole('button', { name: 'Add the sheet Bergen' }).click()
  await expect(dialog.getByRole('button', { name: 'Open 3 users' })).toBeVisible()
  const other = await app.file('moss.csv', 'Name,Email\nEva Lund,eva@fjordkraft.no\n')
  await choose(page, () => dialog.getByRole('button', { name: 'Add another file …' }).click(), other)
  await dialog.getByRole('button', { name: 'Open 4 users' }).click()
  const sheet = sheetOf(page)
  await expect(sheet.grid).toBeVisible()
  await sheet.reads('First Name', 1, ['Kari', 'Ola', 'Nils', 'Eva'])
  await sheet.reads('Last Name', 1, ['Berg', 'Vik', 'Dahl', 'Lund'])
  await sheet.saved()
})

test('a workbook that begins with a cover page: the sheet with the users is chosen beside what is wrong with the first', async ({
  app,
}) => {
  const page = await app.open()
  const book = path.join(app.folder, 'brukere.xlsx')
  await app.file('placeholder.txt', '')
  await createWorkbookWriter().write(book, [
    { name: 'Cover', header: ['Fjordkraft AS'], rows: [['See the next sheet']] },
    { name: 'Users', header: [email, 'Webex Suite'], rows: [['kari@fjordkraft.no', 'TRUE']] },
  ])
  await choose(page, () => page.getByRole('button', { name: /Prepare a file/ }).click(), book)
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('alert')).toContainText('Sheet "Cover"')
  await dialog.getByRole('combobox', { name: 'Sheet' }).selectOption('Users')
  await expect(dialog.getByRole('alert')).toHaveCount(0)
  await dialog.getByRole('combobox', { name: 'Sheet' }).selectOption('Cover')
  await expect(dialog.getByRole('alert')).toContainText('Sheet "Cover"')
  await dialog.getByRole('combobox', { name: 'Sheet' }).selectOption('Users')
  await dialog.getByRole('button', { name: 'Open 1 user' }).click()
  await sheetOf(page).reads(email, 1, ['kari@fjordkraft.no'])
})

test('in Norwegian and dark, wide; and the list of keys', async ({ app }) => {
  const page = await app.open({ colorScheme: 'dark', width: 1920, height: 1080 })
  await expect(page.getByRole('heading').first()).toBeVisible()
  await page.keyboard.press('Alt+5')
  await page.getByText('Norsk', { exact: true }).click()
  await page.keyboard.press('Alt+1')
  await choose(page, () => page.keyboard.press('Control+o'), await app.file('hr-liste.csv', list(people)))
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Koble kolonnene …' }).click()
  await expect(dialog.getByRole('combobox', { name: 'Hva Navn blir til' })).toHaveValue('name:family-comma-given')
  await expect(dialog.getByRole('region', { name: 'De første brukerne' }).getByText('Freja Olsen')).toBeVisible()
  await still(page)
  await page.screenshot({ path: 'test-results/screens/mapping-norwegian-dark.png' })
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id }) => id)).toEqual([])
  await dialog.getByRole('button', { name: 'Åpne 3 brukere' }).click()
  await expect(page.getByRole('grid')).toBeVisible()
  await still(page)
  await page.screenshot({ path: 'test-results/screens/mapped-norwegian-dark.png' })
  await page.keyboard.press('F1')
  await expect(dialog.getByText('Til neste grense mot tomme celler')).toBeVisible()
  await still(page)
  await page.screenshot({ path: 'test-results/screens/keys-norwegian-dark.png' })
})
