/** Why a decision is refused. Each has its own words. */
export type DecisionReason =
  'unsigned' | 'unknown-key' | 'replaced-key' | 'forged' | 'replayed' | 'other-digest' | 'other-batch' | 'key-taken' | 'no-book'
