import type { FileTicket } from '../../../shared/contract/draft-methods.ts'
import { usePlatform, type FilePurpose } from '../platform/platform.ts'
import { useText } from '../text/use-text.ts'
import { useToasts } from './toasts.ts'

/** Lets the person keep a file that the backend made, and choose one that they have; what goes wrong is said in a toast. */
export function useFiles(): { save(ticket: FileTicket): Promise<void>; pick(purpose?: FilePurpose): Promise<FileTicket | null> } {
  const platform = usePlatform()
  const toasts = useToasts()
  const { t } = useText()
  return {
    async save(ticket) {
      try {
        if (await platform.saveFile(ticket)) toasts.done(t('files.saved', { name: ticket.name }))
      } catch (thrown) {
        toasts.refused(thrown)
      }
    },
    async pick(purpose = 'users') {
      try {
        return (await platform.pickFiles(purpose))[0] ?? null
      } catch (thrown) {
        toasts.refused(thrown)
        return null
      }
    },
  }
}
