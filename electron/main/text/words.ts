import type { Language } from '../../../shared/kit/language.ts'
import type { FilePurpose } from '../../../shared/contract/desktop-bridge.ts'
import type { HelpPage } from '../help-pages.ts'
import type { MenuCommand } from '../menu.ts'
import { da } from './da.ts'
import { en } from './en.ts'
import { nb } from './nb.ts'

/** What the desktop itself says: menus, dialogs, and the little that can go wrong before or around the page. */
export interface Words {
  readonly menu: {
    readonly file: string
    readonly edit: string
    readonly view: string
    readonly help: string
    readonly quit: string
    readonly cut: string
    readonly copy: string
    readonly paste: string
    readonly selectAll: string
    readonly fullScreen: string
    readonly about: string
    readonly command: Readonly<Record<MenuCommand, string>>
    readonly page: Readonly<Record<HelpPage, string>>
  }
  readonly open: {
    readonly title: Readonly<Record<FilePurpose, string>>
    readonly kind: Readonly<Record<FilePurpose, string>>
    readonly allFiles: string
  }
  readonly save: { readonly title: string }
  readonly problem: {
    readonly gone: string
    readonly windowGone: string
    readonly windowHangs: string
    readonly nothingLost: string
    readonly openAgain: string
    readonly wait: string
    readonly quit: string
    readonly cannotStart: string
    readonly noDatabase: string
    readonly notWhole: string
    readonly noDataFolder: (folder: string, why: string) => string
  }
}

export const words: Readonly<Record<Language, Words>> = { en, nb, da }
