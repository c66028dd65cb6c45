import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { bridgeChannels } from '../../shared/contract/desktop-bridge.ts'
import { securityHeaders } from '../../shared/contract/security-headers.ts'
import { createElectronStub, StubContents, type MenuTemplate, type StubFrame } from '../support/electron-stub.ts'
import { projectRoot } from '../support/process.ts'
import { sourcesIn } from '../support/source-code.ts'

// Electron's own checklist (electronjs.org/docs/latest/tutorial/security), held against the real main and preload programs over a
// module that remembers. The numbers are the checklist's.
const electron = createElectronStub()
vi.mock('electron', () => electron.module)

const sources = sourcesIn('electron', 'backend', 'shared', 'renderer/src')
const desktop = sources.filter(({ name }) => name.startsWith('electron/'))
const naming = (word: RegExp): string[] => sources.filter(({ code }) => word.test(code)).map(({ name }) => name)
const ownPage: StubFrame = { url: 'app://roster/index.html#/drafts', parent: null }

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'roster-checklist-'))
  vi.stubEnv('ROSTER_DATA_DIR', folder)
  vi.stubEnv('ELECTRON_RENDERER_URL', undefined)
  await import('../../electron/main/index.ts')
  await vi.waitFor(() => expect(electron.windows[0]?.loaded).toBe('app://roster/index.html'), { timeout: 30_000 })
  await import('../../electron/preload/index.ts')
})
afterAll(async () => {
  electron.app.emit('will-quit', { preventDefault: () => undefined })
  await vi.waitFor(() => expect(electron.app.done).toContain('quit'), { timeout: 30_000 })
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

test('1: nothing is loaded from elsewhere', () => {
  const built = path.join(projectRoot, 'out', 'renderer')
  const files = readdirSync(built, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:html|css|js)$/u.test(name))
  expect(files.length).toBeGreaterThan(2)
  const loads =
    /(?:src|href)=["']?(?:https?:)?\/\/|url\(\s*["']?(?:https?:)?\/\/|(?:import|fetch|Worker|WebSocket|EventSource|importScripts)\(\s*["'`](?:https?|wss?):/iu
  expect(files.filter((name) => loads.test(readFileSync(path.join(built, name), 'utf8')))).toEqual([])
})

test('2, 3, 4, 6, 8, 9, 10: every window has the same guarded settings, and nobody names others', () => {
  expect(electron.windows.map(({ options }) => options.webPreferences)).toEqual([
    {
      preload: expect.stringMatching(/[/\\]preload[/\\]index\.cjs$/u) as string,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      spellcheck: false,
    },
  ])
  expect(Object.isFrozen(electron.windows[0]?.options.webPreferences)).toBe(true)
  expect(naming(/\bnew BrowserWindow\b/u)).toEqual(['electron/main/index.ts'])
  expect(naming(/\bwebPreferences : \{|\b(?:WebContentsView|BrowserView)\b/u)).toEqual([])
  expect(
    naming(/\b(?:experimentalFeatures|enableBlinkFeatures|disableWebSecurity|enableRemoteModule|appendSwitch|appendArgument)\b/u),
  ).toEqual([])
  expect(naming(/\b(?:contextIsolation|sandbox|nodeIntegration\w*|webSecurity|allowRunningInsecureContent|webviewTag)\b/u)).toEqual([
    'electron/main/web-preferences.ts',
  ])
})

test('4: the sandbox is on for every process before there is one, and files are parsed in a process of their own', () => {
  expect(electron.app.done.indexOf('enableSandbox')).toBeGreaterThanOrEqual(0)
  expect(electron.app.done.indexOf('enableSandbox')).toBeLessThan(electron.app.done.indexOf('whenReady'))
  const parsers = naming(/from '(?:xlsx|papaparse)'|import \( '(?:xlsx|papaparse)' \)/u).filter(
    (name) => !name.startsWith('backend/workers/workbook/'),
  )
  expect(parsers).toEqual([])
  expect(desktop.filter(({ code }) => /\bchild_process\b/u.test(code))).toEqual([])
})

test('5: every permission is denied, but writing to the clipboard for our own page', () => {
  const names = [
    'camera',
    'clipboard-read',
    'display-capture',
    'fileSystem',
    'fullscreen',
    'geolocation',
    'hid',
    'local-fonts',
    'media',
    'midi',
  ]
  const more = [
    'notifications',
    'openExternal',
    'persistent-storage',
    'pointerLock',
    'serial',
    'storage-access',
    'usb',
    'window-management',
    'unknown',
  ]
  const asked = (name: string, requestingUrl: string, isMainFrame = true): readonly boolean[] => {
    const answers: boolean[] = []
    electron.permissions.request?.({}, name, (granted) => answers.push(granted), { requestingUrl, isMainFrame })
    answers.push(electron.permissions.check?.({}, name, new URL(requestingUrl).origin, { requestingUrl, isMainFrame }) ?? true)
    return answers
  }
  for (const name of [...names, ...more]) expect([name, ...asked(name, ownPage.url)]).toEqual([name, false, false])
  expect(asked('clipboard-sanitized-write', ownPage.url)).toEqual([true, true])
  expect(asked('clipboard-sanitized-write', ownPage.url, false)).toEqual([false, false])
  expect(asked('clipboard-sanitized-write', 'https://example.org/')).toEqual([false, false])
  expect(electron.permissions.device?.()).toBe(false)
})

const page = (address: string, method = 'GET'): Promise<Response> => {
  const handler = electron.protocols.get('app')
  if (handler === undefined) throw new Error('no handler for app://')
  // As Electron hands it over; a Request of our own would tidy up the address first.
  return handler({ url: address, method } as Request)
}

test('7: the page is answered under the headers that loopback sends, found or not', async () => {
  for (const [address, status] of [
    ['app://roster/index.html', 200],
    ['app://roster/', 200],
    ['app://roster/nothing', 404],
  ] as const) {
    const answer = await page(address)
    expect([address, answer.status]).toEqual([address, status])
    expect(Object.fromEntries(answer.headers)).toMatchObject(securityHeaders)
  }
  expect((await page('app://roster/index.html', 'POST')).status).toBe(405)
})

test('11, 12: there are no webviews, and none can be attached', () => {
  expect(sources.filter(({ template }) => /<webview|v-html|innerHTML/iu.test(template)).map(({ name }) => name)).toEqual([])
  expect(naming(/\b(?:innerHTML|outerHTML|insertAdjacentHTML|document \. write|createContextualFragment)\b/u)).toEqual([])
  expect(prevented(electron.windows[0]?.webContents, 'will-attach-webview', '')).toBe(true)
})

function prevented(contents: StubContents | undefined, event: string, url: string): boolean {
  let was = false
  contents?.emit(event, { url, preventDefault: () => (was = true) })
  return was
}

const foreign = [
  'https://example.org/',
  'http://roster/index.html',
  'https://roster/index.html',
  'app://roster.example.org/index.html',
  'app://rosterx/index.html',
  'app://roster@example.org/',
  'app://user@roster/index.html',
  'app://user:secret@roster/index.html',
  'app://roster:8080/index.html',
  'app://ROSTER/index.html',
  'app://roster./index.html',
  'app:roster/index.html',
  'app:///roster/index.html',
  'app://%72oster/index.html',
  'appx://roster/index.html',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,<h1>x</h1>',
  'blob:app://roster/0d1f',
  'about:blank',
  'chrome://gpu',
  'not an address',
  '',
]

test('13: the page stays in its origin, whichever way it is led', () => {
  const contents = electron.windows[0]?.webContents
  for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate'])
    for (const address of foreign) expect([event, address, prevented(contents, event, address)]).toEqual([event, address, true])
  expect(prevented(contents, 'will-navigate', 'app://roster/index.html#/batches')).toBe(false)
  expect(prevented(contents, 'will-navigate', 'APP://roster/index.html')).toBe(false)
})

test('14: no window opens another', () => {
  for (const url of [...foreign, 'app://roster/index.html'])
    expect(electron.windows[0]?.webContents.openHandler?.({ url })).toEqual({ action: 'deny' })
  const later = new StubContents()
  electron.app.emit('web-contents-created', {}, later)
  expect(later.openHandler?.({ url: 'app://roster/' })).toEqual({ action: 'deny' })
})

test('15: the system opens help pages that are constants, and nothing else', () => {
  const items = (menu: readonly MenuTemplate[]): readonly MenuTemplate[] => menu.flatMap((item) => [item, ...items(item.submenu ?? [])])
  for (const { id, click } of items(electron.menu())) if (id?.startsWith('help.') === true) click?.()
  expect(electron.opened).toEqual(['https://help.webex.com/afv3q8', 'https://help.webex.com/nlkiw8e', 'https://help.webex.com/ny0fr7x'])
  const opening = desktop.filter(({ code }) => /\b(?:openExternal|openPath|showItemInFolder)\b/u.test(code))
  expect(opening.map(({ name, code }) => [name, code.match(/openExternal \( [^)]*\)/gu)])).toEqual([
    ['electron/main/index.ts', ['openExternal ( helpPages [ help ] )']],
  ])
})

test('15: the menu sends commands, and none of the roles that look behind the page', () => {
  const items = (menu: readonly MenuTemplate[]): readonly MenuTemplate[] => menu.flatMap((item) => [item, ...items(item.submenu ?? [])])
  const roles = items(electron.menu()).flatMap(({ role }) => (role === undefined ? [] : [role]))
  expect(
    roles.filter((role) => !['cut', 'copy', 'paste', 'selectAll', 'togglefullscreen', 'help', 'about', 'quit', 'appMenu'].includes(role)),
  ).toEqual([])
})

test('16: Electron is one of the majors that its makers supported when this was last looked at (2026-11-20), or newer', () => {
  const { devDependencies } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as {
    readonly devDependencies: Readonly<Record<string, string>>
  }
  expect(devDependencies['electron']).toMatch(/^(?:43|44|45|46|47)\.\d+\.\d+$/u)
})

test('17: only the main frame of our own page is answered, and only what it should send', async () => {
  const contents = electron.windows[0]?.webContents
  if (contents === undefined) throw new Error('no window')
  contents.mainFrame = ownPage
  const ask = async (senderFrame: StubFrame | null, channel: string, ...args: readonly unknown[]): Promise<unknown> =>
    electron.handlers.get(channel)?.({ sender: contents, senderFrame }, ...args)

  expect(await ask(ownPage, bridgeChannels.call, 'app.info', {})).toMatchObject({ ok: true })
  const strangers: readonly (StubFrame | null)[] = [
    null,
    { url: ownPage.url, parent: ownPage },
    { url: ownPage.url, parent: null },
    ...foreign.map((url) => ({ url, parent: null })),
  ]
  for (const channel of electron.handlers.keys())
    for (const frame of strangers) await expect(ask(frame, channel, 'app.info', {})).rejects.toThrow('refused: not the page of this app')
  for (const url of foreign) {
    contents.mainFrame = { url, parent: null }
    await expect(ask(contents.mainFrame, bridgeChannels.call, 'app.info', {})).rejects.toThrow('refused: not the page of this app')
  }
  contents.mainFrame = ownPage

  const misshapen: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
    [bridgeChannels.call]: [[], ['app.info'], [1, {}], ['app.info', {}, 'surplus'], ['x'.repeat(201), {}]],
    [bridgeChannels.pickFiles]: [['users'], ['passwords', false], ['toString', false], ['users', 1], ['users', false, '/etc']],
    [bridgeChannels.receivePath]: [[], [1], [['x']], ['x'.repeat(40_000)]],
    [bridgeChannels.receiveBytes]: [
      ['x.csv'],
      ['x.csv', 'text'],
      ['x.csv', [1]],
      [1, new ArrayBuffer(1)],
      ['x'.repeat(256), new ArrayBuffer(1)],
    ],
    [bridgeChannels.saveTicket]: [['t'], ['t', 1], ['t', 'x.csv', '/etc/x.csv'], ['t', 'x'.repeat(256)]],
    [bridgeChannels.setTheme]: [[], ['pink'], ['dark', 'surplus']],
    [bridgeChannels.notify]: [[], [1], ['x'.repeat(301)], ['one', 'two']],
  }
  expect([...electron.handlers.keys()].sort()).toEqual(Object.keys(misshapen).sort())
  for (const [channel, inputs] of Object.entries(misshapen))
    for (const input of inputs) await expect(ask(ownPage, channel, ...input)).rejects.toThrow('refused: not what this message carries')
  expect(naming(/\bipcMain \. |\bipc \. (?:handle|on)\b/u)).toEqual(['electron/main/door.ts'])
})

test('17: a place is taken from the page only for tables of this machine', async () => {
  const contents = electron.windows[0]?.webContents
  const receive = (place: string): unknown =>
    electron.handlers.get(bridgeChannels.receivePath)?.({ sender: contents, senderFrame: contents?.mainFrame }, place)
  for (const place of [
    '/etc/passwd',
    'users.csv',
    '../users.csv',
    '\\\\server\\share\\users.csv',
    '//server/share/users.csv',
    '/home/x/.ssh/id_rsa',
    '/x\0.csv',
    '',
  ])
    expect([place, await receive(place)]).toEqual([place, null])
  expect(await receive(path.join(folder, 'users.csv'))).toEqual({ ok: false, name: 'users.csv', detail: 'it is not there any more' })
})

test('18: no file:// and no way out of the built page', async () => {
  expect(desktop.filter(({ code }) => /\bloadFile\b|'file:|`file:/u.test(code))).toEqual([])
  const outside = [
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/%5c..%5cpackage.json',
    '/assets/../../main/index.js',
    '/%00',
    '/%E0%A4%A',
  ]
  for (const address of [...outside, '//etc/passwd', '/.stamp', '/assets'].map((each) => `app://roster${each}`))
    expect([address, (await page(address)).status]).toEqual([address, 404])
  for (const address of foreign.slice(0, 15)) expect([address, (await page(address)).status]).toEqual([address, 404])
})

