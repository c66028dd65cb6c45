import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { startRoster } from '../../support/process.ts'
import { userFile, users, type UserCells } from '../../support/user-file.ts'
import { choose, test, type App } from './support/app.ts'

const customer = 'Fjordkraft AS'
const screens = 'test-results/screens/store'

/** The command line on the same data folder: another program, as far as the window knows. */
async function roster(app: App, words: readonly string[]): Promise<string> {
  const child = startRoster([...words, '--json'], { cwd: app.folder })
  let text = ''
  child.stdout.on('data', (piece: Buffer) => (text += String(piece)))
  await new Promise((resolve) => child.once('exit', resolve))
  return text
}

async function submitted(app: App, count: number, change: (n: number) => UserCells): Promise<string> {
  await app.file('base.csv', userFile(users(count)))
  await app.file('change.csv', userFile(users(count, change)))
  await app.file('profile.json', JSON.stringify({ name: customer }))
  await roster(app, ['customer', 'add', 'profile.json', '--force'])
  const words = ['submit', 'change.csv', '--customer', customer, '--baseline', 'base.csv', '--as', 'Kari']
  return (JSON.parse(await roster(app, words)) as { batch: string }).batch
}
async function approved(app: App, count = 12, change = (n: number): UserCells => (n < 5 ? { Department: 'Salg' } : {})): Promise<string> {
  const batch = await submitted(app, count, change)
  await roster(app, ['approve', batch, '--as', 'Ola'])
  return batch
}

