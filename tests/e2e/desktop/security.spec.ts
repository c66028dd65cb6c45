import { contentSecurityPolicy } from '../../../shared/contract/security-headers.ts'
import { expect, isStandIn, test } from './launch.ts'

test('the page has the bridge, and nothing of Node or Electron', async ({ desktop: { app, page } }) => {
  expect(
    await page.evaluate(() => ({
      bridge: Object.keys(window.roster ?? {}),
      isFrozen: Object.isFrozen(window.roster),
      others: ['require', 'process', 'module', 'exports', 'Buffer', 'global', 'ipcRenderer', 'electron'].filter((name) => name in window),
      shared: 'SharedArrayBuffer' in window && crossOriginIsolated,
    })),
  ).toEqual({
    bridge: [
      'version',
      'call',
      'subscribe',
      'pickFiles',
      'receiveDropped',
      'receiveBytes',
      'saveTicket',
      'setTheme',
      'notify',
      'onCommand',
    ],
    isFrozen: true,
    others: [],
    shared: true,
  })
  expect(
    await app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
        getLastWebPreferences(): Readonly<Record<string, unknown>>
      }
      const { contextIsolation, sandbox, nodeIntegration, nodeIntegrationInWorker, nodeIntegrationInSubFrames, webSecurity, webviewTag } =
        contents.getLastWebPreferences()
      return { contextIsolation, sandbox, nodeIntegration, nodeIntegrationInWorker, nodeIntegrationInSubFrames, webSecurity, webviewTag }
    }),
  ).toEqual({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
  })
})

test('events reach the page without the event object of the transport', async ({ desktop: { page } }) => {
  const seen = await page.evaluate(async () => {
    const received: (readonly unknown[])[] = []
    const end = window.roster?.subscribe((...args: readonly unknown[]) => received.push(args))
    await window.roster?.call('drafts.createSample', {})
    while (received.length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    end?.()
    return received.map((args) => [args.length, ...Object.keys(args[0] as object)])
  })
  for (const [count, first] of seen) expect([count, first]).toEqual([1, 'kind'])
})

test('the page stays where it is, and opens no other', async ({ desktop: { app, page } }) => {
  const before = page.url()
  for (const address of [
    'https://example.org/',
    'data:text/html,<h1>x</h1>',
    'file:///etc/passwd',
    `${new URL(before).origin}.example.org/`,
  ]) {
    await page.evaluate((where) => {
      for (const target of ['', '_blank']) {
        const link = Object.assign(document.createElement('a'), { href: where, target })
        document.body.append(link)
        link.click()
        link.remove()
      }
    }, address)
    expect(await page.evaluate((where) => window.open(where), address)).toBeNull()
  }
  await page.waitForTimeout(300)
  expect(page.url()).toBe(before)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect.poll(() => app.windows().length).toBe(1)
})

test('nothing foreign loads or runs in the page', async ({ desktop: { page } }) => {
  const blocked = await page.evaluate(async () => {
    const violations: string[] = []
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => violations.push(effectiveDirective))
    const image = new Image()
    image.src = 'https://example.org/x.png'
    const frame = document.createElement('iframe')
    frame.src = 'https://example.org/'
    document.body.append(image, frame)
    await fetch('https://example.org/').catch(() => undefined)
    const attempts: readonly (readonly [string, () => unknown])[] = [
      // eslint-disable-next-line no-eval -- that the page cannot do this is what is tested
      ['eval', () => (0, eval)('window.ran = true') as unknown],
      ['html', () => document.body.insertAdjacentHTML('beforeend', '<b>x</b>')],
      ['frame', () => (frame.srcdoc = '<p>x</p>')],
      ['script', () => (document.body.appendChild(document.createElement('script')).text = 'window.ran = true')],
    ]
    // In a task of the page's own: what the debugger runs may do more than the page.
    const refused = await new Promise<string[]>((resolve) => {
      setTimeout(() => {
        const names = attempts.filter(([, attempt]) => {
          try {
            attempt()
            return false
          } catch {
            return true
          }
        })
        resolve(names.map(([name]) => name))
      })
    })
    await new Promise((resolve) => setTimeout(resolve, 200))
    return { violations: [...new Set(violations)], refused, ran: 'ran' in window }
  })
  expect(blocked.ran).toBe(false)
  expect(blocked.refused).toEqual(['eval', 'html', 'frame', 'script'])
  expect(blocked.violations).toEqual(expect.arrayContaining(['connect-src', 'frame-src', 'img-src', 'require-trusted-types-for']))
})

