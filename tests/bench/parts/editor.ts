import { chromium, type CDPSession, type Page } from '@playwright/test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromiumArgs, chromiumPath } from '../../support/chromium.ts'
import { startRoster } from '../../support/process.ts'
import { figure, round, type Bench, type Figure, type Part, type PartReport } from '../part.ts'
import { rowsText, table } from '../report.ts'

/**
 * The grid in headless Chromium over the loopback host: frames while scrolling, keys, jumps, opening, a large paste, memory over a
 * stretch of scripted work. `ROSTER_BENCH_MINUTES` says how many minutes that is (10 is what the goal speaks of; default: half a minute).
 */
export const part: Part = { name: 'editor', title: 'The editor', run }

interface Times {
  readonly open: number
  readonly slowScroll: readonly number[]
  readonly fastScroll: readonly number[]
  readonly move: readonly number[]
  readonly type: readonly number[]
  readonly jump: readonly number[]
  /** Ctrl+V → the preview, and its yes → painted and saved: 50,000 rows of 20 columns. */
  readonly paste: number
  readonly heap: number
  /** The window's heap in MB after each round of work, garbage collected before. */
  readonly heaps: readonly number[]
  /** What the page itself did for a frame of either scrolling, in ms by kind: what else the machine does is not in it. */
  readonly slowWork: Work
  readonly fastWork: Work
}

interface Work {
  readonly script: number
  readonly style: number
  readonly layout: number
}

async function run(bench: Bench): Promise<PartReport> {
  const sizes = bench.rows ?? (bench.isQuick ? [20_000] : [20_000, 1_000_000])
  const measured: (readonly [number, Times])[] = []
  for (const rows of sizes) {
    bench.note(`${rowsText(rows)} rows in the browser`)
    measured.push([rows, await inBrowser(bench.files(rows).users)])
  }
  return { figures: measured.flatMap(([rows, times]) => figuresOf(rows, times)), text: textOf(measured) }
}

/** The value that `part` of the times do not exceed. */
function quantile(times: readonly number[], part: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
}

function figuresOf(rows: number, times: Times): Figure[] {
  const size = rowsText(rows)
  const key = (id: string): string => `editor/${id}/${String(rows)}`
  return [
    figure(key('scroll'), `${size} rows, frame while scrolling, p95`, quantile(times.slowScroll, 0.95), 'ms', 17),
    figure(key('fast-scroll'), `${size} rows, frame while every row changes, p95`, quantile(times.fastScroll, 0.95), 'ms', null),
    figure(key('move'), `${size} rows, arrow key → painted cell, p95`, quantile(times.move, 0.95), 'ms', 33),
    figure(key('type'), `${size} rows, Enter after typing → painted cell, p95`, quantile(times.type, 0.95), 'ms', 33),
    figure(key('jump'), `${size} rows, jump to the end → last row painted, median`, quantile(times.jump, 0.5), 'ms', 100),
    figure(key('open'), `${size} rows, the engine has them → first rows painted`, times.open, 'ms', rows === 20_000 ? 300 : null),
    figure(key('paste'), `${size} rows, 50,000 rows × 20 columns pasted → painted and saved`, times.paste, 'ms', 2000),
    figure(key('heap'), `${size} rows, the window's heap`, times.heap, 'MB', 60),
    figure(
      key('heap-growth'),
      `${size} rows, the window's heap after ${minutesText} of work, more than after the first round`,
      Math.max(0, (times.heaps.at(-1) ?? 0) - (times.heaps[0] ?? 0)),
      'MB',
      4,
    ),
  ]
}

