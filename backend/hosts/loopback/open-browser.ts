import { spawn } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Opens the address in the person's browser. The address holds a token, and what a program is started with can be read by everybody
 * on the machine; so the browser is started with a file that only the owner can read, and that leads on.
 * Gives the function that removes the file; null where there is no browser to be had.
 */
export async function openBrowser(address: string, dataDir: string): Promise<(() => Promise<void>) | null> {
  const opener = openerFor(process.platform, process.env)
  if (opener === null) return null
  const file = path.join(dataDir, `open-${process.pid}.html`)
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await writeFile(
    file,
    `<!doctype html><meta charset="utf-8"><title>Roster</title><meta http-equiv="refresh" content="0; url=${address}">\n`,
    { mode: 0o600 },
  )
  const remove = (): Promise<void> => rm(file, { force: true })
  const started = await new Promise<boolean>((resolve) => {
    const child = spawn(opener.command, [...opener.args, pathToFileURL(file).href], { stdio: 'ignore', detached: true })
    child.once('error', () => resolve(false))
    child.once('spawn', () => resolve(true))
    child.unref()
  })
  if (started) return remove
  await remove()
  return null
}

/** What opens a page here; null on a machine without a screen. */
export function openerFor(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): { readonly command: string; readonly args: readonly string[] } | null {
  if (platform === 'darwin') return { command: 'open', args: [] }
  if (platform === 'win32') return { command: 'rundll32', args: ['url.dll,FileProtocolHandler'] }
  const hasScreen = [env['DISPLAY'], env['WAYLAND_DISPLAY']].some((name) => name !== undefined && name !== '')
  return hasScreen ? { command: 'xdg-open', args: [] } : null
}