test('the page is answered from the built window only, under the policy of every host', async ({ desktop: { page } }) => {
  const answers = await page.evaluate(async () => {
    const statusOf = async (address: string): Promise<number> => (await fetch(address)).status
    const page = await fetch('index.html')
    return {
      policy: page.headers.get('content-security-policy'),
      kept: page.headers.get('cache-control'),
      found: await statusOf('/index.html'),
      outside: await Promise.all(
        ['/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json', '/%5c..%5cpackage.json', '/%00', '/etc/passwd'].map(statusOf),
      ),
    }
  })
  expect(answers).toEqual({ policy: contentSecurityPolicy, kept: 'no-store', found: 200, outside: [404, 404, 404, 404, 404, 404] })
})

test('of all permissions the page may write to the clipboard', async ({ desktop: { page } }) => {
  await page.bringToFront()
  const outcome = await page.evaluate(async () => {
    const tried = async (attempt: () => Promise<unknown>): Promise<string> =>
      attempt().then(
        () => 'granted',
        () => 'denied',
      )
    return {
      write: await tried(() => navigator.clipboard.writeText('0042')),
      read: await tried(() => navigator.clipboard.readText()),
      place: await tried(() => new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject))),
      camera: await tried(() => navigator.mediaDevices.getUserMedia({ video: true })),
    }
  })
  expect(outcome).toEqual({ write: 'granted', read: 'denied', place: 'denied', camera: 'denied' })
})

test('a message that the page should not send is refused', async ({ desktop: { page } }) => {
  const refused = await page.evaluate(async () => {
    const odd = window.roster as unknown as Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>
    const attempts: readonly (readonly [string, ...unknown[]])[] = [
      ['call', 42, {}],
      ['pickFiles', '__proto__', false],
      ['pickFiles', 'users', '/etc'],
      ['receiveBytes', 'x.csv', 'text'],
      ['receiveBytes', 'x'.repeat(300), new ArrayBuffer(1)],
      ['saveTicket', { toString: 'x' }, 'x.csv'],
    ]
    const answers: string[] = []
    for (const [name, ...args] of attempts) {
      try {
        await odd[name]?.(...args)
        answers.push(`${name} was answered`)
      } catch (thrown) {
        answers.push(String(thrown))
      }
    }
    return answers
  })
  expect(refused).toHaveLength(6)
  for (const each of refused) expect(each).toContain('refused: not what this message carries')
  expect(await page.evaluate(() => window.roster?.call('constructor', {}))).toMatchObject({
    ok: false,
    error: { code: 'request/unknown-method' },
  })
  expect(await page.evaluate(() => window.roster?.call('settings.set', { surplus: 1 }))).toMatchObject({
    ok: false,
    error: { code: 'request/invalid-input' },
  })
})

test('the runtime is the one that the specs were meant for', async ({ desktop: { app } }) => {
  const [type, isPackaged] = await app.evaluate(
    ({ app: electron }) => [(process as unknown as { readonly type: string }).type, electron.isPackaged] as const,
  )
  expect([type, isPackaged]).toEqual(['browser', false])
  test.info().annotations.push({ type: 'runtime', description: isStandIn ? 'stand-in over Chromium' : 'Electron' })
})
