import { defineStore } from 'pinia'
import { computed, onScopeDispose, shallowRef } from 'vue'
import { isKey } from '../ui/key-name.ts'

/** Something a person can do, by palette, by key, or by a button that runs the same command. */
export interface Command {
  readonly id: string
  /** In words, in the present language. */
  readonly title: () => string
  /** `Mod+Shift+P`; the first is shown, all work. */
  readonly keys?: readonly string[]
  /** False: not offered now, and its key does nothing. */
  readonly when?: () => boolean
  /** True where the key also works while a text box has the focus. Keys with Mod or function keys do so by default. */
  readonly inText?: boolean
  readonly run: () => void
}

/** Every command that can be given now. Parts of the window add theirs while they are on the screen. */
export const useCommands = defineStore('commands', () => {
  const groups = shallowRef<readonly (readonly Command[])[]>([])

  /** Adds commands for as long as the calling component lives. Later ones go before earlier ones with the same key. */
  function add(commands: readonly Command[]): void {
    groups.value = [commands, ...groups.value]
    onScopeDispose(() => {
      groups.value = groups.value.filter((group) => group !== commands)
    })
  }

  const all = computed(() => groups.value.flat())
  const isOffered = (command: Command): boolean => command.when === undefined || command.when()

  /** Runs the command of a key press. False: there is none, the press goes on. */
  function handle(event: KeyboardEvent): boolean {
    if (event.defaultPrevented || event.isComposing) return false
    const typing = isTyping(event.target)
    const command = all.value.find(
      (candidate) =>
        candidate.keys?.some(
          (keys) => isKey(event, keys) && (!typing || (candidate.inText ?? /^(?:Mod\+(?!(?:Shift\+)?[zyaxcv]$)|.*F\d+$)/iu.test(keys))),
        ) === true && isOffered(candidate),
    )
    if (command === undefined) return false
    event.preventDefault()
    command.run()
    return true
  }

  const run = (id: string): void => {
    const command = all.value.find((candidate) => candidate.id === id)
    if (command !== undefined && isOffered(command)) command.run()
  }

  return {
    all,
    offered: computed(() => all.value.filter(isOffered)),
    add,
    handle,
    run,
    keysOf: (id: string) => all.value.find((c) => c.id === id)?.keys?.[0] ?? '',
  }
})

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type))
  )
}
