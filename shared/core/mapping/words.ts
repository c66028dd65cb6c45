import type { PackageName } from '../catalogue/packages.ts'

/**
 * What personnel systems and local lists call the things that Control Hub wants, in English, Norwegian and Danish, beside the names
 * that the catalogue knows. Compared without case, spaces and punctuation.
 */
export const headerWords: Readonly<Record<string, readonly string[]>> = {
  'full-name': [
    'name',
    'full name',
    'navn',
    'fullt navn',
    'fulde navn',
    'ansatt',
    'medarbeider',
    'medarbejder',
    'employee',
    'employee name',
  ],
  'first-name': ['forename', 'first', 'fornavn(e)', 'given names'],
  'last-name': ['last', 'slektsnavn', 'family', 'sn'],
  email: ['mail', 'epost', 'epostadresse', 'work email', 'jobb e-post', 'arbejdsmail', 'upn', 'user principal name', 'login', 'brukernavn'],
  'phone-number': [
    'phone',
    'telefon',
    'tlf',
    'tlf nr',
    'direkte',
    'direktenummer',
    'fasttelefon',
    'work phone number',
    'telephone',
    'did',
    'nummer',
    'direktenr',
    'telephone number',
    'primary work phone',
  ],
  'mobile-number': ['mobil', 'mobilnr', 'mobiltelefon', 'cell', 'cell phone', 'mobile phone'],
  extension: ['internnr', 'intern', 'kortnummer', 'kortnr', 'ext', 'lokalnr', 'linje', 'work ext', 'extension number', 'ip phone'],
  location: [
    'arbeidssted',
    'arbejdssted',
    'kontor',
    'kontorsted',
    'office',
    'site name',
    'branch',
    'workplace',
    'lokalitet',
    'avdelingskontor',
    'office location',
    'work location',
    'physical delivery office name',
  ],
  department: ['dept', 'team', 'enhet', 'enhed', 'seksjon', 'organisasjon', 'avdelingsnavn'],
  title: ['rolle', 'role', 'position', 'stillingsbetegnelse', 'stillingstittel', 'business title'],
  package: [
    'package',
    'pakke',
    'lisens',
    'licens',
    'license',
    'licence',
    'abonnement',
    'subscription',
    'produkt',
    'product',
    'webex',
    'webex lisens',
    'webex pakke',
    'lisenstype',
    'licenstype',
    'license type',
    'tjeneste',
    'service',
  ],
}

/** Words for packages that need no asking. Others (`Premium`) are the customer's own, and a person says what they mean. */
export const packageWords: readonly (readonly [PackageName, readonly string[]])[] = [
  ['Webex Suite', ['suite', 'full', 'alt', 'komplett', 'komplet', 'møter og telefoni', 'telefoni og møter', 'calling and meetings']],
  ['Webex Calling', ['calling', 'telefoni', 'telefon', 'telephony', 'kun telefoni', 'calling professional', 'professional']],
  ['Webex Calling Standard', ['calling standard', 'standard', 'telefoni standard']],
  ['Webex Meetings', ['meetings', 'møter', 'møder', 'kun møter', 'kun møder', 'meetings only', 'only meetings']],
  ['Webex Voice', ['voice', 'tale', 'kun tale', 'voice only']],
  ['Customer Assist', ['assist', 'cx essentials', 'kundesenter', 'kundecenter']],
]

/** Yes and no as lists have them; the words that spreadsheets write for TRUE and FALSE are known elsewhere. */
export const yesWords: readonly string[] = ['ja', 'yes', 'y', 'j', 'x', '1', 'on', 'på']
export const noWords: readonly string[] = ['nei', 'nej', 'no', 'n', '0', '-', 'off', 'av']
