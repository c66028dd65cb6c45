import type { Notification } from 'electron'

interface ShownWindow {
  isMinimized(): boolean
  restore(): void
  show(): void
  focus(): void
}

/** What a notice needs of Electron. */
export interface NoticeWorld {
  readonly Notification: (new (options: { readonly title: string; readonly body: string }) => Pick<Notification, 'on' | 'show'>) & {
    isSupported(): boolean
  }
  readonly isLookedAt: () => boolean
  readonly windows: () => readonly ShownWindow[]
}

/** Notices of the system's: only while no window has the focus, and only where the system has them. A click shows the window. */
export const createNotices =
  ({ Notification, isLookedAt, windows }: NoticeWorld) =>
  (text: string): void => {
    if (isLookedAt() || !Notification.isSupported()) return
    const notice = new Notification({ title: 'Roster', body: text })
    notice.on('click', () => {
      const window = windows()[0]
      if (window?.isMinimized() === true) window.restore()
      window?.show()
      window?.focus()
    })
    notice.show()
  }
