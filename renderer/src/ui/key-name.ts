const isMac = (): boolean => typeof navigator !== 'undefined' && navigator.platform.startsWith('Mac')

const arrows = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→' } as const
const onMac: Readonly<Record<string, string>> = {
  ...arrows,
  Mod: '⌘',
  Shift: '⇧',
  Alt: '⌥',
  Ctrl: '⌃',
  Enter: '↩',
  Escape: 'Esc',
  Backspace: '⌫',
}
const elsewhere: Readonly<Record<string, string>> = { ...arrows, Mod: 'Ctrl', Escape: 'Esc' }

/** The caps to show for a key written as `Mod+Shift+P`: `Mod` is Ctrl, or Command on a Mac. */
export function keyCaps(keys: string): readonly string[] {
  const names = isMac() ? onMac : elsewhere
  return splitKeys(keys).map((key) => names[key] ?? key)
}

/** `Mod+Shift++` → Mod, Shift, +. */
export const splitKeys = (keys: string): readonly string[] => keys.split(/\+(?=.)/u)

/** Whether a key press is the one written as `Mod+Shift+P`. Letters regardless of case; every modifier must agree. */
export function isKey(event: KeyboardEvent, keys: string): boolean {
  const parts = splitKeys(keys)
  const key = parts.at(-1) ?? ''
  const mod = isMac() ? event.metaKey : event.ctrlKey
  const other = isMac() ? event.ctrlKey : event.metaKey
  return (
    event.key.toLowerCase() === key.toLowerCase() &&
    mod === parts.includes('Mod') &&
    !other &&
    event.altKey === parts.includes('Alt') &&
    // A sign such as `?` already carries its own Shift.
    (event.shiftKey === parts.includes('Shift') || (key.length === 1 && !/[a-z0-9]/iu.test(key)))
  )
}
