import { expect, type Page } from '@playwright/test'
import { users } from '../../support/user-file.ts'
import { test } from './support/app.ts'
import { openSheet } from './support/sheet.ts'

/** What another program would find on the clipboard. */
async function clipboard(page: Page): Promise<{ readonly text: string; readonly html: string }> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  return page.evaluate(async () => {
    // The types do not know the option yet.
    const whole = navigator.clipboard as unknown as { read(options: { unsanitized: readonly string[] }): Promise<ClipboardItems> }
    const [item] = await whole.read({ unsanitized: ['text/html'] })
    const of = async (type: string): Promise<string> => (item?.types.includes(type) === true ? (await item.getType(type)).text() : '')
    return { text: await of('text/plain'), html: await of('text/html') }
  })
}

/** What another program left there. */
async function fromElsewhere(page: Page, text: string, html?: string): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate(
    async ([plain, markup]) => {
      const item: Record<string, Blob> = { 'text/plain': new Blob([plain ?? ''], { type: 'text/plain' }) }
      if (markup !== undefined) item['text/html'] = new Blob([markup], { type: 'text/html' })
      await navigator.clipboard.write([new ClipboardItem(item)])
    },
    html === undefined ? [text] : [text, html],
  )
}

/** Copying fetches the cells first: waits until they are there, and gives what came with them as a table. */
async function copied(page: Page, text: string): Promise<string> {
  await expect.poll(async () => (await clipboard(page)).text.replaceAll('\r', '').trimEnd()).toBe(text)
  return (await clipboard(page)).html
}

const rows = users(40)

test('copying a block, with its header, and several ranges: as text and as a table', async ({ app }) => {
  const sheet = await openSheet(app, rows)
  await sheet.click(1, 'First Name')
  await sheet.press('Shift+ArrowRight', 'Shift+ArrowDown', 'Control+c')
  expect(await copied(sheet.page, 'Kari\tNordmann\nOla\tNordmann')).toMatch(/<td[^>]*>Kari<\/td>/)
  await sheet.press('Control+Shift+c')
  // The style by which Excel keeps `0042` as it is.
  expect(await copied(sheet.page, 'First Name\tLast Name\nKari\tNordmann\nOla\tNordmann')).toContain('mso-number-format')
  await sheet.click(1, 'First Name')
  await sheet.click(3, 'First Name', ['ControlOrMeta'])
  await sheet.press('Control+c')
  await copied(sheet.page, 'Kari\nIngrid')
})

test('pasting: over what is there, growing the list, keeping where blank; each one step of undo', async ({ app }) => {
  const sheet = await openSheet(app, rows)
  const { page } = sheet
  await fromElsewhere(page, 'Ada\tLovelace\r\nAlan\tTuring\r\n')
  await sheet.click(1, 'First Name')
  await sheet.press('Control+v')
  await sheet.reads('First Name', 1, ['Ada', 'Alan', 'Ingrid'])
  await sheet.reads('Last Name', 1, ['Lovelace', 'Turing'])
  await sheet.press('Control+z')
  await sheet.reads('First Name', 1, ['Kari', 'Ola', 'Ingrid'])
  await sheet.reads('Last Name', 1, ['Nordmann', 'Nordmann'])

  // A table alone, as a browser copies it: a number keeps its zeros.
  await fromElsewhere(page, '', '<html><body><table><tr><td>0042</td></tr><tr><td>0043</td></tr></table></body></html>')
  await sheet.click(1, 'Extension')
  await sheet.press('Control+v')
  await sheet.reads('Extension', 1, ['0042', '0043', '2302'])

  await fromElsewhere(page, 'Grace\t\nEdith\tClarke\n')
  await sheet.click(3, 'First Name')
  await sheet.press('Control+Shift+v')
  await sheet.reads('First Name', 3, ['Grace', 'Edith'])
  await sheet.reads('Last Name', 3, ['Nordmann', 'Clarke'])

  await sheet.press('Control+End', 'Home', 'ArrowRight')
  await fromElsewhere(page, 'Last\nNew one\nNew two\n')
  await sheet.press('Control+v')
  await expect(page.getByRole('heading', { name: '42 users' })).toBeVisible()
  await sheet.press('Control+z')
  await expect(page.getByRole('heading', { name: '40 users' })).toBeVisible()
})

test('a paste over a thousand cells says first what it will do', async ({ app }) => {
  const sheet = await openSheet(app, users(600))
  await fromElsewhere(sheet.page, Array.from({ length: 600 }, (_, n) => `First ${String(n)}\tLast ${String(n)}`).join('\n'))
  await sheet.click(1, 'First Name')
  await sheet.press('Control+v')
  const dialog = sheet.page.getByRole('dialog')
  await expect(dialog.getByText('Overwrites 600 rows in 2 columns.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Cancel' }).last().click()
  await sheet.reads('First Name', 1, ['Kari'])
  await sheet.grid.focus()
  await sheet.press('Control+v')
  await dialog.getByRole('button', { name: 'Paste 1,200 cells' }).click()
  await sheet.reads('First Name', 1, ['First 0', 'First 1'])
})

test('pasting into a filtered view touches only the rows that are shown', async ({ app }) => {
  const sheet = await openSheet(
    app,
    users(10, (n) => ({ Location: n % 2 === 0 ? 'Oslo HQ' : 'Bergen' })),
  )
  await sheet.click(2, 'Location')
  await sheet.page.getByRole('grid').click({ button: 'right', position: await middle(sheet, 2, 'Location') })
  await sheet.page.getByRole('menuitem', { name: 'Only rows with Bergen' }).click()
  await expect(sheet.page.getByText('5 of 10 shown').first()).toBeVisible()
  await fromElsewhere(sheet.page, 'One\nTwo\n')
  await sheet.click(1, 'First Name')
  await sheet.press('Control+v')
  await sheet.reads('First Name', 1, ['One', 'Two'])
  await sheet.press('Control+Shift+L')
  await sheet.reads('First Name', 1, ['Kari', 'One', 'Ingrid', 'Two', 'Anna'])
})

async function middle(sheet: Awaited<ReturnType<typeof openSheet>>, row: number, title: string) {
  const [box, grid] = [await (await sheet.cell(row, title)).boundingBox(), await sheet.grid.boundingBox()]
  return { x: (box?.x ?? 0) - (grid?.x ?? 0) + 12, y: (box?.y ?? 0) - (grid?.y ?? 0) + 12 }
}
