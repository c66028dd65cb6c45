import type { Figure } from './part.ts'

/** Why a goal is out of reach so far, by the beginning of a figure's id. It is printed only where the goal was missed. */
const reasons: Readonly<Record<string, string>> = {
  'engine.parse-':
    'One thread reads. At 1M rows about 65 ms go into bringing the file into memory, 330 into the kernel (half of it marks and hashes, for which the check then asks nothing again), 95 into taking its numbers over, most of that fresh memory. A second thread was built and won 15 % (docs/decisions/kernel-of-the-reader.md).',
  'engine.check-':
    'Every rule runs, not fifteen, and all findings are kept (1.4 million in this file). At 1M rows, beside opening: emails alike 90 ms, numbers and extensions alike 170, shapes of texts 140, packages 76, rules of users 90, findings put in order 50.',
  'engine.diff':
    'Emails are paired by a partitioned join over hashes, coded columns compared in packed words, the rest byte by byte, and the package of every user is worked out on both sides, which the join of the peer does not do. What is left is mostly waiting for memory, on one thread.',
  'engine.memory.':
    'The file stays in memory, so that untouched rows are written back byte for byte (198 MB at 1M rows); cells take 130 MB (of plain ones address, length, mark and hash: 12 bytes), the runtime 45. What the check joins and finds comes on top.',
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
