import { expect } from '@playwright/test'
import { userCells, userFile, users } from '../../support/user-file.ts'
import { choose, test } from './support/app.ts'
import { roster } from './support/review.ts'

test('a customer on the screen: locations and numbers out of files, packages, sites and header learnt from an export at one yes', async ({
  app,
}) => {
  const page = await app.open()
  await page.getByRole('link', { name: 'Customers' }).click()
  await page.getByRole('button', { name: 'New customer' }).first().click()
  await page.getByLabel('Name').fill('Fjordkraft AS')
  await page.getByRole('button', { name: 'Make the customer' }).click()
  await expect(page.getByRole('heading', { name: 'Fjordkraft AS' })).toBeVisible()
  const take = async (item: string, name: string, text: string): Promise<void> => {
    await page.getByRole('button', { name: 'More …' }).click()
    const file = await app.file(name, text)
    await choose(page, () => page.getByRole('menuitem', { name: item }).click(), file)
  }
  await take('Import locations (CSV) …', 'steder.csv', 'Navn;Land\nOslo HQ;NO\nBergen;NO\n')
  await expect(page.getByLabel('2 locations')).toHaveValue('Oslo HQ; NO\nBergen; NO')
  await take('Import numbers (CSV) …', 'numre.csv', 'Number,Location\n+4721538300,Oslo HQ\n')
  await expect(page.getByLabel('1 number')).toHaveValue(/\+4721538300/)

  await take('Learn from an export …', 'export.csv', userFile(users(6)))
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('fjordkraft.webex.com')
  await page.screenshot({ path: 'test-results/screens/customer-learn.png' })
  await dialog.getByRole('button', { name: 'Add to the profile' }).click()
  await expect(page.getByLabel('1 Webex site')).toHaveValue('fjordkraft.webex.com')
  const profile = JSON.parse(await roster(app, ['customer', 'show', 'Fjordkraft AS'])) as Readonly<Record<string, unknown>>
  expect(profile).toMatchObject({ sites: ['fjordkraft.webex.com'], numbers: [{ number: '+4721538300', location: 'Oslo HQ' }] })
  expect(profile['header']).toContain('Webex Suite')

  // What is no profile is refused with its place; nothing of it is kept.
  await page.getByLabel('Own rules (JSON)').fill('[{ "name": "x", "colum": "Department" }]')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText(/\/rules\/0/).first()).toBeVisible()
  expect(JSON.parse(await roster(app, ['customer', 'show', 'Fjordkraft AS']))).toEqual(profile)
})

test('the files are uploaded one after the other: ticked, the next comes to the front, removals last; all of it there after the host was killed', async ({
  app,
}) => {
  const base = users(6)
  await app.file('profile.json', JSON.stringify({ name: 'Fjordkraft AS' }))
  await app.file('base.csv', userFile(base))
  await app.file(
    'change.csv',
    userFile([
      userCells(0, { Department: 'Salg' }),
      userCells(1, { Department: 'Salg' }),
      ...base.slice(2, 5),
      userCells(5, { package: null }),
    ]),
  )
  const made = await roster(app, [
    'submit',
    'change.csv',
    '--customer',
    'profile.json',
    '--baseline',
    'base.csv',
    '--confirm-removals',
    '1',
    '--as',
    'Kari',
  ])
  const { batch } = JSON.parse(made) as { batch: string }
  await roster(app, ['approve', batch, '--as', 'Ola'])
  let page = await app.open()
  const toBatch = async (): Promise<void> => {
    await page.goto(`${page.url().replace(/#.*$/u, '')}#/batches/${batch}`)
    await expect(page.getByRole('heading', { name: 'Control Hub files' })).toBeVisible()
  }
  await toBatch()
  await page.getByLabel('Users per file').fill('1')
  await page.getByRole('button', { name: 'Make the files' }).click()
  const front = page.locator('.export li[aria-current=step]')
  await expect(front).toContainText('01-of-03')
  await expect(page.getByRole('checkbox', { name: /02-of-03/ })).toBeDisabled()
  await page.getByRole('checkbox', { name: /01-of-03/ }).check()
  await expect(front).toContainText('02-of-03')
  await page.screenshot({ path: 'test-results/screens/hub-steps.png' })

  await app.kill()
  await app.start()
  page = await app.open()
  await toBatch()
  const now = page.locator('.export li[aria-current=step]')
  await expect(page.getByRole('checkbox', { name: /01-of-03/ })).toBeChecked()
  await expect(now).toContainText('02-of-03')
  await page.getByRole('checkbox', { name: /02-of-03/ }).check()
  await expect(now).toContainText('03-of-03')
  await expect(now).toContainText('removals')

  // Made once more, as one file: the earlier ones are folded away and keep their own ticks.
  await page.getByLabel('Users per file').fill('20')
  await page.getByRole('button', { name: 'Make them again' }).click()
  await expect(page.getByRole('checkbox', { name: /01-of-02/ })).not.toBeChecked()
  const folded = page.getByText(/^Files made earlier, .*: 2 of 3 finished/u)
  await folded.click()
  await page.getByRole('checkbox', { name: /03-of-03/ }).check()
  await expect(page.getByText(/^Files made earlier, .*: 3 of 3 finished/u)).toBeVisible()
  await expect(page.getByRole('checkbox', { name: /01-of-02/ })).not.toBeChecked()
})
