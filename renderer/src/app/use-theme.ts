import { onScopeDispose, ref, watchEffect } from 'vue'
import { useI18n } from 'vue-i18n'
import { useSettings } from '../state/settings-store.ts'

/** Puts theme, density, zoom and language on the document, and follows the system where the person wants that. */
export function useTheme(): void {
  const settings = useSettings()
  const { locale } = useI18n({ useScope: 'global' })
  const prefersDark = useMedia('(prefers-color-scheme: dark)')
  const prefersContrast = useMedia('(prefers-contrast: more)')

  watchEffect(() => {
    const { theme, density, zoom, language } = settings.settings
    const root = document.documentElement
    root.dataset['theme'] = theme === 'system' ? (prefersContrast.value ? 'contrast' : prefersDark.value ? 'dark' : 'light') : theme
    root.dataset['density'] = density
    root.style.setProperty('zoom', `${String(zoom)}%`)
    root.style.setProperty('--zoom', String(zoom / 100))
    root.lang = language
    locale.value = language
    window.roster?.setTheme?.(theme)
  })
}

function useMedia(query: string) {
  const media = window.matchMedia(query)
  const matches = ref(media.matches)
  const follow = (): void => {
    matches.value = media.matches
  }
  media.addEventListener('change', follow)
  onScopeDispose(() => media.removeEventListener('change', follow))
  return matches
}
