import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { userFile, users } from '../../support/user-file.ts'
import { choose, test, type App } from './support/app.ts'
import { roster } from './support/review.ts'
import { email, sheetOf } from './support/sheet.ts'
import { still } from './support/still.ts'

/** Chooses several files at once, as in the system's dialog. */
async function chooseAll(page: Page, files: readonly string[]): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: /Prepare a file/ }).click()])
  expect(chooser.isMultiple()).toBe(true)
  await chooser.setFiles([...files])
}

/** Lets several files fall onto the window, wherever the pointer is. */
async function dropAll(page: Page, files: Readonly<Record<string, string>>): Promise<void> {
  await page.evaluate((all) => {
    const dataTransfer = new DataTransfer()
    for (const [name, text] of Object.entries(all)) dataTransfer.items.add(new File([text], name))
    for (const kind of ['dragenter', 'dragover', 'drop'])
      document.body.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }))
  }, files)
}

async function faults(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`)
}

const numbered = (from: number, to: number): string => userFile(users(to).slice(from))
const emails = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from }, (_, n) => `user.${String(from + n)}@fjordkraft.no`)
const threeFiles = async (app: App): Promise<readonly string[]> => [
  await app.file('oslo.csv', numbered(0, 3)),
  await app.file('bergen.csv', numbered(3, 5)),
  await app.file('moss.csv', 'Navn;E-post\r\nEva Lund;eva@fjordkraft.no\r\n'),
]

test('three files chosen at once become one draft: Control Hub’s own and a personnel list, one below the other', async ({ app }) => {
  const page = await app.open({ width: 2900, height: 800 })
  await chooseAll(page, await threeFiles(app))
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('bergen.csv, moss.csv')).toBeVisible()
  await expect(dialog.getByLabel('The other 2 files')).toHaveValue('appended')
  await page.screenshot({ path: 'test-results/screens/several-files.png' })
  await dialog.getByRole('button', { name: 'Map the columns …' }).click()
  for (const name of ['oslo.csv', 'bergen.csv', 'moss.csv']) await expect(dialog.getByRole('button', { name, exact: true })).toBeVisible()
  // A column that Control Hub fills itself stays what it is, and says so.
  await expect(dialog.getByRole('combobox', { name: 'What User Status becomes' }).locator('option:checked')).toHaveText('User Status')
  await page.screenshot({ path: 'test-results/screens/several-files-mapped.png' })
  await dialog.getByRole('button', { name: 'Open 6 users' }).click()
  const sheet = sheetOf(page)
  await expect(sheet.grid).toBeVisible()
  await sheet.reads(email, 1, [...emails(0, 5), 'eva@fjordkraft.no'])
  await sheet.reads('Last Name', 1, ['Nordmann', 'Nordmann', 'Nordmann', 'Nordmann', 'Nordmann', 'Lund'])
  await sheet.reads('Package', 1, ['Webex Suite', 'Webex Suite', 'Webex Suite', 'Webex Suite', 'Webex Suite', ''])
  await sheet.reads('User Status', 1, ['Verified', 'Verified', 'Verified', 'Verified', 'Verified', ''])
  await sheet.reads('Extension', 4, ['2303', '2304', ''])
  await sheet.saved()
})

test('of two files the second is what to compare with, unless the person says otherwise', async ({ app }) => {
  const page = await app.open()
  const [now, before] = [await app.file('a-now.csv', numbered(0, 4)), await app.file('b-before.csv', numbered(1, 6))]
  await chooseAll(page, [now, before])
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByLabel('The other file')).toHaveValue('baseline')
  await dialog.getByRole('button', { name: 'Open 4 users' }).click()
  await expect(page.getByRole('heading', { name: '4 users' })).toBeVisible()
  await expect(page.getByRole('button', { name: /^Compared with/ })).toBeVisible()

  // The same two once more, as one list.
  await dropAll(page, { 'a-now.csv': numbered(0, 4), 'c-more.csv': numbered(4, 6) })
  await dialog.getByLabel('The other file').selectOption({ label: 'Into the same draft: one list of 2 files' })
  await dialog.getByRole('button', { name: 'Map the columns …' }).click()
  await dialog.getByRole('button', { name: 'Open 6 users' }).click()
  await expect(page.getByRole('heading', { name: '6 users' })).toBeVisible()
  await expect(page.getByRole('navigation', { name: 'Open drafts' }).getByRole('link')).toHaveCount(2)
})

test('three files dropped on the window become a draft each, one dialog after the other; what was not wanted is not asked again', async ({
  app,
}) => {
  const page = await app.open()
  const tabs = page.getByRole('navigation', { name: 'Open drafts' }).getByRole('link')
  const dialog = page.getByRole('dialog')
  await expect(page.getByRole('heading').first()).toBeVisible()
  await dropAll(page, { 'oslo.csv': numbered(0, 3), 'bergen.csv': numbered(3, 5), 'moss.csv': numbered(5, 9) })
  await dialog.getByLabel('The other 2 files').selectOption({ label: 'Drafts of their own' })
  await dialog.getByRole('button', { name: 'Open 3 users' }).click()
  await expect(dialog.getByRole('heading', { name: 'Open bergen.csv' })).toBeVisible()
  await dialog.getByRole('button', { name: 'Open 2 users' }).click()
  await expect(dialog.getByRole('heading', { name: 'Open moss.csv' })).toBeVisible()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(tabs).toHaveText(['oslo.csv', 'bergen.csv'])
  await expect(page.getByRole('heading', { name: '2 users' })).toBeVisible()
})

test('of files that cannot be read it is said which, in their own place; the others go on', async ({ app }) => {
  const page = await app.open()
  await expect(page.getByRole('heading').first()).toBeVisible()
  await dropAll(page, { 'oslo.csv': numbered(0, 3), 'letter.csv': '%PDF-1.7 a letter', 'moss.csv': numbered(5, 9) })
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Map the columns …' }).click()
  await expect(dialog.getByRole('alert')).toContainText('letter.csv')
  await dialog.getByRole('button', { name: 'Open 7 users' }).click()
  await expect(page.getByRole('heading', { name: '7 users' })).toBeVisible()
})

test('a draft keeps the profile that was chosen for it: a changed one is said and taken up by a click, a deleted one is said', async ({
  app,
}) => {
  const profile = (locations: readonly string[]) =>
    JSON.stringify({ name: 'Fjordkraft AS', locations: locations.map((name) => ({ name, country: 'NO' })) })
  await app.file('profile.json', profile(['Bergen']))
  await roster(app, ['customer', 'add', 'profile.json'])
  const page = await app.open()
  const file = await app.file('november.csv', numbered(0, 4))
  await choose(page, () => page.getByRole('button', { name: /Prepare a file/ }).click(), file)
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Customer').selectOption('Fjordkraft AS')
  await dialog.getByRole('button', { name: 'Open 4 users' }).click()
  await expect(page.getByText('Unknown location')).toBeVisible()
  const changed = page.getByText('The profile of Fjordkraft AS has changed since this draft took it up.')
  await expect(changed).toHaveCount(0)

  await page.getByRole('link', { name: 'Customers' }).click()
  await page
    .getByRole('link', { name: /Fjordkraft AS/ })
    .first()
    .click()
  await page.getByLabel('1 location').fill('Oslo HQ; NO')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('link', { name: 'november.csv' }).first().click()
  await expect(changed).toBeVisible()
  await expect(page.getByText('Unknown location')).toBeVisible()
  await page.screenshot({ path: 'test-results/screens/profile-changed.png' })
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'Check by the profile of now' }).click()
  await expect(page.getByText('Unknown location')).toHaveCount(0)
  await expect(changed).toHaveCount(0)

  // And one that is deleted: said in every view of the draft.
  await page.getByRole('link', { name: 'Customers' }).click()
  await page
    .getByRole('link', { name: /Fjordkraft AS/ })
    .first()
    .click()
  await page.getByRole('button', { name: 'More …' }).click()
  await page.getByRole('menuitem', { name: 'Delete customer …' }).click()
  await dialog.getByRole('textbox').fill('Fjordkraft AS')
  await dialog.getByRole('button', { name: /Delete/ }).click()
  await page.getByRole('link', { name: 'november.csv' }).first().click()
  await expect(page.getByText('There is no profile of Fjordkraft AS any more.')).toBeVisible()
  await page.getByRole('link', { name: /^Send/ }).click()
  await expect(page.getByText('There is no profile of Fjordkraft AS any more.')).toBeVisible()
  await page.screenshot({ path: 'test-results/screens/profile-gone.png' })
})

test('several files in Norwegian, by night: no fault that axe knows in what asks about them', async ({ app }) => {
  const page = await app.open({ colorScheme: 'dark' })
  await expect(page.locator('h1').first()).toBeVisible()
  await page.keyboard.press('Alt+5')
  await page.getByText('Norsk', { exact: true }).click()
  await page.keyboard.press('Alt+1')
  await dropAll(page, { 'oslo.csv': numbered(0, 3), 'bergen.csv': numbered(3, 5), 'moss.csv': numbered(5, 9) })
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByLabel('De andre 2 filene')).toHaveValue('appended')
  await still(page)
  await page.screenshot({ path: 'test-results/screens/several-files-norwegian-dark.png' })
  expect(await faults(page)).toEqual([])
  await dialog.locator('button[type=submit]').click()
  await expect(dialog.getByRole('button', { name: 'moss.csv', exact: true })).toBeVisible()
  await still(page)
  await page.screenshot({ path: 'test-results/screens/several-files-mapped-norwegian-dark.png' })
  expect(await faults(page)).toEqual([])
})