function textOf(measured: readonly (readonly [number, Times])[]): string {
  const line = (name: string, of: (times: Times) => readonly number[]) =>
    measured.map(([rows, times]) => [
      `${name}, ${rowsText(rows)}`,
      ...[0.5, 0.95, 0.99].map((part) => String(round(quantile(of(times), part)))),
    ])
  const work = (name: string, { script, style, layout }: Work): string[] => [
    name,
    ...[script, style, layout].map((ms) => String(round(ms))),
  ]
  const works = table(
    ['ms of work a frame', 'script', 'style', 'layout'],
    measured.flatMap(([rows, times]) => [
      work(`scrolling 5 rows a frame, ${rowsText(rows)}`, times.slowWork),
      work(`scrolling 100 rows a frame, ${rowsText(rows)}`, times.fastWork),
    ]),
  )
  const waits = table(
    ['ms', 'p50', 'p95', 'p99'],
    [
      ...line('frame, scrolling 5 rows a frame', (times) => times.slowScroll),
      ...line('frame, scrolling 100 rows a frame', (times) => times.fastScroll),
      ...line('arrow key → painted', (times) => times.move),
      ...line('Enter → painted', (times) => times.type),
      ...line('jump to the end → painted', (times) => times.jump),
    ],
  )
  const heaps = measured.map(
    ([rows, { heaps: all }]) => `The window's heap at ${rowsText(rows)} rows, MB: ${all.map((mb) => round(mb)).join(', ')}.`,
  )
  return `${waits}\n${works}\n${heaps.join('\n')}\n`
}

async function inBrowser(file: string): Promise<Times> {
  const folder = mkdtempSync(path.join(tmpdir(), 'roster-bench-'))
  const host = startRoster(['serve'], { cwd: folder })
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args: [...chromiumArgs, '--enable-precise-memory-info'] })
  try {
    const address = await new Promise<string>((resolve, reject) => {
      let text = ''
      host.stdout.on('data', (piece: Buffer) => {
        text += String(piece)
        const found = /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(text)
        if (found !== null) resolve(found[0])
      })
      host.once('exit', (code) => {
        reject(new Error(`Roster ended with ${String(code)} before it served anything`))
      })
    })
    const page = await (await browser.newContext({ viewport: { width: 1600, height: 1000 } })).newPage()
    page.setDefaultTimeout(300_000)
    await page.addInitScript(watchPage)
    await page.goto(address)
    const open = await openFile(page, file)
    const session = await page.context().newCDPSession(page)
    await page.getByRole('grid').focus()
    await page.keyboard.press('Control+Home')
    const [slowScroll, slowWork] = await working(session, () => scroll(page, 5))
    const [fastScroll, fastWork] = await working(session, () => scroll(page, 100))
    const jump = await keys(page, 5, ['Control+Home', 'Control+End'], 1)
    await page.keyboard.press('Control+Home')
    const move = await keys(page, 60, ['ArrowDown'], 0)
    await page.keyboard.press('ArrowRight')
    const type = await keys(page, 100, ['q', 'Enter'], 1)
    const heap = await heapOf(session)
    const heaps = await work(page, session)
    const paste = await pasteMany(page)
    return { open, slowScroll, fastScroll, slowWork, fastWork, jump, move, type, paste, heap, heaps }
  } finally {
    await browser.close()
    host.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Watched {
  /** When the answer that made the draft was read, and when the first cell had its text. */
  made: number
  painted: number
  /** Frames until nothing of the grid loads after the last key press. */
  key(): Promise<number>
  /** Watches from the next Ctrl+V until a button of this name is painted. */
  dialog(button: string): void
  /** Watches from the next click until a cell has this text, nothing loads and all is saved. */
  saved(text: string): void
  /** How long it took what was watched last; fails where it was not seen within two minutes. */
  seen(): Promise<number>
}

/** Runs in the page before it: notes when things happen, without waiting for anything. */
function watchPage(): void {
  const once = (kind: 'keydown' | 'click', what: string, isDone: () => boolean): Promise<number> =>
    new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error(`within two minutes there was no ${what}`)), 120_000)
      const begin = (event: Event): void => {
        if (event instanceof KeyboardEvent && event.key !== 'v') return
        removeEventListener(kind, begin, true)
        const look = (at: number): void => {
          if (isDone()) resolve(at - event.timeStamp)
          else afterPaint(look)
        }
        afterPaint(look)
      }
      addEventListener(kind, begin, true)
    })
  const hasText = (selector: string, text: string): boolean =>
    [...document.querySelectorAll(selector)].some((element) => element.textContent.trim() === text)
  const watched = {
    made: 0,
    painted: 0,
    key: (): Promise<number> => pressed,
    dialog: (button: string): void => {
      awaited = once('keydown', `button “${button}”`, () => hasText('[role=dialog] button', button))
    },
    saved: (text: string): void => {
      const isThere = (): boolean =>
        document.querySelector('.is-loading') === null && hasText('.rg-cell', text) && hasText('footer [role=status]', 'Saved')
      awaited = once('click', `cell “${text}” that is saved`, isThere)
    },
    seen: (): Promise<number> => awaited,
  }
  let awaited: Promise<number> = Promise.resolve(0)
  let pressed: Promise<number> = Promise.resolve(0)
  Object.assign(window, { benchWatched: watched })
  const plainFetch = window.fetch.bind(window)
  window.fetch = async (input, init) => {
    const answer = await plainFetch(input, init)
    const isMade = typeof init?.body === 'string' && init.body.includes('drafts.create')
    if (isMade || (typeof input === 'string' && input.includes('drafts.create'))) watched.made = performance.now()
    return answer
  }
  const afterPaint = (done: (at: number) => void): void => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel()
      channel.port1.onmessage = () => done(performance.now())
      channel.port2.postMessage(null)
    })
  }
  addEventListener(
    'keydown',
    (event) => {
      const begun = event.timeStamp
      pressed = new Promise((resolve) => {
        const look = (at: number): void => {
          const box = document.querySelector('[role=grid]')
          const active = document.getElementById(box?.getAttribute('aria-activedescendant') ?? '')
          if (active !== null && box?.querySelector('.is-loading') === null) resolve(at - begun)
          else if (at - begun > 20_000) resolve(Infinity)
          else afterPaint(look)
        }
        afterPaint(look)
      })
    },
    true,
  )
  const observer = new MutationObserver(() => {
    if (document.querySelector('.rg-row .rg-cell:not(.is-loading)') === null) return
    observer.disconnect()
    afterPaint((at) => (watched.painted = at))
  })
  observer.observe(document, { subtree: true, childList: true })
}

