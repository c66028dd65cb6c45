import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { FileTicket } from '../../../shared/contract/draft-methods.ts'
import { usePlatform } from '../platform/platform.ts'
import { useToasts } from './toasts.ts'

export interface FileToOpen {
  readonly users: FileTicket
  readonly baseline: FileTicket | null
  /** What was chosen together with it; the person says what becomes of them. */
  readonly others: readonly FileTicket[]
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
  /** The file the dialog is about. */
  const waiting = shallowRef<FileToOpen | null>(null)
  /** Files chosen with the one in front that become drafts of their own, one after the other. */
  let queue: readonly FileTicket[] = []
  /** What was picked or dropped while another file was in front: its turn comes after that one and its queue. */
  let offered: readonly FileToOpen[] = []

  /** A foreign file whose columns are being mapped. */
  const mapping = shallowRef<FileToMap | null>(null)

  function offer([users, ...others]: readonly FileTicket[]): void {
    if (users === undefined) return
    const file = { users, baseline: null, others }
    if (waiting.value === null && mapping.value === null) waiting.value = file
    else offered = [...offered, file]
  }

  /** Nothing of the file in front is left: what was offered meanwhile. */
  function next(): FileToOpen | null {
    const [file = null, ...rest] = offered
    offered = rest
    return file
  }

  /** The files of a draft once more: one as any file, several in the mapping step that made one draft of them. */
  function again([first, ...more]: readonly FileAndSheet[], customer: string | null): void {
    if (first === undefined) return
    if (more.length === 0) waiting.value = { users: first.ticket, baseline: null, others: [], sheet: first.sheet, customer }
    else mapping.value = { users: first.ticket, sheet: first.sheet, customer, baseline: null, more }
  }

  async function pick(): Promise<void> {
    try {
      offer(await platform.pickFiles('users', true))
    } catch (thrown) {
      toasts.refused(thrown)
    }
  }

  async function drop(files: readonly File[]): Promise<void> {
    try {
      // One at a time: a host takes only so much at once.
      const tickets: FileTicket[] = []
      for (const file of files) tickets.push(await platform.receiveFile(file))
      offer(tickets)
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
    /** Files that wait until the one in front is a draft. */
    later: (files: readonly FileTicket[]) => {
      queue = files
    },
    /** A draft was made: the next file's turn, where there is one. */
    made: () => {
      const [users, ...rest] = queue
      queue = rest
      mapping.value = null
      waiting.value = users === undefined ? next() : { users, baseline: null, others: [] }
    },
    /** The person has had enough of it, and of what was chosen with it; what was offered meanwhile is another matter. */
    done: () => {
      queue = []
      mapping.value = null
      waiting.value = next()
    },
  }
})
