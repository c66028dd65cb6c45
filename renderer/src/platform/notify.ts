/** Notices on the desktop, as the host allows them: the browser asks the person, the desktop window the system. */
export function canNotify(): 'yes' | 'no' | 'unasked' {
  if (!('Notification' in globalThis)) return 'no'
  return Notification.permission === 'granted' ? 'yes' : Notification.permission === 'denied' ? 'no' : 'unasked'
}

export async function askToNotify(): Promise<void> {
  if (canNotify() === 'unasked') await Notification.requestPermission()
}

/** Holds no personal data: a notice stays in the system's list. Nothing happens where none are allowed. */
export function notify(title: string): void {
  if (canNotify() === 'yes' && document.visibilityState === 'hidden') new Notification('Roster', { body: title })
}
