import { readFile } from 'node:fs/promises'
import { expect, type Page } from '@playwright/test'
import { userCells, userFile, users } from '../../support/user-file.ts'
import { choose, test, type App } from './support/app.ts'

/** Twelve users as exported; and the same list after an admin and a Norwegian spreadsheet had it. */
const baseline = userFile(users(12))
const changed = userFile(
  users(12, (n) => {
    if (n === 1) return { Department: 'Salg' }
    if (n === 2) return { 'Phone Number': '+47 215 38 302' }
    if (n === 4) return { package: 'Webex Calling' }
    if (n === 5) return { package: null }
    return {}
  })
    .map((cells) => cells.map((cell) => (cell === 'TRUE' ? 'SANN' : cell === 'FALSE' ? 'USANN' : cell)))
    .concat([userCells(12, { 'User Status': '', 'Phone Number': '4721538312' })]),
  { delimiter: ';' },
)

const shot = async (page: Page, name: string): Promise<void> => {
  await page.screenshot({ path: `test-results/screens/${name}.png` })
}

async function newCustomer(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Customers' }).click()
  await page.getByRole('button', { name: 'New customer' }).first().click()
  await page.getByLabel('Name').fill('Fjordkraft AS')
  await page.getByRole('button', { name: 'Make the customer' }).click()
  await expect(page.getByRole('heading', { name: 'Fjordkraft AS' })).toBeVisible()
}

async function openDraft(page: Page, app: App): Promise<void> {
  await page.getByRole('link', { name: 'Drafts' }).click()
  const file = await app.file('november.csv', changed)
  await choose(page, () => page.getByRole('button', { name: /Prepare a file/ }).click(), file)
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('13 users', { exact: true })).toBeVisible()
  const export_ = await app.file('export.csv', baseline)
  await choose(page, () => dialog.getByRole('button', { name: /Choose an export/ }).click(), export_)
  await dialog.getByLabel('Customer').selectOption({ label: 'Fjordkraft AS' })
  await dialog.getByRole('button', { name: 'Open 13 users' }).click()
  await expect(page.getByRole('grid')).toBeVisible()
}

test('the main job with the mouse: open, repair, preview, submit, approve, push, receipt, files', async ({ app }) => {
  const page = await app.open()
  await shot(page, 'start')
  await newCustomer(page)
  await openDraft(page, app)
  await shot(page, 'edit-before')

  // Repair: everything that is safe in one step, then what asks.
  await page.getByRole('button', { name: /Fix \d+ safe/ }).click()
  await shot(page, 'fix-preview')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Change \d+/ })
    .click()
  await expect(page.getByRole('dialog')).toBeHidden()
  const dialog = page.getByRole('dialog')
  await page.getByText('Number without +').click()
  await page.getByRole('button', { name: 'Fix', exact: true }).click()
  await dialog.getByRole('button', { name: 'Change 1' }).click()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  await shot(page, 'edit-repaired')

  // Preview: the removal stands first and on its own.
  await page.getByRole('link', { name: /^Changes/ }).click()
  await expect(page.getByText('REMOVE 1 user')).toBeVisible()
  await expect(page.getByText('+1 add')).toBeVisible()
  await shot(page, 'changes')

  // Send: the removal's count is typed.
  await page.getByRole('link', { name: /^Send/ }).click()
  await page.getByLabel('Your name').fill('Kari Berg')
  await page.getByLabel('Message to the reviewer').fill('November')
  await page.getByLabel(/Type 1 to confirm/).fill('1')
  await shot(page, 'send')
  await page.getByRole('button', { name: /Submit 4 changes for review/ }).click()
  await expect(page.getByRole('heading', { name: 'Fjordkraft AS' })).toBeVisible()
  await shot(page, 'batch-submitted')

  // The author cannot approve; somebody else can.
  await page.getByRole('button', { name: /^Approve/ }).click()
  await dialog.getByLabel('Your name').fill('kari berg')
  await expect(dialog.getByText(/submitted this batch and cannot approve it/)).toBeVisible()
  await dialog.getByLabel('Your name').fill('Ola Dahl')
  await dialog.getByLabel(/Type 1 to confirm/).fill('1')
  await shot(page, 'approve')
  await dialog.getByRole('button', { name: 'Approve', exact: true }).click()
  await expect(dialog).toBeHidden()

  // Push, with its receipt.
  await page.getByRole('button', { name: /^Push 4 changes/ }).click()
  await dialog.getByLabel('Your name').fill('Ola Dahl')
  await shot(page, 'push')
  await dialog.getByRole('button', { name: /^Push 4 changes/ }).click()
  await expect(page.getByText(/^Verified: the receipt matches/)).toBeVisible()
  await expect(page.getByText('single-person approval').first()).toBeVisible()

  // Control Hub files: one at a time, removals last.
  await page.getByRole('button', { name: 'Make the files' }).click()
  await expect(page.getByText('Add and remove services').first()).toBeVisible()
  await shot(page, 'batch-applied')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('listitem').filter({ hasText: '01-of-02' }).getByRole('button', { name: 'Download' }).click(),
  ])
  const text = await readFile(await download.path(), 'utf8')
  expect(text).toContain('+4721538312')
  expect(text).not.toContain('SANN')
})

test('the draft is there as it was after the host was killed in mid-edit', async ({ app }) => {
  const page = await app.open()
  await newCustomer(page)
  await openDraft(page, app)
  const errors = page.getByText(/\d+ errors?/).first()
  const before = await errors.innerText()
  await page.getByRole('button', { name: /Fix \d+ safe/ }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Change \d+/ })
    .click()
  await expect(errors).not.toHaveText(before)
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  const counts = await errors.innerText()
  await app.kill()
  await app.start()
  const again = await app.open()
  await again
    .getByRole('button', { name: /november/ })
    .or(again.getByRole('link', { name: /november/ }))
    .first()
    .click()
  await expect(again.getByRole('grid')).toBeVisible()
  await expect(again.getByText(counts).first()).toBeVisible()
  await expect(again.getByRole('button', { name: /Undo/ }).first()).toBeEnabled()
})
