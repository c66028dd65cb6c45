import type { Conversions, RuleTexts } from '../rule-facts.ts'

const families = {
  'webex-calling': 'en Webex Calling-CSV (opkaldsdata, numre, køer eller lignende)',
  'meetings-site': 'CSV-filen fra et mødewebsted',
  'user-report': 'den korte brugerrapport fra Control Hub',
} as const
const conversions = ({ isWorkbook, delimiter, encoding, bom, lineEnding }: Conversions): string =>
  [
    ...(isWorkbook ? ['en projektmappe'] : []),
    ...(delimiter === null ? [] : [`${delimiter === '\t' ? 'tabulator' : delimiter} mellem cellerne`]),
    ...(encoding === null ? [] : [encoding]),
    ...(bom ? ['med BOM'] : []),
    ...(lineEnding === null ? [] : [lineEnding === 'mixed' ? 'forskellige linjeskift' : `linjeskift ${lineEnding}`]),
  ].join(', ')
const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`
const hint = (text: string | null): string => (text === null ? '' : ` Mente du »${text}«?`)
const inBaseline = (before: string | null): string => (before === null ? 'Cellen skal skrives ind igen.' : `I grundlaget står ${before}.`)

export const da: RuleTexts = {
  'file/no-email-column': {
    title: 'Ingen e-mailkolonne',
    message: () =>
      'Ingen kolonne er genkendt som »User ID/Email (Required)«. Uden den kan ingen skelnes fra andre; sig hvilken kolonne det er.',
  },
  'file/no-package-column': {
    title: 'Ingen pakkekolonne',
    message: () =>
      'Ingen kolonne er genkendt som en engrospakke. Eksportér en ny fil fra Control Hub, eller sig hvilke kolonner der er pakkerne.',
  },
  'file/no-rows': { title: 'Ingen brugere', message: () => 'Filen har en overskriftsrække og ingen brugere under den.' },
  'file/empty-lines': { title: 'Tomme linjer', message: ({ count }) => `${plural(count, 'tom linje', 'tomme linjer')} er sprunget over.` },
  'file/ragged-row': {
    title: 'Forkert antal celler',
    message: ({ cells, columns }) => `Rækken har ${cells} celler og overskriften ${columns}: værdier kan stå i den forkerte kolonne.`,
  },
  'file/duplicate-column': {
    title: 'Samme kolonne to gange',
    message: ({ header, first, firstHeader }) =>
      header.trim() === firstHeader.trim()
        ? `Overskriften »${header}« står allerede i kolonne ${first}. Control Hub kan læse den ene eller den anden; fjern en af dem.`
        : `»${header}« betyder det samme som »${firstHeader}« i kolonne ${first}. En bruger har kun én sådan tekst; fjern en af kolonnerne.`,
  },
  'file/unknown-column': {
    title: 'Ukendt kolonne',
    message: ({ header, customer }) =>
      customer === null
        ? `${header.trim() === '' ? 'En kolonne uden navn' : `Kolonnen »${header}«`} er ikke kendt. Den beholdes, som den er.`
        : `${header.trim() === '' ? 'En kolonne uden navn' : `Kolonnen »${header}«`} findes ikke i overskriften hos ${customer}: Control Hub afviser en fil med en ukendt kolonne.`,
  },
  'file/renamed-column': {
    title: 'Gammelt eller andet kolonnenavn',
    message: ({ header, expected }) => `Control Hub kalder kolonnen »${expected}«, ikke »${header}«.`,
  },
  'file/removed-column': {
    title: 'Kolonne, som Control Hub har fjernet',
    message: ({ header }) => `Control Hub har ikke længere kolonnen »${header}«. Udelad den.`,
  },
  'file/suspended-column': {
    title: 'Spærret tjeneste',
    message: ({ header, row }) => `»${header}« er spærret, og række ${row} har TRUE der: Control Hub afviser hele filen.`,
  },
  'file/other-family': {
    title: 'En anden slags fil',
    message: ({ family }) =>
      `Dette ligner ${families[family]}, ikke bruger-CSV-filen. Eksportér brugerne med attributter og licenser i stedet.`,
  },
  'file/too-many-rows': {
    title: 'Flere rækker, end én import tager',
    message: ({ rows, limit, files }) => `${rows} brugere er flere end de ${limit} i én import: eksporten bliver ${files} filer.`,
  },
  'file/converted': {
    title: 'Skrevet i en anden form',
    message: (facts) =>
      `Filen var ikke skrevet, som Control Hub skriver den (${conversions(facts)}). Den er læst sådan; det, der går ud, er UTF-8 med komma.`,
  },
  'text/surrounding-space': {
    title: 'Mellemrum på afveje',
    message: () =>
      'Cellen begynder eller slutter med mellemrum eller har et hårdt, smalt eller usynligt mellemrum: teksten er ikke, hvad den ser ud til.',
  },
  'text/control-character': {
    title: 'Kontroltegn',
    message: ({ codePoint }) => `Cellen indeholder ${codePoint}, som ikke kan ses og kan ødelægge eller forklæde teksten.`,
  },
  'text/mojibake': {
    title: 'Bogstaver læst i forkert tegnsæt',
    message: ({ decoded }) => `Bogstaverne er læst i et forkert tegnsæt. Der stod nok »${decoded}«.`,
  },
  'text/lost-character': {
    title: 'Tabt bogstav',
    message: ({ before }) => `Et bogstav gik tabt, da filen blev gemt, og kan ikke læses af det, der er tilbage. ${inBaseline(before)}`,
  },
  'text/formula': {
    title: 'Ville blive kørt som formel',
    message: ({ sign }) => `Cellen begynder med ${sign}: et regneark ville køre den som formel, når nogen åbner filen.`,
  },
  'email/missing': { title: 'E-mail mangler', message: () => 'E-mailen er tom. Den er nøglen til en bruger og obligatorisk.' },
  'email/malformed': {
    title: 'Ugyldig e-mail',
    message: ({ value }) =>
      `»${value.trim()}« er ingen e-mailadresse: én @, noget på begge sider, intet mellemrum og et domæne med punktum.`,
  },
  'email/local-part-too-long': {
    title: 'E-mail for lang før @',
    message: ({ length }) => `Der står ${length} tegn før @; Control Hub tager 64.`,
  },
  'email/too-long': { title: 'E-mail for lang', message: ({ length }) => `E-mailen har ${length} tegn; telefoni tager 161.` },
  'email/character': {
    title: 'Tegn, der ikke er tilladt i en e-mail',
    message: ({ characters, package: name }) =>
      name === null
        ? `E-mailen indeholder ${characters}, uden for ren ASCII. Uden en telefonipakke kan det gå; med en bliver den afvist.`
        : `E-mailen indeholder ${characters}: ${name} tager kun ASCII-bogstaver, cifre og nogle få tegn.`,
  },
  'email/duplicate': {
    title: 'Samme e-mail to gange',
    message: ({ value, row, saysTheSame }) =>
      `»${value}« står allerede i række ${row}. Én række pr. bruger; store og små bogstaver er ens.${saysTheSame ? ' De to rækker siger det samme: denne kan fjernes.' : ''}`,
  },
  'email/lookalike': {
    title: 'E-mail, der ligner en anden',
    message: ({ skeleton }) => `E-mailen blander bogstaver fra flere skriftsystemer og kan forveksles med »${skeleton}«.`,
  },
  'email/unknown-domain': {
    title: 'Domæne, der aldrig er set her',
    message: ({ domain, near }) =>
      `Hverken kundeprofilen eller grundlaget har nogensinde haft domænet »${domain}«. Er det den rigtige kunde?${hint(near)}`,
  },
  'name/missing': {
    title: 'Navn mangler',
    message: ({ isCleared }) =>
      isCleared ? 'Navnet ville blive tømt. Alle brugere skal have fornavn og efternavn.' : 'En ny bruger skal have fornavn og efternavn.',
  },
  'name/forbidden-character': {
    title: 'Tegn, der ikke er tilladt i et navn',
    message: ({ characters, package: name }) => `Navnet indeholder ${characters}, som ${name} afviser.`,
  },
  'name/too-long': {
    title: 'Navn for langt til telefoni',
    message: ({ length, package: name }) => `Navnet har ${length} tegn; ${name} tager 30.`,
  },
  'name/beyond-ascii': {
    title: 'Navn uden for ASCII',
    message: ({ characters, package: name }) =>
      `Navnet indeholder ${characters}. Ældre regler for ${name} afviste bogstaver uden for ASCII; se på resultatet af importen.`,
  },
  'boolean/invalid': {
    title: 'Hverken TRUE eller FALSE',
    message: ({ value }) =>
      `»${value}« er hverken TRUE eller FALSE: Control Hub afviser brugeren. Skriv TRUE eller FALSE, eller lad cellen stå tom.`,
  },
  'boolean/localized': {
    title: 'TRUE eller FALSE på et andet sprog',
    message: ({ value, meaning }) => `»${value}« er et regnearks ord for ${meaning}; Control Hub læser kun engelsk.`,
  },
  'boolean/variant': { title: 'TRUE eller FALSE skrevet anderledes', message: ({ value, meaning }) => `»${value}« læses som ${meaning}.` },
  'package/several': {
    title: 'Flere pakker',
    message: ({ packages }) => `Brugeren ville få ${packages}. En bruger har netop én engrospakke.`,
  },
  'package/none': { title: 'Ingen pakke', message: () => 'Brugeren har ingen engrospakke. Sæt netop én pakkekolonne til TRUE.' },
  'package/removal': {
    title: 'Brugeren bliver slettet',
    message: ({ email, package: name, isConfirmed }) =>
      `Alle pakker for ${email} er FALSE: Control Hub sletter brugeren${name === null ? '' : ` og ${name} med alt, hvad der ligger der`}.${
        isConfirmed ? ' Fjernelsen er bekræftet.' : ' Bekræft fjernelsen, eller giv brugeren en pakke.'
      }`,
  },
  'package/not-bought': { title: 'Pakken er ikke købt', message: ({ package: name, customer }) => `${customer} har ikke købt ${name}.` },
  'package/over-limit': {
    title: 'Flere brugere end pladser',
    message: ({ package: name, users, limit }) => `${plural(users, 'bruger', 'brugere')} ville få ${name}; ${limit} er købt.`,
  },
  'package/common-area': {
    title: 'Fællesområde er til arbejdsområder',
    message: () => 'Common Area er en pakke til arbejdsområder og kan ikke gives til en bruger.',
  },
  'package/needs-reassign': {
    title: 'Pakkeskift i to trin',
    message: ({ from, to }) => `Control Hub afviser skiftet fra ${from} til ${to} i ét trin: fjern pakken, og tildel den nye bagefter.`,
  },
  'package/loses-calling': {
    title: 'Mister telefoni',
    message: ({ from }) => `Fra ${from} til Webex Meetings: brugerens telefonsvarer og nummer går tabt for altid.`,
  },
  'package/administrator': {
    title: 'Administratorens pakke',
    message: ({ email, package: name, createdWith }) =>
      `${email} er administrator og skal beholde ${createdWith}, som kunden blev oprettet med, ikke ${name}.`,
  },
  'addon/needs-calling': {
    title: 'Attendant Console uden telefoni',
    message: ({ package: name }) =>
      `Attendant Console kræver Webex Calling, Webex Suite eller Customer Assist; brugeren har ${name ?? 'ingen pakke'}.`,
  },
  'addon/not-with-standard': {
    title: 'Ikke med Webex Calling Standard',
    message: ({ header }) => `»${header}« kan ikke bruges sammen med Webex Calling Standard.`,
  },
  'calling/number-missing': {
    title: 'Hverken lokalnummer eller telefonnummer',
    message: ({ package: name }) =>
      `${name} kræver lokalnummer eller telefonnummer. Uden kan andre ændringer i rækken stille undlade at blive udført.`,
  },
  'calling/location-missing': {
    title: 'Placering mangler',
    message: ({ package: name }) => `${name} kræver en placering; uden mislykkes oprettelsen.`,
  },
  'calling/location-unknown': {
    title: 'Ukendt placering',
    message: ({ value, near }) => `Kunden har ingen placering »${value}«.${hint(near)}`,
  },
  'calling/location-changed': {
    title: 'Placering kan ikke ændres med CSV',
    message: ({ value, before }) =>
      `Brugerens placering er »${before}«; importen overser eller afviser ${value === '' ? 'en tom' : `»${value}«`}. Flyt brugeren i Control Hub.`,
  },
  'calling/not-a-calling-package': {
    title: 'Telefonioplysninger uden telefoni',
    message: ({ columns }) => `Pakken er Webex Meetings, som ikke har telefoni; ${columns} bliver ikke brugt.`,
  },
  'phone/no-plus': {
    title: 'Nummer uden +',
    message: ({ value }) => `»${value}« mangler + foran: Control Hub tager numre som +, landekode og nummer.`,
  },
  'phone/international-prefix': { title: 'Nummer med 00', message: ({ value }) => `»${value}« begynder med 00; skriv + i stedet.` },
  'phone/separators': {
    title: 'Skilletegn i et nummer',
    message: ({ value }) => `»${value}« har skilletegn; Control Hub tager kun + og cifre.`,
  },
  'phone/length': {
    title: 'Nummer for kort eller for langt',
    message: ({ value, digits }) =>
      `»${value}« har ${plural(digits, 'ciffer', 'cifre')}; et internationalt nummer har 7 til 15, og det første er ikke 0.`,
  },
  'phone/malformed': { title: 'Intet telefonnummer', message: ({ value }) => `»${value}« er ikke et telefonnummer: kun + og cifre.` },
  'phone/scientific': {
    title: 'Nummer tabt i videnskabelig notation',
    message: ({ value, before }) => `Et regneark gjorde nummeret til »${value}«; de sidste cifre er tabt. ${inBaseline(before)}`,
  },
  'phone/rounded': {
    title: 'Afrundet nummer',
    message: ({ value, before }) =>
      `Et regneark beholder 15 cifre og har fyldt »${value}« op med nuller; cifre er tabt. ${inBaseline(before)}`,
  },
  'phone/duplicate': {
    title: 'Samme nummer to gange',
    message: ({ value, row, user }) =>
      user === null
        ? `${value} står allerede i række ${row ?? 0}. Et nummer hører til én bruger.`
        : `${value} er nummeret hos ${user}. Et nummer hører til én bruger.`,
  },
  'phone/not-in-inventory': {
    title: 'Nummeret er ikke tilgængeligt',
    message({ value, location, elsewhere, takenBy }) {
      if (takenBy !== null) return `${value} er optaget: det er nummeret hos ${takenBy}.`
      if (elsewhere !== null && elsewhere !== location) return `${value} hører til ${elsewhere}, ikke til ${location ?? 'denne bruger'}.`
      return `${value} er ikke blandt kundens numre${location === null ? '' : ` for ${location}`}.`
    },
  },
  'phone/country': {
    title: 'Nummer fra et andet land',
    message: ({ value, location, country }) => `${value} er ikke et nummer i ${country}, landet for ${location}.`,
  },
  'phone/primary-mark': {
    title: 'Flere numre, hovednummer ikke markeret',
    message: ({ marks }) =>
      marks > 1
        ? `${marks} af numrene i cellen er markeret PRIMARY|; kun ét kan være det.`
        : 'Cellen har flere numre: hovednummeret står først, som PRIMARY|+….',
  },
  'phone/replaced': {
    title: 'Nummer skiftet',
    message: ({ value, before, removal }) =>
      `${before} bliver ${value}; det gamle nummer bliver stående, hvis det ikke gives som ${removal}.`,
  },
  'extension/not-digits': { title: 'Lokalnummer er ikke cifre', message: ({ value }) => `»${value}« er ikke et lokalnummer: kun cifre.` },
  'extension/length': {
    title: 'Lokalnummer for kort eller for langt',
    message: ({ value }) => `Et lokalnummer har 2 til 10 cifre; »${value}« har ${value.length}.`,
  },
  'extension/customer-length': {
    title: 'Ikke kundens længde på lokalnummer',
    message: ({ value, length }) => `»${value}« har ${plural(value.length, 'ciffer', 'cifre')}; kundens lokalnumre har ${length}.`,
  },
  'extension/emergency': {
    title: 'Nødnummer',
    message: ({ value }) => `${value} er et nød- eller servicenummer og kan ikke være lokalnummer.`,
  },
  'extension/duplicate': {
    title: 'Samme lokalnummer to gange',
    message: ({ value, row, location }) =>
      `Lokalnummer ${value} står allerede i række ${row}${location === '' ? '' : `, på samme placering (${location})`}.`,
  },
  'extension/duplicate-elsewhere': {
    title: 'Lokalnummer på en anden placering',
    message: ({ value, row, location }) =>
      `Lokalnummer ${value} står også i række ${row}, ${location === '' ? 'uden placering' : `på ${location}`}. Opkald mellem placeringer kan gå forkert.`,
  },
  'extension/lost-zero': {
    title: 'Foranstillet nul tabt',
    message: ({ value, before }) => `I grundlaget er lokalnummeret ${before}; et regneark gjorde det til ${value}.`,
  },
  'site/missing': {
    title: 'Foretrukket Webex-websted mangler',
    message: ({ package: name }) => `${name} kræver et foretrukket Webex-websted. Control Hub melder ingen fejl, og møder svigter senere.`,
  },
  'site/unknown': { title: 'Ukendt websted', message: ({ value, near }) => `»${value}« er ikke et af kundens websteder.${hint(near)}` },
  'site/not-needed': { title: 'Websted er unødvendigt', message: () => 'Webex Voice behøver intet mødewebsted.' },
  'jabber/calling-missing': {
    title: 'Jabber Calling mangler',
    message: ({ package: name }) => `Jabber Calling er obligatorisk for alle pakker (${name}), selv om den som regel er FALSE.`,
  },
  'jabber/teams-missing': {
    title: 'Jabber with Webex Teams mangler',
    message: ({ package: name }) => `Jabber with Webex Teams er obligatorisk for alle pakker (${name}), selv om den som regel er FALSE.`,
  },
  'base/changed': {
    title: 'Basislicens ændret',
    message: ({ value, before }) => `Grundlaget har ${before}, filen ${value}. Basislicenser står bedst, som de blev eksporteret.`,
  },
  'base/paid-without-free': {
    title: 'Avanceret licens uden basislicens',
    message: ({ paid }) => `»${paid}« er TRUE, og Control Hub giver den kun sammen med den gratis basislicens, som er FALSE her.`,
  },
  'licence/would-be-removed': {
    title: 'Licens ville blive fjernet',
    message: ({ header }) => `Brugeren har »${header}«, og FALSE fjerner den.`,
  },
  'caller-id/number': {
    title: 'Opkalds-id er ikke et internationalt nummer',
    message: ({ value }) => `»${value}« er ikke et internationalt nummer: +, landekode og nummer, uden skilletegn.`,
  },
  'caller-id/character': {
    title: 'Tegn, der ikke er tilladt i et opkalds-id-navn',
    message: ({ characters }) => `Et opkalds-id-navn kan ikke indeholde ${characters}.`,
  },
  'caller-id/policy': {
    title: 'Politik for opkalds-id',
    message: ({ value, isNameMissing }) =>
      isNameMissing
        ? 'Politikken er OTHER, og der er ikke givet noget eget opkalds-id-navn.'
        : `»${value}« er ingen politik: DIRECT_LINE, LOCATION eller OTHER.`,
  },
  'read-only/changed': {
    title: 'Skrivebeskyttet kolonne ændret',
    message: ({ value, before }) =>
      before === ''
        ? `Kun Control Hub udfylder denne kolonne; »${value}« kan ikke sættes.`
        : `Kun Control Hub udfylder denne kolonne; der står »${before}«, ikke »${value}«.`,
  },
  'directory/synced': {
    title: 'Kommer fra kataloget',
    message: () => 'Kundens brugere synkroniseres fra et katalog: lad navne og telefonnumre stå tomme.',
  },
  'identity/renamed': {
    title: 'Måske samme bruger',
    message: ({ before, after, shared }) =>
      `${before} mangler i filen, og ${after} har samme navn og ${shared}. En ny e-mail giver en bruger nummer to, uden at noget følger med.`,
  },
}
