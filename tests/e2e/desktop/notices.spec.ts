import { userFile, users } from '../../support/user-file.ts'
import { expect, isStandIn, test, type Desktop } from './launch.ts'

test.skip(!isStandIn, 'notices of a real system are seen by whoever sits there')

interface Shown {
  readonly title: string
  readonly body: string
}
type Recorded = { readonly Notification: { readonly shown: (Shown & { emit(name: string): boolean })[] } }

const shown = ({ app }: Desktop): Promise<readonly Shown[]> =>
  app.evaluate((electron) => (electron as unknown as Recorded).Notification.shown.map(({ title, body }) => ({ title, body })))

/** A batch of Kari's, made through the window's own bridge. */
async function submit({ page }: Desktop, department: string): Promise<void> {
  await page.evaluate(
    async ([base, change]) => {
      const call = async (method: string, input: unknown): Promise<Record<string, unknown>> => {
        const answer = (await window.roster?.call(method, input)) as { readonly ok: boolean; readonly value: Record<string, unknown> }
        if (!answer.ok) throw new Error(JSON.stringify(answer))
        return answer.value
      }
      const take = async (name: string, text: string): Promise<string> => {
        const file = await window.roster?.receiveBytes(name, new TextEncoder().encode(text).buffer)
        return file?.ok === true ? file.value.ticket : ''
      }
      await call('customers.save', { profile: { name: 'Fjordkraft AS' } })
      const draft = await call('drafts.create', {
        ticket: await take('change.csv', change),
        baselineTicket: await take('base.csv', base),
        customer: 'Fjordkraft AS',
      })
      await call('batches.submit', { draftId: draft['id'], by: 'Kari' })
    },
    [userFile(users(6)), userFile(users(6, (n) => (n === 2 ? { Department: department } : {})))] as const,
  )
}

test('what newly waits is told by the system, in words, while nobody looks; a click shows the window', async ({ desktop }) => {
  const { app, page } = desktop
  await page.evaluate(() => window.roster?.call('settings.set', { person: 'Ola Dahl' }))
  await page.reload()
  await page.getByRole('link', { name: /^Batches/ }).click()
  await page.getByRole('heading', { level: 1 }).or(page.getByText('No batches yet')).first().waitFor()

  // Somebody looks at the window: the inbox itself shows it.
  await submit(desktop, 'Salg')
  await expect(page.getByRole('link', { name: 'Fjordkraft AS' }).first()).toBeVisible()
  expect(await shown(desktop)).toEqual([])

  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize())
  await submit(desktop, 'Innkjop')
  await expect.poll(() => shown(desktop)).toEqual([{ title: 'Roster', body: '1 batch waits for your review.' }])

  // It is decided on: no longer to review, but to push, and that is new.
  await page.evaluate(async () => {
    const call = (method: string, input: unknown) => window.roster?.call(method, input) as Promise<{ readonly value: unknown }>
    const batches = (await call('batches.list', {})).value as readonly { batch: string; digest: string; state: string }[]
    const [first] = batches.filter(({ state }) => state === 'submitted')
    await call('batches.decide', { batch: first?.batch, digest: first?.digest, by: 'Nina', decision: 'approved' })
  })
  await expect.poll(async () => (await shown(desktop)).at(-1)?.body).toBe('1 approved batch waits to be pushed.')
  const words = (await shown(desktop)).map(({ body }) => body).join(' ')
  expect(words, 'a notice names nobody').not.toMatch(/Fjordkraft|Kari|Ola|@/u)

  await app.evaluate((electron) => {
    for (const notice of (electron as unknown as Recorded).Notification.shown.slice(-1)) notice.emit('click')
  })
  await expect.poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized())).toBe(false)
})
