import { afterEach, describe, expect, it, vi } from 'vitest'
import { createRowCache } from '../../../../renderer/src/grid/row-cache.ts'

afterEach(() => void vi.useRealTimers())

/** A table whose rows are `text:index`, answering when it is told to. */
function source(pages = 4) {
  const asked: number[] = []
  let text = 'a'
  const waiting: (() => void)[] = []
  let changes = 0
  const cache = createRowCache<string>({
    pageSize: 10,
    pages,
    atOnce: 2,
    load: (from, count) => {
      asked.push(from)
      const words = text
      return new Promise((done) => waiting.push(() => done(Array.from({ length: count }, (_, i) => `${words}:${String(from + i)}`))))
    },
    changed: () => changes++,
  })
  const answer = async (): Promise<void> => {
    for (const done of waiting.splice(0)) done()
    await new Promise((done) => setTimeout(done, 0))
  }
  const answerAll = async (): Promise<void> => {
    while (waiting.length > 0) await answer()
  }
  return { cache, asked, answer, answerAll, changes: () => changes, write: (words: string) => (text = words) }
}

describe('rows by page', () => {
  it('come once they are asked for, each page once', async () => {
    const { cache, asked, answerAll } = source()
    cache.show(5, 15)
    cache.show(5, 15)
    expect(cache.peek(5)).toBeUndefined()
    await answerAll()
    expect([cache.peek(5), cache.peek(14)]).toEqual(['a:5', 'a:14'])
    expect(asked).toEqual([0, 10])
  })

  it('leave out what was scrolled past before it was asked for', async () => {
    const { cache, asked, answerAll } = source()
    cache.show(0, 60)
    cache.show(1000, 1010)
    await answerAll()
    expect(asked).toEqual([0, 10, 1000])
    expect(cache.peek(1000)).toBe('a:1000')
  })

  it('stay on the screen when they are outdated, until the fresh ones come', async () => {
    const { cache, answerAll, write } = source()
    cache.show(0, 10)
    await answerAll()
    write('b')
    cache.outdate()
    expect(cache.peek(3)).toBe('a:3')
    await answerAll()
    expect(cache.peek(3)).toBe('b:3')
  })

  it('that come late do not take the place of fresher ones', async () => {
    const { cache, answer, answerAll, write } = source()
    cache.show(0, 10)
    write('b')
    cache.outdate()
    await answer()
    await answerAll()
    expect(cache.peek(3)).toBe('b:3')
  })

  it('of another order are forgotten at once', async () => {
    const { cache, answerAll, write } = source()
    cache.show(0, 10)
    await answerAll()
    write('b')
    cache.clear()
    expect(cache.peek(3)).toBeUndefined()
    await answerAll()
    expect(cache.peek(3)).toBe('b:3')
  })

  it('are kept up to a number of pages, those on the screen in any case', async () => {
    const { cache, answerAll } = source(2)
    for (const from of [0, 10, 20, 30]) {
      cache.show(from, from + 10)
      await answerAll()
    }
    expect([0, 10, 20, 30].map((row) => cache.peek(row) !== undefined)).toEqual([false, false, true, true])
    cache.show(100, 140)
    await answerAll()
    expect([100, 110, 120, 130].every((row) => cache.peek(row) !== undefined)).toBe(true)
  })

  it('show an edit before the backend has answered', async () => {
    const { cache, answerAll } = source()
    cache.show(0, 10)
    await answerAll()
    cache.put(3, 'typed')
    cache.put(500, 'nowhere')
    expect(cache.peek(3)).toBe('typed')
    expect(cache.peek(500)).toBeUndefined()
  })

  it('that cannot be had are asked for again when they are shown again', async () => {
    let tries = 0
    const cache = createRowCache<string>({
      pageSize: 10,
      pages: 4,
      atOnce: 2,
      load: () => Promise.resolve(++tries === 1 ? null : ['x']),
      changed: () => undefined,
    })
    cache.show(0, 10)
    await cache.settled()
    cache.show(0, 10)
    await cache.settled()
    expect(cache.peek(0)).toBe('x')
    expect(tries).toBe(2)
  })

  it('that cannot be had are asked for again on their own, those that had no turn yet among them', async () => {
    let isGone = true
    const asked: number[] = []
    const cache = createRowCache<string>({
      pageSize: 10,
      pages: 4,
      atOnce: 2,
      again: [1, 2],
      load: async (from, count) => {
        asked.push(from)
        return isGone ? null : Array.from({ length: count }, () => 'x')
      },
      changed: () => undefined,
    })
    cache.show(0, 30)
    await cache.settled()
    expect([cache.peek(0), cache.peek(29)]).toEqual([undefined, undefined])
    isGone = false
    await expect.poll(() => [cache.peek(0), cache.peek(29)], { timeout: 5000 }).toEqual(['x', 'x'])
    expect([...new Set(asked)]).toEqual([0, 10, 20])
  })

  it('that can never be had are not asked for without end', async () => {
    vi.useFakeTimers()
    let tries = 0
    const cache = createRowCache<string>({
      pageSize: 10,
      pages: 4,
      atOnce: 2,
      load: async () => {
        tries++
        return null
      },
      changed: () => undefined,
    })
    cache.show(0, 10)
    await vi.advanceTimersByTimeAsync(600_000)
    expect(tries).toBe(4)
  })

  it('that are said to be outdated again and again are asked for at once, and then once a rest', async () => {
    const asked: number[] = []
    let changes = 0
    const cache = createRowCache<string>({
      pageSize: 10,
      pages: 4,
      atOnce: 2,
      rest: 40,
      load: (from) => Promise.resolve([`${String(from)}/${String(asked.push(from))}`]),
      changed: () => changes++,
    })
    cache.show(0, 10)
    await cache.settled()
    for (let typed = 0; typed < 5; typed++) {
      cache.outdate()
      await new Promise((done) => setTimeout(done, 2))
    }
    await cache.settled()
    expect(asked).toHaveLength(3)
    expect([...cache.atHand()]).toEqual(['0/3'])
    expect(changes).toBe(3)
  })
})
