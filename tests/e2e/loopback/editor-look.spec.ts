import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { test } from './support/app.ts'
import { email, sheetOf, type Sheet } from './support/sheet.ts'
import { still } from './support/still.ts'

/** The sample: errors, warnings, every kind of change. */
async function sample(page: Page): Promise<Sheet> {
  await page.getByRole('button', { name: /sample/i }).click()
  const sheet = sheetOf(page)
  await expect(sheet.grid).toBeVisible()
  await expect(sheet.grid.locator('.is-loading')).toHaveCount(0)
  return sheet
}

async function faults(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`)
}

const picture = (page: Page, name: string) => page.screenshot({ path: `test-results/screens/${name}.png` })

/** Whether two pictures of a part of the page differ: what forced colours leave out would look the same. */
async function looksDifferent(page: Page, one: string, other: string): Promise<boolean> {
  const [a, b] = [await page.locator(one).first().screenshot(), await page.locator(other).first().screenshot()]
  return !a.equals(b)
}

test('in the system’s high contrast: selection, active cell, findings and changes are told apart without our colours', async ({ app }) => {
  const page = await app.open()
  await page.emulateMedia({ forcedColors: 'active' })
  const sheet = await sample(page)
  await sheet.click(2, email)
  await sheet.press('Shift+ArrowDown', 'Shift+ArrowRight')
  await expect(page.locator('footer')).toContainText('4 cells')
  await still(page)
  await picture(page, 'contrast-forced')
  const borders = await sheet.grid
    .locator('.rg-cell.is-selected')
    .first()
    .evaluate((cell) => {
      const { outlineStyle, borderStyle, backgroundColor } = getComputedStyle(cell)
      return { outlineStyle, borderStyle, backgroundColor }
    })
  const plain = await sheet.grid
    .locator('.rg-cell:not(.is-selected)')
    .last()
    .evaluate((cell) => getComputedStyle(cell).backgroundColor)
  expect(borders.backgroundColor).not.toBe(plain)
  expect(await looksDifferent(page, '.rg-cell.has-error', '.rg-cell:not(.has-error, .has-warning, .has-info, .is-selected)')).toBe(true)
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog')).toBeVisible()
  await picture(page, 'contrast-forced-palette')
})

test('Roster’s own high contrast, dark: axe finds nothing', async ({ app }) => {
  const page = await app.open({ colorScheme: 'dark', width: 1920, height: 1080 })
  const sheet = await sample(page)
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.type('contrast')
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'contrast')
  await sheet.click(3, email)
  await still(page)
  await picture(page, 'contrast-own')
  expect(await faults(page)).toEqual([])
})

test('with reduced motion nothing moves by itself', async ({ app }) => {
  const page = await app.open()
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await sample(page)
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog')).toBeVisible()
  const moving = await page.evaluate(() =>
    [...document.querySelectorAll('*')].flatMap((element) => {
      const { transitionDuration, animationDuration, animationName } = getComputedStyle(element)
      const lasts = (durations: string): boolean => durations.split(',').some((each) => parseFloat(each) > 0.02)
      return lasts(transitionDuration) || (animationName !== 'none' && lasts(animationDuration)) ? [element.className] : []
    }),
  )
  expect(moving).toEqual([])
})

for (const { name, zoom, ...look } of [
  { name: 'zoom-60', zoom: 60 },
  { name: 'zoom-150', zoom: 150 },
  { name: 'zoom-200', zoom: 200 },
  { name: 'zoom-200-wide-dark', zoom: 200, colorScheme: 'dark' as const, width: 1920, height: 1080 },
]) {
  test(`${name}: every part of the editor is on the screen, and nothing is cut`, async ({ app }) => {
    const page = await app.open(look)
    const sheet = await sample(page)
    await expect(sheet.grid).toBeFocused()
    for (let i = 0; i < Math.abs(zoom - 100) / 10; i++) await page.keyboard.press(zoom > 100 ? 'Control+Equal' : 'Control+Minus')
    await expect.poll(() => page.evaluate(() => document.documentElement.style.zoom)).toBe(`${String(zoom)}%`)
    await sheet.grid.focus()
    await sheet.press('Control+Home', 'ArrowDown')
    await expect.poll(sheet.active).toBe(`2 ${email}`)
    await still(page)
    await picture(page, name)
    const { width, height } = page.viewportSize() ?? { width: 0, height: 0 }
    for (const part of [sheet.grid, page.locator('footer.status'), page.locator('.edit-header')]) {
      const corner = async (): Promise<readonly [number, number]> => {
        const box = await part.boundingBox()
        return box === null ? [Infinity, Infinity] : [box.x + box.width, box.y + box.height]
      }
      await expect.poll(async () => (await corner())[0]).toBeLessThanOrEqual(width + 1)
      await expect.poll(async () => (await corner())[1]).toBeLessThanOrEqual(height + 1)
    }
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
  })
}

for (const [language, words, look] of [
  ['light', null, { width: 1280, height: 800 }],
  ['light-wide', null, { width: 1920, height: 1080 }],
  ['dark', null, { colorScheme: 'dark' as const, width: 1280, height: 800 }],
  ['norwegian', 'Norsk', { width: 1280, height: 800 }],
  ['norwegian-dark-wide', 'Norsk', { colorScheme: 'dark' as const, width: 1920, height: 1080 }],
] as const) {
  test(`the editor in ${language}: grid, menus, form, comparison`, async ({ app }) => {
    const page = await app.open(look)
    if (words !== null) {
      await expect(page.locator('h1').first()).toBeVisible()
      await page.keyboard.press('Alt+5')
      await page.getByText(words, { exact: true }).click()
      await page.keyboard.press('Alt+1')
    }
    await page.getByRole('button', { name: words === null ? /sample/i : /eksempel/i }).click()
    const sheet = sheetOf(page)
    await expect(sheet.grid).toBeVisible()
    await expect(sheet.grid.locator('.is-loading')).toHaveCount(0)
    await sheet.click(3, email)
    await sheet.press('Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowRight')
    await expect(page.locator('footer')).toContainText(/6 (cells|celler)/)
    await still(page)
    await picture(page, `editor-${language}`)
    await sheet.press('Shift+F10')
    await expect(page.getByRole('menu')).toBeVisible()
    await still(page)
    await picture(page, `editor-${language}-menu`)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('menu')).toHaveCount(0)
    await sheet.press('Alt+ArrowDown')
    await expect(page.getByRole('dialog')).toBeVisible()
    await still(page)
    await picture(page, `editor-${language}-column`)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await sheet.press('Control+Shift+Enter')
    await expect(page.locator('aside, [role=complementary]').getByRole('textbox').first()).toBeVisible()
    await still(page)
    await picture(page, `editor-${language}-form`)
    expect(await faults(page)).toEqual([])
  })
}
