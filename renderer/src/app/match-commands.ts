import type { Command } from '../state/commands.ts'

/** Commands whose title holds every typed word, those that begin with the first word before the others. */
export function matchCommands(commands: readonly Command[], typed: string): readonly Command[] {
  const words = typed.trim().toLowerCase().split(/\s+/u)
  const first = words[0] ?? ''
  const matching = commands.filter((command) => {
    const title = command.title().toLowerCase()
    return words.every((word) => title.includes(word))
  })
  const isFirst = (command: Command): number => (command.title().toLowerCase().startsWith(first) ? 0 : 1)
  return first === '' ? matching : matching.toSorted((left, right) => isFirst(left) - isFirst(right))
}
