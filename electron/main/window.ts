import type { BrowserWindowConstructorOptions } from 'electron'
import { smallest, type WindowPlace } from './window-memory.ts'
import { webPreferences } from './web-preferences.ts'

/** The page's own background in light and dark (`renderer/src/ui/tokens.css`), so that nothing flashes before the first paint. */
const background = { light: '#ffffff', dark: '#15171b' }

export function windowOptions({ bounds }: WindowPlace, isDark: boolean): BrowserWindowConstructorOptions {
  return {
    width: 1280,
    height: 820,
    ...bounds,
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    title: 'Roster',
    backgroundColor: isDark ? background.dark : background.light,
    webPreferences,
  }
}
