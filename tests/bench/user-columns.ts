/** The 25 columns of the measured files. Files that were made with others are another `generation`. */
export { listColumns as columns } from '../../backend/services/warm-up/sample-lists.ts'

export const at = {
  first: 0,
  last: 1,
  display: 2,
  email: 3,
  extension: 4,
  phone: 5,
  location: 6,
  callerId: 7,
  calling: 8,
  standard: 9,
  suite: 10,
  voice: 11,
  meetings: 12,
  assist: 13,
  console: 14,
  messaging: 15,
  jabber: 16,
  jabberTeams: 17,
  site: 18,
  department: 19,
  title: 20,
  status: 21,
  language: 22,
  timezone: 23,
  notes: 24,
} as const

export const packageColumns: readonly number[] = [at.calling, at.standard, at.suite, at.voice, at.meetings, at.assist]
export const callingColumns: readonly number[] = packageColumns.filter((column) => column !== at.meetings)
export const booleanColumns: readonly number[] = [...packageColumns, at.console, at.messaging, at.jabber, at.jabberTeams]
