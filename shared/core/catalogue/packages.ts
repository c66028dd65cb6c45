/**
 * The wholesale packages a user can hold: exactly one each (domain.md §2; PROV, SEED-NO).
 * Each is one TRUE/FALSE column in the Control Hub user CSV.
 */
export const packageNames = [
  'Webex Calling',
  'Webex Calling Standard',
  'Webex Suite',
  'Webex Meetings',
  'Webex Voice',
  'Customer Assist',
] as const
export type PackageName = (typeof packageNames)[number]

/** Every package but Webex Meetings gives calling, and so needs a number or extension and a location. */
export const isCallingPackage = (name: PackageName): boolean => name !== 'Webex Meetings'

/** Webex Voice is the only package without a meetings site (SEED-NO, table 1). */
export const needsSite = (name: PackageName): boolean => name !== 'Webex Voice'
