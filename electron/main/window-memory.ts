import type { Rectangle } from 'electron'
import type { SettingsStore } from '../../backend/ports/settings-store.ts'

export interface WindowPlace {
  /** Null: wherever the system puts it. In device-independent pixels. */
  readonly bounds: Rectangle | null
  readonly isMaximized: boolean
}

/** Where a window was when it was closed, for the next time. */
export interface WindowMemory {
  /** `screens`: the work areas that there are now; a place that lies on none of them is forgotten. */
  recall(screens: readonly Rectangle[]): Promise<WindowPlace>
  keep(place: WindowPlace): Promise<void>
}

/** Enough of a title bar to take hold of. */
const graspable = { width: 120, height: 40 }
export const smallest = { width: 800, height: 520 }

export function createWindowMemory(store: SettingsStore): WindowMemory {
  return {
    async recall(screens) {
      const saved = (await store.read()) ?? {}
      const bounds = readBounds(saved['bounds'])
      return {
        bounds: bounds !== null && screens.some((screen) => isWithinReach(bounds, screen)) ? bounds : null,
        isMaximized: saved['isMaximized'] === true,
      }
    },
    async keep({ bounds, isMaximized }) {
      // What cannot be kept is not worth a word to a person who closes the window.
      await store.write({ bounds, isMaximized })
    },
  }
}

function readBounds(value: unknown): Rectangle | null {
  if (typeof value !== 'object' || value === null) return null
  const { x, y, width, height } = value as Readonly<Record<string, unknown>>
  if (!isWhole(x) || !isWhole(y) || !isWhole(width) || !isWhole(height)) return null
  return { x, y, width: Math.max(width, smallest.width), height: Math.max(height, smallest.height) }
}

const isWhole = (value: unknown): value is number => Number.isInteger(value) && Math.abs(value as number) < 100_000

function isWithinReach(bounds: Rectangle, screen: Rectangle): boolean {
  const across = Math.min(bounds.x + bounds.width, screen.x + screen.width) - Math.max(bounds.x, screen.x)
  const titleBar = Math.min(bounds.y + graspable.height, screen.y + screen.height) - Math.max(bounds.y, screen.y)
  return across >= graspable.width && titleBar >= graspable.height / 2
}
