import { expect, type Page } from '@playwright/test'
import { userCells, userFile, users } from '../../support/user-file.ts'
import { choose, test } from './support/app.ts'
import { sheetOf } from './support/sheet.ts'

const baseline = userFile(users(6))
const changed = userFile(users(6, (n) => (n === 2 ? { Department: ' Salg' } : {})).concat([userCells(6, { 'User Status': '' })]))

/** Presses Tab until what is wanted has the focus; a person would do no other. It may be on its way to the screen: then so many times are not all. */
async function tabTo(page: Page, name: RegExp, most = 60): Promise<void> {
  const end = Date.now() + 15_000
  for (let i = 0; i < most || Date.now() < end; i++) {
    await page.keyboard.press('Tab')
    const text = await page.evaluate(() => {
      const at = document.activeElement
      if (!(at instanceof HTMLElement)) return ''
      const label = at.id === '' ? null : document.querySelector(`label[for="${CSS.escape(at.id)}"]`)
      return [at.getAttribute('aria-label'), label?.textContent, at.textContent].filter(Boolean).join(' ').trim()
    })
    if (name.test(text)) return
  }
  throw new Error(`Tab never reached ${String(name)}`)
}

/** Runs a command from the palette. */
async function command(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.type(words)
  await page.keyboard.press('Enter')
}

test('the main job with the keyboard alone', async ({ app }) => {
  const page = await app.open()
  await expect(page.getByRole('heading', { name: 'What would you like to do?' })).toBeVisible()

  // A customer.
  await page.keyboard.press('Alt+3')
  await expect(page.getByRole('heading', { name: 'Customers' })).toBeVisible()
  await tabTo(page, /New customer/)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog').getByRole('textbox')).toBeFocused()
  await page.keyboard.type('Fjordkraft AS')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Fjordkraft AS' })).toBeVisible()

  // A draft with its baseline and customer.
  await choose(page, () => page.keyboard.press('Control+o'), await app.file('november.csv', changed))
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('7 users', { exact: true })).toBeVisible()
  await tabTo(page, /Customer/)
  await page.keyboard.press('ArrowDown')
  await tabTo(page, /Choose an export/)
  const exported = await app.file('export.csv', baseline)
  await choose(page, () => page.keyboard.press('Enter'), exported)
  await tabTo(page, /Open 7 users/)
  await page.keyboard.press('Enter')
  const grid = page.getByRole('grid')
  await expect(grid).toBeVisible()

  // To the mistake and out of it, then an edit by typing, undone and done again.
  await grid.focus()
  const { active } = sheetOf(page)
  const before = await active()
  await page.keyboard.press('F8')
  await expect.poll(active).not.toBe(before)
  await page.keyboard.press('Control+Shift+f')
  await expect(dialog).toBeVisible()
  await tabTo(page, /^Change 1/)
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await grid.focus()
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.type('Karin')
  await page.keyboard.press('Enter')
  await expect(grid.getByText('Karin', { exact: true })).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(grid.getByText('Karin', { exact: true })).toBeHidden()
  await page.keyboard.press('Control+y')
  await expect(grid.getByText('Karin', { exact: true })).toBeVisible()

  // Preview and send.
  await page.keyboard.press('Control+2')
  await expect(page.getByText('+1 add')).toBeVisible()
  await page.keyboard.press('Control+3')
  await tabTo(page, /Your name/)
  await page.keyboard.type('Kari Berg')
  await page.keyboard.press('Control+Enter')
  await expect(
    page
      .getByText('waits for a reviewer')
      .or(page.getByRole('button', { name: /^Approve/ }))
      .first(),
  ).toBeVisible()

  // Approve as somebody else, and push.
  await command(page, 'Approve')
  await expect(dialog).toBeVisible()
  await tabTo(page, /Your name/)
  await page.keyboard.press('Control+a')
  await page.keyboard.type('Ola Dahl')
  await tabTo(page, /^Approve$/)
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await tabTo(page, /^Push \d/)
  await page.keyboard.press('Enter')
  await tabTo(page, /Your name/)
  await page.keyboard.press('Control+a')
  await page.keyboard.type('Ola Dahl')
  await tabTo(page, /^Push \d/)
  await page.keyboard.press('Enter')
  await expect(page.getByText(/^Verified: the receipt matches/)).toBeVisible()
})
