import { chromium, type CDPSession, type Page } from '@playwright/test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromiumArgs, chromiumPath } from '../../support/chromium.ts'
import { startRoster } from '../../support/process.ts'
import { figure, round, type Bench, type Figure, type Part, type PartReport } from '../part.ts'
import { rowsText, table } from '../report.ts'

/** The grid in headless Chromium over the loopback host: frames while scrolling, keys, jumps, opening, memory. */
export const part: Part = { name: 'editor', title: 'The editor', run }

interface Times {
  readonly open: number
  readonly slowScroll: readonly number[]
  readonly fastScroll: readonly number[]
  readonly move: readonly number[]
  readonly type: readonly number[]
  readonly jump: readonly number[]
  readonly heap: number
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
    figure(key('heap'), `${size} rows, the window's heap`, times.heap, 'MB', 60),
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
  return `${waits}\n${works}`
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
    const type = await keys(page, 20, ['q', 'Enter'], 1)
    return { open, slowScroll, fastScroll, slowWork, fastWork, jump, move, type, heap: await heapOf(session) }
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
}

/** Runs in the page before it: notes when things happen, without waiting for anything. */
function watchPage(): void {
  const watched = { made: 0, painted: 0, key: (): Promise<number> => pressed }
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
function scroll(page: Page, rowsPerFrame: number): Promise<readonly number[]> {
  return page.getByRole('grid').evaluate(
    (box, by) =>
      new Promise<number[]>((resolve) => {
        const times: number[] = []
        let last = 0
        const turn = (at: number): void => {
          if (last > 0) times.push(at - last)
          last = at
          box.scrollTop += by * 28
          if (times.length < 300) requestAnimationFrame(turn)
          else resolve(times)
        }
        requestAnimationFrame(turn)
      }),
    rowsPerFrame,
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