async function openAt(app: App, place: string): Promise<Page> {
  const page = await app.open()
  await expect(page.getByRole('link', { name: /^Batches/ })).toBeVisible()
  await go(page, place)
  return page
}
async function go(page: Page, place: string): Promise<void> {
  await page.goto(`${page.url().replace(/#.*$/u, '')}#${place}`)
}
async function download(page: Page, action: () => Promise<unknown>): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent('download'), action()])
  return file.path()
}
/** What a field for date and time wants, so many minutes from now. */
function localTime(minutes: number): string {
  const at = new Date(Date.now() + minutes * 60_000)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
const shot = (page: Page, name: string) => page.screenshot({ path: `${screens}/${name}.png`, animations: 'disabled' })

test('a push signs its receipt; a receipt is genuine or not, and says why; each time of a batch has one page to print', async ({ app }) => {
  const batch = await approved(app)
  const page = await openAt(app, `/batches/${batch}`)
  await expect(page.getByRole('button', { name: 'Page of evidence…' })).toBeVisible()
  await expect(page.getByRole('button', { name: /Page (for|of)/ })).toHaveCount(1)

  await page.getByRole('button', { name: 'Push 5 changes…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Your name').fill('Per Dahl')
  await dialog.getByLabel('Passphrase of your key').fill('short')
  await dialog.getByRole('button', { name: 'Push 5 changes' }).click()
  await expect(dialog.getByText('at least 8 characters')).toBeVisible()
  await dialog.getByLabel('Passphrase of your key').fill('correct horse battery')
  await shot(page, 'push-dialog')
  await dialog.getByRole('button', { name: 'Push 5 changes' }).click()
  await expect(page.getByText('Verified: the receipt matches')).toBeVisible()
  await expect(page.getByText(/Signed with the key of Per Dahl/)).toBeVisible()
  await shot(page, 'receipt-signed')

  const receipt = await readFile(await download(page, () => page.getByRole('button', { name: 'Save the receipt …' }).click()), 'utf8')
  await expect(page.getByRole('button', { name: /Page (for|of)/ })).toHaveCount(1)
  const printed = await readFile(await download(page, () => page.getByRole('button', { name: 'Page of the receipt…' }).click()), 'utf8')
  expect(printed).toContain('signed with the key of Per Dahl')
  const sheet = await page.context().newPage()
  await sheet.setContent(printed)
  const pdf = (await sheet.pdf({ preferCSSPageSize: true })).toString('latin1')
  expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1)
  await sheet.close()

  await page.getByRole('link', { name: /^Batches/ }).click()
  const check = (file: string) => choose(page, () => page.getByRole('button', { name: 'Check a receipt…' }).click(), file)
  await check(await app.file('receipt.json', receipt))
  await expect(dialog.getByText('Genuine: it agrees with the batch and the log of this store')).toBeVisible()
  await expect(dialog.getByText(batch)).toBeVisible()
  await shot(page, 'receipt-genuine')
  await dialog.getByRole('button', { name: 'Close' }).first().click()
  await check(await app.file('changed.json', receipt.replace('"applied": 5', '"applied": 4')))
  await expect(dialog.getByText('Not genuine')).toBeVisible()
  await expect(dialog.getByText('It was changed after it was written.')).toBeVisible()
  await shot(page, 'receipt-forged')
  await dialog.getByRole('button', { name: 'Close' }).first().click()
  await check(await app.file('other.json', '{}'))
  await expect(dialog.getByText('other.json is not a genuine receipt. other.json is no receipt.')).toBeVisible()
})

test('a push is taken back from its page: removals typed, what does not come back said; what was refused comes as a file', async ({
  app,
}) => {
  // Two are added and one loses calling; afterwards somebody else changes one whom a second batch wants to change, too.
  await app.file('base.csv', userFile(users(8)))
  await app.file('profile.json', JSON.stringify({ name: customer }))
  await roster(app, ['customer', 'add', 'profile.json'])
  const push = async (name: string, rows: readonly (readonly string[])[]): Promise<string> => {
    await app.file(name, userFile(rows))
    const made = await roster(app, ['submit', name, '--customer', customer, '--baseline', 'base.csv', '--as', 'Kari'])
    const { batch } = JSON.parse(made) as { batch: string }
    await roster(app, ['approve', batch, '--as', 'Ola'])
    await roster(app, ['push', batch, '--as', 'Per'])
    return batch
  }
  const first = await push(
    'first.csv',
    users(10, (n) =>
      n === 0 ? { Department: 'Salg' } : n === 1 ? { package: 'Webex Meetings', Extension: '', 'Phone Number': '', Location: '' } : {},
    ),
  )
  const second = await push(
    'second.csv',
    users(8, (n) => (n === 0 || n === 4 ? { Department: 'Innkjop' } : {})),
  )

  const page = await openAt(app, `/batches/${second}`)
  await expect(page.getByRole('cell', { name: 'Changed by somebody else meanwhile: Department' })).toBeVisible()
  const refused = await readFile(await download(page, () => page.getByRole('button', { name: 'The refused as a file…' }).click()), 'utf8')
  expect(refused).toContain('user.0@fjordkraft.no')
  expect(refused).not.toContain('user.4@fjordkraft.no')

  await go(page, `/batches/${first}`)
  await page.getByRole('button', { name: 'Take it back…' }).click()
  const dialog = page.getByRole('dialog')
  const make = dialog.getByRole('button', { name: 'Make the batch' })
  await expect(make).toBeDisabled()
  await dialog.getByLabel('Your name').fill('Per Dahl')
  await make.click()
  // The two that were added would be deleted again.
  await dialog.getByLabel(/Type 2 to confirm/).fill('1')
  await expect(make).toBeDisabled()
  await dialog.getByLabel(/Type 2 to confirm/).fill('2')
  await shot(page, 'undo')
  await make.click()
  await expect(dialog.getByText('1 user gets calling back without voicemail')).toBeVisible()
  await expect(dialog.getByText('user.1@fjordkraft.no')).toBeVisible()
  await dialog.getByRole('button', { name: 'Show the batch' }).click()
  await expect(page.getByText('REMOVE 2 users').first()).toBeVisible()
  await expect(page.getByText(`Takes back ${first}`)).toBeVisible()
  expect(page.url()).not.toContain(first)
})

test('a push is scheduled, outlives the program, is called off, and goes by itself when its time has come', async ({ app }) => {
  const batch = await approved(app)
  let page = await openAt(app, `/batches/${batch}`)
  const dialog = page.getByRole('dialog')
  const ask = async (from: number, until: number | null): Promise<void> => {
    await page.getByRole('button', { name: 'Push 5 changes…' }).click()
    const form = page.getByRole('dialog')
    await form.getByLabel('Your name').fill('Per Dahl')
    await form.getByText('Later', { exact: true }).click()
    await form.getByLabel('Not before').fill(localTime(from))
    if (until !== null) await form.getByLabel('Not after (may be left out)').fill(localTime(until))
  }
  await ask(120, 60)
  await expect(dialog.getByText('This lies before the beginning.')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Schedule 5 changes' })).toBeDisabled()
  await dialog.getByLabel('Not after (may be left out)').fill(localTime(240))
  await expect(dialog.getByText('Roster pushes only while it runs on this computer.')).toBeVisible()
  await shot(page, 'schedule-dialog')
  await dialog.getByRole('button', { name: 'Schedule 5 changes' }).click()
  await expect(page.getByText(/Will be pushed between .* as Per Dahl/)).toBeVisible()
  await shot(page, 'scheduled')

  await app.kill()
  await app.start()
  page = await openAt(app, '/batches')
  await expect(page.getByText(/^scheduled /).first()).toBeVisible()
  await shot(page, 'inbox-scheduled')
  await go(page, `/batches/${batch}`)
  await page.getByRole('button', { name: 'Do not push then' }).click()
  await expect(page.getByText(/Will be pushed between/)).toBeHidden()

  // A window in which Roster did not run.
  await ask(120, 240)
  await page.getByRole('dialog').getByRole('button', { name: 'Schedule 5 changes' }).click()
  await expect(page.getByText(/Will be pushed between/)).toBeVisible()
  await app.kill()
  const file = path.join(app.folder, 'data', 'schedule.json')
  const past = (text: string): string => text.replace(/"(notBefore|until)": "\d{4}/g, '"$1": "2020')
  await writeFile(file, past(await readFile(file, 'utf8')))
  await app.start()
  page = await openAt(app, `/batches/${batch}`)
  await expect(page.getByText(/went by, and Roster did not get it done/)).toBeVisible()
  await shot(page, 'schedule-missed')
  await page.getByRole('button', { name: 'Understood' }).click()

  await ask(-1, null)
  await page.getByRole('dialog').getByRole('button', { name: 'Schedule 5 changes' }).click()
  await expect(page.getByText('Verified: the receipt matches')).toBeVisible()
  await expect(page.getByText(/Not signed: Per Dahl has no key/)).toBeVisible()
  await page.getByRole('button', { name: 'Sign it…' }).click()
  await page.getByRole('dialog').getByLabel('Passphrase of your key').fill('correct horse battery')
  await page.getByRole('dialog').getByRole('button', { name: 'Sign', exact: true }).click()
  await expect(page.getByText(/Signed with the key of Per Dahl/)).toBeVisible()
})

test('a large push is paused between two portions and taken up again; another window sees who and how far', async ({ app, chrome }) => {
  test.setTimeout(180_000)
  const batch = await approved(app, 120_000, () => ({ Department: 'Salg' }))
  const page = await openAt(app, `/batches/${batch}`)

  // A second program on the same store, with a window of its own.
  const other = startRoster(['serve'], { cwd: app.folder })
  const address = await new Promise<string>((resolve) => {
    let text = ''
    other.stdout.on('data', (piece: Buffer) => {
      text += String(piece)
      const found = /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(text)
      if (found !== null) resolve(found[0])
    })
  })
  const watcher = await (await chrome.newContext({ viewport: { width: 1280, height: 800 } })).newPage()
  try {
    await watcher.goto(address)
    await expect(watcher.getByRole('link', { name: /^Batches/ })).toBeVisible()
    await go(watcher, `/batches/${batch}`)
    await expect(watcher.getByRole('button', { name: /^Push 120,000 changes/ })).toBeVisible()

    await page.getByRole('button', { name: /^Push 120,000 changes/ }).click()
    await page.getByRole('dialog').getByLabel('Your name').fill('Per Dahl')
    await page.getByRole('dialog').getByRole('button', { name: 'Push 120,000 changes' }).click()
    // Paused before its first portion it would stand at nothing.
    await expect(page.getByText(/^[1-9][\d,]* of 120,000 done/)).toBeVisible()
    await page.getByRole('button', { name: 'Pause' }).click()
    await shot(page, 'pausing')
    await expect(page.getByText(/^Paused\. .* are done/)).toBeVisible({ timeout: 60_000 })
    await shot(page, 'paused')
    const items = (JSON.parse(await roster(app, ['show', batch])) as { items: { applied: number; pending: number } }).items
    expect(items.applied).toBeGreaterThan(0)
    expect(items.pending).toBeGreaterThan(0)
    expect(items.applied % 10_000).toBe(0)

    await page.getByRole('button', { name: /^Go on with/ }).click()
    await page.getByRole('dialog').getByLabel('Your name').fill('Eva Lie')
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Go on with/ })
      .click()
    await expect(watcher.getByText(/Eva Lie is pushing this batch since/)).toBeVisible({ timeout: 60_000 })
    await shot(watcher, 'elsewhere')
    await expect(page.getByText('Verified: the receipt matches')).toBeVisible({ timeout: 90_000 })
    await expect(watcher.getByText('Applied').first()).toBeVisible({ timeout: 30_000 })
  } finally {
    await watcher.context().close()
    other.kill('SIGKILL')
  }
})

test('the store as baseline, the drift against an export, and the export’s state as a batch of its own', async ({ app }) => {
  const batch = await approved(app)
  await roster(app, ['push', batch, '--as', 'Per'])
  const page = await openAt(app, '/batches/store')
  await expect(page.getByText('12 users in the store')).toBeVisible()
  await shot(page, 'store')
  await page.getByRole('button', { name: 'Make a draft of the store’s users' }).click()
  await expect(page.getByText('Compared with the store')).toBeVisible()
  await expect(page.getByText('12 users', { exact: true }).first()).toBeVisible()
  await shot(page, 'store-draft')

  await go(page, '/batches/store')
  const fresh = userFile([...users(12, (n) => (n < 4 ? { Department: 'Salg' } : {})).slice(0, 11), ...users(14).slice(12)])
  await choose(page, () => page.getByRole('button', { name: 'Choose an export…' }).click(), await app.file('export.csv', fresh))
  await expect(page.getByText('10 users are the same.')).toBeVisible()
  await expect(page.getByText('differs 1')).toBeVisible()
  await shot(page, 'drift')
  await page.getByText('only in the store 1').click()
  await expect(page.getByText('user.11@fjordkraft.no')).toBeVisible()
  await expect(page.getByText('user.4@fjordkraft.no')).toBeHidden()

  await page.getByRole('button', { name: 'Take the export’s state into the store…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Your name').fill('Kari')
  await dialog.getByText('Also remove 1 user whom the export does not have').click()
  await expect(dialog.getByRole('button', { name: 'Submit 4 changes' })).toBeDisabled()
  await dialog.getByLabel('Type 1 to confirm that 1 user leaves the store').fill('1')
  await shot(page, 'take-dialog')
  await dialog.getByRole('button', { name: 'Submit 4 changes' }).click()
  await expect(page.getByRole('button', { name: 'Page for reviewers…' })).toBeVisible()
  await shot(page, 'take-batch')
  const taken = /b-[0-9a-f]{10}/.exec(page.url())?.[0] ?? ''

  await roster(app, ['approve', taken, '--as', 'Ola'])
  await roster(app, ['push', taken, '--as', 'Per'])
  await go(page, '/batches/store')
  await choose(page, () => page.getByRole('button', { name: 'Choose an export…' }).click(), path.join(app.folder, 'export.csv'))
  await expect(page.getByText('No difference: all 13 users are the same.')).toBeVisible()
})

test('the inbox hears of what another program does, without a click, from its very first batch on', async ({ app }) => {
  const page = await openAt(app, '/batches')
  await expect(page.getByText('A batch is made when a draft is submitted')).toBeVisible()
  const batch = await submitted(app, 12, () => ({ Department: 'Salg' }))
  await expect(page.getByRole('link', { name: customer }).first()).toBeVisible()
  await expect(page.getByRole('heading', { name: 'To review' })).toBeVisible()
  await roster(app, ['approve', batch, '--as', 'Ola'])
  await expect(page.getByRole('heading', { name: 'To push' })).toBeVisible()
  await roster(app, ['push', batch, '--as', 'Per'])
  await expect(page.locator('tbody').getByText('Applied').first()).toBeVisible()
  await page.getByLabel('State').selectOption('Rejected')
  await expect(page.locator('tbody')).toHaveCount(0)
})

test('no fault that axe knows in these screens, by day and by night', async ({ app }) => {
  const batch = await approved(app)
  const later = await approved(app)
  await roster(app, ['push', batch, '--as', 'Per'])
  const page = await openAt(app, `/batches/${later}`)
  const faults: Record<string, readonly string[]> = {}
  const look = async (name: string): Promise<void> => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const { violations } = await new AxeBuilder({ page }).analyze()
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`)
      if (found.length > 0) faults[`${name}, ${colorScheme}`] = found
    }
  }
  await page.getByRole('button', { name: 'Push 5 changes…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Your name').fill('Per')
  await look('push dialog')
  await dialog.getByText('Later', { exact: true }).click()
  await look('schedule dialog')
  await dialog.getByRole('button', { name: 'Schedule 5 changes' }).click()
  await expect(page.getByText(/Will be pushed/)).toBeVisible()
  await look('scheduled')
  await go(page, `/batches/${batch}`)
  await expect(page.getByText(/Not signed: Per has no key/)).toBeVisible()
  await look('receipt')
  await page.getByRole('button', { name: 'Sign it…' }).click()
  await look('sign dialog')
  await page.keyboard.press('Escape')
  await go(page, '/batches')
  await expect(page.getByText(/^scheduled /).first()).toBeVisible()
  await look('inbox')
  const receipt = path.join(app.folder, 'data', 'receipts', `${batch}.json`)
  await choose(page, () => page.getByRole('button', { name: 'Check a receipt…' }).click(), receipt)
  await expect(dialog.getByText(/^Genuine/)).toBeVisible()
  await look('receipt check')
  await page.keyboard.press('Escape')
  await go(page, '/batches/store')
  await expect(page.getByText('12 users in the store')).toBeVisible()
  await choose(page, () => page.getByRole('button', { name: 'Choose an export…' }).click(), path.join(app.folder, 'base.csv'))
  await expect(page.getByText('7 users are the same.')).toBeVisible()
  await look('store and drift')
  await page.getByRole('button', { name: 'Take the export’s state into the store…' }).click()
  await look('take dialog')
  expect(faults).toEqual({})
})
