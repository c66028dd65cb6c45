import type { Session, WebContents } from 'electron'
import type { PagePlace } from './place.ts'

/** Copying from a menu of the page; the system's own copy key needs no permission. Reading the clipboard is left to the paste key. */
const grantedToPage: ReadonlySet<string> = new Set(['clipboard-sanitized-write'])

/** No permission but that one, whoever asks and whichever way (reliability.md §1.9, item 5). */
export function denyPermissions(session: Session, place: PagePlace): void {
  session.setPermissionRequestHandler((_contents, permission, decide, details) => {
    decide(details.isMainFrame && grantedToPage.has(permission) && place.isOwn(details.requestingUrl))
  })
  session.setPermissionCheckHandler(
    (_contents, permission, _origin, details) =>
      details.isMainFrame && grantedToPage.has(permission) && place.isOwn(details.requestingUrl ?? ''),
  )
  session.setDevicePermissionHandler(() => false)
}

/** Whatever shows a page stays on ours, opens no window, and holds no other page (items 11–14). */
export function guardContents(contents: WebContents, place: PagePlace): void {
  const stay = (event: { readonly url: string; preventDefault(): void }): void => {
    if (!place.isOwn(event.url)) event.preventDefault()
  }
  contents.on('will-navigate', stay)
  contents.on('will-redirect', stay)
  contents.on('will-frame-navigate', stay)
  contents.on('will-attach-webview', (event) => {
    event.preventDefault()
  })
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}
