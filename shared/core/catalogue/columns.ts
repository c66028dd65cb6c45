import type { CatalogueColumn, CellValueKind, ColumnKind } from './column.ts'
import type { PackageName } from './packages.ts'

/** A row of the catalogue with every other text by which the column goes. */
export interface CatalogueEntry extends CatalogueColumn {
  /** Other spellings that Control Hub itself writes: as good as the name. */
  readonly spellings: readonly string[]
  /** Old, translated and misquoted names: recognised, and reported as `file/renamed-column`. Never written. */
  readonly aliases: readonly string[]
}

interface More {
  readonly spellings?: readonly string[]
  readonly package?: PackageName
}

function entry(
  id: string,
  name: string,
  kind: ColumnKind,
  value: CellValueKind,
  aliases: readonly string[] = [],
  more: More = {},
): CatalogueEntry {
  return {
    id,
    name,
    kind,
    value,
    aliases,
    spellings: more.spellings ?? [],
    ...(more.package === undefined ? {} : { package: more.package }),
  }
}

const packageEntry = (id: string, name: PackageName, aliases: readonly string[]): CatalogueEntry =>
  entry(id, name, 'package', 'boolean', aliases, { package: name })

/** The column in which rejected rows go back to their author. */
export const reviewReasonHeader = 'Roster: why it was rejected'
/** The column of a report in which each failed row says why. */
export const findingReasonHeaders = { en: 'What is wrong', nb: 'Hva som er galt', da: 'Hvad der er galt' } as const

/**
 * Every column that is known (domain.md §1.2): the 59 of the present export in their order, the wholesale packages, then what
 * older exports held. Names are Control Hub's English ones; the Norwegian and Danish names stand as aliases, first those of the
 * vendor's own translated pages, then plain translations.
 */
