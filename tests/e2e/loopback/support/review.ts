import { expect, type Page } from '@playwright/test'
import { startRoster } from '../../../support/process.ts'
import type { App, Look } from './app.ts'

/** The command line on the same data folder; what it writes. */
export async function roster(app: App, words: readonly string[], secret?: string): Promise<string> {
  const child = startRoster([...words, '--json'], {
    cwd: app.folder,
    ...(secret === undefined ? {} : { env: { ROSTER_PASSPHRASE: secret } }),
  })
  let text = ''
  child.stdout.on('data', (piece: Buffer) => (text += String(piece)))
  await new Promise((resolve) => child.once('exit', resolve))
  return text
}

/** A batch of Kari's, from a baseline and a file. */
export async function submitted(app: App, base: string, change: string, more: readonly string[] = []): Promise<string> {
  await app.file('base.csv', base)
  await app.file('change.csv', change)
  await app.file('profile.json', JSON.stringify({ name: 'Fjordkraft AS' }))
  await roster(app, ['customer', 'add', 'profile.json'])
  const words = ['submit', 'change.csv', '--customer', 'Fjordkraft AS', '--baseline', 'base.csv', '--as', 'Kari', ...more]
  return (JSON.parse(await roster(app, words)) as { batch: string }).batch
}

/** A batch's page, in somebody's name. */
export async function openBatch(app: App, batch: string, person: string, look: Look = {}): Promise<Page> {
  const page = await app.open(look)
  await page.goto(`${page.url().replace(/#.*$/u, '')}#/batches/${batch}`)
  await page.getByLabel('Reviewing as').fill(person)
  await page.getByRole('button', { name: 'That is me' }).click()
  await expect(page.getByText(/of [\d,]+ users? seen/u).first()).toBeVisible()
  return page
}
