import { expect } from '@playwright/test'
import { users } from '../../support/user-file.ts'
import { test } from './support/app.ts'
import { email, openSheet } from './support/sheet.ts'

/** Departments with a gap, so that there is a border of blanks to stop at. */
const rows = users(60, (n) => ({ Department: n >= 4 && n <= 6 ? '' : `Dept ${String(n)}` }))

test('moving: arrows, Tab, Enter, Home, End, pages, and the borders of blanks', async ({ app }) => {
  const sheet = await openSheet(app, rows)
  const { press, active } = sheet
  await press('Control+Home')
  await expect.poll(active).toBe(`1 ${email}`)
  await press('ArrowRight', 'ArrowDown', 'ArrowDown')
  await expect.poll(active).toBe('3 User Status')
  await press('ArrowRight')
  await expect.poll(active).toBe('3 First Name')
  await press('Tab')
  await expect.poll(active).toBe('3 Last Name')
  await press('Shift+Tab', 'Enter')
  await expect.poll(active).toBe('4 First Name')
  await press('Shift+Enter')
  await expect.poll(active).toBe('3 First Name')
  await press('End')
  await expect.poll(active).toMatch(/^3 (?!First Name$)/)
  const atEnd = await active()
  await press('Home')
  await expect.poll(active).toBe(`3 ${email}`)
  await press('Control+End')
  await expect.poll(active).toBe(`60 ${atEnd.slice(2)}`)
  await press('Control+Home', 'PageDown')
  await expect.poll(async () => Number((await active()).split(' ')[0])).toBeGreaterThan(10)
  await press('PageUp')
  await expect.poll(active).toBe(`1 ${email}`)

  // Department: filled to row 4, blank in 5–7, filled again from 8 on.
  await sheet.click(1, 'First Name')
  await expect.poll(active).toBe('1 First Name')
  for (let i = 0, at = '1 First Name'; i < 40 && at !== '1 Department'; i++) {
    await press('ArrowRight')
    await expect.poll(active).not.toBe(at)
    at = await active()
  }
  await expect.poll(active).toBe('1 Department')
  for (const stop of ['4', '8', '60']) {
    await press('Control+ArrowDown')
    await expect.poll(active).toBe(`${stop} Department`)
  }
  await press('Control+ArrowUp')
  await expect.poll(active).toBe('8 Department')
  await press('Control+Backspace')
  await expect(await sheet.cell(8, 'Department')).toBeInViewport()
})

test('selecting: by Shift, whole columns, rows and everything, several ranges, by dragging', async ({ app }) => {
  const sheet = await openSheet(app, rows)
  const { press, page } = sheet
  const selected = page.locator('footer')
  await sheet.click(2, 'First Name')
  await press('Shift+ArrowRight', 'Shift+ArrowDown', 'Shift+ArrowDown')
  await expect(selected).toContainText('6 cells')
  await press('Shift+Space')
  await expect(selected).toContainText('3 users')
  await sheet.click(2, 'First Name')
  await press('Control+Space')
  await expect(selected).toContainText('60 cells')
  await press('Control+a')
  await expect(selected).toContainText('60 users')
  await sheet.click(2, 'First Name')
  await sheet.click(4, 'First Name', ['ControlOrMeta'])
  await expect(selected).toContainText('2 cells')
  await sheet.click(2, 'First Name')
  await sheet.click(5, 'Last Name', ['Shift'])
  await expect(selected).toContainText('8 cells')

  const from = await (await sheet.cell(1, 'First Name')).boundingBox()
  const to = await (await sheet.cell(3, 'Display Name')).boundingBox()
  if (from === null || to === null) throw new Error('the cells are not on the screen')
  await page.mouse.move(from.x + 10, from.y + 10)
  await page.mouse.down()
  await page.mouse.move(to.x + 10, to.y + 10, { steps: 5 })
  await page.mouse.up()
  await expect(selected).toContainText('9 cells')
  await sheet.grid.locator('[role=columnheader][title="Last Name"]').click()
  await expect(selected).toContainText('60 cells')
  await sheet.grid.locator('[aria-rowindex="4"] [role=rowheader]').click()
  await expect(selected).toContainText(/\d+ cells/)
})

test('editing: type over, F2, Esc, Alt+Enter, Delete, Ctrl+Enter, Space, and the picker of packages', async ({ app }) => {
  const sheet = await openSheet(app, rows)
  const { press, page } = sheet
  await sheet.click(1, 'First Name')
  await page.keyboard.type('Ada')
  await press('Enter')
  await sheet.reads('First Name', 1, ['Ada'])
  await expect.poll(sheet.active).toBe('2 First Name')

  // F2 goes on with the old text; Esc leaves it as it was.
  await sheet.click(1, 'First Name')
  await press('F2')
  await page.keyboard.type(' Sofie')
  await press('Enter')
  await sheet.reads('First Name', 1, ['Ada Sofie'])
  await sheet.click(1, 'First Name')
  await page.keyboard.type('Wrong')
  await press('Escape')
  await sheet.reads('First Name', 1, ['Ada Sofie'])

  await sheet.click(1, 'Display Name')
  await page.keyboard.type('one')
  await press('Alt+Enter')
  await page.keyboard.type('two')
  await press('Enter')
  await expect(await sheet.cell(1, 'Display Name')).toHaveText('one⏎two')

  await sheet.click(2, 'Last Name')
  await press('Delete')
  await sheet.reads('Last Name', 2, [''])

  await sheet.click(1, 'Last Name')
  await press('Shift+ArrowDown', 'Shift+ArrowDown')
  await page.keyboard.type('Berg')
  await press('Control+Enter')
  await sheet.reads('Last Name', 1, ['Berg', 'Berg', 'Berg', 'Nordmann'])
  await press('Control+z')
  await sheet.reads('Last Name', 1, ['Nordmann', '', 'Nordmann', 'Nordmann'])

  await sheet.click(1, 'Package')
  await page.keyboard.type('calling')
  await expect(page.getByRole('listbox')).toBeVisible()
  await press('Enter')
  await sheet.reads('Package', 1, ['Webex Calling'])
  await sheet.saved()
})
