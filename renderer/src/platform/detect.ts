import { desktopPlatform } from './desktop.ts'
import { loopbackPlatform } from './loopback.ts'
import type { Platform } from './platform.ts'
import './bridge.ts'

const tokenPlace = 'roster-session'

/**
 * The platform this window runs on. In a browser the address brings a launch token once (`#token=…`). It is taken out of the address
 * at once, so that it does not end in history or a screenshot, and exchanged for a session token; that one is kept for this tab, so
 * that reloading works.
 */
export function detectPlatform(): Platform {
  if (window.roster !== undefined) return desktopPlatform(window.roster)
  const launchToken = takeLaunchToken()
  return loopbackPlatform({ origin: '', token: launchToken === null ? (sessionStorage.getItem(tokenPlace) ?? '') : exchange(launchToken) })
}

function takeLaunchToken(): string | null {
  const found = /^#\/?(?:.*[?&])?token=([^&]+)/u.exec(location.hash)?.[1]
  if (found === undefined) return null
  history.replaceState(null, '', `${location.pathname}${location.search}#/`)
  return found
}

/** A launch token is good once. When it is spent, a session that this tab has already goes on. */
async function exchange(launchToken: string): Promise<string> {
  const known = sessionStorage.getItem(tokenPlace) ?? ''
  try {
    const response = await fetch('/api/session', { method: 'POST', headers: { authorization: `Bearer ${launchToken}` } })
    const answer = (await response.json()) as { readonly ok?: boolean; readonly value?: { readonly token?: string } }
    const token = answer.value?.token
    if (!response.ok || token === undefined) return known
    sessionStorage.setItem(tokenPlace, token)
    return token
  } catch {
    return known
  }
}
