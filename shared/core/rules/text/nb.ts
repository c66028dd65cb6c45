import type { Conversions, RuleTexts } from '../rule-facts.ts'

const families = {
  'webex-calling': 'en Webex Calling-CSV (anropsdata, numre, køer eller lignende)',
  'meetings-site': 'CSV-filen fra et møtenettsted',
  'user-report': 'den korte brukerrapporten fra Control Hub',
} as const
const conversions = ({ isWorkbook, delimiter, encoding, bom, lineEnding }: Conversions): string =>
  [
    ...(isWorkbook ? ['en arbeidsbok'] : []),
    ...(delimiter === null ? [] : [`${delimiter === '\t' ? 'tabulator' : delimiter} mellom cellene`]),
    ...(encoding === null ? [] : [encoding]),
    ...(bom ? ['med BOM'] : []),
    ...(lineEnding === null ? [] : [lineEnding === 'mixed' ? 'ulike linjeslutt' : `linjeslutt ${lineEnding}`]),
  ].join(', ')
const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`
const hint = (text: string | null): string => (text === null ? '' : ` Mente du «${text}»?`)
const inBaseline = (before: string | null): string => (before === null ? 'Cellen må skrives inn på nytt.' : `I grunnlaget står ${before}.`)

export const nb: RuleTexts = {
  'file/no-email-column': {
    title: 'Ingen e-postkolonne',
    message: () =>
      'Ingen kolonne er gjenkjent som «User ID/Email (Required)». Uten den kan ingen skilles fra andre; si hvilken kolonne det er.',
  },
  'file/no-package-column': {
    title: 'Ingen pakkekolonne',
    message: () =>
      'Ingen kolonne er gjenkjent som en engrospakke. Eksporter en ny fil fra Control Hub, eller si hvilke kolonner som er pakkene.',
  },
  'file/no-rows': { title: 'Ingen brukere', message: () => 'Filen har en overskriftsrad og ingen brukere under den.' },
  'file/empty-lines': { title: 'Tomme linjer', message: ({ count }) => `${plural(count, 'tom linje', 'tomme linjer')} er hoppet over.` },
  'file/ragged-row': {
    title: 'Feil antall celler',
    message: ({ cells, columns }) => `Raden har ${cells} celler og overskriften ${columns}: verdier kan stå i feil kolonne.`,
  },
  'file/duplicate-column': {
    title: 'Samme kolonne to ganger',
    message: ({ header, first, firstHeader }) =>
      header.trim() === firstHeader.trim()
        ? `Overskriften «${header}» står allerede i kolonne ${first}. Control Hub kan lese den ene eller den andre; ta bort en av dem.`
        : `«${header}» betyr det samme som «${firstHeader}» i kolonne ${first}. En bruker har bare én slik tekst; ta bort en av kolonnene.`,
  },
  'file/unknown-column': {
    title: 'Ukjent kolonne',
    message: ({ header, customer }) =>
      customer === null
        ? `${header.trim() === '' ? 'En kolonne uten navn' : `Kolonnen «${header}»`} er ikke kjent. Den beholdes som den er.`
        : `${header.trim() === '' ? 'En kolonne uten navn' : `Kolonnen «${header}»`} finnes ikke i overskriften til ${customer}: Control Hub avviser en fil med en ukjent kolonne.`,
  },
  'file/renamed-column': {
    title: 'Gammelt eller annet kolonnenavn',
    message: ({ header, expected }) => `Control Hub kaller kolonnen «${expected}», ikke «${header}».`,
  },
  'file/removed-column': {
    title: 'Kolonne som Control Hub har tatt bort',
    message: ({ header }) => `Control Hub har ikke lenger kolonnen «${header}». Utelat den.`,
  },
  'file/suspended-column': {
    title: 'Sperret tjeneste',
    message: ({ header, row }) => `«${header}» er sperret, og rad ${row} har TRUE der: Control Hub avviser hele filen.`,
  },
  'file/other-family': {
    title: 'En annen slags fil',
    message: ({ family }) =>
      `Dette ser ut som ${families[family]}, ikke bruker-CSV-en. Eksporter brukerne med attributter og lisenser i stedet.`,
  },
  'file/too-many-rows': {
    title: 'Flere rader enn én import tar',
    message: ({ rows, limit, files }) => `${rows} brukere er flere enn de ${limit} i én import: eksporten blir ${files} filer.`,
  },
  'file/converted': {
    title: 'Skrevet i en annen form',
    message: (facts) =>
      `Filen var ikke skrevet slik Control Hub skriver den (${conversions(facts)}). Den er lest slik; det som går ut, er UTF-8 med komma.`,
  },
  'text/surrounding-space': {
    title: 'Mellomrom på avveie',
    message: () =>
      'Cellen begynner eller slutter med mellomrom, eller har et hardt, smalt eller usynlig mellomrom: teksten er ikke det den ser ut som.',
  },
  'text/control-character': {
    title: 'Kontrolltegn',
    message: ({ codePoint }) => `Cellen inneholder ${codePoint}, som ikke synes og kan ødelegge eller forkle teksten.`,
  },
  'text/mojibake': {
    title: 'Bokstaver lest i feil tegnsett',
    message: ({ decoded }) => `Bokstavene er lest i feil tegnsett. Det sto trolig «${decoded}».`,
  },
  'text/lost-character': {
    title: 'Tapt bokstav',
    message: ({ before }) => `En bokstav gikk tapt da filen ble lagret, og kan ikke leses av det som er igjen. ${inBaseline(before)}`,
  },
  'text/formula': {
    title: 'Ville bli kjørt som formel',
    message: ({ sign }) => `Cellen begynner med ${sign}: et regneark ville kjøre den som formel når noen åpner filen.`,
  },
  'email/missing': { title: 'E-post mangler', message: () => 'E-posten er tom. Den er nøkkelen til en bruker og obligatorisk.' },
  'email/malformed': {
    title: 'Ugyldig e-post',
    message: ({ value }) => `«${value.trim()}» er ingen e-postadresse: én @, noe på begge sider, ingen mellomrom og et domene med punktum.`,
  },
  'email/local-part-too-long': {
    title: 'E-post for lang før @',
    message: ({ length }) => `Det står ${length} tegn før @; Control Hub tar 64.`,
  },
  'email/too-long': { title: 'E-post for lang', message: ({ length }) => `E-posten har ${length} tegn; telefoni tar 161.` },
  'email/character': {
    title: 'Tegn som ikke er tillatt i en e-post',
    message: ({ characters, package: name }) =>
      name === null
        ? `E-posten inneholder ${characters}, utenfor ren ASCII. Uten en telefonipakke kan det gå; med en blir den avvist.`
        : `E-posten inneholder ${characters}: ${name} tar bare ASCII-bokstaver, sifre og noen få tegn.`,
  },
  'email/duplicate': {
    title: 'Samme e-post to ganger',
    message: ({ value, row, saysTheSame }) =>
      `«${value}» står allerede i rad ${row}. Én rad per bruker; store og små bokstaver er like.${saysTheSame ? ' De to radene sier det samme: denne kan tas bort.' : ''}`,
  },
  'email/lookalike': {
    title: 'E-post som ligner en annen',
    message: ({ skeleton }) => `E-posten blander bokstaver fra flere skriftsystemer og kan forveksles med «${skeleton}».`,
  },
  'email/unknown-domain': {
    title: 'Domene som aldri er sett her',
    message: ({ domain, near }) =>
      `Verken kundeprofilen eller grunnlaget har noen gang hatt domenet «${domain}». Er det riktig kunde?${hint(near)}`,
  },
  'name/missing': {
    title: 'Navn mangler',
    message: ({ isCleared }) =>
      isCleared ? 'Navnet ville bli tømt. Alle brukere trenger fornavn og etternavn.' : 'En ny bruker trenger fornavn og etternavn.',
  },
  'name/forbidden-character': {
    title: 'Tegn som ikke er tillatt i et navn',
    message: ({ characters, package: name }) => `Navnet inneholder ${characters}, som ${name} avviser.`,
  },
  'name/too-long': {
    title: 'Navn for langt for telefoni',
    message: ({ length, package: name }) => `Navnet har ${length} tegn; ${name} tar 30.`,
  },
  'name/beyond-ascii': {
    title: 'Navn utenfor ASCII',
    message: ({ characters, package: name }) =>
      `Navnet inneholder ${characters}. Eldre regler for ${name} avviste bokstaver utenfor ASCII; se på resultatet av importen.`,
  },
  'boolean/invalid': {
    title: 'Verken TRUE eller FALSE',
    message: ({ value }) =>
      `«${value}» er verken TRUE eller FALSE: Control Hub avviser brukeren. Skriv TRUE eller FALSE, eller la cellen stå tom.`,
  },
  'boolean/localized': {
    title: 'TRUE eller FALSE på et annet språk',
    message: ({ value, meaning }) => `«${value}» er et regnearks ord for ${meaning}; Control Hub leser bare engelsk.`,
  },
  'boolean/variant': { title: 'TRUE eller FALSE skrevet annerledes', message: ({ value, meaning }) => `«${value}» leses som ${meaning}.` },
  'package/several': {
    title: 'Flere pakker',
    message: ({ packages }) => `Brukeren ville få ${packages}. En bruker har nøyaktig én engrospakke.`,
  },
  'package/none': { title: 'Ingen pakke', message: () => 'Brukeren har ingen engrospakke. Sett nøyaktig én pakkekolonne til TRUE.' },
  'package/removal': {
    title: 'Brukeren blir slettet',
    message: ({ email, package: name, isConfirmed }) =>
      `Alle pakkene til ${email} er FALSE: Control Hub sletter brukeren${name === null ? '' : ` og ${name} med alt som ligger der`}.${
        isConfirmed ? ' Fjerningen er bekreftet.' : ' Bekreft fjerningen, eller gi brukeren en pakke.'
      }`,
  },
  'package/not-bought': { title: 'Pakken er ikke kjøpt', message: ({ package: name, customer }) => `${customer} har ikke kjøpt ${name}.` },
  'package/over-limit': {
    title: 'Flere brukere enn plasser',
    message: ({ package: name, users, limit }) => `${plural(users, 'bruker', 'brukere')} ville få ${name}; ${limit} er kjøpt.`,
  },
  'package/common-area': {
    title: 'Fellesområde er for arbeidsområder',
    message: () => 'Common Area er en pakke for arbeidsområder og kan ikke gis til en bruker.',
  },
  'package/needs-reassign': {
    title: 'Pakkebytte i to trinn',
    message: ({ from, to }) => `Control Hub avviser byttet fra ${from} til ${to} i ett trinn: ta pakken bort og tilordne den nye etterpå.`,
  },
  'package/loses-calling': {
    title: 'Mister telefoni',
    message: ({ from }) => `Fra ${from} til Webex Meetings: brukerens talepost og nummer går tapt for godt.`,
  },
  'package/administrator': {
    title: 'Administratorens pakke',
    message: ({ email, package: name, createdWith }) =>
      `${email} er administrator og må beholde ${createdWith}, som kunden ble opprettet med, ikke ${name}.`,
  },
  'addon/needs-calling': {
    title: 'Attendant Console uten telefoni',
    message: ({ package: name }) =>
      `Attendant Console krever Webex Calling, Webex Suite eller Customer Assist; brukeren har ${name ?? 'ingen pakke'}.`,
  },
  'addon/not-with-standard': {
    title: 'Ikke med Webex Calling Standard',
    message: ({ header }) => `«${header}» kan ikke brukes sammen med Webex Calling Standard.`,
  },
  'calling/number-missing': {
    title: 'Verken internnummer eller telefonnummer',
    message: ({ package: name }) =>
      `${name} krever internnummer eller telefonnummer. Uten kan andre endringer i raden stille la være å bli utført.`,
  },
  'calling/location-missing': {
    title: 'Sted mangler',
    message: ({ package: name }) => `${name} krever et sted; uten mislykkes opprettelsen.`,
  },
  'calling/location-unknown': { title: 'Ukjent sted', message: ({ value, near }) => `Kunden har ikke noe sted «${value}».${hint(near)}` },
  'calling/location-changed': {
    title: 'Sted kan ikke endres med CSV',
    message: ({ value, before }) =>
      `Brukerens sted er «${before}»; importen overser eller avviser ${value === '' ? 'et tomt' : `«${value}»`}. Flytt brukeren i Control Hub.`,
  },
  'calling/not-a-calling-package': {
    title: 'Telefoniopplysninger uten telefoni',
    message: ({ columns }) => `Pakken er Webex Meetings, som ikke har telefoni; ${columns} blir ikke brukt.`,
  },
  'phone/no-plus': {
    title: 'Nummer uten +',
    message: ({ value }) => `«${value}» mangler + foran: Control Hub tar numre som +, landskode og nummer.`,
  },
  'phone/international-prefix': { title: 'Nummer med 00', message: ({ value }) => `«${value}» begynner med 00; skriv + i stedet.` },
  'phone/separators': {
    title: 'Skilletegn i et nummer',
    message: ({ value }) => `«${value}» har skilletegn; Control Hub tar bare + og sifre.`,
  },
  'phone/length': {
    title: 'Nummer for kort eller for langt',
    message: ({ value, digits }) =>
      `«${value}» har ${plural(digits, 'siffer', 'sifre')}; et internasjonalt nummer har 7 til 15, og det første er ikke 0.`,
  },
  'phone/malformed': { title: 'Ikke noe telefonnummer', message: ({ value }) => `«${value}» er ikke et telefonnummer: bare + og sifre.` },
  'phone/scientific': {
    title: 'Nummer tapt i vitenskapelig notasjon',
    message: ({ value, before }) => `Et regneark gjorde nummeret til «${value}»; de siste sifrene er tapt. ${inBaseline(before)}`,
  },
  'phone/rounded': {
    title: 'Avrundet nummer',
    message: ({ value, before }) =>
      `Et regneark beholder 15 sifre og har fylt opp «${value}» med nuller; sifre er tapt. ${inBaseline(before)}`,
  },
  'phone/duplicate': {
    title: 'Samme nummer to ganger',
    message: ({ value, row, user }) =>
      user === null
        ? `${value} står allerede i rad ${row ?? 0}. Et nummer hører til én bruker.`
        : `${value} er nummeret til ${user}. Et nummer hører til én bruker.`,
  },
  'phone/not-in-inventory': {
    title: 'Nummeret er ikke tilgjengelig',
    message({ value, location, elsewhere, takenBy }) {
      if (takenBy !== null) return `${value} er opptatt: det er nummeret til ${takenBy}.`
      if (elsewhere !== null && elsewhere !== location) return `${value} hører til ${elsewhere}, ikke til ${location ?? 'denne brukeren'}.`
      return `${value} er ikke blant kundens numre${location === null ? '' : ` for ${location}`}.`
    },
  },
  'phone/country': {
    title: 'Nummer fra et annet land',
    message: ({ value, location, country }) => `${value} er ikke et nummer i ${country}, landet til ${location}.`,
  },
  'phone/primary-mark': {
    title: 'Flere numre, hovednummer ikke merket',
    message: ({ marks }) =>
      marks > 1
        ? `${marks} av numrene i cellen er merket PRIMARY|; bare ett kan være det.`
        : 'Cellen har flere numre: hovednummeret står først, som PRIMARY|+….',
  },
  'phone/replaced': {
    title: 'Nummer byttet',
    message: ({ value, before, removal }) => `${before} blir ${value}; det gamle nummeret blir stående hvis det ikke gis som ${removal}.`,
  },
  'extension/not-digits': {
    title: 'Internnummer er ikke sifre',
    message: ({ value }) => `«${value}» er ikke et internnummer: bare sifre.`,
  },
  'extension/length': {
    title: 'Internnummer for kort eller for langt',
    message: ({ value }) => `Et internnummer har 2 til 10 sifre; «${value}» har ${value.length}.`,
  },
  'extension/customer-length': {
    title: 'Ikke kundens lengde på internnummer',
    message: ({ value, length }) => `«${value}» har ${plural(value.length, 'siffer', 'sifre')}; kundens internnumre har ${length}.`,
  },
  'extension/emergency': {
    title: 'Nødnummer',
    message: ({ value }) => `${value} er et nød- eller servicenummer og kan ikke være internnummer.`,
  },
  'extension/duplicate': {
    title: 'Samme internnummer to ganger',
    message: ({ value, row, location }) =>
      `Internnummer ${value} står allerede i rad ${row}${location === '' ? '' : `, på samme sted (${location})`}.`,
  },
  'extension/duplicate-elsewhere': {
    title: 'Internnummer på et annet sted',
    message: ({ value, row, location }) =>
      `Internnummer ${value} står også i rad ${row}, ${location === '' ? 'uten sted' : `på ${location}`}. Anrop mellom steder kan komme feil.`,
  },
  'extension/lost-zero': {
    title: 'Ledende null tapt',
    message: ({ value, before }) => `I grunnlaget er internnummeret ${before}; et regneark gjorde det til ${value}.`,
  },
  'site/missing': {
    title: 'Foretrukket Webex-nettsted mangler',
    message: ({ package: name }) => `${name} krever et foretrukket Webex-nettsted. Control Hub melder ingen feil, og møter svikter senere.`,
  },
  'site/unknown': { title: 'Ukjent nettsted', message: ({ value, near }) => `«${value}» er ikke et av kundens nettsteder.${hint(near)}` },
  'site/not-needed': { title: 'Nettsted trengs ikke', message: () => 'Webex Voice trenger ikke noe møtenettsted.' },
  'jabber/calling-missing': {
    title: 'Jabber Calling mangler',
    message: ({ package: name }) => `Jabber Calling er obligatorisk for alle pakker (${name}), selv om den som regel er FALSE.`,
  },
  'jabber/teams-missing': {
    title: 'Jabber with Webex Teams mangler',
    message: ({ package: name }) => `Jabber with Webex Teams er obligatorisk for alle pakker (${name}), selv om den som regel er FALSE.`,
  },
  'base/changed': {
    title: 'Basislisens endret',
    message: ({ value, before }) => `Grunnlaget har ${before}, filen ${value}. Basislisenser står best som de ble eksportert.`,
  },
  'base/paid-without-free': {
    title: 'Avansert lisens uten basislisens',
    message: ({ paid }) => `«${paid}» er TRUE, og Control Hub gir den bare sammen med den gratis basislisensen, som er FALSE her.`,
  },
  'licence/would-be-removed': {
    title: 'Lisens ville bli tatt bort',
    message: ({ header }) => `Brukeren har «${header}», og FALSE tar den bort.`,
  },
  'caller-id/number': {
    title: 'Anroper-ID er ikke et internasjonalt nummer',
    message: ({ value }) => `«${value}» er ikke et internasjonalt nummer: +, landskode og nummer, uten skilletegn.`,
  },
  'caller-id/character': {
    title: 'Tegn som ikke er tillatt i et anroper-ID-navn',
    message: ({ characters }) => `Et anroper-ID-navn kan ikke inneholde ${characters}.`,
  },
  'caller-id/policy': {
    title: 'Policy for anroper-ID',
    message: ({ value, isNameMissing }) =>
      isNameMissing
        ? 'Policyen er OTHER, og det er ikke gitt noe eget anroper-ID-navn.'
        : `«${value}» er ingen policy: DIRECT_LINE, LOCATION eller OTHER.`,
  },
  'read-only/changed': {
    title: 'Skrivebeskyttet kolonne endret',
    message: ({ value, before }) =>
      before === ''
        ? `Bare Control Hub fyller ut denne kolonnen; «${value}» kan ikke settes.`
        : `Bare Control Hub fyller ut denne kolonnen; der står «${before}», ikke «${value}».`,
  },
  'directory/synced': {
    title: 'Kommer fra katalogen',
    message: () => 'Kundens brukere synkroniseres fra en katalog: la navn og telefonnumre stå tomme.',
  },
  'identity/renamed': {
    title: 'Kanskje samme bruker',
    message: ({ before, after, shared }) =>
      `${before} mangler i filen, og ${after} har samme navn og ${shared}. En ny e-post gir en bruker nummer to, uten at noe følger med.`,
  },
}
