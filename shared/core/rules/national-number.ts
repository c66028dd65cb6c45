import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min'
import { withoutSeparators } from './phone-number.ts'

/** The calling code of an ISO 3166 country, null where it has none. */
export const callingCode = (country: string): string | null => (isSupportedCountry(country) ? getCountryCallingCode(country) : null)

/**
 * The E.164 form of a number without plus: with its country code already in front, or a national number of `country`.
 * Null where neither makes a number of the numbering plans.
 */
export function withPlus(number: string, country: string | null): string | null {
  const digits = withoutSeparators(number).replace(/^\+/, '')
  if (!/^\d+$/.test(digits)) return null
  const code = country === null ? null : callingCode(country)
  const national = country !== null && code !== null ? parsePhoneNumberFromString(digits, country as CountryCode) : undefined
  const international = parsePhoneNumberFromString(`+${digits}`)
  if (code !== null && digits.startsWith(code) && international?.isValid() === true) return international.number
  if (national?.isValid() === true) return national.number
  if (international?.isValid() === true) return international.number
  if (code !== null && digits.startsWith(code) && international?.isPossible() === true) return international.number
  if (national?.isPossible() === true) return national.number
  // A test or service range that the numbering plan does not list: long enough for a country code, so the plus was lost.
  return digits.length >= 10 && international?.isPossible() === true ? international.number : null
}
