/** Files that look like a user file and are none (domain.md §1.1). */
export type OtherFamily = 'webex-calling' | 'meetings-site' | 'user-report'

const fold = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '')

/** Headers of the Meetings-site CSV that the user CSV never has (MEETCSV and its older edition). */
const meetingsSite = ['UserName', 'UserID', 'UID', 'Active', 'MeetingCenter', 'TrainingCenter', 'SupportCenter', 'EventCenter', 'SalesCenter',
  'Password', 'CallIn', 'CallBack', 'AudioPIN', 'TrackingCode1', 'TrackingCode2', 'MeetingPriv', 'UploadImage', 'ForceChangePassword',
  'SessionType', 'PersonalRoomURL', 'Privilege', 'TimeZone', 'OfficePhone', 'WebexSite'].map(fold) // prettier-ignore

/** Headers of the Webex Calling CSVs (user calling data, numbers, locations, queues …): none of them is in the user CSV. */
const webexCalling = ['Call Forwarding', 'Call Forward', 'Voicemail', 'Calling License', 'Agent', 'Hunt Group', 'Queue', 'Announcement', 'Routing Prefix',
  'Emergency Callback', 'Outside Dial', 'Business Schedule', 'Holiday Schedule', 'Call Waiting', 'Call Recording', 'Call Intercept', 'Location Name',
  'Phone Numbers', 'Number Type', 'Main Number', 'Caller ID Type', 'Call Park', 'Pickup Group', 'Do Not Disturb', 'Calling Behavior Type'].map(fold) // prettier-ignore

const userReport = new Set([
  'displayname',
  'name',
  'firstname',
  'lastname',
  'role',
  'roles',
  'status',
  'userstatus',
  'email',
  'emailaddress',
])

/** Columns that only the user CSV has: its packages and base licences, and what goes with them. */
const ofUserFile =
  /^(jabberwithwebexteams|preferredwebexsite|(basicmessaging|callonwebex|webexcalling|webexcallingstandard|webexsuite|webexmeetings|webexvoice|customerassist)((trial)?sub.*|suspended)?)$/

/**
 * What another CSV of Webex a file seems to be, by its header alone; null where it may be a user file. A file with a licence of the user
 * CSV is a user file whatever else stands in it; the full name of the email column alone says so of all but the Webex Calling CSVs.
 */
export function otherFamilyOf(headers: readonly string[]): OtherFamily | null {
  const folded = headers.map(fold).filter((header) => header !== '')
  if (folded.some((header) => ofUserFile.test(header))) return null
  const inCalling = folded.filter((header) => webexCalling.some((start) => header.includes(start))).length
  if (folded.includes('useridemailrequired')) return inCalling >= 2 ? 'webex-calling' : null
  const inMeetings = folded.filter((header) => meetingsSite.includes(header)).length
  if (inMeetings >= 3) return 'meetings-site'
  if (inCalling >= 2) return 'webex-calling'
  const isReport = folded.includes('role') || folded.includes('roles')
  if (isReport && folded.length <= 8 && folded.filter((header) => userReport.has(header)).length >= 3) return 'user-report'
  return null
}
