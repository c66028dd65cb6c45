import type { Page } from '@playwright/test'
import { expect, test } from './launch.ts'

const cell = (page: Page, name: string) => page.getByRole('gridcell', { name, exact: true }).first()

test('an edit can be undone, and what was edited is there when the window is opened again', async ({ desk }, info) => {
  const { app, page } = await desk.start()
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.getByRole('button', { name: 'Try the sample customer' }).click()
  await expect(page.getByRole('heading', { name: '1,251 users' })).toBeVisible()

  await cell(page, 'Bo').click()
  await page.keyboard.type('Bjørn')
  await page.keyboard.press('Enter')
  await expect(cell(page, 'Bjørn')).toBeVisible()
  await expect(page.getByRole('button', { name: /^Undo/u })).toBeEnabled()
  await page.keyboard.press('ControlOrMeta+z')
  await expect(cell(page, 'Bjørn')).toBeHidden()
  await cell(page, 'Bo').click()
  await page.keyboard.type('Bjarke "B"')
  await page.keyboard.press('Enter')
  await expect(cell(page, 'Bjarke "B"')).toBeVisible()
  // The engine has it: from here on it must be there, however the window ends.
  await expect(page.getByRole('button', { name: /^Undo/u })).toBeEnabled()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  await page.screenshot({ path: info.outputPath('edited.png') })
  await app.close()

  const again = await desk.start()
  await again.page.getByRole('link', { name: 'nordfjell-november.csv' }).first().click()
  await expect(cell(again.page, 'Bjarke "B"')).toBeVisible()
  await again.page.getByRole('button', { name: /^Undo/u }).click()
  await expect(cell(again.page, 'Bo')).toBeVisible()
})
