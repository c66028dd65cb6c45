import type { MenuItemConstructorOptions } from 'electron'
import { helpPages, type HelpPage } from './help-pages.ts'
import type { Words } from './text/words.ts'

/**
 * Commands of the window that the menu offers, with the key that the window itself gives them (`renderer/src/app/commands.ts` and
 * the features). The window handles its keys; the menu only shows them.
 */
const commandKeys = {
  open: 'CmdOrCtrl+O',
  'tab.next': 'CmdOrCtrl+PageDown',
  'tab.previous': 'CmdOrCtrl+PageUp',
  'tab.close': 'Alt+W',
  undo: 'CmdOrCtrl+Z',
  redo: 'CmdOrCtrl+Shift+Z',
  'grid.find': 'CmdOrCtrl+F',
  'grid.replace': 'CmdOrCtrl+H',
  'fix.allSafe': 'CmdOrCtrl+Shift+F',
  'finding.next': 'F8',
  'finding.previous': 'Shift+F8',
  'place.drafts': 'Alt+1',
  'place.batches': 'Alt+2',
  'place.customers': 'Alt+3',
  'place.settings': 'Alt+5',
  'draft.edit': 'CmdOrCtrl+1',
  'draft.changes': 'CmdOrCtrl+2',
  'draft.send': 'CmdOrCtrl+3',
  'draft.compare': null,
  panel: 'CmdOrCtrl+B',
  'zoom.in': 'CmdOrCtrl+Plus',
  'zoom.out': 'CmdOrCtrl+-',
  'zoom.reset': 'CmdOrCtrl+0',
  palette: 'CmdOrCtrl+K',
  keys: 'F1',
} as const
export type MenuCommand = keyof typeof commandKeys

export interface MenuDeeds {
  readonly send: (command: MenuCommand) => void
  readonly openHelp: (page: HelpPage) => void
}

export function menuTemplate(
  { menu }: Words,
  { send, openHelp }: MenuDeeds,
  isMac = process.platform === 'darwin',
): MenuItemConstructorOptions[] {
  const command = (id: MenuCommand): MenuItemConstructorOptions => ({
    id,
    label: menu.command[id],
    ...(commandKeys[id] === null ? {} : { accelerator: commandKeys[id], registerAccelerator: false }),
    click: () => {
      send(id)
    },
  })
  const rule: MenuItemConstructorOptions = { type: 'separator' }
  return [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: menu.file,
      submenu: [
        command('open'),
        rule,
        command('tab.next'),
        command('tab.previous'),
        command('tab.close'),
        ...(isMac ? [] : [rule, { role: 'quit', label: menu.quit } as const]),
      ],
    },
    {
      label: menu.edit,
      submenu: [
        command('undo'),
        command('redo'),
        rule,
        { role: 'cut', label: menu.cut },
        { role: 'copy', label: menu.copy },
        { role: 'paste', label: menu.paste },
        { role: 'selectAll', label: menu.selectAll },
        rule,
        command('grid.find'),
        command('grid.replace'),
        rule,
        command('fix.allSafe'),
        command('finding.next'),
        command('finding.previous'),
      ],
    },
    {
      label: menu.view,
      submenu: [
        command('place.drafts'),
        command('place.batches'),
        command('place.customers'),
        command('place.settings'),
        rule,
        command('draft.edit'),
        command('draft.changes'),
        command('draft.send'),
        command('draft.compare'),
        command('panel'),
        rule,
        command('zoom.in'),
        command('zoom.out'),
        command('zoom.reset'),
        { role: 'togglefullscreen', label: menu.fullScreen },
      ],
    },
    {
      role: 'help',
      label: menu.help,
      submenu: [
        command('palette'),
        command('keys'),
        rule,
        ...(Object.keys(helpPages) as HelpPage[]).map((page) => ({
          id: `help.${page}`,
          label: menu.page[page],
          click: () => openHelp(page),
        })),
        ...(isMac ? [] : [rule, { role: 'about', label: menu.about } as const]),
      ],
    },
  ]
}
