import { expect, type Page } from '@playwright/test'
import { userFile, users } from '../../support/user-file.ts'
import { startRoster } from '../../support/process.ts'
import { test, type App } from './support/app.ts'

const base = userFile(users(12))
/** Three go to Sales, one to Purchasing with letters that only look Latin, one gets another package. */
const changed = userFile(
  users(12, (n) => {
    if (n < 3) return { Department: 'Salg' }
    if (n === 4) return { Department: 'Innk\u0458op\u200b' }
    return {}
  }),
)

/** The command line on the same data folder. */
async function roster(app: App, words: readonly string[]): Promise<string> {
  const child = startRoster([...words, '--json'], { cwd: app.folder })
  let text = ''
  child.stdout.on('data', (piece: Buffer) => (text += String(piece)))
  await new Promise((resolve) => child.once('exit', resolve))
  return text
}

async function submitted(app: App): Promise<string> {
  await app.file('base.csv', base)
  await app.file('change.csv', changed)
  await app.file('profile.json', JSON.stringify({ name: 'Fjordkraft AS' }))
  await roster(app, ['customer', 'add', 'profile.json'])
  const words = ['submit', 'change.csv', '--customer', 'Fjordkraft AS', '--baseline', 'base.csv', '--as', 'Kari', '--message', 'November']
  return (JSON.parse(await roster(app, words)) as { batch: string }).batch
}

/** Goes on with Tab until the place has the focus. */
async function tabTo(page: Page, place: ReturnType<Page['getByRole']>): Promise<void> {
  await expect(place.first()).toBeVisible()
  for (let step = 0; step < 120; step++) {
    if (await place.first().evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error('Tab does not lead there')
}

test('a whole review by keyboard alone: seen, commented, some rows rejected, the rest approved', async ({ app }) => {
  const batch = await submitted(app)
  const page = await app.open()

  await tabTo(page, page.getByRole('link', { name: /^Batches/ }))
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByRole('link', { name: 'Fjordkraft AS' }))
  await page.keyboard.press('Enter')
  await expect(page.getByText(batch).first()).toBeVisible()
  await expect(page.getByText('0 of 4 users seen').first()).toBeVisible()
  await expect(page.getByText('single-person approval').first()).toBeVisible()

  // Who reviews: what is said and seen has a name to it.
  await tabTo(page, page.getByLabel('Reviewing as'))
  await page.keyboard.type('Ola Dahl')
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Reviewing as')).toBeHidden()

  // Next change, and what it is; the sign that shows nothing is shown.
  await page.keyboard.press('n')
  await expect(page.locator('.head:focus')).toContainText('Salg')
  await page.keyboard.press('v')
  await expect(page.getByText('3 of 4 users seen').first()).toBeVisible()
  await page.keyboard.press('u')
  await expect(page.locator('.head:focus')).toContainText('ZWSP')
  await page.keyboard.press('p')
  await expect(page.locator('.head:focus')).toContainText('Salg')

  // A comment on the change.
  await page.keyboard.press('u')
  await expect(page.locator('.head:focus')).toContainText('ZWSP')
  await page.keyboard.press('c')
  await expect(page.getByLabel('Your comment')).toBeFocused()
  await page.keyboard.type('What is this department?')
  await page.keyboard.press('Enter')
  await expect(page.getByText('What is this department?')).toBeVisible()

  // Its members, and back.
  await page.keyboard.press('n')
  await page.keyboard.press('u')
  await page.keyboard.press('Enter')
  await expect(page.getByText('user.4@fjordkraft.no').first()).toBeVisible()

  // This one is rejected, the others go on.
  await tabTo(page, page.locator('.head[data-seen=false] ~ .tools').getByRole('button', { name: 'Reject these' }))
  await page.keyboard.press('Enter')
  const split = page.getByRole('button', { name: /Reject 1 user, approve the rest/ })
  await expect(split).toBeEnabled()
  // No way round leads to an approval of all while something is to be rejected.
  await page.keyboard.press('Control+k')
  await page.keyboard.type('Approve')
  await expect(page.getByRole('dialog').getByRole('option', { name: /^Approve/u })).toHaveCount(0)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await tabTo(page, split)
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByLabel('Your name')).toHaveValue('Ola Dahl')
  await tabTo(page, dialog.getByLabel('Why these are rejected'))
  await page.keyboard.type('Ask the customer first')
  await tabTo(page, dialog.getByRole('button', { name: 'Reject and approve the rest' }))
  await page.screenshot({ path: 'test-results/screens/review-split.png' })
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await expect(page.getByText(/^3 update|\+?3 update/).first()).toBeVisible()
  await expect(page.getByRole('button', { name: /^Push 3 changes/ })).toBeVisible()
  await page.screenshot({ path: 'test-results/screens/review-approved.png' })

  // The batch that was replaced says by which one, and who was left out of it why.
  const rest = page.url().replace(/^.*\//u, '')
  await page.goto(`${page.url().replace(/#.*$/u, '')}#/batches/${batch}`)
  await expect(page.getByText(/^Ola Dahl rejected 1 user and approved the rest/u)).toBeVisible()
  await expect(page.getByText('user.4@fjordkraft.no: Ask the customer first')).toBeVisible()
  await page.screenshot({ path: 'test-results/screens/review-replaced.png' })
  await expect(page.getByRole('link', { name: rest })).toBeVisible()

  const all = JSON.parse(await roster(app, ['batches'])) as readonly { batch: string; state: string; author: string }[]
  expect(all.map(({ state, author }) => [state, author])).toEqual([
    ['approved', 'Kari'],
    ['superseded', 'Kari'],
  ])
})

test('a signed approval from the window says so, and a reviewer without the passphrase gets nowhere', async ({ app }) => {
  const batch = await submitted(app)
  const page = await app.open()
  await page.goto(page.url().replace(/#.*$/u, '') + `#/batches/${batch}`)
  await page.getByRole('button', { name: /^Approve/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Your name').fill('Ola Dahl')
  await dialog.getByLabel('Passphrase of your key').fill('short')
  await dialog.getByRole('button', { name: 'Approve', exact: true }).click()
  await expect(dialog.getByText('at least 8 characters')).toBeVisible()
  await dialog.getByLabel('Passphrase of your key').fill('correct horse battery')
  await dialog.getByRole('button', { name: 'Approve', exact: true }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByText('signed', { exact: true })).toBeVisible()
  await page.screenshot({ path: 'test-results/screens/review-signed.png' })
})
