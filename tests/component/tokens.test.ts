import { describe, expect, test } from 'vitest'
import css from '../../renderer/src/ui/tokens.css?raw'

const themes = ['light', 'dark', 'contrast'] as const

/** The six-digit colours of a theme's block, by token. */
function coloursOf(theme: string): ReadonlyMap<string, string> {
  const block = new RegExp(`data-theme='${theme}'\\]\\s*\\{([^}]*)\\}`, 'u').exec(css)?.[1] ?? ''
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/gu)].map(([, name = '', colour = '']) => [name, colour]))
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(left: string, right: string): number {
  const [light = 0, dark = 0] = [luminance(left), luminance(right)].toSorted((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

const roles = ['add', 'update', 'package', 'rename', 'remove']
/** Text colour on ground, as the screens use them. */
const texts = [
  ...['text', 'text-2', 'text-3', 'accent', ...roles, 'error', 'warning', 'info', 'ok'].flatMap((name) => [
    [name, 'bg'],
    [name, 'bg-2'],
  ]),
  ...['text', 'text-2', 'accent'].flatMap((name) => ['bg-hover', 'bg-active', 'bg-selected'].map((ground) => [name, ground])),
  ...[...roles, 'error', 'warning', 'info'].flatMap((name) => [
    [name, `${name}-bg`],
    ['text', `${name}-bg`],
  ]),
  ['text-3', 'bg-hover'],
  ['on-accent', 'accent-fill'],
  ['on-accent', 'accent-fill-hover'],
  ['on-accent', 'remove-fill'],
  ['on-accent', 'remove-fill-hover'],
] as const

describe.each(themes)('the %s theme', (theme) => {
  const colours = coloursOf(theme)
  const ratio = (left: string, right: string): number => contrast(colours.get(left) ?? '#ff00ff', colours.get(right) ?? '#ff00ff')

  test('every text can be read on its ground: 4.5 or more', () => {
    const faint = texts
      .map(([name, ground]) => ({ name, ground, ratio: ratio(name ?? '', ground ?? '') }))
      .filter((pair) => pair.ratio < 4.5)
    expect(faint).toEqual([])
  })

  test('borders of controls and the focus ring can be seen: 3 or more', () => {
    for (const name of ['line-strong', 'focus'])
      for (const ground of ['bg', 'bg-2']) expect(ratio(name, ground), `${name} on ${ground}`).toBeGreaterThanOrEqual(3)
  })
})
