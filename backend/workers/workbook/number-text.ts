/**
 * What a cell's number looks like as text: dates as ISO, a format of noughts and signs as it shows (`00000` → `0042`), anything
 * else as the whole number, never rounded, never with an exponent.
 */
export type NumberFormat =
  | { readonly kind: 'plain' }
  | { readonly kind: 'date'; readonly day: boolean; readonly time: boolean; readonly elapsed: boolean }
  /** Digits fill the places from the right; texts between stay. */
  | { readonly kind: 'digits'; readonly places: readonly ('0' | '#' | { readonly text: string })[] }

export const plainFormat: NumberFormat = { kind: 'plain' }
const dayFormat: NumberFormat = { kind: 'date', day: true, time: false, elapsed: false }
const timeFormat: NumberFormat = { kind: 'date', day: false, time: true, elapsed: false }
const dayTimeFormat: NumberFormat = { kind: 'date', day: true, time: true, elapsed: false }

/** A format by its code, or one of those that Excel knows by number (ECMA-376-1 §18.8.30; 27–36 and 50–58 are East Asian dates). */
export function formatOf(code: string | number): NumberFormat {
  if (typeof code === 'string') return parseFormat(code)
  if ((code >= 14 && code <= 17) || (code >= 27 && code <= 31) || code === 36 || (code >= 50 && code <= 58)) return dayFormat
  if ((code >= 18 && code <= 21) || (code >= 32 && code <= 35) || code === 45 || code === 47) return timeFormat
  if (code === 22) return dayTimeFormat
  return code === 46 ? { kind: 'date', day: false, time: true, elapsed: true } : plainFormat
}

function parseFormat(code: string): NumberFormat {
  const sections = code.split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/)
  const section = sections[0] ?? ''
  // Quoted texts, escaped characters, widths, fillers and [colours] are no letters of the format; [h] [mm] [ss] are elapsed time.
  const elapsed = /\[(?:h+|m+|s+)\]/i.test(section)
  const bare = section.replace(/"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '').replace(/general/gi, '')
  if (/[dyhsmb]/i.test(bare)) {
    const time = /[hs]/i.test(bare) || elapsed
    // `m` is minutes beside hours or seconds, and a month anywhere else.
    return { kind: 'date', day: /[dyb]/i.test(bare) || !time, time, elapsed }
  }
  return digitsFormat(section) ?? plainFormat
}

/** `0000`, `+0`, `"+"00`, `000-0000`: only where nothing but places and texts stand there, so that no digit can be lost. */
function digitsFormat(section: string): NumberFormat | undefined {
  const places: ('0' | '#' | { readonly text: string })[] = []
  const rest = section.replace(/^\[(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d+)\]/i, '')
  for (const [token, quoted, escaped] of rest.matchAll(/"([^"]*)"|\\(.)|[^]/gu)) {
    if (token === '0' || token === '#') places.push(token)
    else if (quoted !== undefined || escaped !== undefined) places.push({ text: quoted ?? escaped ?? '' })
    else if (/^[-+() :]$/.test(token)) places.push({ text: token })
    else return undefined
  }
  const noughts = places.filter((place) => place === '0').length
  const texts = places.some((place) => typeof place === 'object' && place.text !== '')
  const digits = places.some((place) => typeof place === 'string')
  return digits && (noughts > 1 || texts) ? { kind: 'digits', places } : undefined
}

/** `raw`: the number as the file has it. Undefined: it is no number. */
export function numberText(raw: string, format: NumberFormat, date1904: boolean): string | undefined {
  const trimmed = raw.trim()
  const plain = plainDigits(trimmed)
  if (plain === undefined || format.kind === 'plain') return plain
  if (format.kind === 'date') return dateText(Number(trimmed), format, date1904) ?? plain
  return /^\d+$/.test(plain) ? inPlaces(plain, format.places) : plain
}

export function isDateText(raw: string, format: NumberFormat, date1904: boolean): boolean {
  return format.kind === 'date' && dateText(Number(raw), format, date1904) !== undefined
}

/** Whole numbers digit for digit as they stand; others with as few digits as name the same double, the point where it belongs. */
function plainDigits(raw: string): string | undefined {
  if (/^-?[1-9]\d*$/.test(raw)) return raw
  if (!/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(raw)) return undefined
  const value = Number(raw)
  if (!Number.isFinite(value)) return undefined
  const [mantissa = '', exponentText] = String(value === 0 ? 0 : value).split('e')
  if (exponentText === undefined) return mantissa
  const exponent = Number(exponentText)
  const sign = mantissa.startsWith('-') ? '-' : ''
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.')
  const digits = whole + fraction
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  return sign + digits + '0'.repeat(exponent - fraction.length)
}

function inPlaces(digits: string, places: readonly ('0' | '#' | { readonly text: string })[]): string {
  const count = places.filter((place) => typeof place === 'string').length
  let next = digits === '0' ? '' : digits
  const surplus = Math.max(0, next.length - count)
  let out = ''
  let place = 0
  let first = true
  for (const one of places) {
    if (typeof one === 'object') {
      out += one.text
      continue
    }
    const fromEnd = count - place++
    if (first && surplus > 0) {
      out += next.slice(0, surplus)
      next = next.slice(surplus)
    }
    first = false
    if (next.length >= fromEnd) {
      out += next.slice(0, 1)
      next = next.slice(1)
    } else if (one === '0') out += '0'
  }
  return out
}

/**
 * The day and time of a serial number: days since 1899-12-31, with the 29 February 1900 that Excel keeps from Lotus (serial 60),
 * or since 1904-01-01. Undefined: outside of what Excel shows as a date (it shows ####).
 */
function dateText(serial: number, format: NumberFormat & { readonly kind: 'date' }, date1904: boolean): string | undefined {
  const seconds = Math.round(serial * 86400)
  if (!(seconds >= 0) || seconds >= 2958466 * 86400) return undefined
  const days = Math.floor(seconds / 86400)
  const inDay = seconds - days * 86400
  if (format.elapsed || (format.time && !format.day)) return clock(format.elapsed ? seconds : inDay)
  if (days === 0 && !date1904) return inDay === 0 ? undefined : clock(inDay)
  return inDay === 0 ? day(days, date1904) : `${day(days, date1904)} ${clock(inDay)}`
}

function day(days: number, date1904: boolean): string {
  if (!date1904 && days === 60) return '1900-02-29'
  const epoch = date1904 ? Date.UTC(1904, 0, 1) : days < 60 ? Date.UTC(1899, 11, 31) : Date.UTC(1899, 11, 30)
  return new Date(epoch + days * 86_400_000).toISOString().slice(0, 10)
}

function clock(seconds: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  const short = `${two(seconds / 3600)}:${two((seconds / 60) % 60)}`
  return seconds % 60 === 0 ? short : `${short}:${two(seconds % 60)}`
}

/** A cell of type `d` holds ISO 8601 itself: `2024-01-02T08:30:00Z` → `2024-01-02 08:30`. Undefined: it does not. */
export function isoCellText(raw: string): string | undefined {
  const match = /^(\d{4}-\d\d-\d\d)?(?:T?(\d\d:\d\d)(?::(\d\d)(?:\.\d+)?)?Z?)?$/.exec(raw.trim())
  const [whole, date, minutes, seconds] = match ?? []
  if (whole === undefined || whole === '') return undefined
  const time = minutes === undefined ? '' : seconds === undefined || seconds === '00' ? minutes : `${minutes}:${seconds}`
  if (date === undefined) return time
  return time === '' || time === '00:00' ? date : `${date} ${time}`
}