test('19: the fuses are set for a packed app', () => {
  const settings = readFileSync(path.join(projectRoot, 'electron-builder.yml'), 'utf8')
  const fuses = /^electronFuses:\n((?: {2}.*\n)+)/mu.exec(settings)?.[1] ?? ''
  expect(Object.fromEntries([...fuses.matchAll(/^ {2}(\w+): (\w+)$/gmu)].map(([, name = '', value]) => [name, value === 'true']))).toEqual({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableCookieEncryption: true,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  })
  expect(settings).toMatch(/^asar: true$/mu)
})

test('20: the page gets one frozen bridge, and no event object of Electron’s', () => {
  expect(electron.exposed.map(([name, api]) => [name, Object.keys(api as object), Object.isFrozen(api)])).toEqual([
    [
      'roster',
      ['version', 'call', 'subscribe', 'pickFiles', 'receiveDropped', 'receiveBytes', 'saveTicket', 'setTheme', 'notify', 'onCommand'],
      true,
    ],
  ])
  const bridge = electron.exposed[0]?.[1] as Record<'subscribe' | 'onCommand', (listener: (...args: unknown[]) => void) => () => void>
  for (const [subscribe, channel] of [
    [bridge.subscribe, bridgeChannels.event],
    [bridge.onCommand, bridgeChannels.command],
  ] as const) {
    const heard: unknown[][] = []
    const end = subscribe((...args) => heard.push(args))
    electron.toPage.emit(channel, { sender: 'Electron' }, 'said', 'surplus')
    end()
    electron.toPage.emit(channel, { sender: 'Electron' }, 'later')
    expect(heard).toEqual([['said']])
  }
})
