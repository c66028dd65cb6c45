import type { RosterBridge } from './bridge.ts'

/** Notices on the desktop. They hold no personal data: a notice stays in the system's list. */
export interface Notices {
  state(): 'yes' | 'no' | 'unasked'
  ask(): Promise<void>
  /** Nothing happens where none are allowed, or where somebody looks at the window already. */
  show(text: string): void
}

/** In a browser the browser asks the person. */
export const browserNotices: Notices = {
  state() {
    if (!('Notification' in globalThis)) return 'no'
    return Notification.permission === 'granted' ? 'yes' : Notification.permission === 'denied' ? 'no' : 'unasked'
  },
  async ask() {
    if (browserNotices.state() === 'unasked') await Notification.requestPermission()
  },
  show(text) {
    if (browserNotices.state() === 'yes' && document.visibilityState === 'hidden') new Notification('Roster', { body: text })
  },
}

/** In the desktop window the system shows them, as its own settings say. */
export const desktopNotices = (bridge: Pick<RosterBridge, 'notify'>): Notices => ({
  state: () => (bridge.notify === undefined ? 'no' : 'yes'),
  ask: async () => undefined,
  show: (text) => bridge.notify?.(text),
})
