import { expect, type Page } from '@playwright/test'
import { roster } from '../../support/process.ts'
import { userCells, userFile, users } from '../../support/user-file.ts'
import { test, type App } from './support/app.ts'

const base = users(6)
const changed = users(6, (n) => (n < 3 ? { Department: 'Salg' } : {}))

/** A batch that Kari made and Ola approved, by the command line beside the served window. */
async function approvedBatch(app: App): Promise<string> {
  await app.file('profile.json', JSON.stringify({ name: 'Fjordkraft AS', emailDomains: ['fjordkraft.no'] }))
  await app.file('base.csv', userFile(base))
  await app.file('changed.csv', userFile(changed))
  const options = { cwd: app.folder }
  const made = await roster(
    ['submit', 'changed.csv', '--customer', 'profile.json', '--baseline', 'base.csv', '--as', 'Kari', '--json'],
    options,
  )
  const { batch } = made.json<{ batch: string }>()
  expect((await roster(['approve', batch, '--as', 'Ola'], options)).code).toBe(0)
  return batch
}

async function choose(page: Page, button: string, file: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: button }).click()
  await (await chooser).setFiles(file)
}

/** Takes the draft in front from its changes through review to a receipt. */
async function sendDraft(page: Page, name: RegExp, { removes }: { readonly removes: number }): Promise<void> {
  const dialog = page.getByRole('dialog')
  await expect(page.getByRole('navigation', { name: 'Open drafts' }).locator('[aria-current]')).toHaveText(name)
  await page.getByRole('link', { name: /^Changes/ }).click()
  await expect(page.getByText(removes > 0 ? 'REMOVE 1 user' : '+1 add')).toBeVisible()
  await page.getByRole('link', { name: /^Send/ }).click()
  await page.getByLabel('Your name').fill('Kari Berg')
  if (removes > 0) await page.getByLabel(/Type 1 to confirm/).fill('1')
  await page.getByRole('button', { name: /Submit 1 change for review/ }).click()
  await page.getByRole('button', { name: /^Approve/ }).click()
  await dialog.getByLabel('Your name').fill('Ola Dahl')
  if (removes > 0) await dialog.getByLabel(/Type 1 to confirm/).fill('1')
  await dialog.getByRole('button', { name: 'Approve', exact: true }).click()
  await expect(dialog).toBeHidden()
  await page.getByRole('button', { name: /^Push 1 change/ }).click()
  await dialog.getByLabel('Your name').fill('Ola Dahl')
  await dialog.getByRole('button', { name: /^Push 1 change/ }).click()
  await expect(page.getByText(/^Verified: the receipt matches/)).toBeVisible()
}

