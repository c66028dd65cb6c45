import type { Browser } from './cdp.ts'

/** What the command line and the app's package.json say. */
export interface Host {
  readonly switches: string[]
  readonly appPath: string
  readonly name: string
  readonly version: string
}

let described: Host = { switches: [], appPath: '.', name: 'Electron', version: '0.0.0' }
let running: Browser | null = null

export const host = (): Host => described
export const setHost = (given: Host): void => {
  described = given
}
export const browser = (): Browser => {
  if (running === null) throw new Error('Chromium has not been started')
  return running
}
export const browserIfRunning = (): Browser | null => running
export const setBrowser = (started: Browser): void => {
  running = started
}

export interface Preventable {
  preventDefault(): void
  readonly defaultPrevented: boolean
}

/** Emits an event that a listener can prevent. True: one did. Like Electron's own, the event carries its facts, and they follow it as arguments. */
export function isPrevented(
  emitter: { emit(name: string, ...args: unknown[]): boolean },
  name: string,
  facts: Readonly<Record<string, unknown>> = {},
  ...args: readonly unknown[]
): boolean {
  let prevented = false
  const event: Preventable = {
    ...facts,
    preventDefault: () => {
      prevented = true
    },
    get defaultPrevented() {
      return prevented
    },
  }
  emitter.emit(name, event, ...args)
  return prevented
}
