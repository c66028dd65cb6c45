import { expect, test } from 'vitest'
import type { SettingsStore } from '../../../backend/ports/settings-store.ts'
import { createWindowMemory } from '../../../electron/main/window-memory.ts'
import { ok } from '../../../shared/kit/result.ts'

const storeWith = (saved: Readonly<Record<string, unknown>> | null): SettingsStore => {
  let held = saved
  return {
    read: async () => held,
    write: async (settings) => {
      held = settings
      return ok(null)
    },
  }
}
const screens = [{ x: 0, y: 0, width: 1920, height: 1040 }]
const recall = (saved: Readonly<Record<string, unknown>> | null, now = screens) => createWindowMemory(storeWith(saved)).recall(now)

test('a window comes back where it was closed', async () => {
  const memory = createWindowMemory(storeWith(null))
  const place = { bounds: { x: 12, y: 30, width: 1200, height: 700 }, isMaximized: true }
  await memory.keep(place)
  expect(await memory.recall(screens)).toEqual(place)
})

test('a place on a screen that is gone, or without a title bar to take hold of, is forgotten', async () => {
  const on = (x: number, y: number) => recall({ bounds: { x, y, width: 1000, height: 700 } })
  expect((await on(1700, 100)).bounds).toEqual({ x: 1700, y: 100, width: 1000, height: 700 })
  expect((await on(-880, 0)).bounds).not.toBeNull()
  for (const [x, y] of [
    [1900, 100],
    [2500, 100],
    [-950, 100],
    [100, -60],
    [100, 1035],
  ] as const)
    expect([x, y, (await on(x, y)).bounds]).toEqual([x, y, null])
  expect(
    (await recall({ bounds: { x: 2500, y: 0, width: 1000, height: 700 } }, [...screens, { x: 1920, y: 0, width: 1920, height: 1080 }]))
      .bounds?.x,
  ).toBe(2500)
})

test('a small window grows to what the screens need; what makes no sense counts as nothing', async () => {
  expect((await recall({ bounds: { x: 0, y: 0, width: 10, height: 10 } })).bounds).toEqual({ x: 0, y: 0, width: 800, height: 520 })
  for (const bounds of [
    null,
    'wide',
    {},
    { x: 0, y: 0, width: 900 },
    { x: 0, y: 0, width: '900', height: 600 },
    { x: 0.5, y: 0, width: 900, height: 600 },
    { x: 0, y: 0, width: 1e9, height: 600 },
  ])
    expect(await recall({ bounds, isMaximized: 'yes' })).toEqual({ bounds: null, isMaximized: false })
})
