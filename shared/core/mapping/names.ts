import type { NameOrder } from './mapping.ts'

export interface SplitName {
  readonly given: string
  readonly family: string
}

/** Words that begin a family name and belong to it: `Anna van der Berg`. */
const particles = new Set([
  'af',
  'av',
  'von',
  'van',
  'der',
  'den',
  'de',
  'del',
  'di',
  'da',
  'la',
  'le',
  'el',
  'al',
  'bin',
  'ten',
  'ter',
  'zu',
])

/** Given and family name of a full name. A single word is a given name: what is missing shows as a finding, it is not made up. */
export function splitName(text: string, order: NameOrder): SplitName {
  const name = text.normalize('NFC').trim().replace(/\s+/gu, ' ')
  if (order === 'family-comma-given') {
    const at = name.indexOf(',')
    if (at >= 0) return { given: name.slice(at + 1).trim(), family: name.slice(0, at).trim() }
  }
  const words = name.split(' ')
  if (words.length < 2) return { given: name, family: '' }
  if (order === 'family-given') return { given: words.slice(1).join(' '), family: words[0] ?? '' }
  let start = words.length - 1
  while (start > 1 && particles.has((words[start - 1] ?? '').toLowerCase())) start--
  return { given: words.slice(0, start).join(' '), family: words.slice(start).join(' ') }
}

export const joinName = ({ given, family }: SplitName): string => `${given.trim()} ${family.trim()}`.trim()
