import type { FileTicket } from '../../../shared/contract/draft-methods.ts'
import { usePlatform, type FilePurpose } from '../platform/platform.ts'
import { useText } from '../text/use-text.ts'
import { useToasts } from './toasts.ts'

/** Lets the person keep a file that the backend made, and choose one that they have; what goes wrong is said in a toast. */
export function useFiles(): {
  save(ticket: FileTicket): Promise<void>
  pick(purpose?: FilePurpose): Promise<FileTicket | null>
  pickSeveral(purpose?: FilePurpose): Promise<readonly FileTicket[]>
} {
  const platform = usePlatform()
  const toasts = useToasts()
  const { t } = useText()
  async function pickSeveral(purpose: FilePurpose = 'users', several = true): Promise<readonly FileTicket[]> {
    try {
      return await platform.pickFiles(purpose, several)
    } catch (thrown) {
      toasts.refused(thrown)
      return []
    }
  }
  return {
    async save(ticket) {
      try {
        if (await platform.saveFile(ticket)) toasts.done(t('files.saved', { name: ticket.name }))
      } catch (thrown) {
        toasts.refused(thrown)
      }
    },
    pick: async (purpose) => (await pickSeveral(purpose, false))[0] ?? null,
    pickSeveral: (purpose) => pickSeveral(purpose),
  }
}
