import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Locator, type Page } from '@playwright/test'
import path from 'node:path'
import { userCells, userFile, users } from '../../support/user-file.ts'
import { choose, test } from './support/app.ts'
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
  await expect(grid).toHaveAttribute('aria-colcount', /^1\d$|^2\d$/u)
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
  await expect(page.getByText('3 of 4 users seen').first()).toBeVisible()
  await page.keyboard.press('u')
  await expect(active(page)).toContainText('Salg')
  await page.keyboard.press('v')
  await expect(page.getByText('4 of 4 users seen').first()).toBeVisible()
  await page.keyboard.press('u')
  await expect(page.getByText('All changes have been seen.')).toBeVisible()
  expect(await roster(app, ['batches'])).toContain(batch)
})

const tools = (page: Page) => page.locator('.diff-grid .detail')

/** Says something of what is chosen in the grid, by key. */
async function say(page: Page, words: string): Promise<void> {
  await page.keyboard.press('c')
  await expect(page.getByLabel('Your comment')).toBeFocused()
  await page.keyboard.type(words)
  await page.keyboard.press('Enter')
  await expect(tools(page).getByText(words)).toBeVisible()
  await expect(page.getByRole('grid')).toBeFocused()
}

/** Goes on with Tab until the place has the focus. */
async function tabTo(page: Page, place: Locator): Promise<void> {
  await expect(place.first()).toBeVisible()
  for (let step = 0; step < 150; step++) {
    if (await place.first().evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error('Tab does not lead there')
}

test('a whole review in the grid by keyboard alone: seen, said of cell and user, one user rejected, the rest approved', async ({ app }) => {
  const batch = await submitted(app, base, change)
  const page = await openBatch(app, batch, 'Ola Dahl')
  await page.keyboard.press('g')
  await page.keyboard.press('n')
  await expect(active(page)).toContainText('Salg')
  await say(page, 'Which sales team?')
  await page.keyboard.press('v')
  await expect(page.getByText('1 of 4 users seen').first()).toBeVisible()
  await page.keyboard.press('u')
  await expect(active(page)).toContainText('Anna Leder')
  // On the user's own cell the comment is on the user.
  await page.keyboard.press('Home')
  await say(page, 'Ask Kari about this one')
  await tabTo(page, tools(page).getByRole('button', { name: 'Reject this user' }))
  await page.keyboard.press('Enter')
  await expect(tools(page).getByText('will be rejected')).toBeVisible()
  await page.keyboard.press('x')
  await expect(tools(page).getByText('will be rejected')).toBeHidden()
  await page.keyboard.press('x')
  await expect(tools(page).getByText('will be rejected')).toBeVisible()
  await page.screenshot({ path: `${shots}/diff-comments.png` })

  await tabTo(page, page.getByRole('button', { name: /Reject 1 user, approve the rest/ }))
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await tabTo(page, dialog.getByLabel('Why these are rejected'))
  await page.keyboard.type('Letters that only look Latin')
  await tabTo(page, dialog.getByRole('button', { name: 'Reject and approve the rest' }))
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('button', { name: /^Push 3 changes/ })).toBeVisible()
  const all = JSON.parse(await roster(app, ['batches'])) as readonly { batch: string; state: string }[]
  expect(all.map(({ state }) => state)).toEqual(['approved', 'superseded'])

  // What was said stays with the users, on the batch that it was said of; the rejected user is a draft again, the reason beside them.
  await page.goto(`${page.url().replace(/#.*$/u, '')}#/batches/${batch}`)
  await expect(page.getByText(batch).first()).toBeVisible()
  await page.getByText('By pattern').click()
  await page.locator('.head').filter({ hasText: 'Department' }).click()
  await expect(page.getByText('Which sales team?')).toBeVisible()
  await page.getByRole('link', { name: 'Drafts' }).click()
  await page
    .getByText(/-rejected\.csv$/u)
    .first()
    .click()
  await expect(page.getByText('Letters that only look Latin').first()).toBeVisible()

  // The author goes through the draft's own changes in the same grid, and an edit shows there.
  await page.keyboard.press('Control+2')
  await expect(page.getByRole('radio', { name: 'In the grid' })).toBeAttached()
  await page.keyboard.press('g')
  await page.keyboard.press('n')
  await expect(active(page)).toContainText('Anna Leder')
  await page.keyboard.press('h')
  await expect(page.getByRole('grid')).toHaveAttribute('aria-rowcount', '2')
  await page.screenshot({ path: `${shots}/diff-draft.png` })
})

test('what others changed meanwhile: the touched row alone, then, now and wanted, to keep or to take for each cell', async ({ app }) => {
  // The users come into the store with a first batch.
  const first = await submitted(
    app,
    base,
    userFile(users(40, (n) => (n === 20 ? { Department: 'Arkiv' } : n === 7 ? { Department: long } : {}))),
  )
  await roster(app, ['approve', first, '--as', 'Ola'])
  await roster(app, ['push', first, '--as', 'Per'])
  const fromStore = async (text: string): Promise<string> => {
    await app.file('next.csv', text)
    const words = ['submit', 'next.csv', '--customer', 'Fjordkraft AS', '--from-store', '--as', 'Kari']
    return (JSON.parse(await roster(app, words)) as { batch: string }).batch
  }
  const kept = (n: number) => (n === 20 ? { Department: 'Arkiv' } : n === 7 ? { Department: long } : {})
  const mine = await fromStore(
    userFile(
      users(40, (n) => (n === 2 ? { Department: 'Salg', 'Display Name': 'Kari Salg' } : n === 3 ? { Department: 'Salg' } : kept(n))),
    ),
  )
  const other = await fromStore(userFile(users(40, (n) => (n === 2 ? { Department: 'Innkjop', 'Display Name': 'Kari Innkjop' } : kept(n)))))
  await roster(app, ['approve', other, '--as', 'Ola'])
  await roster(app, ['push', other, '--as', 'Per'])

  // Nobody makes it anew in the author's name: without a name it is not offered.
  const page = await app.open()
  await page.goto(`${page.url().replace(/#.*$/u, '')}#/batches/${mine}`)
  await expect(page.getByRole('button', { name: 'Make the batch anew' })).toBeDisabled()
  await expect(page.getByText('Say who you are first: your name, under Review.')).toBeVisible()
  await page.getByLabel('Reviewing as').fill('Ola Dahl')
  await page.getByRole('button', { name: 'That is me' }).click()
  // Who approves it now hears of both before.
  await page.getByRole('button', { name: /^Approve/ }).click()
  await expect(page.getByRole('dialog')).toContainText('2 of 2 users are not marked as seen by you.')
  await expect(page.getByRole('dialog')).toContainText('1 user was changed by somebody else since this batch was made')
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  const drift = page.getByRole('region', { name: '1 user was changed by somebody else since this batch was made' })
  await expect(drift.getByRole('row')).toHaveCount(3)
  const department = drift.getByRole('row').filter({ hasText: 'Department' })
  await expect(department.getByRole('cell')).toHaveText(['user.2@fjordkraft.no', 'Department', 'Drift', 'Innkjop', 'Salg', /Keep wanted/])
  await department.getByRole('combobox').selectOption('take')
  await page.screenshot({ path: `${shots}/drift.png`, fullPage: true })
  await expect(drift.getByText('You will be the author of the new batch, not Kari')).toBeVisible()
  await drift.getByRole('button', { name: 'Make the batch anew' }).click()
  await expect(page).not.toHaveURL(new RegExp(mine, 'u'))
  await expect(page.getByText('0 of 2 users seen').first()).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('n')
  await expect(active(page)).toContainText('Kari Salg')
  // What was taken from the users as they stand is no change any more.
  await expect(page.locator('.diff-grid .rg-row').first()).toContainText('Kari Innkjop → Kari Salg')
  await expect(page.locator('.diff-grid .rg-row').first()).not.toContainText('→ Salg')
})

test('a batch as a file: seen whole without a store, said of a cell, decided on, and all of it comes home', async ({ app }) => {
  const batch = await submitted(app, base, change)
  const file = path.join(app.folder, 'november.rosterreview')
  await roster(app, ['review', 'export', batch, '-o', file])
  const page = await app.open()
  await page.getByRole('link', { name: /^Batches/ }).click()
  await choose(page, () => page.getByRole('button', { name: 'Open a review file…' }).click(), file)
  await expect(page.getByRole('heading', { name: /Fjordkraft AS/ })).toBeVisible()
  await page.keyboard.press('g')
  await expect(page.getByRole('grid')).toBeFocused()
  await page.keyboard.press('h')
  await expect(page.getByText('Only the changes are known here.')).toBeVisible()
  await page.keyboard.press('h')
  await page.keyboard.press('n')
  await expect(active(page)).toContainText('Salg')
  await page.keyboard.press('v')
  await expect(page.getByText('1 of 4 users seen').first()).toBeVisible()
  await page.keyboard.press('u')
  await expect(active(page)).toContainText('Anna Leder')
  await say(page, 'Is she the leader now?')
  await page.screenshot({ path: `${shots}/review-file.png`, fullPage: true })

  await page.getByLabel('Your name').fill('Nina Moe')
  await page.getByLabel('Passphrase of your key').fill('correct horse battery')
  const saved: string[] = []
  page.on('download', async (download) => {
    const place = path.join(app.folder, download.suggestedFilename())
    await download.saveAs(place)
    saved.push(place)
  })
  await page.getByRole('button', { name: 'Approve and save the decision…' }).click()
  await expect.poll(() => saved.length).toBe(2)
  const decision = saved.find((place) => place.endsWith('.rosterdecision')) ?? ''
  const home = await roster(app, ['review', 'import', decision])
  expect(JSON.parse(home)).toEqual({ kind: 'decision', batch })
  await page.goto(`${page.url().replace(/#.*$/u, '')}#/batches/${batch}`)
  await expect(page.getByText('signed', { exact: true })).toBeVisible()
  await page.locator('.head').filter({ hasText: 'Anna Leder' }).click()
  await expect(page.getByText('Is she the leader now?')).toBeVisible()
})

test('a policy on the customer’s page: proposed, refused where it says nothing, saved, and held against the next batch', async ({
  app,
}) => {
  const batch = await submitted(app, base, change)
  const page = await app.open()
  await page.goto(`${page.url().replace(/#.*$/u, '')}#/customers/${encodeURIComponent('Fjordkraft AS')}`)
  const policy = page.getByRole('region', { name: 'Who must approve' })
  await expect(policy.getByText('no policy of its own')).toBeVisible()
  await policy.getByRole('button', { name: 'Propose' }).click()
  await policy.getByLabel('Percent of all users removed').fill('')
  await policy.getByLabel('Users removed', { exact: true }).fill('')
  await expect(policy.getByRole('alert')).toContainText('how many percent or how many users')
  await expect(policy.getByRole('button', { name: 'Save the policy' })).toBeDisabled()
  await policy.getByLabel('Users removed', { exact: true }).fill('2')
  await policy.getByLabel('Approvers: Always').fill('2')
  await policy.getByText('Only decisions signed with a reviewer’s key count').click()
  await page.screenshot({ path: `${shots}/policy.png`, fullPage: true })
  await policy.getByRole('button', { name: 'Save the policy' }).click()
  await expect(policy.getByText('no policy of its own')).toBeHidden()
  expect(JSON.parse(await roster(app, ['customer', 'policy', 'Fjordkraft AS']))).toMatchObject({
    isOwn: true,
    policy: { approvers: 2, removals: { users: 2, approvers: 2 }, signed: true },
  })
  await app.file('wrong.json', '{ "format": 1, "approvers": 1, "removal": {} }')
  await choose(page, () => policy.getByRole('button', { name: 'From a file…' }).click(), path.join(app.folder, 'wrong.json'))
  await expect(policy.getByRole('alert')).toContainText('wrong.json is not valid at /removal')
  await page.goto(`${page.url().replace(/#.*$/u, '')}#/batches/${batch}`)
  await expect(page.getByText('2 approvers are needed')).toBeVisible()
  await expect(page.getByText('Only signed decisions count.')).toBeVisible()
})

test('the personal data of a finished batch is taken away when its id is typed; an open one offers nothing', async ({ app }) => {
  const batch = await submitted(app, base, change)
  const page = await openBatch(app, batch, 'Ola Dahl')
  const open = page.getByRole('button', { name: 'Take personal data away…' })
  await expect(open).toBeHidden()
  await roster(app, ['approve', batch, '--as', 'Ola'])
  await roster(app, ['push', batch, '--as', 'Per'])
  await page.reload()
  await open.click()
  const dialog = page.getByRole('dialog')
  const purge = dialog.getByRole('button', { name: 'Delete the data of 4 users for good' })
  await expect(purge).toBeDisabled()
  await dialog.getByLabel(`Type ${batch} to confirm`).fill('b-another')
  await expect(dialog.getByText('That is not the id of this batch.')).toBeVisible()
  await expect(purge).toBeDisabled()
  await dialog.getByLabel(`Type ${batch} to confirm`).fill(batch)
  await page.screenshot({ path: `${shots}/purge.png` })
  await purge.click()
  await expect(page.getByText('The personal data of this batch was taken away.')).toBeVisible()
  await expect(open).toBeHidden()
  expect(JSON.parse(await roster(app, ['audit', 'verify']))).toMatchObject({ holds: true })
  await expect(page.getByText(/user\.2@fjordkraft\.no|Ola, \d/u)).toHaveCount(0)
  await page.screenshot({ path: `${shots}/purged.png` })
})

for (const [name, look, language] of [
  ['light-1280', { width: 1280, height: 800, colorScheme: 'light' }, 'en'],
  ['dark-1920', { width: 1920, height: 1080, colorScheme: 'dark' }, 'en'],
  ['nb-1280', { width: 1280, height: 800, colorScheme: 'light' }, 'nb'],
] as const) {
  test(`the change grid can be looked at: ${name}`, async ({ app }) => {
    const gone = [
      ...users(40, (n) => (n === 2 ? { Department: 'Salg' } : n === 7 ? { Department: long } : {})),
      userCells(40, { package: null }),
    ]
    const before = userFile(users(41, (n) => (n === 7 ? { Department: long.replace('weekend', 'week') } : {})))
    const batch = await submitted(app, before, userFile([...gone, userCells(50, {})]), ['--confirm-removals', '1'])
    const page = await openBatch(app, batch, 'Ola Dahl', look)
    if (language === 'nb') {
      const address = page.url()
      await page.getByRole('link', { name: 'Settings' }).click()
      await page.getByText('Norsk').click()
      await page.goto(address)
      await expect(page.getByText('0 av 4 brukere sett').first()).toBeVisible()
    }
    await page.keyboard.press('g')
    await page.keyboard.press('n')
    await page.keyboard.press('v')
    await page.keyboard.press('n')
    await expect(active(page).locator('.dx-new')).toHaveText('weekend')
    await page.screenshot({ path: `${shots}/diff-${name}.png` })
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 160))])).toEqual([])
  })
}
