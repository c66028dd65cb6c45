import { existsSync } from 'node:fs'

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable']

/** The browser for tests: the one that is named, the system's, or the one that came with the packages. */
export async function chromiumPath(): Promise<string> {
  const named = process.env['CHROMIUM_PATH']
  if (named !== undefined && named !== '') return named
  const found = installed.find((place) => existsSync(place))
  if (found !== undefined) return found
  const { default: packaged } = await import('@sparticuz/chromium')
  return packaged.executablePath()
}

/** What a browser under test is started with: it speaks to nobody, and needs no sandbox of the machine's (tests may run as root). */
export const chromiumArgs: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
