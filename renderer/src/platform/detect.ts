import { desktopPlatform } from './desktop.ts'
import { loopbackPlatform } from './loopback.ts'
import type { Platform } from './platform.ts'
import './bridge.ts'

const tokenPlace = 'roster-token'

/**
 * The platform this window runs on. In a browser the token comes once in the address (`#token=…`), is kept for this tab,
 * so that reloading works, and is taken out of the address, so that it does not end in history or a screenshot.
 */
export function detectPlatform(): Platform {
  if (window.roster !== undefined) return desktopPlatform(window.roster)
  return loopbackPlatform({ origin: '', token: takeToken() })
}

function takeToken(): string {
  const found = /^#\/?(?:.*[?&])?token=([^&]+)/u.exec(location.hash)?.[1]
  if (found !== undefined) {
    sessionStorage.setItem(tokenPlace, found)
    history.replaceState(null, '', `${location.pathname}${location.search}#/`)
  }
  return sessionStorage.getItem(tokenPlace) ?? ''
}
