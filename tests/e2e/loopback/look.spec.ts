import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { test, type Look } from './support/app.ts'

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
const places: readonly (readonly [name: string, keys: string])[] = [
  ['edit', 'Control+1'],
  ['changes', 'Control+2'],
  ['send', 'Control+3'],
  ['batches', 'Alt+2'],
  ['customers', 'Alt+3'],
  ['onboarding', 'Alt+4'],
  ['settings', 'Alt+5'],
]

for (const { name, language, ...look } of looks) {
  test(`every screen in ${name}: no fault that axe knows, a picture of each`, async ({ app }) => {
    const page = await app.open(look)
    await expect(page.locator('h1').first()).toBeVisible()
    if (language !== 'en') {
      await page.keyboard.press('Alt+5')
      await page.getByText(words[language], { exact: true }).click()
      await page.keyboard.press('Alt+1')
    }
    const found: Record<string, readonly string[]> = {}
    const see = async (screen: string): Promise<void> => {
      // Menus and panels come in within a tenth of a second; the picture shows them at rest.
      await page.waitForTimeout(400)
      await page.screenshot({ path: `test-results/screens/${name}-${screen}.png` })
      const wrong = await faults(page)
      if (wrong.length > 0) found[screen] = wrong
    }
    await see('start')
    await page.getByRole('button', { name: /sample|eksempel/i }).click()
    await expect(page.getByRole('grid')).toBeVisible({ timeout: 30_000 })
    for (const [screen, keys] of places) {
      await page.keyboard.press(keys)
      await see(screen)
    }
    await page.keyboard.press('Control+k')
    await see('palette')
    expect(found).toEqual({})
  })
}
