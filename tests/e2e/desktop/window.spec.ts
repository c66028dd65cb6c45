import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from './launch.ts'

test('the menu runs the commands of the window, and opens only its own help pages', async ({ desktop: { app, page } }) => {
  const click = (id: string) =>
    app.evaluate(({ Menu }, which) => {
      Menu.getApplicationMenu()?.getMenuItemById(which)?.click()
    }, id)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await click('place.settings')
  await expect(page).toHaveURL(/#\/settings$/u)
  await click('palette')
  await expect(page.getByRole('dialog')).toBeVisible()
  await app.evaluate(({ shell }) => {
    const opened: string[] = []
    Object.assign(globalThis, { opened })
    shell.openExternal = (address: string) => {
      opened.push(address)
      return Promise.resolve()
    }
  })
  await click('help.fileReference')
  await expect
    .poll(() => app.evaluate(() => (globalThis as unknown as { readonly opened: readonly string[] }).opened))
    .toEqual(['https://help.webex.com/afv3q8'])
})

test('title bar and menus follow the settings, and so does the next start', async ({ desk }) => {
  const { app, page } = await desk.start()
  const native = (which: typeof app) =>
    which.evaluate(({ Menu, nativeTheme }) => [nativeTheme.themeSource, Menu.getApplicationMenu()?.getMenuItemById('open')?.label])
  await expect.poll(() => native(app)).toEqual(['system', 'Open a file…'])
  for (const command of ['Theme: Dark', 'Language: Norsk']) {
    await page.keyboard.press('ControlOrMeta+k')
    await page.getByRole('dialog').getByRole('textbox').fill(command)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog')).toBeHidden()
  }
  await expect.poll(() => native(app)).toEqual(['dark', 'Åpne en fil…'])
  await app.close()

  const again = await desk.start()
  await expect.poll(() => native(again.app)).toEqual(['dark', 'Åpne en fil…'])
  await expect(again.page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect.poll(() => again.page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(true)
  await expect(again.page.locator('html')).toHaveAttribute('lang', 'nb')
})

test('the window comes back where it was', async ({ desk }) => {
  const { app } = await desk.start()
  await app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    window?.setBounds({ x: 40, y: 30, width: 1111, height: 777 })
    window?.close()
  })
  await once(app.process(), 'exit')
  const again = await desk.start()
  await expect
    .poll(() => again.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds()))
    .toEqual({ x: 40, y: 30, width: 1111, height: 777 })
})

test('a second start shows the window that is there, and ends', async ({ desk, desktop: { app } }) => {
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.minimize()
  })
  const second = spawn(desk.started.executablePath, desk.started.args, { env: desk.started.env, stdio: 'ignore' })
  const [code] = (await once(second, 'exit')) as readonly unknown[]
  expect(code).toBe(0)
  await expect
    .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isMinimized())))
    .toEqual([false])
})

test('a window that crashed says that nothing is lost, and is opened again', async ({ desktop: { app } }) => {
  await app.evaluate(({ dialog, BrowserWindow }) => {
    const events: string[] = []
    Object.assign(globalThis, { events })
    dialog.showMessageBox = (...args: unknown[]) => {
      const { message, detail } = args.at(-1) as { readonly message: string; readonly detail: string }
      events.push(message, detail)
      return Promise.resolve({ response: 0, checkboxChecked: false })
    }
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    contents?.once('did-finish-load', () => events.push('loaded again'))
    contents?.forcefullyCrashRenderer()
  })
  await expect
    .poll(() => app.evaluate(() => (globalThis as unknown as { readonly events: readonly string[] }).events))
    .toEqual(['The window stopped working.', 'Every change that was shown as saved is kept.', 'loaded again'])
})
