import type { BrowserWindow, Notification } from 'electron'

/** What a notice needs of Electron. */
export interface NoticeWorld {
  readonly Notification: (new (options: { readonly title: string; readonly body: string }) => Pick<Notification, 'on' | 'show'>) & {
    isSupported(): boolean
  }
  readonly focused: () => BrowserWindow | null
  readonly windows: () => readonly BrowserWindow[]
}

/** Notices of the system's: only while no window has the focus, and only where the system has them. A click shows the window. */
export const createNotices =
  ({ Notification, focused, windows }: NoticeWorld) =>
  (text: string): void => {
    if (focused() !== null || !Notification.isSupported()) return
    const notice = new Notification({ title: 'Roster', body: text })
    notice.on('click', () => {
      const window = windows()[0]
      if (window?.isMinimized() === true) window.restore()
      window?.show()
      window?.focus()
    })
    notice.show()
  }
