import { desktopPlatform } from './desktop.ts'
import { loopbackPlatform } from './loopback.ts'
import type { Platform } from './platform.ts'
import './bridge.ts'

const sessionPlace = 'roster-session'

/**
 * The platform this window runs on, or null where a browser window was opened without a token that the host knows.
 * The address carries a launch token (`#token=…`) that works once: it is exchanged for a session token, which is kept for this tab
 * so that reloading works, and taken out of the address at once.
 */
export async function detectPlatform(): Promise<Platform | null> {
  if (window.roster !== undefined) return desktopPlatform(window.roster)
  const launch = takeLaunchToken()
  if (launch !== null) {
    const session = await exchange(launch)
    if (session !== null) sessionStorage.setItem(sessionPlace, session)
  }
  const token = sessionStorage.getItem(sessionPlace)
  if (token === null) return null
  const platform = loopbackPlatform({ origin: '', token })
  const answer = await platform.transport.call('app.info', {})
  return !answer.ok && answer.error.code === 'guard/refused' ? null : platform
}

function takeLaunchToken(): string | null {
  const found = /^#\/?(?:.*[?&])?token=([^&]+)/u.exec(location.hash)?.[1]
  if (found === undefined) return null
  history.replaceState(null, '', `${location.pathname}${location.search}#/`)
  return found
}

async function exchange(launch: string): Promise<string | null> {
  const response = await fetch('/api/session', { method: 'POST', headers: { authorization: `Bearer ${launch}` } }).catch(() => null)
  if (response?.ok !== true) return null
  const answer = (await response.json().catch(() => null)) as { readonly value?: { readonly token?: unknown } } | null
  return typeof answer?.value?.token === 'string' ? answer.value.token : null
}
