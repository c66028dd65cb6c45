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