test('after the import: a fresh export shows what landed, an error file becomes a draft of the failed users with the way to repair them', async ({
  app,
}) => {
  const batch = await approvedBatch(app)
  const page = await app.open()
  await page.getByRole('link', { name: 'Batches' }).first().click()
  await page.getByRole('link', { name: 'Fjordkraft AS' }).first().click()
  await expect(page.getByRole('heading', { name: 'After the import' })).toBeVisible()

  await choose(page, 'Compare with a fresh export', await app.file('fresh.csv', userFile([...changed.slice(0, 2), ...base.slice(2)])))
  await expect(page.getByText('Not landed 1')).toBeVisible()
  await expect(page.getByRole('cell', { name: 'user.2@fjordkraft.no' }).first()).toBeVisible()
  await choose(page, 'Compare with a fresh export', await app.file('whole.csv', userFile(changed)))
  await expect(page.getByText('All 3 changes landed.')).toBeVisible()

  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Page of evidence' }).click()
  expect((await download).suggestedFilename()).toBe(`${batch}-evidence.html`)

  const said = 'Error,Email\nUser license could not be updated,user.1@fjordkraft.no\nInvalid number,user.2@fjordkraft.no\n'
  await choose(page, 'Read an error file', await app.file('errors.csv', said))
  await expect(page.getByRole('heading', { name: '2 users' })).toBeVisible()
  await expect(page.getByText('2 messages from Control Hub')).toBeVisible()
  await page.getByRole('button', { name: 'Show them' }).click()
  await expect(page.getByRole('cell', { name: 'User license could not be updated' })).toBeVisible()
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click()

  await page.getByRole('button', { name: 'Take the package away and give it again' }).click()
  await expect(page.getByRole('alert').getByText('DELETES 1 user')).toBeVisible()

  // Both drafts, the one that takes away in front; each becomes a batch of its own that somebody else approves and that is pushed.
  await page.getByRole('button', { name: 'Make the two drafts' }).click()
  await expect(page.getByText('Two drafts for 1 user: submit 1 of 2 first')).toBeVisible()
  const tabs = page.getByRole('navigation', { name: 'Open drafts' }).getByRole('link')
  await page.screenshot({ path: 'test-results/screens/reassign-first.png' })

  await sendDraft(page, /^1 of 2/, { removes: 1 })
  await page.screenshot({ path: 'test-results/screens/reassign-first-applied.png' })
  await tabs.filter({ hasText: '2 of 2' }).click()
  await sendDraft(page, /^2 of 2/, { removes: 0 })
  await page.screenshot({ path: 'test-results/screens/reassign-second-applied.png' })
  const batches = (await roster(['batches', '--json'], { cwd: app.folder })).json<{ state: string }[]>()
  expect(batches.map(({ state }) => state).filter((state) => state === 'applied')).toHaveLength(2)
})

test('a few users typed in a form become a draft; its reports are files', async ({ app }) => {
  const page = await app.open()
  await page.getByRole('button', { name: 'Type a few users' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('First name').fill('Kari')
  await dialog.getByLabel('Last name').fill('Moe')
  await dialog.getByLabel('Email').fill('kari@fjordkraft.no')
  await dialog.getByLabel('Package').selectOption('Webex Suite')
  await dialog.getByLabel('Extension').fill('0042')
  await dialog.getByLabel('Location').fill('Oslo HQ')
  await dialog.getByLabel('Webex site').fill('fjordkraft.webex.com')
  await dialog.getByRole('button', { name: 'Another user' }).click()
  await expect(dialog.getByLabel('Location').nth(1)).toHaveValue('Oslo HQ')
  await dialog.getByLabel('Email').nth(1).fill('ola@fjordkraft.no')
  await dialog.getByRole('button', { name: 'Make a draft of 2 users' }).click()
  await expect(page.getByRole('heading', { name: '2 users' })).toBeVisible()

  for (const [item, ending] of [
    ['Summary to print', '-summary.html'],
    ['Copy for viewing', '-view-only.csv'],
    ['Painted workbook', '-findings.xlsx'],
  ] as const) {
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Reports' }).click()
    await page.getByRole('menuitem', { name: item }).click()
    expect((await download).suggestedFilename()).toMatch(new RegExp(`${ending.replace('.', '\\.')}$`))
  }
})

test('a file of another customer raises the alarm, and what a spreadsheet did is repaired in one step', async ({ app }) => {
  await app.file('profile.json', JSON.stringify({ name: 'Fjordkraft AS', emailDomains: ['fjordkraft.no'] }))
  expect((await roster(['customer', 'add', 'profile.json'], { cwd: app.folder })).code).toBe(0)
  const rows = users(4, (n) => ({ 'User ID/Email (Required)': `user.${n}@elsewhere.dk`, 'Phone Number': `472153830${n}` }))
  const page = await app.open()
  await choose(page, 'Prepare a file', await app.file('other.csv', userFile([...rows, userCells(9)])))
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Customer').selectOption('Fjordkraft AS')
  await dialog
    .getByRole('button', { name: /open|draft/i })
    .last()
    .click()
  await expect(page.getByText('Is this the right customer?')).toBeVisible()
  await expect(page.getByText('4 users have email domains that Fjordkraft AS never had')).toBeVisible()
  await page.getByRole('button', { name: 'Repair what can be repaired' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Change 4' }).last().click()
  await expect(page.getByText('4 lost plus signs')).toBeHidden()
})