export const catalogue: readonly CatalogueEntry[] = [
  entry('first-name', 'First Name', 'identity', 'name', ['Given Name', 'Fornavn']),
  entry('last-name', 'Last Name', 'identity', 'name', ['Surname', 'Family Name', 'Etternavn', 'Efternavn']),
  entry('display-name', 'Display Name', 'identity', 'name', ['Visningsnavn', 'Vist navn']),
  entry('email', 'User ID/Email (Required)', 'identity', 'email', [
    'UserID/Email (Required)',
    'User ID/Email',
    'UserID/Email',
    'User ID / Email',
    'Email (Required)',
    'Email',
    'E-mail',
    'Email Address',
    'Bruker-ID/e-post (obligatorisk)',
    'Bruker-ID/e-post (påkrevd)',
    'Bruker-ID/e-post',
    'E-post',
    'E-postadresse',
    'Bruger-id/e-mail (påkrævet)',
    'Bruger-id/e-mail (obligatorisk)',
    'Bruger-id/e-mail',
    'E-mailadresse',
  ]),
  ...[1, 2, 3, 4].map((n) =>
    entry(`alternate-email-${n}`, `Alternate Email ${n}`, 'attribute', 'text', [
      `Alternativ e-post ${n}`,
      `Alternativ e-postadresse ${n}`,
      `Alternativ e-mail ${n}`,
      `Alternativ e-mailadresse ${n}`,
    ]),
  ),
  entry('user-status', 'User Status', 'read-only', 'text', ['Brukerstatus', 'Brugerstatus']),
  entry('last-service-accessed', 'Last Service Accessed Time', 'read-only', 'text', [
    'Tidspunkt for siste tjenestetilgang',
    'Sist brukte tjeneste (tidspunkt)',
    'Tidspunkt for seneste tjenesteadgang',
  ]),
  entry('days-since-accessed', 'Days since Last Service Accessed', 'read-only', 'text', [
    'Dager siden siste tjenestetilgang',
    'Dage siden seneste tjenesteadgang',
  ]),
  entry('last-active', 'Last Active Time', 'read-only', 'text', [
    'Sist aktiv',
    'Tidspunkt for siste aktivitet',
    'Senest aktiv',
    'Tidspunkt for seneste aktivitet',
  ]),
  entry('preferred-language', 'Preferred Language', 'attribute', 'text', ['Foretrukket språk', 'Foretrukket sprog']),
  entry('enterprise-sip', 'Primary Enterprise SIP Address', 'attribute', 'text', [
    'Enterprise SIP Address',
    'Primær SIP-adresse for virksomheten',
    'Primær SIP-adresse for virksomheden',
  ]),
  entry('locale', 'Locale', 'attribute', 'text', ['Nasjonale innstillinger', 'Landestandard']),
  entry('timezone', 'Timezone', 'attribute', 'text', ['Time zone', 'Tidssone', 'Tidszone']),
  entry('extension', 'Extension', 'calling', 'extension', ['Directory Number', 'Internnummer', 'Internt nummer', 'Lokalnummer']),
  entry('phone-number', 'Phone Number', 'calling', 'phones', ['Direct Line', 'Work Phone', 'Telefonnummer']),
  entry('mobile-number', 'Mobile Number', 'attribute', 'phones', ['Mobile', 'Mobilnummer']),
  entry('alternate-phone-1', 'Alternate Phone 1', 'attribute', 'phones', ['Alternativ telefon 1', 'Alternativt telefonnummer 1']),
  entry('alternate-phone-2', 'Alternate Phone 2', 'attribute', 'phones', ['Alternativ telefon 2', 'Alternativt telefonnummer 2']),
  entry('caller-id-number', 'Caller ID Number', 'calling', 'caller-id-number', [
    'Anroper-ID-nummer',
    'Nummer for anrops-ID',
    'Innringer-ID-nummer',
    'Opkalds-id-nummer',
    'Opkalder-id-nummer',
  ]),
  entry('caller-id-first-name', 'Caller ID First Name', 'calling', 'caller-id-name', [
    'Anroper-ID – fornavn',
    'Fornavn for anrops-ID',
    'Innringer-ID fornavn',
    'Opkalds-id fornavn',
    'Opkalder-id fornavn',
  ]),
  entry('caller-id-last-name', 'Caller ID Last Name', 'calling', 'caller-id-name', [
    'Anroper-ID – etternavn',
    'Etternavn for anrops-ID',
    'Innringer-ID etternavn',
    'Opkalds-id efternavn',
    'Opkalder-id efternavn',
  ]),
  entry('location', 'Location', 'calling', 'location', ['Sted', 'Plassering', 'Lokasjon', 'Placering', 'Lokation']),
  entry('city', 'City', 'attribute', 'text', ['Address city', 'Poststed', 'By']),
  entry('address', 'Address', 'attribute', 'text', ['Address street', 'Street address', 'Adresse', 'Gateadresse']),
  entry('postal-code', 'Zip/postal code', 'attribute', 'text', [
    'Zip code',
    'Postal code',
    'Address zip/postal code',
    'Address postal code',
    'Postnummer',
  ]),
  entry('state', 'State/province', 'attribute', 'text', ['State', 'Address state/province', 'Address state', 'Fylke', 'Region']),
  entry('country', 'Country', 'attribute', 'text', ['Address country', 'Land']),
  entry('calendar-resource-group', 'Hybrid Calendar Service Resource Group', 'hybrid', 'text', [
    'Ressursgruppe for hybrid kalendertjeneste',
    'Ressourcegruppe for hybrid kalendertjeneste',
  ]),
  entry('call-resource-group', 'Hybrid Call Service Resource Group', 'hybrid', 'text', [
    'Ressursgruppe for hybrid anropstjeneste',
    'Ressourcegruppe for hybrid opkaldstjeneste',
  ]),
  entry('message-resource-group', 'Hybrid Message Service Resource Group', 'hybrid', 'text', [
    'Ressursgruppe for hybrid meldingstjeneste',
    'Ressourcegruppe for hybrid meddelelsestjeneste',
  ]),
  entry('jabber-teams', 'Jabber with Webex Teams', 'jabber', 'boolean', ['Jabber med Webex Teams']),
  entry('jabber-calling', 'Jabber Calling', 'jabber', 'boolean', ['Jabber-anrop', 'Jabber-opkald']),
  entry('contact-migration', 'Contact Migration Required', 'jabber', 'boolean', [
    'Kontaktoverføring påkrevd',
    'Kontaktmigrering kreves',
    'Kontaktmigrering påkrævet',
    'Overførsel af kontakter påkrævet',
  ]),
  entry('upgrade-profile', 'Upgrade Profile', 'jabber', 'text', ['Oppgraderingsprofil', 'Opgraderingsprofil']),
  entry('site', 'Preferred Webex Site', 'site', 'site', [
    'Preferred WebEx Site',
    'Foretrukket Webex-nettsted',
    'Foretrukket Webex-område',
    'Foretrukket Webex-websted',
  ]),
  entry('external-caller-id-policy', 'External Caller ID Name Policy', 'calling', 'text', [
    'Policy for eksternt anroper-ID-navn',
    'Retningslinjer for eksternt anroper-ID-navn',
    'Politik for eksternt opkalds-id-navn',
    'Politik for eksternt opkalder-id-navn',
  ]),
  entry('custom-external-caller-id', 'Custom External Caller ID Name', 'calling', 'caller-id-name', [
    'Tilpasset eksternt anroper-ID-navn',
    'Egendefinert eksternt anroper-ID-navn',
    'Brugerdefineret eksternt opkalds-id-navn',
    'Brugerdefineret eksternt opkalder-id-navn',
  ]),
  entry('manager-email', 'Manager Email', 'attribute', 'text', [
    'Manager',
    'Leders e-post',
    'Leders e-postadresse',
    'Leders e-mail',
    'Leders e-mailadresse',
  ]),
  entry('department', 'Department', 'attribute', 'text', ['Avdeling', 'Afdeling']),
  entry('title', 'Title', 'attribute', 'text', ['Job Title', 'Tittel', 'Stilling', 'Titel']),
  entry('basic-messaging', 'Basic Messaging', 'base-licence', 'boolean', [
    'Grunnleggende meldinger',
    'Grundlæggende meddelelser',
    'Grundlæggende beskeder',
  ]),
  entry('basic-meetings', 'Basic Space Meetings', 'base-licence', 'boolean', [
    'Møter i grunnleggende rom',
    'Møder i grundlæggende rum',
    'Grundlæggende møder i rum',
    'Grundlæggende rummøder',
  ]),
  entry('call-on-webex', 'Call on Webex', 'base-licence', 'boolean', ['Ring på Webex', 'Opkald på Webex', 'Ring op på Webex'], {
    spellings: ['Call on Webex (1:1 call, non-PSTN)'],
  }),
  entry('calling-plan', 'Calling Plan', 'licence', 'boolean', ['Ringeabonnement', 'Anropsplan', 'Opkaldsplan']),
  entry('hybrid-calendar-exchange', 'Hybrid Calendar Service (Exchange)', 'hybrid', 'boolean', ['Hybrid kalendertjeneste (Exchange)']),
  entry('hybrid-calendar-google', 'Hybrid Calendar Service (Google)', 'hybrid', 'boolean', ['Hybrid kalendertjeneste (Google)']),
  entry('hybrid-message', 'Hybrid Message Service', 'hybrid', 'boolean', ['Hybrid meldingstjeneste', 'Hybrid meddelelsestjeneste']),
  entry('on-prem-ucm', 'On-Prem UCM Calling', 'licence', 'boolean', ['Lokale UCM-anrop', 'Lokalt UCM-opkald', 'Lokale UCM-opkald']),
  entry(
    'advanced-messaging',
    'Advanced Messaging',
    'licence',
    'boolean',
    ['Avanserte meldinger', 'Avancerede meddelelser', 'Avancerede beskeder'],
    {
      // The real export has the trailing space (domain.md §1.2, column 52).
      spellings: ['Advanced Messaging '],
    },
  ),
  entry('advanced-meetings', 'Advanced Space Meetings', 'licence', 'boolean', [
    'Møter i avanserte rom',
    'Avanserte rommøter',
    'Møder i avancerede rum',
    'Avancerede rummøder',
  ]),

  packageEntry('webex-calling', 'Webex Calling', ['webex_calling', 'Webex-anrop', 'Webex-opkald']),
  packageEntry('webex-calling-standard', 'Webex Calling Standard', ['webex_calling_standard']),
  packageEntry('webex-suite', 'Webex Suite', ['webex_suite', 'Webex-pakke']),
  packageEntry('webex-meetings', 'Webex Meetings', ['webex_meetings', 'Webex-møter', 'Webex-møder']),
  packageEntry('webex-voice', 'Webex Voice', ['webex_voice']),
  packageEntry('customer-assist', 'Customer Assist', [
    'Webex Customer Assist',
    'Customer Experience Essentials',
    'Webex Customer Experience Essentials',
    'CX Essentials',
    'cx_essentials',
  ]),
  entry('common-area', 'Common Area', 'licence', 'boolean', ['common_area_calling', 'Fellesområde', 'Fællesområde'], {
    spellings: [
      'Common Area Calling',
      'Common Area (Calling)',
      'Webex Common Area',
      'Webex Calling Common Area',
      'Webex Common Area Calling',
    ],
  }),
  entry(
    'attendant-console',
    'Webex Attendant Console Advanced',
    'add-on',
    'boolean',
    ['attendant_console', 'Sentralbordkonsoll', 'Omstillingskonsol'],
    {
      spellings: ['Attendant Console', 'Webex Attendant Console', 'Attendant Console Advanced'],
    },
  ),

  // Other services of the V-C export; with a subscription after them, as a rule.
  entry('real-time-translation', 'Real Time Translation', 'licence', 'boolean'),
  entry('meeting-assistant', 'Webex Meeting Assistant', 'licence', 'boolean'),
  entry('calling-professional', 'Webex Calling VAR Professional', 'licence', 'boolean'),
  entry('calling-basic', 'Webex Calling VAR Basic', 'licence', 'boolean'),
  entry('calling-sp-enterprise', 'Webex Calling SP Enterprise', 'licence', 'boolean'),
  entry('enterprise-edition', 'WebEx Enterprise Edition', 'licence', 'boolean', [], { spellings: ['Webex Enterprise Edition'] }),
  entry('meeting-center', 'WebEx Meeting Center', 'licence', 'boolean', [], { spellings: ['Webex Meeting Center'] }),

  // Columns of older exports (V-A, V-B) that have no newer name.
  entry('call-service-aware', 'Call Service Aware', 'hybrid', 'boolean'),
  entry('call-service-connect', 'Call Service Connect', 'hybrid', 'boolean'),
  entry('calendar-service', 'Calendar Service', 'hybrid', 'boolean'),
  entry('content-management', 'Enterprise Content Management', 'licence', 'boolean'),
  entry('care-digital', 'Care Digital Channel', 'licence', 'boolean'),
  entry('team-meeting', 'Webex Team Meeting', 'licence', 'boolean'),
  entry('webex-teams', 'Webex Teams', 'licence', 'boolean'),
  entry('meeting-25', 'Meeting 25 Party', 'licence', 'boolean'),
  entry('spark-call', 'Spark Call', 'licence', 'boolean'),
  entry('spark-message', 'Spark Message', 'licence', 'boolean'),

  // Taken out by Control Hub (CSVADD).
  entry('uc-manager-profile', 'UC Manager Profile', 'removed', 'text', ['UC Manager-profil']),
  entry('calling-behavior', 'Calling Behavior', 'removed', 'text', ['Calling Behaviour', 'Anropsvirkemåte', 'Opkaldsadfærd']),
  entry('calling-behavior-profile', 'Calling Behavior UC Manager Profile', 'removed', 'text', [
    'Calling Behaviour UC Manager Profile',
    'UC Manager-profil for anropsvirkemåte',
    'UC Manager-profil for opkaldsadfærd',
  ]),

  // Roster's own: why a reviewer sent a row back, and what a report finds wrong. They carry no change and are never exported.
  entry('review-reason', reviewReasonHeader, 'read-only', 'text'),
  entry('finding-reason', findingReasonHeaders.en, 'read-only', 'text', [], {
    spellings: [findingReasonHeaders.nb, findingReasonHeaders.da],
  }),
]
