/** Rows by page, the least recently used pages let go. Rows are plain data in a plain Map: nothing in here is reactive. */
export interface RowCache<Row> {
  /** The row, if it is here; does not ask for it. */
  peek(index: number): Row | undefined
  /** Says which rows are on the screen (`first` to before `end`): missing and outdated pages among them are asked for. */
  show(first: number, end: number): void
  /** What is here may be outdated: it stays visible until the fresh page comes. Said often, it is asked for once every `rest` ms. */
  outdate(): void
  /** Forgets everything: other rows or other columns are shown from now on. */
  clear(): void
  /** Puts a row in place of one that is here, until fresh pages come. */
  put(index: number, row: Row): void
  /** Every row that is here, in no order that means anything. */
  atHand(): Iterable<Row>
  /** Resolves when nothing is being loaded. */
  settled(): Promise<void>
}

export interface RowCacheOptions<Row> {
  readonly pageSize: number
  readonly pages: number
  /** The least time between two askings for outdated rows, in ms, so that somebody who types fast is not held up by them. */
  readonly rest?: number
  /** At most this many pages are under way at once; what is asked for later and still on the screen goes first. */
  readonly atOnce: number
  /** Rows on the screen that could not be had are asked for again after each of these times in turn, in ms. */
  readonly again?: readonly number[]
  /** Null: they could not be had. */
  load(from: number, count: number): Promise<readonly Row[] | null>
  /** Called after a page came. */
  changed(): void
}

/** What fails is mostly over soon: a backend that begins anew, a line that a change of networks has cut. */
const againAfter = [250, 1000, 3000] as const

interface Page<Row> {
  readonly rows: Row[]
  generation: number
}

export function createRowCache<Row>(options: RowCacheOptions<Row>): RowCache<Row> {
  const { pageSize } = options
  const pages = new Map<number, Page<Row>>()
  /** Page → the generation it was asked for in. */
  const underway = new Map<number, number>()
  let wanted: number[] = []
  let generation = 0
  let epoch = 0
  let waiters: (() => void)[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let lastOutdated = -Infinity
  let againTimer: ReturnType<typeof setTimeout> | undefined
  let failures = 0

  const pageOf = (index: number): number => Math.floor(index / pageSize)

  function keep(number: number, page: Page<Row>): void {
    pages.delete(number)
    pages.set(number, page)
    for (const oldest of pages.keys()) {
      if (pages.size <= options.pages) break
      if (!wanted.includes(oldest)) pages.delete(oldest)
      else break
    }
  }

  function pump(): void {
    for (const number of wanted) {
      if (underway.size >= options.atOnce) return
      if (underway.get(number) === generation) continue
      if (pages.get(number)?.generation === generation) continue
      void ask(number)
    }
    if (underway.size === 0) {
      for (const done of waiters) done()
      waiters = []
    }
  }

  /** After the last of the times it rests until rows are shown or outdated. */
  function askAgain(): void {
    const wait = (options.again ?? againAfter)[failures]
    if (againTimer !== undefined || wait === undefined) return
    failures++
    againTimer = setTimeout(() => {
      againTimer = undefined
      pump()
    }, wait)
  }

  function askAnew(): void {
    timer = undefined
    lastOutdated = performance.now()
    pump()
  }

  async function ask(number: number): Promise<void> {
    const asked = generation
    const askedEpoch = epoch
    underway.set(number, asked)
    const rows = await options.load(number * pageSize, pageSize).catch(() => null)
    if (underway.get(number) === asked) underway.delete(number)
    // A page of another order or of other columns is of no use; one of an earlier revision is shown until the fresh one comes.
    if (rows && askedEpoch === epoch) {
      const present = pages.get(number)
      if (!present || present.generation <= asked) keep(number, { rows: [...rows], generation: asked })
      options.changed()
    }
    if (rows) {
      failures = 0
      pump()
      return
    }
    askAgain()
    if (underway.size === 0) {
      for (const done of waiters) done()
      waiters = []
    }
  }

  return {
    peek: (index) => {
      const number = pageOf(index)
      return pages.get(number)?.rows[index - number * pageSize]
    },
    show: (first, end) => {
      failures = 0
      const from = pageOf(first)
      const to = end > first ? pageOf(end - 1) : from - 1
      wanted = Array.from({ length: to - from + 1 }, (_, i) => from + i)
      for (const number of wanted) {
        const page = pages.get(number)
        if (page) keep(number, page)
      }
      pump()
    },
    outdate: () => {
      failures = 0
      generation++
      if (timer !== undefined) return
      const wait = lastOutdated + (options.rest ?? 0) - performance.now()
      if (wait <= 0) askAnew()
      else timer = setTimeout(askAnew, wait)
    },
    clear: () => {
      failures = 0
      generation++
      epoch++
      pages.clear()
      underway.clear()
      pump()
    },
    put: (index, row) => {
      const number = pageOf(index)
      const page = pages.get(number)
      if (page && index - number * pageSize < page.rows.length) page.rows[index - number * pageSize] = row
    },
    *atHand() {
      for (const { rows } of pages.values()) yield* rows
    },
    settled: () => (underway.size === 0 && timer === undefined ? Promise.resolve() : new Promise((done) => waiters.push(done))),
  }
}
