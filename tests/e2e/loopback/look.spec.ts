import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { test, type Look } from './support/app.ts'
import { still } from './support/still.ts'

const looks: readonly (Look & { readonly name: string; readonly language: 'en' | 'nb' | 'da' })[] = [
  { name: 'light', language: 'en', colorScheme: 'light' },
  { name: 'dark-wide', language: 'en', colorScheme: 'dark', width: 1920, height: 1080 },
  { name: 'norwegian', language: 'nb', colorScheme: 'light' },
  { name: 'danish-dark', language: 'da', colorScheme: 'dark' },
]

const words = { en: 'English', nb: 'Norsk', da: 'Dansk' }

async function faults(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`)
}

/** Ctrl+1/2/3 and Alt+1…5 are the same keys in every language, so the walk needs no words. */
const places: readonly (readonly [name: string, keys: string, address: RegExp])[] = [
  ['edit', 'Control+1', /\/edit$/],
  ['changes', 'Control+2', /\/changes$/],
  ['send', 'Control+3', /\/send$/],
  ['batches', 'Alt+2', /#\/batches$/],
  ['customers', 'Alt+3', /#\/customers$/],
  ['onboarding', 'Alt+4', /#\/onboarding$/],
  ['settings', 'Alt+5', /#\/settings$/],
]

for (const { name, language, ...look } of looks) {
  test(`every screen in ${name}: no fault that axe knows, a picture of each`, async ({ app }) => {
    const page = await app.open(look)
    await expect(page.locator('h1').first()).toBeVisible()
    if (language !== 'en') {
      await page.keyboard.press('Alt+5')
      await page.getByText(words[language], { exact: true }).click()
      await expect(page.locator('html')).toHaveAttribute('lang', language)
      await page.keyboard.press('Alt+1')
    }
    const found: Record<string, readonly string[]> = {}
    const see = async (screen: string): Promise<void> => {
      // What comes in is shown at rest.
      await expect(page.locator('main').locator('h1, h2').filter({ visible: true }).first()).toBeVisible()
      await still(page)
      await page.screenshot({ path: `test-results/screens/${name}-${screen}.png` })
      const wrong = await faults(page)
      if (wrong.length > 0) found[screen] = wrong
    }
    await see('start')
    await page.getByRole('button', { name: /sample|eksempel/i }).click()
    await expect(page.getByRole('grid')).toBeVisible({ timeout: 30_000 })
    for (const [screen, keys, address] of places) {
      await page.keyboard.press(keys)
      await expect(page).toHaveURL(address)
      await see(screen)
    }
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('dialog')).toBeVisible()
    await see('palette')
    expect(found).toEqual({})
  })
}
