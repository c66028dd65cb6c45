import type { MenuItemConstructorOptions } from 'electron'
import { expect, test } from 'vitest'
import { menuTemplate } from '../../../electron/main/menu.ts'
import { words } from '../../../electron/main/text/words.ts'
import { languages } from '../../../shared/kit/language.ts'
import { sourcesIn } from '../../support/source-code.ts'

const all = (items: readonly MenuItemConstructorOptions[]): readonly MenuItemConstructorOptions[] =>
  items.flatMap((item) => [item, ...all(Array.isArray(item.submenu) ? item.submenu : [])])
const menuOf = (language: (typeof languages)[number], sent: string[] = []) =>
  all(menuTemplate(words[language], { send: (command) => sent.push(command), openHelp: (page) => sent.push(page) }, false))

test('every item that is a command names one that the window has', () => {
  const window = sourcesIn('renderer/src')
    .map(({ code }) => code)
    .join('\n')
  const commands = menuOf('en').flatMap(({ id }) => (id === undefined || id.startsWith('help.') ? [] : [id]))
  expect(commands.length).toBeGreaterThan(15)
  const views = /draftViews = \[ 'edit' , 'changes' , 'send' \]/u.test(window) ? ['draft.edit', 'draft.changes', 'draft.send'] : []
  expect(commands.filter((id) => !views.includes(id) && !window.includes(`id : '${id}'`))).toEqual([])
})

test('a click sends the command; keys are shown and left to the window', () => {
  const sent: string[] = []
  for (const { id, click } of menuOf('en', sent)) if (id !== undefined) (click as (() => void) | undefined)?.()
  expect(sent).toEqual(expect.arrayContaining(['open', 'undo', 'keys', 'fileReference']))
  for (const item of menuOf('en')) if (item.accelerator !== undefined) expect([item.id, item.registerAccelerator]).toEqual([item.id, false])
})

test.each(languages)('%s has a word for every item, and no two of a menu begin with the same letter to press', (language) => {
  for (const item of menuOf(language)) if (item.type !== 'separator') expect(item.label).toMatch(/\S/u)
  const pressed = menuOf(language).flatMap(({ label = '', submenu }) =>
    submenu === undefined ? [] : [/&(.)/u.exec(label)?.[1]?.toLowerCase()],
  )
  expect(new Set(pressed).size).toBe(pressed.length)
})