async function openFile(page: Page, file: string): Promise<number> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: /Prepare a file/ }).click()])
  await chooser.setFiles(file)
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Open \d/ })
    .click()
  await page.locator('.rg-row .rg-cell:not(.is-loading)').first().waitFor()
  await page.waitForTimeout(1000)
  return page.evaluate(() => {
    const { made, painted } = (window as unknown as { benchWatched: Watched }).benchWatched
    return painted - made
  })
}

/** Times between frames while the grid is scrolled by so many rows in each, for five seconds. */
const scroll = (page: Page, rowsPerFrame: number): Promise<readonly number[]> => scrollBy(page, rowsPerFrame, 300)

function scrollBy(page: Page, rowsPerFrame: number, frames: number): Promise<readonly number[]> {
  return page.getByRole('grid').evaluate(
    (box, [by, most]) =>
      new Promise<number[]>((resolve) => {
        const times: number[] = []
        let last = 0
        const turn = (at: number): void => {
          if (last > 0) times.push(at - last)
          last = at
          box.scrollTop += by * 28
          if (times.length < most) requestAnimationFrame(turn)
          else resolve(times)
        }
        requestAnimationFrame(turn)
      }),
    [rowsPerFrame, frames] as const,
  )
}

/** Presses the keys in turn, `times` times over, and gives how long the one at `place` took until its cells were painted. */
async function keys(page: Page, times: number, names: readonly string[], place: number): Promise<readonly number[]> {
  const found: number[] = []
  for (let i = 0; i < times; i++) {
    for (const [index, name] of names.entries()) {
      await page.keyboard.press(name)
      const took = await page.evaluate(() => (window as unknown as { benchWatched: Watched }).benchWatched.key())
      if (index === place) found.push(took)
    }
  }
  return found
}

