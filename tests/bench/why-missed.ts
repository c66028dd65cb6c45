import type { Figure } from './part.ts'

/** Why a goal is out of reach so far, by the beginning of a figure's id. It is printed only where the goal was missed. */
const reasons: Readonly<Record<string, string>> = {
  'engine.parse-':
    'One thread reads. Of about 280 ms at 1M rows the kernel takes 170 to 190 (where cells end a fifth of that, values that repeat two, what the others are one), taking its numbers over 35 to 40, most of that fresh memory, looking for damage and copying into the kernel 20, what lies before the first row 13, and the runtime collects garbage for 10. Two threads were measured in three ways and win too little (docs/decisions/kernel-of-the-reader.md, the-file-stays-in-memory.md).',
  'engine.check-':
    'Every rule runs, not fifteen, and all findings are kept (1.2 million in this file). At 1M rows, beside opening: shapes of texts 55 ms, extensions 34, emails alike 27, phone numbers 25, rules of users 21, findings put in order 18, packages 15.',
  'engine.diff':
    'Lists in the same order are walked through side by side and rows held against each other as bytes; in another order emails are joined by hash in parts, and the rows they bring together compared as bytes. What is left is reading both files once (400 MB), in another order at random places.',
  'engine.memory.':
    'The file stays in memory, so that untouched rows are written back byte for byte (189 MB at 1M rows); cells take 84 (of plain ones address, length and mark, of numbers and emails a hash too), the warmed runtime 100. What the check joins and finds comes on top. A table without the file was built and not taken (docs/decisions/the-file-stays-in-memory.md).',
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
