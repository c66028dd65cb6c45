// The customer of the samples, and everyone who works there, are invented.

export const subscription = 'Sub418306'
export const domain = 'nordfjell.example'
export const norwegianSite = 'nordfjell.webex.com'
export const danishSite = 'nordfjell-dk.webex.com'

const inSubscription = (name: string): string => `${name} [${subscription}]`

/** Package name → header text. */
export const packageColumns = {
  'Webex Calling': inSubscription('Webex Calling'),
  'Webex Calling Standard': inSubscription('Webex Calling Standard'),
  'Webex Suite': inSubscription('Webex Suite'),
  'Webex Meetings': inSubscription('Webex Meetings'),
  'Webex Voice': inSubscription('Webex Voice'),
  'Customer Assist': inSubscription('Customer Assist'),
} as const
export type Package = keyof typeof packageColumns
export const packages = Object.keys(packageColumns) as readonly Package[]

export const attendantConsole = inSubscription('Webex Attendant Console Advanced')
export const enterpriseEdition = `${norwegianSite} - WebEx Enterprise Edition [${subscription}]`

/** The 59 columns of a Control Hub export, the trailing space in one of them included, and the wholesale packages that it lacks. */
export const header: readonly string[] = [
  'First Name',
  'Last Name',
  'Display Name',
  'User ID/Email (Required)',
  'Alternate Email 1',
  'Alternate Email 2',
  'Alternate Email 3',
  'Alternate Email 4',
  'User Status',
  'Last Service Accessed Time',
  'Days since Last Service Accessed',
  'Last Active Time',
  'Preferred Language',
  'Primary Enterprise SIP Address',
  'Locale',
  'Timezone',
  'Extension',
  'Phone Number',
  'Mobile Number',
  'Alternate Phone 1',
  'Alternate Phone 2',
  'Caller ID Number',
  'Caller ID First Name',
  'Caller ID Last Name',
  'Location',
  'City',
  'Address',
  'Zip/postal code',
  'State/province',
  'Country',
  'Hybrid Calendar Service Resource Group',
  'Hybrid Call Service Resource Group',
  'Hybrid Message Service Resource Group',
  'Jabber with Webex Teams',
  'Jabber Calling',
  'Contact Migration Required',
  'Upgrade Profile',
  'Preferred Webex Site',
  'External Caller ID Name Policy',
  'Custom External Caller ID Name',
  'Manager Email',
  'Department',
  'Title',
  'Basic Messaging',
  'Basic Space Meetings',
  'Call on Webex',
  'Calling Plan',
  'Hybrid Calendar Service (Exchange)',
  'Hybrid Calendar Service (Google)',
  'Hybrid Message Service',
  'On-Prem UCM Calling',
  'Advanced Messaging ',
  'Advanced Space Meetings',
  packageColumns['Customer Assist'],
  inSubscription('Real Time Translation'),
  attendantConsole,
  inSubscription('Webex Calling VAR Professional'),
  inSubscription('Webex Meeting Assistant'),
  enterpriseEdition,
  ...packages.filter((name) => name !== 'Customer Assist').map((name) => packageColumns[name]),
]

/** The columns that hold TRUE or FALSE in an export. */
export const booleanColumns: readonly string[] = [
  'Jabber with Webex Teams',
  'Jabber Calling',
  'Contact Migration Required',
  ...header.slice(header.indexOf('Basic Messaging')),
]

/** A user as in the file: column → text. A column that is not there is blank. */
export type Row = Readonly<Record<string, string>>

export const email = (row: Row): string => row['User ID/Email (Required)'] ?? ''
export const packageOf = (row: Row): Package | undefined => packages.find((name) => row[packageColumns[name]] === 'TRUE')

export const withPackage = (row: Row, wanted: Package | null): Row => ({
  ...row,
  ...Object.fromEntries(packages.map((name) => [packageColumns[name], name === wanted ? 'TRUE' : 'FALSE'])),
})

export interface Place {
  readonly name: string
  readonly city: string
  readonly address: string
  readonly postalCode: string
  readonly country: 'NO' | 'DK'
  /** A number is this and the extension. */
  readonly numberPrefix: string
  /** Four digits, counted up from here. Those of Tromsø begin with a zero, which spreadsheets take away. */
  readonly firstExtension: number
  readonly staff: number
}

export const places: readonly Place[] = [
  {
    name: 'Oslo hovedkontor',
    city: 'Oslo',
    address: 'Terminalgata 14',
    postalCode: '0581',
    country: 'NO',
    numberPrefix: '+472155',
    firstExtension: 1000,
    staff: 420,
  },
  {
    name: 'Bergen',
    city: 'Bergen',
    address: 'Kaiveien 3',
    postalCode: '5015',
    country: 'NO',
    numberPrefix: '+475555',
    firstExtension: 2000,
    staff: 200,
  },
  {
    name: 'Trondheim',
    city: 'Trondheim',
    address: 'Havnekrysset 8',
    postalCode: '7010',
    country: 'NO',
    numberPrefix: '+477355',
    firstExtension: 3000,
    staff: 160,
  },
  {
    name: 'Stavanger',
    city: 'Stavanger',
    address: 'Lagerbakken 21',
    postalCode: '4005',
    country: 'NO',
    numberPrefix: '+475155',
    firstExtension: 4000,
    staff: 120,
  },
  {
    name: 'Tromsø',
    city: 'Tromsø',
    address: 'Ishavskaia 2',
    postalCode: '9008',
    country: 'NO',
    numberPrefix: '+477755',
    firstExtension: 120,
    staff: 60,
  },
  {
    name: 'København',
    city: 'København',
    address: 'Pakhusgangen 7',
    postalCode: '2150',
    country: 'DK',
    numberPrefix: '+453355',
    firstExtension: 5000,
    staff: 160,
  },
  {
    name: 'Aarhus',
    city: 'Aarhus',
    address: 'Godsbanestien 11',
    postalCode: '8000',
    country: 'DK',
    numberPrefix: '+458655',
    firstExtension: 6000,
    staff: 80,
  },
]

export const placeNamed = (name: string): Place => places.find((place) => place.name === name)!

/** The customer's numbers reach this far beyond its staff. */
export const spareNumbers = 80
export const extensionAt = (place: Place, index: number): string => String(place.firstExtension + index).padStart(4, '0')
export const numberAt = (place: Place, index: number): string => place.numberPrefix + extensionAt(place, index)

export const administrators: readonly string[] = [`turid.aspelund@${domain}`, `jeppe.vinterberg@${domain}`]

/** Seats bought. Those of Customer Assist are nearly used up. */
export const limits: Readonly<Record<Package, number>> = {
  'Webex Calling': 620,
  'Webex Calling Standard': 100,
  'Webex Suite': 320,
  'Webex Meetings': 180,
  'Webex Voice': 100,
  'Customer Assist': 45,
}

/** The profile (cli.md): locations, sites, packages with limits, numbers, administrators. */
export function customerProfile(): object {
  return {
    name: 'Nordfjell Logistikk AS',
    createdWith: 'Webex Suite',
    packages: packages.map((name) => ({ package: name, column: packageColumns[name], limit: limits[name] })),
    locations: places.map(({ name, country }) => ({ name, country })),
    sites: [norwegianSite, danishSite],
    numbers: places.flatMap((place) =>
      Array.from({ length: place.staff + spareNumbers }, (_, index) => ({ number: numberAt(place, index), location: place.name })),
    ),
    administrators,
    extensionLength: 4,
    emailDomains: [domain],
    directorySynced: false,
    header,
  }
}
