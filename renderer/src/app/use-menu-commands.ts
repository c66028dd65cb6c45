import { onScopeDispose } from 'vue'
import { useCommands } from '../state/commands.ts'

/** Runs what the desktop's menu asks for. In a text box undo and redo are the box's own, as they are by key. */
export function useMenuCommands(): void {
  const commands = useCommands()
  const end = window.roster?.onCommand?.((command) => {
    if ((command === 'undo' || command === 'redo') && isTextBox(document.activeElement)) {
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else reaches a text box's own history
      document.execCommand(command)
    } else commands.run(command)
  })
  if (end !== undefined) onScopeDispose(end)
}

const isTextBox = (element: Element | null): boolean => element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement
