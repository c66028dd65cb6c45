import { packageNames, type PackageName } from '../catalogue/packages.ts'

/** What a customer can be given (domain.md §2; the API's list of customer packages). */
export const customerPackageNames = [
  ...packageNames,
  'Common Area',
  'Attendant Console',
  'Cisco Calling Plan',
  'Contact Center Premium Agent',
  'Contact Center Standard Agent',
  'Contact Center Voice Ports',
  'Contact Center AI Assistant',
  'Webex AI Agent',
] as const
export type CustomerPackageName = (typeof customerPackageNames)[number]

/** As the provisioning API spells them. */
export const apiPackage: Readonly<Record<CustomerPackageName, string>> = {
  'Webex Calling': 'webex_calling',
  'Webex Calling Standard': 'webex_calling_standard',
  'Webex Suite': 'webex_suite',
  'Webex Meetings': 'webex_meetings',
  'Webex Voice': 'webex_voice',
  'Customer Assist': 'cx_essentials',
  'Common Area': 'common_area_calling',
  'Attendant Console': 'attendant_console',
  'Cisco Calling Plan': 'cisco_calling_plan',
  'Contact Center Premium Agent': 'cx_premium_agent',
  'Contact Center Standard Agent': 'cx_standard_agent',
  'Contact Center Voice Ports': 'cx_voice_ports',
  'Contact Center AI Assistant': 'cx_ai_assistant',
  'Webex AI Agent': 'webex_ai_agent',
}
const byApiName = new Map(customerPackageNames.map((name) => [apiPackage[name], name]))
export const packageOfApiName = (name: string): CustomerPackageName | null => byApiName.get(name) ?? null

export const isUserPackage = (name: string): name is PackageName => (packageNames as readonly string[]).includes(name)

/** The packages whose quantity the API carries as a limit. */
export const limitedByApi: ReadonlySet<CustomerPackageName> = new Set([...packageNames, 'Common Area', 'Attendant Console'])

/** An add-on and the packages of which the customer needs one (API reference of `packages`). */
export const addOnNeeds: Readonly<Partial<Record<CustomerPackageName, readonly CustomerPackageName[]>>> = {
  'Attendant Console': ['Webex Calling', 'Webex Suite', 'Customer Assist'],
  'Cisco Calling Plan': ['Webex Calling', 'Webex Calling Standard', 'Webex Suite', 'Webex Voice', 'Customer Assist', 'Common Area'],
}

/** Packages that need a calling location at the head office. */
export const givesCalling = (name: CustomerPackageName): boolean =>
  name === 'Common Area' || (isUserPackage(name) && name !== 'Webex Meetings')