/** How long the window is worked in. */
const minutes = Number(process.env['ROSTER_BENCH_MINUTES'] ?? '0.5')
const minutesText = minutes === 1 ? 'a minute' : `${String(minutes)} minutes`
const rounds = 10

/** What a person does all day, over and over: moves, types, undoes, selects, jumps, finds. The heap after each of ten rounds. */
async function work(page: Page, session: CDPSession): Promise<readonly number[]> {
  const heaps: number[] = []
  for (let round = 0; round < rounds; round++) {
    const until = performance.now() + (minutes * 60_000) / rounds
    while (performance.now() < until) {
      await keys(page, 1, ['Control+Home', 'ArrowRight', 'PageDown', 'PageDown', 'x', 'Enter', 'y', 'Enter'], 0)
      await keys(page, 1, ['Control+z', 'Control+z', 'Shift+ArrowDown', 'Shift+ArrowDown', 'Control+End', 'Control+Home'], 0)
      await page.keyboard.press('Control+f')
      await page.keyboard.type('son')
      await page.keyboard.press('Enter')
      await page.keyboard.press('Escape')
      await page.getByRole('grid').focus()
      await scrollBy(page, 40, 60)
    }
    heaps.push(await heapOf(session))
  }
  return heaps
}

/** Rows of the large paste, which begins at the extension: all columns from there on. The user's status is not among them, it stands beside the email. */
const pastedRows = 50_000

function pastedText(): string {
  const line = (n: number): string => {
    const phone = `+4721${String(1_000_000 + n)}`
    const packages = ['Suite', '', '', '', '', ''].map((name) => (name === '' ? 'FALSE' : 'TRUE'))
    const cells = [String(10_000 + n), phone, n % 3 === 0 ? 'Bergen' : 'Oslo', phone, ...packages, 'FALSE', 'TRUE', 'FALSE', 'FALSE']
    return [...cells, 'bench.webex.com', `Team ${String(n % 40)}`, 'Consultant', 'nb_NO', 'Europe/Oslo', `Room ${String(n % 900)}`].join(
      '\t',
    )
  }
  return Array.from({ length: pastedRows }, (_, n) => line(n)).join('\n')
}

async function pasteMany(page: Page): Promise<number> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const text = pastedText()
  await page.evaluate((words) => navigator.clipboard.writeText(words), text)
  await page.getByRole('grid').focus()
  for (const key of ['Control+Home', ...Array.from({ length: 6 }, () => 'ArrowRight')]) await page.keyboard.press(key)
  const saved = page.getByText('Saved', { exact: true })
  await saved.waitFor()
  const yes = page.getByRole('dialog').getByRole('button', { name: /^Paste 1,000,000 cells/ })
  // The page must watch before the key is pressed: on a busy machine the key came first, and what it began was never seen.
  await page.evaluate(() => (window as unknown as { benchWatched: Watched }).benchWatched.dialog('Paste 1,000,000 cells'))
  await page.keyboard.press('Control+v')
  const preview = await seen(page)
  await yes.waitFor()
  await page.evaluate(() => (window as unknown as { benchWatched: Watched }).benchWatched.saved('10003'))
  await yes.click()
  return preview + (await seen(page))
}

const seen = (page: Page): Promise<number> => page.evaluate(() => (window as unknown as { benchWatched: Watched }).benchWatched.seen())

/** Runs frames, and how long the page's own work took for one of them. */
async function working(session: CDPSession, frames: () => Promise<readonly number[]>): Promise<readonly [readonly number[], Work]> {
  await session.send('Performance.enable')
  const read = async (): Promise<ReadonlyMap<string, number>> =>
    new Map((await session.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value * 1000]))
  const before = await read()
  const times = await frames()
  const after = await read()
  const each = (name: string): number => ((after.get(name) ?? 0) - (before.get(name) ?? 0)) / times.length
  return [times, { script: each('ScriptDuration'), style: each('RecalcStyleDuration'), layout: each('LayoutDuration') }]
}

async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.enable')
  await session.send('HeapProfiler.collectGarbage')
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0) / 1024 ** 2
}
