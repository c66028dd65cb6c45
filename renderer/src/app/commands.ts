import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useCommands } from '../state/commands.ts'
import { useFileOpening } from '../state/file-opening.ts'
import { useOpenDrafts } from '../state/open-drafts.ts'
import { useSettings } from '../state/settings-store.ts'
import { useText } from '../text/use-text.ts'
import { closeDraft } from './close-draft.ts'
import { draftViews } from './draft-views.ts'
import { focusPane, hasDialog } from './panes.ts'
import { useWindowDialogs } from './window-dialogs.ts'

/** The commands that the window itself offers, wherever one is. Places and features add theirs while they are shown. */
export function useAppCommands(): void {
  const { t } = useText()
  const router = useRouter()
  const route = useRoute()
  const commands = useCommands()
  const drafts = useOpenDrafts()
  const settings = useSettings()
  const dialogs = useWindowDialogs()
  const opening = useFileOpening()
  const draftId = computed(() => (route.name === 'draft' ? String(route.params['id']) : null))
  const isDraft = (): boolean => draftId.value !== null
  const go = (path: string) => () => void router.push(path)

  function neighbour(by: 1 | -1): void {
    const at = drafts.tabs.findIndex(({ id }) => id === draftId.value)
    const tab = drafts.tabs[(at + by + drafts.tabs.length) % drafts.tabs.length]
    if (tab !== undefined) void router.push(`/drafts/${tab.id}/${tab.view}`)
  }

  commands.add([
    { id: 'palette', title: () => t('palette.title'), keys: ['Mod+K', 'Mod+Shift+P'], run: () => dialogs.show('palette') },
    { id: 'keys', title: () => t('keys.title'), keys: ['F1', 'Mod+/'], run: () => dialogs.show('keys') },
    { id: 'open', title: () => t('command.open'), keys: ['Mod+O'], run: () => void opening.pick() },
    ...draftViews.map((view, place) => ({
      id: `draft.${view}`,
      title: () => t(`view.${view}.command`),
      keys: [`Mod+${String(place + 1)}`],
      when: isDraft,
      run: () => void router.push(`/drafts/${draftId.value ?? ''}/${view}`),
    })),
    {
      id: 'tab.next',
      title: () => t('command.nextTab'),
      keys: ['Mod+PageDown'],
      when: () => drafts.tabs.length > 0,
      run: () => neighbour(1),
    },
    {
      id: 'tab.previous',
      title: () => t('command.previousTab'),
      keys: ['Mod+PageUp'],
      when: () => drafts.tabs.length > 0,
      run: () => neighbour(-1),
    },
    {
      id: 'tab.close',
      title: () => t('command.closeTab'),
      keys: ['Alt+W'],
      when: isDraft,
      run: () => closeDraft(draftId.value ?? '', drafts, router),
    },
    { id: 'pane.next', title: () => t('command.nextPane'), keys: ['F6'], when: () => !hasDialog(), run: () => focusPane(1) },
    { id: 'pane.previous', title: () => t('command.previousPane'), keys: ['Shift+F6'], when: () => !hasDialog(), run: () => focusPane(-1) },
    { id: 'place.drafts', title: () => t('command.go', { place: t('place.drafts') }), keys: ['Alt+1'], run: go('/') },
    { id: 'place.batches', title: () => t('command.go', { place: t('place.batches') }), keys: ['Alt+2'], run: go('/batches') },
    { id: 'place.store', title: () => t('command.go', { place: t('drift.title') }), run: go('/batches/store') },
    { id: 'place.customers', title: () => t('command.go', { place: t('place.customers') }), keys: ['Alt+3'], run: go('/customers') },
    { id: 'place.onboarding', title: () => t('command.go', { place: t('place.onboarding') }), keys: ['Alt+4'], run: go('/onboarding') },
    { id: 'place.settings', title: () => t('command.go', { place: t('place.settings') }), keys: ['Alt+5'], run: go('/settings') },
    ...(['system', 'light', 'dark', 'contrast'] as const).map((theme) => ({
      id: `theme.${theme}`,
      title: () => `${t('settings.theme')}: ${t(`theme.${theme}`)}`,
      run: () => void settings.change({ theme }),
    })),
    ...(['compact', 'normal', 'comfortable'] as const).map((density) => ({
      id: `density.${density}`,
      title: () => `${t('settings.density')}: ${t(`density.${density}`)}`,
      run: () => void settings.change({ density }),
    })),
    ...(
      [
        ['en', 'English'],
        ['nb', 'Norsk'],
        ['da', 'Dansk'],
      ] as const
    ).map(([language, name]) => ({
      id: `language.${language}`,
      title: () => `${t('settings.language')}: ${name}`,
      run: () => void settings.change({ language }),
    })),
    {
      id: 'zoom.in',
      title: () => t('command.zoomIn'),
      keys: ['Mod+=', 'Mod++'],
      run: () => void settings.change({ zoom: Math.min(200, settings.settings.zoom + 10) }),
    },
    {
      id: 'zoom.out',
      title: () => t('command.zoomOut'),
      keys: ['Mod+-'],
      run: () => void settings.change({ zoom: Math.max(60, settings.settings.zoom - 10) }),
    },
    { id: 'zoom.reset', title: () => t('command.zoomReset'), keys: ['Mod+0'], run: () => void settings.change({ zoom: 100 }) },
  ])
}
