import AxeBuilder from '@axe-core/playwright'
import { expect } from '@playwright/test'
import { userFile, users } from '../../support/user-file.ts'
import { choose, test } from './support/app.ts'
import { email, openSheet, sheetOf } from './support/sheet.ts'
import { still } from './support/still.ts'

test('two drafts side by side, from the palette and the menu; a click goes to the cell', async ({ app }) => {
  const first = await openSheet(
    app,
    users(12, (n) => (n === 3 ? { Department: 'Salg', Location: 'Bergen' } : {})),
    { width: 1280, height: 800 },
  )
  const { page } = first
  await page.keyboard.press('Control+Shift+p')
  await page.keyboard.type('compare with another')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('There is no other draft.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Close' }).first().click()

  const other = await app.file('desember.csv', userFile(users(14).slice(2)))
  await choose(page, () => page.keyboard.press('Control+o'), other)
  await dialog.getByRole('button', { name: /^Open \d/ }).click()
  await expect(page.getByRole('heading', { name: '12 users' })).toBeVisible()
  await page.getByRole('navigation', { name: 'Open drafts' }).getByRole('link', { name: 'november.csv' }).click()
  await expect(page.getByRole('grid', { name: /november/ })).toBeVisible()

  await page.getByRole('button', { name: /^Compare/ }).click()
  await page.getByRole('menuitem', { name: 'Compare with another draft …' }).click()
  await expect(dialog.getByRole('combobox', { name: 'Other draft' }).locator('option:checked')).toHaveText(/^desember\.csv – 12 users/)
  await expect(dialog.getByRole('radio', { name: '1 differs' })).toBeChecked()
  await expect(dialog.getByText('9 users read the same in both.')).toBeVisible()
  const row = dialog.getByRole('row').filter({ hasText: 'user.3@fjordkraft.no' })
  await expect(row).toContainText(/Location\s*Oslo HQ\s*→.*Bergen/)
  await expect(row).toContainText(/Department\s*Drift\s*→.*Salg/)
  await still(page)
  await page.screenshot({ path: 'test-results/screens/compare-drafts.png' })
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(' | ')}`)).toEqual([])

  await dialog.getByText('2 only here').click()
  await expect(dialog.getByRole('row')).toHaveCount(3)
  await expect(dialog.getByRole('row').nth(2)).toContainText('user.1@fjordkraft.no')
  await dialog.getByText('2 only there').click()
  await expect(dialog.getByRole('row').nth(2)).toContainText('user.13@fjordkraft.no')

  await dialog.getByText('1 differs').click()
  await dialog.getByRole('combobox', { name: 'Which column' }).selectOption({ label: 'Department: 1 user' })
  await dialog.getByRole('button', { name: 'Go to user.3@fjordkraft.no in this draft' }).click()
  await expect(dialog).toHaveCount(0)
  await expect.poll(first.active).toBe('4 Location')
})

test('an edit of either draft shows in the comparison, and equal drafts are said to be equal', async ({ app }) => {
  const { page } = await openSheet(app, users(5))
  await choose(page, () => page.keyboard.press('Control+o'), await app.file('kopi.csv', userFile(users(5))))
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: /^Open \d/ }).click()
  const sheet = sheetOf(page)
  await expect(page.getByRole('grid', { name: /kopi/ })).toBeVisible()
  const compare = async (): Promise<void> => {
    await page.keyboard.press('Control+k')
    await page.keyboard.type('compare with another')
    await page.keyboard.press('Enter')
  }
  await sheet.click(1, email)
  await compare()
  await expect(dialog.getByText('Both drafts have the same users, and every cell reads the same.')).toBeVisible()
  await page.keyboard.press('Escape')
  await sheet.click(2, 'First Name')
  await page.keyboard.type('Olav')
  await page.keyboard.press('Enter')
  await compare()
  await expect(dialog.getByRole('row').nth(1)).toContainText(/First Name\s*Ola\s*→.*Olav/)
})
