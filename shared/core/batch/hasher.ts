/** Hashing comes from the host (`node:crypto`), because the core runs where there is none. */
export interface Hasher {
  /** SHA-256 of the text's UTF-8 bytes, as 64 lower-case hex digits. */
  sha256(text: string): string
}

/** For texts that are not in memory as a whole. */
export interface StreamHasher extends Hasher {
  begin(): RunningHash
}
export interface RunningHash {
  update(text: string): void
  /** As `sha256` of all the texts after one another. Ends it. */
  hex(): string
}

/**
 * A hash that says nothing to those without the key: names and emails in the audit log (reliability.md §5.1). Two passes, so
 * that a longer text cannot be grown from a shorter one's hash. `key` is random, one a batch; throwing it away makes the hashes mute.
 */
export const keyedHash = (key: string, text: string, hasher: Hasher): string => hasher.sha256(`${key}\n${hasher.sha256(`${key}\n${text}`)}`)
