import { expect, type Page } from '@playwright/test'
import { userFile, users } from '../../support/user-file.ts'
import { test } from './support/app.ts'
import { roster, submitted, openBatch } from './support/review.ts'

const long = 'Responsible for the customer centre in Bergen and for the shift plan of the weekend'
const base = userFile(users(40, (n) => (n === 7 ? { Department: long } : {})))
const change = userFile(
  users(40, (n) => {
    if (n === 2) return { Department: 'Salg' }
    if (n === 4) return { Department: 'Innk\u0458op\u200b', 'Display Name': 'Anna Leder' }
    if (n === 7) return { Department: long.replace('Bergen', 'Stavanger') }
    return n === 9 ? { package: 'Webex Calling' } : {}
  }),
)

const shots = 'test-results/screens'
const active = (page: Page) => page.locator('.diff-grid .rg-cell.is-active')

test('the changes in a grid: before → after in the cell, from change to change by key, with and without what stays', async ({ app }) => {
  const batch = await submitted(app, base, change)
  const page = await openBatch(app, batch, 'Ola Dahl')
  await page.keyboard.press('g')
  const grid = page.getByRole('grid', { name: 'Changes, before → after' })
  await expect(grid).toBeFocused()
  await expect(grid).toHaveAttribute('aria-rowcount', '5')
  // Columns that do not change are not there, nor are users.
  await expect(page.locator('.diff-grid .rg-colhead')).toHaveText(['User', /^Package · 1$/, /^Display Name · 1$/, /^Department · 3$/])

  await page.keyboard.press('n')
  await expect(active(page)).toContainText('Salg')
  await page.keyboard.press('n')
  await expect(active(page)).toContainText('Anna Leder')
  await page.keyboard.press('n')
  await expect(active(page)).toContainText('ZWSP')
  await expect(page.locator('.diff-grid .detail')).toContainText('ZWSP')
  await page.keyboard.press('n')
  // A long text shows what changed inside it, not all of it twice.
  await expect(active(page).locator('.dx-gone')).toHaveText('Bergen')
  await expect(active(page).locator('.dx-new')).toHaveText('Stavanger')
  await page.screenshot({ path: `${shots}/diff-long-text.png` })
  await page.keyboard.press('n')
  await expect(active(page)).toContainText('Webex Calling')
  await page.keyboard.press('n')
  await expect(page.getByText('That was the last change in this direction.')).toBeVisible()
  await page.keyboard.press('p')
  await expect(active(page).locator('.dx-new')).toHaveText('Stavanger')

  // Unchanged columns and users come and go; what is chosen stays chosen.
  await page.keyboard.press('k')
  await expect(page.locator('.diff-grid .rg-colhead').filter({ hasText: /^Extension$/ })).toBeVisible()
  await expect(active(page).locator('.dx-new')).toHaveText('Stavanger')
  await page.keyboard.press('h')
  await expect(grid).toHaveAttribute('aria-rowcount', '41')
  await expect(active(page).locator('.dx-new')).toHaveText('Stavanger')
  await page.screenshot({ path: `${shots}/diff-all.png` })
  await page.keyboard.press('p')
  await expect(active(page)).toContainText('ZWSP')
  await page.keyboard.press('h')
  await page.keyboard.press('k')
  await expect(grid).toHaveAttribute('aria-rowcount', '5')

  // Seen one by one, then on to what is not.
  await page.keyboard.press('v')
  await expect(page.getByText('1 of 4 users seen').first()).toBeVisible()
  await page.keyboard.press('u')
  await expect(active(page)).toContainText('Stavanger')
  await page.keyboard.press('v')
  await expect(page.getByText('2 of 4 users seen').first()).toBeVisible()
  await page.keyboard.press('u')
  await expect(active(page)).toContainText('Webex Calling')
  await page.keyboard.press('v')
  await page.keyboard.press('u')
  await expect(active(page)).toContainText('Salg')
  await page.keyboard.press('v')
  await expect(page.getByText('4 of 4 users seen').first()).toBeVisible()
  await page.keyboard.press('u')
  await expect(page.getByText('All changes have been seen.')).toBeVisible()
  expect(await roster(app, ['batches'])).toContain(batch)
})
