import type { Figure } from './part.ts'

/** Why a goal is out of reach so far, by the beginning of a figure's id. It is printed only where the goal was missed. */
const reasons: Readonly<Record<string, string>> = {
  'engine.parse-':
    'One thread reads. Of about 330 ms at 1M rows the kernel takes 185 (where cells end 45, values that repeat 65, what the others are 60), taking its numbers over 45, most of that fresh memory, what lies before the first row 20, looking for damage and copying into the kernel 25, and the runtime collects garbage for 15. Two threads were measured twice and win too little (docs/decisions/kernel-of-the-reader.md).',
  'engine.check-':
    'Every rule runs, not fifteen, and all findings are kept (1.4 million in this file). At 1M rows, beside opening: shapes of texts 70 ms, emails alike 32, phone numbers 26, rules of users 26, extensions 22, packages 20, findings put in order 20.',
  'engine.diff':
    'Lists in the same order are walked through side by side and rows held against each other as bytes; in another order emails are joined by hash in parts, and the rows they bring together compared as bytes. What is left is reading both files once (400 MB), in another order at random places, and code that is compiled while it runs.',
  'engine.memory.':
    'The file stays in memory, so that untouched rows are written back byte for byte (189 MB at 1M rows); cells take 100 (of plain ones address, length and mark, of numbers and emails a hash too), the runtime with the sources that it strips of their types 110. What the check joins and finds comes on top.',
}

/** A line for each missed goal of which the reason is known. */
export function whyMissed(figures: readonly Figure[]): string {
  const missed = figures.filter(({ met }) => met === false)
  const lines = Object.entries(reasons).flatMap(([start, reason]) => {
    const whats = missed.filter(({ id }) => id.startsWith(start)).map(({ what }) => what)
    return whats.length === 0 ? [] : [`- **${whats.join('; ')}.** ${reason}`]
  })
  return lines.length === 0 ? '' : `\nMissed, and why:\n\n${lines.join('\n')}\n`
}
