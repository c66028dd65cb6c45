import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { DraftListItem, DraftState } from '../../../shared/contract/draft-methods.ts'
import { usePlatform } from '../platform/platform.ts'
import { useApi } from './api.ts'
import { freshest } from './freshest.ts'

export interface OpenDraft {
  readonly id: string
  readonly name: string
  /** The view it was left in. */
  readonly view: string
}

const place = 'roster-open-drafts'

/** The drafts in the tabs, and the list of all drafts. Tabs outlive a reload of the window. */
export const useOpenDrafts = defineStore('open-drafts', () => {
  const api = useApi()
  const tabs = shallowRef<readonly OpenDraft[]>(remembered())
  const list = shallowRef<readonly DraftListItem[]>([])
  const isListed = ref(false)

  function keep(next: readonly OpenDraft[]): void {
    tabs.value = next
    sessionStorage.setItem(place, JSON.stringify(next))
  }

  function show(state: Pick<DraftState, 'id' | 'name'>, view = 'edit'): void {
    const tab = { id: state.id, name: state.name, view }
    keep(tabs.value.some(({ id }) => id === state.id) ? tabs.value.map((old) => (old.id === state.id ? tab : old)) : [...tabs.value, tab])
  }

  /** Closes a tab; answers with the tab to go to instead, if there is one. The draft stays on disk. */
  function close(id: string): OpenDraft | null {
    const at = tabs.value.findIndex((tab) => tab.id === id)
    keep(tabs.value.filter((tab) => tab.id !== id))
    void api['drafts.close']({ draftId: id })
    return tabs.value[Math.min(Math.max(at, 0), tabs.value.length - 1)] ?? null
  }

  const fresh = freshest()
  async function refresh(): Promise<void> {
    const result = await fresh(() => api['drafts.list']({}))
    if (result === null) return
    if (result.ok) list.value = result.value
    isListed.value = true
  }

  usePlatform().transport.subscribe((event) => {
    if (event.kind === 'drafts-changed') void refresh()
  })

  return {
    tabs: computed(() => tabs.value),
    list: computed(() => list.value),
    isListed: computed(() => isListed.value),
    show,
    close,
    refresh,
  }
})

function remembered(): readonly OpenDraft[] {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(place) ?? '[]')
    return Array.isArray(value) ? value.filter((tab): tab is OpenDraft => typeof tab?.id === 'string' && typeof tab?.name === 'string') : []
  } catch {
    return []
  }
}
