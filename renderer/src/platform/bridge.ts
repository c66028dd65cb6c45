import type { DesktopBridge } from '../../../shared/contract/desktop-bridge.ts'

export type { FileAnswer } from '../../../shared/contract/desktop-bridge.ts'
export type RosterBridge = DesktopBridge<File>

declare global {
  interface Window {
    readonly roster?: RosterBridge
  }
}
