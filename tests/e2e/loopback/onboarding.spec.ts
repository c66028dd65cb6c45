import AxeBuilder from '@axe-core/playwright'
import { expect, type Locator, type Page } from '@playwright/test'
import { readFile } from 'node:fs/promises'
import { test } from './support/app.ts'
import { still } from './support/still.ts'

/** Moves the focus with Tab until it is on the control, as a person without a mouse does. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  await expect(control).toBeVisible()
  for (let presses = 0; presses < 160; presses++) {
    if (await control.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error('Tab never reached the control')
}
const field = (page: Page, path: string): Locator => page.locator(`[data-path="${path}"]`)
async function type(page: Page, path: string, text: string): Promise<void> {
  await tabTo(page, field(page, path))
  await page.keyboard.press('Control+a')
  await page.keyboard.type(text)
}
/** A list box is set by typing the beginning of the wanted entry. */
async function pick(page: Page, path: string, text: string): Promise<void> {
  await tabTo(page, field(page, path))
  await page.keyboard.type(text)
}
async function press(page: Page, control: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, control)
  await page.keyboard.press(key)
}
const button = (page: Page, name: string | RegExp): Locator => page.getByRole('button', { name })
const next = async (page: Page, step: string): Promise<void> => {
  await press(page, button(page, `${step} →`))
  await expect(page.getByRole('heading', { level: 1, name: step, exact: true })).toBeFocused()
}

