import { mount, type VueWrapper } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { TooltipProvider } from 'reka-ui'
import { h, type Component } from 'vue'
import { createMemoryHistory, type Router } from 'vue-router'
import { createRoutes } from '../../../renderer/src/app/routes.ts'
import { platformKey, type Platform } from '../../../renderer/src/platform/platform.ts'
import { createText } from '../../../renderer/src/text/i18n.ts'
import type { Language } from '../../../shared/kit/language.ts'
import { createFakeRoster, type FakeRoster } from './fake-roster.ts'

export interface Mounted {
  readonly wrapper: VueWrapper
  readonly fake: FakeRoster
  readonly router: Router
  /** Everything on the page, dialogs included. */
  readonly text: () => string
}

/** A component in the real frame of the app (stores, routes, words), over a backend in memory. */
export async function mountScreen(
  component: Component,
  props: Record<string, unknown> = {},
  { language = 'en', fake = createFakeRoster(), at = '/' }: { language?: Language; fake?: FakeRoster; at?: string } = {},
): Promise<Mounted> {
  const platform: Platform = {
    kind: 'desktop',
    transport: fake.transport,
    notices: { state: () => 'no', ask: () => Promise.resolve(), show: () => undefined },
    pickFiles: () => Promise.resolve([]),
    receiveFile: (file) => Promise.resolve({ ticket: 't-dropped', name: file.name, size: file.size }),
    saveFile: () => Promise.resolve(true),
  }
  const router = createRoutes(createMemoryHistory())
  await router.push(at)
  const wrapper = mount(
    { render: () => h(TooltipProvider, () => h(component, props)) },
    {
      attachTo: document.body,
      global: { plugins: [createPinia(), createText(language), router], provide: { [platformKey as symbol]: platform } },
    },
  )
  await settle()
  return { wrapper, fake, router, text: () => document.body.textContent ?? '' }
}

/** Lets answers and renderings come in. */
export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20))

/** The button with these words, wherever it stands on the page. */
export function buttonNamed(name: string | RegExp): HTMLButtonElement {
  const found = [...document.querySelectorAll('button')].find((button) => {
    const words = (button.getAttribute('aria-label') ?? button.textContent ?? '').replaceAll(/\s+/gu, ' ').trim()
    return typeof name === 'string' ? words === name : name.test(words)
  })
  if (found === undefined) throw new Error(`There is no button ${String(name)}`)
  return found
}

/** The control that a label names. */
export function fieldNamed(label: string | RegExp): HTMLInputElement {
  const found = [...document.querySelectorAll('label')].find(({ textContent }) =>
    typeof label === 'string' ? textContent === label : label.test(textContent ?? ''),
  )
  const control = found === undefined ? null : document.getElementById(found.htmlFor)
  if (control === null) throw new Error(`There is no field ${String(label)}`)
  return control as HTMLInputElement
}

export async function type(field: HTMLInputElement, words: string): Promise<void> {
  field.value = words
  field.dispatchEvent(new Event('input', { bubbles: true }))
  await settle()
}

export async function press(button: HTMLElement): Promise<void> {
  button.click()
  await settle()
}
