import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { FileTicket } from '../../../shared/contract/draft-methods.ts'
import { usePlatform } from '../platform/platform.ts'
import { useToasts } from './toasts.ts'

export interface FileToOpen {
  readonly users: FileTicket
  readonly baseline: FileTicket | null
  /** What is chosen to begin with; absent: what the dialog would choose. */
  readonly sheet?: string | null
  readonly customer?: string | null
}

export interface FileToMap {
  readonly users: FileTicket
  readonly sheet: string | null
  readonly customer: string | null
  readonly baseline: FileTicket | null
  /** Files that are mapped into the same draft from the start. */
  readonly more?: readonly FileAndSheet[]
}

export interface FileAndSheet {
  readonly ticket: FileTicket
  readonly sheet: string | null
}

/** Files on their way in: picked or dropped anywhere, and shown in the opening dialog before a draft is made of them. */
export const useFileOpening = defineStore('file-opening', () => {
  const platform = usePlatform()
  const toasts = useToasts()
  /** The file the dialog is about; a second one is taken as what to compare with. */
  const waiting = shallowRef<FileToOpen | null>(null)

  /** A foreign file whose columns are being mapped. */
  const mapping = shallowRef<FileToMap | null>(null)

  function offer(tickets: readonly FileTicket[]): void {
    const [users, baseline] = tickets
    if (users !== undefined) waiting.value = { users, baseline: baseline ?? null }
  }

  /** The files of a draft once more: one as any file, several in the mapping step that made one draft of them. */
  function again([first, ...more]: readonly FileAndSheet[], customer: string | null): void {
    if (first === undefined) return
    if (more.length === 0) waiting.value = { users: first.ticket, baseline: null, sheet: first.sheet, customer }
    else mapping.value = { users: first.ticket, sheet: first.sheet, customer, baseline: null, more }
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
    again,
    pick,
    drop,
    done: () => {
      waiting.value = null
      mapping.value = null
    },
  }
})
