import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { userFile, users } from '../../support/user-file.ts'
import { expect, test } from './launch.ts'

test('a file that changes on disk is told of: opened as another draft, or passed over; the draft itself stays', async ({
  desk,
  desktop: { app, page },
}) => {
  const file = path.join(desk.folder, 'november.csv')
  await writeFile(file, userFile(users(7)))
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] })
  }, file)
  await page.keyboard.press('ControlOrMeta+o')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Open 7/ })
    .click()
  await expect(page.getByRole('heading', { name: '7 users' })).toBeVisible()
  const bar = page.getByRole('status').filter({ hasText: 'november.csv has changed on disk' })
  await expect(bar).toHaveCount(0)

  await writeFile(file, userFile(users(9)))
  await page.evaluate(() => window.dispatchEvent(new Event('focus')))
  await expect(bar).toBeVisible()
  await expect(page.getByRole('heading', { name: '7 users' })).toBeVisible()
  await page.screenshot({ path: 'test-results/screens/source-changed.png' })
  await bar.getByRole('button', { name: 'Open it as another draft …' }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Open 9/ })
    .click()
  await expect(page.getByRole('heading', { name: '9 users' })).toBeVisible()
  await expect(bar).toHaveCount(0)

  await page.getByRole('navigation', { name: 'Open drafts' }).getByRole('link').first().click()
  await expect(page.getByRole('heading', { name: '7 users' })).toBeVisible()
  await bar.getByRole('button', { name: 'Say no more of it' }).click()
  await expect(bar).toHaveCount(0)
  await page.evaluate(() => window.dispatchEvent(new Event('focus')))
  await page.waitForTimeout(500)
  await expect(bar).toHaveCount(0)
})

test('of a draft of several files, one that changed: all of them again, each mapped as before, as another draft', async ({
  desk,
  desktop: { app, page },
}) => {
  const [oslo, bergen] = [path.join(desk.folder, 'oslo.csv'), path.join(desk.folder, 'bergen.csv')]
  await writeFile(oslo, userFile(users(3)))
  await writeFile(bergen, 'Navn;E-post;Arbeidssted\r\nEva Lund;eva@fjordkraft.no;Bergen\r\n')
  await app.evaluate(
    ({ dialog }, chosen) => {
      dialog.showOpenDialog = (...words: readonly unknown[]) => {
        const options = words.at(-1) as { readonly properties?: readonly string[] }
        return Promise.resolve({ canceled: false, filePaths: options.properties?.includes('multiSelections') === true ? chosen : [] })
      }
    },
    [oslo, bergen],
  )
  await page.keyboard.press('ControlOrMeta+o')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('The other file').selectOption({ label: 'Into the same draft: one list of 2 files' })
  await dialog.getByRole('button', { name: 'Map the columns …' }).click()
  await dialog.getByRole('button', { name: 'bergen.csv', exact: true }).click()
  await dialog.getByRole('combobox', { name: 'What Arbeidssted becomes' }).selectOption({ label: 'Location' })
  await dialog.getByRole('button', { name: 'Open 4 users' }).click()
  await expect(page.getByRole('heading', { name: '4 users' })).toBeVisible()

  await writeFile(bergen, 'Navn;E-post;Arbeidssted\r\nEva Lund;eva@fjordkraft.no;Bergen\r\nLiv Moe;liv@fjordkraft.no;Voss\r\n')
  await page.evaluate(() => window.dispatchEvent(new Event('focus')))
  const bar = page.getByRole('status').filter({ hasText: 'bergen.csv has changed on disk' })
  await bar.getByRole('button', { name: 'Open it as another draft …' }).click()
  for (const name of ['oslo.csv', 'bergen.csv']) await expect(dialog.getByRole('button', { name, exact: true })).toBeVisible()
  await dialog.getByRole('button', { name: 'bergen.csv', exact: true }).click()
  await expect(dialog.getByText('As you mapped this list before.')).toBeVisible()
  await expect(dialog.getByRole('combobox', { name: 'What Arbeidssted becomes' }).locator('option:checked')).toHaveText('Location')
  await dialog.getByRole('button', { name: 'Open 5 users' }).click()
  await expect(page.getByRole('heading', { name: '5 users' })).toBeVisible()
  await expect(page.getByText('liv@fjordkraft.no').first()).toBeVisible()
  await expect(bar).toHaveCount(0)
  await page.getByRole('navigation', { name: 'Open drafts' }).getByRole('link').first().click()
  await expect(page.getByRole('heading', { name: '4 users' })).toBeVisible()
})
