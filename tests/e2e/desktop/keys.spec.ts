import type { Page } from '@playwright/test'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, isStandIn, test, type Desk } from './launch.ts'

test.skip(!isStandIn, 'the key chain of a real system belongs to whoever is logged in')

const secret = 'correct horse battery'
const keyFile = async ({ dataDir }: Desk): Promise<string> => {
  const folder = path.join(dataDir, 'keys')
  const [name = ''] = await readdir(folder)
  return readFile(path.join(folder, name), 'utf8')
}
async function openSettings(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByLabel('Your name').fill('Ola Dahl')
  await page.getByLabel('Your name').press('Tab')
}
const dialog = (page: Page) => page.getByRole('dialog')

test('a signing key goes into the key chain of the system, without a passphrase, and opens after the next start', async ({ desk }) => {
  const { app, page } = await desk.start()
  await openSettings(page)
  await expect(page.getByText('New keys go into the key chain of this computer.')).toBeVisible()
  await page.getByRole('button', { name: 'Make a key…' }).click()
  await dialog(page).getByRole('button', { name: 'Make the key' }).click()
  await expect(page.getByText('sealed by the key chain of this computer; it opens while you are logged in')).toBeVisible()
  await expect(page.getByText('registered in the store')).toBeVisible()
  expect(await keyFile(desk)).toContain('"sealed": "k0:')
  await page.screenshot({ path: 'test-results/screens/keys-desktop.png' })
  const fingerprint = await page.locator('.fingerprint').textContent()
  await app.close()

  const again = await desk.start()
  await again.page.getByRole('link', { name: 'Settings' }).click()
  await expect(again.page.locator('.fingerprint')).toHaveText(fingerprint ?? '')
  // A passphrase on top: what the key chain kept is opened for it, and nothing is asked.
  await again.page.getByRole('button', { name: 'Change the passphrase…' }).click()
  await dialog(again.page).getByLabel('New passphrase', { exact: true }).fill(secret)
  await dialog(again.page).getByLabel('New passphrase again').fill(secret)
  await dialog(again.page).getByRole('button', { name: 'Change the passphrase' }).click()
  await expect(again.page.getByText('sealed by the key chain of this computer and with your passphrase')).toBeVisible()
  expect(await keyFile(desk)).toContain('"sealed": "k1:')

  // Replaced: the old passphrase is asked for, the fingerprint is another one.
  await again.page.getByRole('button', { name: 'Replace the key…' }).click()
  await dialog(again.page).getByLabel('Present passphrase').fill('not the passphrase')
  await dialog(again.page).getByRole('button', { name: 'Replace the key' }).click()
  await expect(dialog(again.page).getByRole('alert')).toContainText('does not open the key')
  await dialog(again.page).getByLabel('Present passphrase').fill(secret)
  await dialog(again.page).getByRole('button', { name: 'Replace the key' }).click()
  await expect(dialog(again.page)).toBeHidden()
  await expect(again.page.locator('.fingerprint')).not.toHaveText(fingerprint ?? '')
})

for (const [kind, said] of [
  ['none', 'The key chain of this computer cannot be used now, so a key is sealed with a passphrase.'],
  ['basic_text', 'This system has no key chain that encrypts, so a key is sealed with a passphrase.'],
] as const) {
  test(`without a key chain (${kind}) the window says so, and a passphrase seals the key`, async ({ desk }) => {
    desk.started.env['ELECTRON_HOST_KEY_CHAIN'] = kind
    const { page } = await desk.start()
    await openSettings(page)
    await expect(page.getByText(said)).toBeVisible()
    await page.getByRole('button', { name: 'Make a key…' }).click()
    const make = dialog(page).getByRole('button', { name: 'Make the key' })
    await expect(make).toBeDisabled()
    await dialog(page).getByLabel('New passphrase', { exact: true }).fill(secret)
    await dialog(page).getByLabel('New passphrase again').fill(secret)
    await make.click()
    await expect(page.getByText('sealed with your passphrase')).toBeVisible()
    expect(await keyFile(desk)).toContain('"sealed": "s1:')
  })
}