async function withoutFaults(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect.soft(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`)).toEqual([])
}

test('a new customer from nothing to the hand-over, by keyboard alone', async ({ app }) => {
  test.setTimeout(240_000)
  const page = await app.open({ width: 1440, height: 900 })
  await expect(page.locator('h1').first()).toBeVisible()
  await page.keyboard.press('Alt+4')
  await expect(page.getByRole('heading', { name: 'Prepare a new customer' })).toBeVisible()

  // A template, saved as version 1.
  await press(page, button(page, 'New template'))
  await type(page, 'template.name', 'Nordlys standard')
  await pick(page, 'template.country', 'Norway')
  await type(page, 'template.administrator', 'admin@partner.example')
  await type(page, 'template.emailLanguage', 'norsk')
  await type(page, 'template.subscription', 'Sub123456')
  await expect(page.getByText('“norsk” is no language code.')).toBeVisible()
  await type(page, 'template.emailLanguage', 'nb_NO')
  await expect(page.getByText('“norsk” is no language code.')).toBeHidden()
  await press(page, button(page, 'Save version 1'))
  await expect(page.getByRole('heading', { name: 'Summary' })).toBeVisible()
  await expect(page.getByText('Webex authentication')).toBeVisible()

  // A plan from it.
  await page.keyboard.press('Alt+4')
  await press(page, button(page, 'New plan'))
  await expect(page.getByRole('heading', { level: 1, name: 'Onboarding template' })).toBeVisible()
  await tabTo(page, page.getByLabel('From a saved template'))
  await page.keyboard.type('Nordlys')
  await expect(field(page, 'template.subscription')).toHaveValue('Sub123456')
  await next(page, 'Customer')

  await type(page, 'customer.name', '100% Fjord AS')
  await expect(page.getByText('A company name must not hold %.')).toBeVisible()
  await type(page, 'customer.name', 'Fjord AS')
  await type(page, 'customer.adminEmail', 'kari@fjord.example')
  await press(page, page.getByLabel('Webex Suite', { exact: true }), 'Space')
  await type(page, 'customer.packages.0.quantity', '1')
  await type(page, 'customer.headOffice.name', 'Oslo')
  await type(page, 'customer.headOffice.timeZone', 'Europe/Oslo')
  await type(page, 'customer.headOffice.address.line1', 'Storgata 1')
  await type(page, 'customer.headOffice.address.postalCode', '0155')
  await type(page, 'customer.headOffice.address.city', 'Oslo')
  await pick(page, 'customer.headOffice.address.country', 'Norway')
  await type(page, 'customer.headOffice.emailLanguage', 'nb_NO')
  await type(page, 'customer.headOffice.announcementLanguage', 'nb_NO')
  await press(page, page.getByLabel(/I confirm that this customer/), 'Space')
  await next(page, 'Locations')

  await press(page, button(page, 'Add location'))
  await type(page, 'locations.0.name', 'Bergen')
  await type(page, 'locations.0.address.line1', 'Strandgaten 4')
  await type(page, 'locations.0.address.postalCode', '5013')
  await type(page, 'locations.0.address.city', 'Bergen')
  await next(page, 'Users')

  const people = [
    ['Kari', 'Berg', 'kari@fjord.example', 'Oslo', '1001'],
    ['Ola', 'Dahl', 'ola@fjord.example', 'Bergen', '0042'],
  ] as const
  for (const [index, [first, last, email, location, extension]] of people.entries()) {
    await press(page, button(page, 'Add user'))
    await type(page, `users.${index}.firstName`, first)
    await type(page, `users.${index}.lastName`, last)
    await type(page, `users.${index}.email`, email)
    await pick(page, `users.${index}.location`, location)
    await type(page, `users.${index}.extension`, extension)
  }
  await next(page, 'Phone numbers')

  for (const [index, [location, from, to]] of (
    [
      ['Oslo', '+4721530995', '+4721531005'],
      ['Bergen', '+4755530000', '+4755530099'],
    ] as const
  ).entries()) {
    await press(page, button(page, 'Add range'))
    await pick(page, `numbers.ranges.${index}.location`, location)
    await type(page, `numbers.ranges.${index}.from`, from)
    await type(page, `numbers.ranges.${index}.to`, to)
  }
  await expect(page.getByText('+4721531001')).toBeVisible()
  // The locations are renamed: users and ranges follow.
  await press(page, button(page, '← Users'))
  await press(page, button(page, '← Locations'))
  await press(page, page.getByRole('button', { name: /^Bergen/ }))
  await type(page, 'locations.0.name', 'Bergen sentrum')
  await next(page, 'Users')
  await expect(field(page, 'users.1.location')).toHaveValue('Bergen sentrum')
  await next(page, 'Phone numbers')
  await expect(field(page, 'numbers.ranges.1.location')).toHaveValue('Bergen sentrum')
  await press(page, button(page, 'Give numbers to 2 users'))
  await next(page, 'Administrators')
  await press(page, button(page, 'Add administrator'))
  await expect(field(page, 'administrators.0.email')).toHaveValue('kari@fjord.example')
  await next(page, 'Setup assist')
  await next(page, 'Review')

  // One seat for two users: said here, and it stands in the way.
  await expect(page.getByText('2 users are planned with Webex Suite, but the quantity is 1.')).toBeVisible()
  await page.screenshot({ path: 'test-results/screens/onboarding-review-open.png' })
  await press(page, page.locator('nav.steps').getByRole('link', { name: /^Customer/ }))
  await type(page, 'customer.packages.0.quantity', '5')
  await type(page, 'customer.externalId', 'FJ-1')
  await press(page, page.locator('nav.steps').getByRole('link', { name: /^Review/ }))
  await expect(page.getByText('2 users are planned')).toBeHidden()
  await press(page, page.getByLabel('Done, here or elsewhere'), 'Space')
  await next(page, 'Hand over')

  // The checklist can go; the API still waits for the Provisioning ID.
  await expect(button(page, 'Make payload files')).toBeDisabled()
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, button(page, 'Save checklist'))])
  const sheet = await readFile(await download.path(), 'utf8')
  expect(download.suggestedFilename()).toBe('fjord-as-checklist-en.html')
  expect(sheet).toContain('+4755530042')
  expect(sheet.indexOf('Nordlys standard')).toBeLessThan(sheet.indexOf('Storgata 1'))

  await press(page, page.locator('nav.steps').getByRole('link', { name: /^Onboarding template/ }))
  await type(page, 'template.provisioningId', 'ZjViMzYx')
  await press(page, page.locator('nav.steps').getByRole('link', { name: /^Hand over/ }))
  await press(page, button(page, 'Make payload files'))
  await expect(page.getByText('02-customers.json')).toBeVisible()

  // What was typed survives the host, killed as a power cut would.
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()

  await press(page, button(page, 'Make a draft of 2 users'))
  await expect(page.getByRole('grid')).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText('ola@fjord.example').first()).toBeVisible()
  await page.keyboard.press('Alt+4')
  await expect(page.getByRole('link', { name: 'Fjord AS' })).toBeVisible()
})

test('what was typed outlives a host that is killed', async ({ app }) => {
  const page = await app.open()
  await expect(page.locator('h1').first()).toBeVisible()
  await page.keyboard.press('Alt+4')
  await button(page, 'New plan').click()
  await page
    .locator('nav.steps')
    .getByRole('link', { name: /^Customer/ })
    .click()
  await field(page, 'customer.name').fill('Kontor Nord AS')
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  await app.kill()
  await app.start()
  const again = await app.open()
  await expect(again.locator('h1').first()).toBeVisible()
  await again.keyboard.press('Alt+4')
  await again.getByRole('link', { name: 'Kontor Nord AS' }).click()
  await again
    .locator('nav.steps')
    .getByRole('link', { name: /^Customer/ })
    .click()
  await expect(field(again, 'customer.name')).toHaveValue('Kontor Nord AS')
})

for (const [name, language, colorScheme] of [
  ['light', 'English', 'light'],
  ['dark', 'English', 'dark'],
  ['norwegian', 'Norsk', 'light'],
  ['danish', 'Dansk', 'dark'],
] as const) {
  test(`the screens of onboarding in ${name}: no fault that axe knows, a picture of each`, async ({ app }) => {
    test.setTimeout(150_000)
    const page = await app.open({ width: 1440, height: 900, colorScheme })
    await expect(page.locator('h1').first()).toBeVisible()
    if (language !== 'English') {
      await page.keyboard.press('Alt+5')
      await page.getByText(language, { exact: true }).click()
    }
    const see = async (screen: string): Promise<void> => {
      await still(page)
      await page.screenshot({ path: `test-results/screens/onboarding-${name}-${screen}.png`, fullPage: false })
      await withoutFaults(page)
    }
    await page.keyboard.press('Alt+4')
    await expect(page.locator('.empty')).toBeVisible()
    await see('empty')
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.locator('.empty button').nth(2).click()])
    await chooser.setFiles('resources/samples/plan-nordlys.json')
    const link = page.getByRole('link', { name: 'Fjordkraft Verksted AS' })
    await expect(link).toBeVisible()
    await see('list')
    await link.click()
    const steps = page.locator('nav.steps ol a')
    await expect(steps).toHaveCount(10)
    for (let place = 0; place < 10; place++) {
      await steps.nth(place).click()
      await expect(steps.nth(place)).toHaveAttribute('aria-current', 'step')
      await see(`step-${place}`)
    }
    await page.goto(`${page.url().split('#')[0] ?? ''}#/onboarding/templates/new`)
    await see('template')
  })
}

