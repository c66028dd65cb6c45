import { createHash } from 'node:crypto'
import type { Hasher } from '../../shared/core/batch/hasher.ts'

/** The hashing that the hosts hand in. */
export const hasher: Hasher = { sha256: (text) => createHash('sha256').update(text, 'utf8').digest('hex') }
