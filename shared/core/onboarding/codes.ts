/** ISO 3166-1 alpha-2, the officially assigned codes. */
const countryCodes =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN ' +
  'CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM ' +
  'HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ' +
  'ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW ' +
  'SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI ' +
  'VN VU WF WS YE YT ZA ZM ZW'
export const countries: readonly string[] = countryCodes.split(' ')
const known = new Set(countries)
export const isCountry = (text: string): boolean => known.has(text)

/** ISO 639-1. */
const languageCodes =
  'aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd ' +
  'gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh ' +
  'mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su ' +
  'sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu'
const knownLanguages = new Set(languageCodes.split(' '))

/** `xx` or `xx_YY`: ISO 639-1, and a country of ISO 3166 behind it. The vendor's own examples also write `en_us`, so both cases of the region are taken. */
export function isLanguageCode(text: string): boolean {
  const [, language = '', region] = /^([a-z]{2})(?:_([A-Z]{2}|[a-z]{2}))?$/u.exec(text) ?? []
  return knownLanguages.has(language) && (region === undefined || known.has(region.toUpperCase()))
}

/** A name of the IANA time zone database as it is written there (`Europe/Oslo`); no offsets, no abbreviations, no other case. */
export function isTimeZone(text: string): boolean {
  if (text !== 'UTC' && !/^[A-Z][A-Za-z_]+(?:\/[A-Za-z0-9_+-]+)+$/u.test(text)) return false
  try {
    // The engine ignores case and answers with the true spelling, or with the zone that an old name leads to.
    const resolved = new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
    return resolved === text || resolved.toLowerCase() !== text.toLowerCase()
  } catch {
    return false
  }
}

/** The zones a list can offer. */
export const timeZones = (): readonly string[] => Intl.supportedValuesOf('timeZone')
