import { expect, test as base, type Page } from '@playwright/test'
import type { ChildProcess } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium, type Browser } from '@playwright/test'
import { chromiumArgs, chromiumPath } from '../../../support/chromium.ts'
import { startRoster } from '../../../support/process.ts'

/** Roster served on this machine from a fresh data folder, and the means to open its window, end it and start it again. */
export interface App {
  readonly folder: string
  /** Opens the served address in a window of its own. */
  open(look?: Look): Promise<Page>
  /** Writes a file for the tests' person to choose. */
  file(name: string, text: string | Uint8Array): Promise<string>
  /** Ends the host as the system would: at once. The data folder stays. */
  kill(): Promise<void>
  /** `env`: what else stands in its surroundings. */
  start(env?: Readonly<Record<string, string>>): Promise<void>
}

export interface Look {
  readonly width?: number
  readonly height?: number
  readonly colorScheme?: 'light' | 'dark'
}

export const test = base.extend<{ app: App }, { chrome: Browser }>({
  chrome: [
    // eslint-disable-next-line no-empty-pattern -- Playwright wants the fixtures it may need named there
    async ({}, use) => {
      const browser = await chromium.launch({ executablePath: await chromiumPath(), args: [...chromiumArgs] })
      await use(browser)
      await browser.close()
    },
    { scope: 'worker' },
  ],
  app: async ({ chrome }, use) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'roster-app-'))
    let child: ChildProcess | null = null
    let address = ''
    const pages: Page[] = []
    const troubles: string[] = []
    const app: App = {
      folder,
      start: async (env = {}) => {
        const started = startRoster(['serve'], { cwd: folder, env })
        child = started
        address = await addressOf(started.stdout)
      },
      kill: async () => {
        const ended = child
        child = null
        if (ended === null || ended.exitCode !== null) return
        await new Promise((resolve) => {
          ended.once('exit', resolve)
          ended.kill('SIGKILL')
        })
      },
      open: async ({ width = 1280, height = 800, colorScheme = 'light' } = {}) => {
        const page = await (await chrome.newContext({ viewport: { width, height }, colorScheme, acceptDownloads: true })).newPage()
        page.on('pageerror', (error) => troubles.push(error.message))
        page.on('console', (message) => {
          // A host that a test killed is no trouble of the window's.
          if (message.type() === 'error' && !/net::ERR_/.test(message.text())) troubles.push(message.text())
        })
        pages.push(page)
        await page.goto(address)
        return page
      },
      file: async (name, text) => {
        await mkdir(folder, { recursive: true })
        const place = path.join(folder, name)
        await writeFile(place, text)
        return place
      },
    }
    await app.start()
    await use(app)
    for (const page of pages) await page.context().close()
    await app.kill()
    await rm(folder, { recursive: true, force: true })
    expect(troubles, 'what the window complained of').toEqual([])
  },
})

function addressOf(out: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    out.on('data', (piece: Buffer) => {
      text += String(piece)
      const found = /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(text)
      if (found !== null) resolve(found[0])
    })
    out.on('end', () => reject(new Error(`Roster served no address: ${text}`)))
  })
}

/** Answers the file dialog that an action opens. */
export async function choose(page: Page, action: () => Promise<unknown>, file: string): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), action()])
  await chooser.setFiles(file)
}
