import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { AppError } from '../../../shared/contract/app-error.ts'
import { errorText, refusalText } from '../text/error-text.ts'
import { useText } from '../text/use-text.ts'

export interface Toast {
  readonly id: number
  readonly kind: 'done' | 'note' | 'error'
  readonly text: string
  readonly action?: { readonly label: string; readonly run: () => void }
}

/** How long a word of success or a note stays, in ms. A failure stays until it is closed. */
const stay = 5000

/** Short words on what has just happened, at the foot of the window. */
export const useToasts = defineStore('toasts', () => {
  const text = useText()
  const toasts = shallowRef<readonly Toast[]>([])
  let last = 0

  function add(toast: Omit<Toast, 'id'>): void {
    const id = ++last
    // One word of success at a time: the newest deed is the one that can be undone. Failures wait to be read.
    toasts.value = [...toasts.value.filter((other) => other.kind === 'error' && other.text !== toast.text).slice(-2), { ...toast, id }]
    if (toast.kind !== 'error') setTimeout(() => close(id), stay)
  }

  function close(id: number): void {
    toasts.value = toasts.value.filter((toast) => toast.id !== id)
  }

  return {
    toasts: computed(() => toasts.value),
    close,
    done: (words: string, action?: Toast['action']) =>
      add(action === undefined ? { kind: 'done', text: words } : { kind: 'done', text: words, action }),
    /** Why nothing, or not all, was done. */
    note: (words: string) => add({ kind: 'note', text: words }),
    failed: (error: AppError) => {
      if (error.code !== 'cancelled') add({ kind: 'error', text: errorText(error, text) })
    },
    refused: (thrown: unknown) => add({ kind: 'error', text: refusalText(thrown, text) }),
  }
})