test('packages of two users are changed: what is needed is asked, what is lost is said, the result is a draft', async ({ app }) => {
  const page = await app.open({ width: 1440, height: 900 })
  await page.getByRole('button', { name: /sample/i }).click()
  await expect(page.getByRole('grid')).toBeVisible({ timeout: 30_000 })
  const emails = page.getByRole('gridcell').filter({ hasText: /^\s*[^@\s]+@nordfjell\.example\s*$/u })
  await expect(emails.nth(1)).toBeVisible()
  const shown = async (): Promise<readonly string[]> => [...new Set((await emails.allInnerTexts()).map((text) => text.trim()))]
  await expect.poll(async () => (await shown()).length).toBeGreaterThan(1)
  const [first = '', second = ''] = await shown()
  await page.goto(`${page.url().split('#')[0] ?? ''}#/onboarding/change-package`)
  await page.getByLabel('New package').selectOption('Webex Meetings')
  await page.getByLabel('Emails, one a line').fill(`${first}\n${second}\nnobody@nordfjell.example`)
  await button(page, 'Look').click()
  await expect(page.getByText('Not in the draft: nobody@nordfjell.example')).toBeVisible()
  await expect(page.getByText('Voicemail and number are lost for good.').first()).toBeVisible()
  await page.screenshot({ path: 'test-results/screens/onboarding-package-change.png' })
  await withoutFaults(page)
  await button(page, /Make a draft of/).click()
  await expect(page.getByText(/Webex Meetings/).first()).toBeVisible({ timeout: 30_000 })
  await expect(page).toHaveURL(/\/drafts\/.+\/changes/)
})
