import { at, booleanColumns, callingColumns, columns, packageColumns } from './user-columns.ts'

/**
 * What the peers check: fifteen of Roster's rules, in the words of a schema. Roster runs all that it has, and its counts of these
 * are held against theirs.
 */
export const ruleNames = [
  'email missing',
  'email malformed',
  'email duplicate',
  'number missing',
  'location missing',
  'jabber calling missing',
  'jabber teams missing',
  'site missing',
  'several packages',
  'boolean invalid',
  'phone form',
  'caller id form',
  'extension form',
  'extension duplicate',
  'phone duplicate',
] as const
export type RuleName = (typeof ruleNames)[number]
export type RuleCounts = Partial<Record<RuleName, number>>

export const patterns = {
  email: '^[^@\\s]+@[^@\\s.]+(?:\\.[^@\\s.]+)+$',
  phone: '^\\+[1-9][0-9]{6,14}$',
  extension: '^[0-9]{2,10}$',
  /** What can be held against other extensions. */
  anyExtension: '^[0-9]{1,10}$',
} as const

export { at, booleanColumns, callingColumns, columns, packageColumns }
export const siteColumns: readonly number[] = packageColumns.filter((column) => column !== at.voice)

/** Roster's ids by the peers' rule. */
export const rosterRules: Readonly<Record<RuleName, readonly string[]>> = {
  'email missing': ['email/missing'],
  'email malformed': ['email/malformed'],
  'email duplicate': ['email/duplicate'],
  'number missing': ['calling/number-missing'],
  'location missing': ['calling/location-missing'],
  'jabber calling missing': ['jabber/calling-missing'],
  'jabber teams missing': ['jabber/teams-missing'],
  'site missing': ['site/missing'],
  'several packages': ['package/several'],
  'boolean invalid': ['boolean/invalid'],
  'phone form': [
    'phone/scientific',
    'phone/rounded',
    'phone/malformed',
    'phone/international-prefix',
    'phone/no-plus',
    'phone/length',
    'phone/separators',
  ],
  'caller id form': ['caller-id/number'],
  'extension form': ['extension/not-digits', 'extension/length'],
  'extension duplicate': ['extension/duplicate'],
  'phone duplicate': ['phone/duplicate'],
}
