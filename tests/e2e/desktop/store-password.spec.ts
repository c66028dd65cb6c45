import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { compose } from '../../../backend/compose.ts'
import { must } from '../../support/backend.ts'
import { serverPassword, startPostgres, type PostgresServer } from '../../support/postgres.ts'
import { expect, isStandIn, test, type Desk } from './launch.ts'

test.skip(!isStandIn, 'the key chain of a real system belongs to whoever is logged in')

let server: PostgresServer
let store = ''
test.beforeAll(async () => {
  server = await startPostgres({ fsync: false })
})
test.afterAll(() => server.stop())
test.beforeEach(async ({ desk }) => {
  store = await server.database()
  const { services, close } = compose({ dataDir: path.join(desk.folder, 'other'), store, askPassword: async () => serverPassword })
  must(await services.store.init())
  await close()
  desk.started.env['ROSTER_STORE'] = store
})

async function openStore({ start }: Desk): Promise<Page> {
  const { page } = await start()
  await page.getByRole('link', { name: /^Batches/ }).click()
  await page.getByRole('button', { name: 'Store and Control Hub…' }).click()
  await expect(page.getByRole('heading', { name: 'The store’s login' })).toBeVisible()
  return page
}
async function logIn(page: Page, remember: boolean): Promise<void> {
  await page.getByLabel('Password of the store').fill(serverPassword)
  if (remember) await page.getByLabel('Remember it in the key chain of this system').check()
  await page.getByRole('button', { name: 'Log in' }).click()
  await expect(page.getByText('Logged in.')).toBeVisible()
}

test('the password of a team’s store is remembered in the key chain after a restart, until it is forgotten', async ({ desk }) => {
  const page = await openStore(desk)
  await page.getByLabel('Password of the store').fill('not that one')
  await page.getByRole('button', { name: 'Log in' }).click()
  await expect(page.getByRole('alert').first()).toContainText('does not take this login or its password')
  await logIn(page, true)
  await expect(page.getByText('The key chain of this system keeps the password.')).toBeVisible()
  await page.screenshot({ path: 'test-results/screens/store-password.png' })
  const kept = await readFile(path.join(desk.dataDir, 'store-passwords.json'), 'utf8')
  expect(kept).not.toContain(serverPassword)
  await page.context().close()

  const again = await openStore(desk)
  await expect(again.getByText('The key chain of this system keeps the password.')).toBeVisible()
  await again.getByRole('link', { name: 'Settings' }).click()
  await expect(again.getByText(store)).toBeVisible()
  await again.goBack()
  await again.getByRole('button', { name: 'Forget the password' }).click()
  await expect(again.getByText('No password was given.')).toBeVisible()
})

test('without a key chain that encrypts the window says so, and asks again after a restart', async ({ desk }) => {
  desk.started.env['ELECTRON_HOST_KEY_CHAIN'] = 'basic_text'
  const page = await openStore(desk)
  await expect(page.getByText('without really encrypting it, so Roster asks for it each time')).toBeVisible()
  await expect(page.getByLabel('Remember it in the key chain of this system')).toHaveCount(0)
  await logIn(page, false)
  await expect(page.getByText('held until Roster ends')).toBeVisible()
  await page.context().close()
  await expect((await openStore(desk)).getByText('No password was given.')).toBeVisible()
})
