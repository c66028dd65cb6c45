import { packageNames } from '../../../shared/core/catalogue/packages.ts'
import type { PackageName } from '../../../shared/core/catalogue/packages.ts'
import { presets, type Preset } from '../features/draft-edit/presets.ts'
import { useCommands } from '../state/commands.ts'
import { useDraftStore } from '../state/draft-store.ts'
import { useToasts } from '../state/toasts.ts'
import { useText } from '../text/use-text.ts'

export interface DraftDeeds {
  /** Whether the grid is in front. */
  readonly isActive: () => boolean
  readonly nextFinding: () => void
  readonly previousFinding: () => void
  readonly fixAllSafe: () => void
  readonly removeUsers: () => void
  readonly preset: (preset: Preset) => void
  readonly togglePanel: () => void
}

/** What can be done to a draft while its grid is in front. */
export function useDraftCommands(draftId: string, deeds: DraftDeeds): void {
  const { t, count } = useText()
  const store = useDraftStore(draftId)
  const toasts = useToasts()
  const isWritable = (): boolean => deeds.isActive() && store.state?.readOnly === false
  const hasSelection = (): boolean => isWritable() && (store.selection?.rows ?? 0) > 0

  async function step(direction: 'undo' | 'redo'): Promise<void> {
    const result = await store[direction]()
    if (!result.ok) toasts.failed(result.error)
  }

  async function setPackage(name: PackageName): Promise<void> {
    const rows = [...(await store.selectedRowIds())]
    const result = await store.edit({ kind: 'set-package', rows, package: name })
    if (!result.ok) return toasts.failed(result.error)
    toasts.done(count('package.setDone', rows.length, { package: name }), { label: t('undo'), run: () => void store.undo() })
  }

  useCommands().add([
    {
      id: 'undo',
      title: () => t('undo'),
      keys: ['Mod+Z'],
      when: () => isWritable() && store.canUndo,
      run: () => void step('undo'),
    },
    {
      id: 'redo',
      title: () => t('redo'),
      keys: ['Mod+Shift+Z', 'Mod+Y'],
      when: () => isWritable() && store.state?.redo !== null,
      run: () => void step('redo'),
    },
    { id: 'finding.next', title: () => t('command.nextFinding'), keys: ['F8'], when: deeds.isActive, run: deeds.nextFinding },
    {
      id: 'finding.previous',
      title: () => t('command.previousFinding'),
      keys: ['Shift+F8'],
      when: deeds.isActive,
      run: deeds.previousFinding,
    },
    {
      id: 'fix.allSafe',
      title: () => t('command.fixAllSafe'),
      keys: ['Mod+Shift+F'],
      when: () => isWritable() && (store.state?.safeFixes ?? 0) > 0,
      run: deeds.fixAllSafe,
    },
    { id: 'panel', title: () => t('command.togglePanel'), keys: ['Mod+B'], when: deeds.isActive, run: deeds.togglePanel },
    ...packageNames.map((name) => ({
      id: `package.${name}`,
      title: () => t('command.setPackage', { package: name }),
      when: hasSelection,
      run: () => void setPackage(name),
    })),
    ...presets.map((preset) => ({
      id: `preset.${preset}`,
      title: () => t(`preset.${preset}.command`),
      when: hasSelection,
      run: () => deeds.preset(preset),
    })),
    { id: 'removeUsers', title: () => t('command.removeUsers'), when: hasSelection, run: deeds.removeUsers },
    {
      id: 'filter.clear',
      title: () => t('command.clearFilter'),
      keys: ['Mod+Shift+L'],
      when: () => deeds.isActive() && (store.state?.view.filter.length ?? 0) > 0,
      run: () => void store.setView({ sort: store.state?.view.sort ?? [], filter: [] }),
    },
  ])
}
