import { defineStore } from 'pinia'
import { computed, ref } from 'vue'

/** Which of the window's own dialogs is open: the command palette or the list of keys. */
export const useWindowDialogs = defineStore('window-dialogs', () => {
  const open = ref<'palette' | 'keys' | null>(null)
  return {
    open: computed(() => open.value),
    show: (which: 'palette' | 'keys') => {
      open.value = which
    },
    close: () => {
      open.value = null
    },
  }
})
