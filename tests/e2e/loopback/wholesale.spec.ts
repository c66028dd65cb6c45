import AxeBuilder from '@axe-core/playwright'
import { expect } from '@playwright/test'
import { roster } from '../../support/process.ts'
import { userFile, users } from '../../support/user-file.ts'
import { startStandInApi } from '../../support/wholesale-api.ts'
import { test } from './support/app.ts'

test('a pushed batch goes on to Webex: the customer’s ID, the precheck, the sending, what was refused and again', async ({ app }) => {
  const standIn = await startStandInApi()
  try {
    await app.kill()
    await app.start({ ROSTER_WEBEX_API: standIn.url })
    const options = { cwd: app.folder }
    await app.file('profile.json', JSON.stringify({ name: 'Fjordkraft AS', emailDomains: ['fjordkraft.no'] }))
    await app.file('base.csv', userFile(users(3)))
    await app.file(
      'new.csv',
      userFile(
        users(6, (n) => (n === 0 ? { package: 'Webex Voice' } : n === 1 ? { Department: 'Salg' } : n > 2 ? { 'User Status': '' } : {})),
      ),
    )
    expect((await roster(['customer', 'add', 'profile.json'], options)).code).toBe(0)
    const made = await roster(
      ['submit', 'new.csv', '--customer', 'Fjordkraft AS', '--baseline', 'base.csv', '--as', 'Kari', '--json'],
      options,
    )
    const { batch } = made.json<{ batch: string }>()
    expect((await roster(['approve', batch, '--as', 'Ola'], options)).code).toBe(0)
    expect((await roster(['push', batch, '--as', 'Per'], options)).code).toBe(0)
    for (const n of [0, 1, 2]) standIn.add(`user.${n}@fjordkraft.no`, 'webex_suite')
    standIn.add('user.5@fjordkraft.no', 'webex_voice', { customerId: 'somebody-else' })

    const page = await app.open({ height: 1400 })
    await page.getByRole('link', { name: 'Batches' }).first().click()
    await page.getByRole('link', { name: 'Fjordkraft AS' }).first().click()
    await expect(page.getByText('does not say what the API calls this customer')).toBeVisible()
    await page.getByRole('button', { name: 'Open the profile' }).click()
    await page.getByLabel('Customer ID').fill(standIn.customerId)
    await page.getByLabel('IDs of locations').fill('Oslo HQ; loc-1')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.goBack()

    const section = page.getByRole('region', { name: 'Wholesale API' })
    await expect(section.getByText('4 changes can be sent to the API')).toBeVisible()
    const dialog = page.getByRole('dialog')
    await section.getByRole('button', { name: 'Precheck new users' }).click()
    await dialog.getByLabel('Access token').fill(standIn.token)
    await dialog.getByRole('button', { name: 'Precheck new users' }).click()
    await expect(section.getByText('1 finding of the precheck')).toBeVisible()
    await expect(section.getByText('Webex would refuse this user: 10022')).toBeVisible()

    await section.getByRole('button', { name: 'Send to the API' }).click()
    await dialog.getByLabel('Your name').fill('Per Dahl')
    await dialog.getByLabel('Access token').fill(standIn.token)
    await dialog.getByRole('button', { name: 'Send to the API' }).click()
    await expect(section.getByRole('cell', { name: 'user.5@fjordkraft.no' }).last()).toBeVisible()
    await expect(section.getByText('Last sent by Per Dahl')).toBeVisible()
    expect(standIn.subscribers.get('user.0@fjordkraft.no')?.packages).toEqual(['webex_voice'])
    await section.getByRole('radio', { name: /^All/u }).check({ force: true })
    await expect(section.getByText('The API cannot change this; it goes by the Control Hub files: Department')).toBeVisible()
    expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])

    standIn.forget('user.5@fjordkraft.no')
    await section.getByRole('button', { name: 'Try the refused again (1)' }).click()
    await dialog.getByLabel('Your name').fill('Per Dahl')
    await dialog.getByLabel('Access token').fill(standIn.token)
    await dialog.getByRole('button', { name: 'Try the refused again' }).click()
    await expect(section.getByText('Everything the API can take is there.')).toBeVisible()

    const downloads: string[] = []
    page.on('download', (download) => downloads.push(download.suggestedFilename()))
    await section.getByRole('button', { name: 'Payload files' }).click()
    await expect.poll(() => downloads.toSorted()).toEqual(['01-subscribers-add.json', '02-subscribers-change.json', 'requests.json'])
    expect({ violations: standIn.violations, needless: standIn.needless }).toEqual({ violations: [], needless: [] })
    if (process.env['ROSTER_SHOTS'] !== undefined)
      await page.screenshot({ path: `${process.env['ROSTER_SHOTS']}/wholesale.png`, fullPage: true })
  } finally {
    await standIn.close()
  }
})
