import { expect, type Locator, type Page } from '@playwright/test'
import { userFile } from '../../../support/user-file.ts'
import { choose, type App } from './app.ts'

/** How the email column is headed. */
export const email = 'User ID/Email (Required)'

/** The grid of an open draft as a person sees it: rows from 1, columns by their titles. */
export interface Sheet {
  readonly page: Page
  readonly grid: Locator
  /** A cell that is on the screen. */
  cell(row: number, title: string): Promise<Locator>
  /** The texts of cells one below the other. */
  texts(title: string, from: number, to: number): Promise<readonly string[]>
  /** Waits until the cells one below the other read so. */
  reads(title: string, from: number, texts: readonly string[]): Promise<void>
  /** Goes to a cell by clicking it. */
  click(row: number, title: string, modifiers?: readonly ('Shift' | 'ControlOrMeta')[]): Promise<void>
  /** Presses keys one after the other: `ArrowDown`, `Control+c` … */
  press(...keys: readonly string[]): Promise<void>
  /** Drags the fill handle, which sits in the last cell of the selection (`row title`), down to another row. */
  dragHandle(from: number, title: string, to: number): Promise<void>
  /** The active cell: `row title`, and what stands in it. */
  active(): Promise<string>
  saved(): Promise<void>
}

export function sheetOf(page: Page): Sheet {
  const grid = page.getByRole('grid')
  const place = async (title: string): Promise<string> =>
    (await grid.locator(`[role=columnheader][title="${title}"]`).getAttribute('aria-colindex')) ?? ''
  const at = (row: number, column: string): Locator =>
    grid.locator(`[role=row][aria-rowindex="${String(row + 1)}"] [role=gridcell][aria-colindex="${column}"]`)
  const sheet: Sheet = {
    page,
    grid,
    cell: async (row, title) => at(row, await place(title)),
    texts: async (title, from, to) => {
      const column = await place(title)
      return Promise.all(Array.from({ length: to - from + 1 }, (_, i) => at(from + i, column).innerText()))
    },
    reads: async (title, from, texts) => {
      await expect
        .poll(() => sheet.texts(title, from, from + texts.length - 1), { message: `${title} from row ${String(from)}` })
        .toEqual(texts)
    },
    click: async (row, title, modifiers = []) => (await sheet.cell(row, title)).click({ modifiers: [...modifiers] }),
    press: async (...keys) => {
      for (const key of keys) await page.keyboard.press(key)
    },
    dragHandle: async (from, title, to) => {
      const handle = await (await sheet.cell(from, title)).locator('.rg-handle').boundingBox()
      const target = await (await sheet.cell(to, title)).boundingBox()
      if (handle === null || target === null) throw new Error('no handle')
      await page.mouse.move(handle.x + 4, handle.y + 4)
      await page.mouse.down()
      await page.mouse.move(target.x + 8, target.y + 14, { steps: 5 })
      await page.mouse.up()
    },
    active: () =>
      grid.evaluate((box) => {
        const cell = document.getElementById(box.getAttribute('aria-activedescendant') ?? '')
        const row = Number(cell?.closest('[role=row]')?.getAttribute('aria-rowindex') ?? 0) - 1
        const head = box.querySelector(`[role=columnheader][aria-colindex="${cell?.getAttribute('aria-colindex') ?? ''}"] .rg-title`)
        return `${String(row)} ${head?.textContent ?? ''}`
      }),
    saved: async () => expect(page.getByText('Saved', { exact: true })).toBeVisible(),
  }
  return sheet
}

/** Wide enough that every column is on the screen. */
const wide = { width: 2900, height: 800 }

/** Opens a user file of these rows as a draft of no customer. */
export async function openSheet(app: App, rows: readonly (readonly string[])[], look?: Parameters<App['open']>[0]): Promise<Sheet> {
  return openFile(app, 'november.csv', userFile(rows), look)
}

export async function openFile(app: App, name: string, text: string | Uint8Array, look: Parameters<App['open']>[0] = wide): Promise<Sheet> {
  const page = await app.open(look)
  const file = await app.file(name, text)
  await choose(page, () => page.getByRole('button', { name: /Prepare a file/ }).click(), file)
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Open \d/ })
    .click()
  const sheet = sheetOf(page)
  await expect(sheet.grid).toBeVisible()
  await sheet.grid.focus()
  return sheet
}
