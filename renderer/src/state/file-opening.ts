import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { FileTicket } from '../../../shared/contract/draft-methods.ts'
import { usePlatform } from '../platform/platform.ts'
import { useToasts } from './toasts.ts'

export interface FileToMap {
  readonly users: FileTicket
  readonly sheet: string | null
  readonly customer: string | null
  readonly baseline: FileTicket | null
}

/** Files on their way in: picked or dropped anywhere, and shown in the opening dialog before a draft is made of them. */
export const useFileOpening = defineStore('file-opening', () => {
  const platform = usePlatform()
  const toasts = useToasts()
  /** The file the dialog is about; a second one is taken as what to compare with. */
  const waiting = shallowRef<{ readonly users: FileTicket; readonly baseline: FileTicket | null } | null>(null)

  /** A foreign file whose columns are being mapped. */
  const mapping = shallowRef<FileToMap | null>(null)

  function offer(tickets: readonly FileTicket[]): void {
    const [users, baseline] = tickets
    if (users !== undefined) waiting.value = { users, baseline: baseline ?? null }
  }

  async function pick(): Promise<void> {
    try {
      offer(await platform.pickFiles('users'))
    } catch (thrown) {
      toasts.refused(thrown)
    }
  }

  async function drop(files: readonly File[]): Promise<void> {
    try {
      offer(await Promise.all(files.slice(0, 2).map((file) => platform.receiveFile(file))))
    } catch (thrown) {
      toasts.refused(thrown)
    }
  }

  return {
    waiting: computed(() => waiting.value),
    mapping: computed(() => mapping.value),
    /** Goes on from the opening dialog to the mapping step. */
    map: (file: FileToMap) => {
      waiting.value = null
      mapping.value = file
    },
    pick,
    drop,
    done: () => {
      waiting.value = null
      mapping.value = null
    },
  }
})
