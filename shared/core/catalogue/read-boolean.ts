/** How TRUE or FALSE was written: `exact` is what Control Hub writes, `variant` is T, F or another case, `localized` another language's word. */
export interface BooleanReading {
  readonly value: boolean
  readonly spelling: 'exact' | 'variant' | 'localized'
}

/**
 * The words that spreadsheet programs write for TRUE and FALSE (domain.md §6). Compared as whole words, in NFC, case ignored.
 * Words that stand for opposite things in two languages do not occur; `FALSO` is FALSE in all of them.
 */
export const booleanWords: readonly { readonly language: string; readonly true: readonly string[]; readonly false: readonly string[] }[] = [
  { language: 'Norwegian', true: ['SANN'], false: ['USANN'] },
  { language: 'Danish', true: ['SAND'], false: ['FALSK'] },
  { language: 'Swedish', true: ['SANT'], false: ['FALSKT'] },
  { language: 'Finnish', true: ['TOSI'], false: ['EPÄTOSI'] },
  { language: 'German', true: ['WAHR'], false: ['FALSCH'] },
  { language: 'French', true: ['VRAI'], false: ['FAUX'] },
  { language: 'Spanish', true: ['VERDADERO'], false: ['FALSO'] },
  { language: 'Italian', true: ['VERO'], false: ['FALSO'] },
  { language: 'Portuguese', true: ['VERDADEIRO'], false: ['FALSO'] },
  { language: 'Dutch', true: ['WAAR'], false: ['ONWAAR'] },
  { language: 'Polish', true: ['PRAWDA'], false: ['FAŁSZ'] },
  { language: 'Czech', true: ['PRAVDA'], false: ['NEPRAVDA'] },
  { language: 'Hungarian', true: ['IGAZ'], false: ['HAMIS'] },
  { language: 'Turkish', true: ['DOĞRU'], false: ['YANLIŞ'] },
  { language: 'Russian', true: ['ИСТИНА'], false: ['ЛОЖЬ'] },
  { language: 'Greek', true: ['ΑΛΗΘΕΣ', 'ΑΛΗΘΉΣ'], false: ['ΨΕΥΔΕΣ', 'ΨΕΥΔΉΣ'] },
  { language: 'Catalan', true: ['CERT'], false: ['FALS'] },
  { language: 'Ukrainian', true: ['ІСТИНА'], false: ['ХИБНІСТЬ'] },
]

/**
 * One case for all languages: Turkish dotted and dotless i count as i (a Turkish program lower-cases YANLIŞ to `yanlış`),
 * and so does the final sigma as sigma.
 */
const fold = (text: string): string => text.normalize('NFC').replace(/[İIı]/g, 'i').toLowerCase().replace(/ς/g, 'σ')

const meanings = new Map<string, boolean>(
  booleanWords.flatMap((words) => [
    ...words.true.map((word): [string, boolean] => [fold(word), true]),
    ...words.false.map((word): [string, boolean] => [fold(word), false]),
  ]),
)

/** What a licence cell says; null where it is blank or no word for TRUE or FALSE. Surrounding white space is not part of the word. */
export function readBoolean(text: string): BooleanReading | null {
  if (text === 'TRUE') return { value: true, spelling: 'exact' }
  if (text === 'FALSE') return { value: false, spelling: 'exact' }
  const word = text.trim()
  if (word === 'TRUE' || word === 'FALSE') return { value: word === 'TRUE', spelling: 'exact' }
  const lower = word.toLowerCase()
  if (lower === 'true' || lower === 't') return { value: true, spelling: 'variant' }
  if (lower === 'false' || lower === 'f') return { value: false, spelling: 'variant' }
  const value = meanings.get(fold(word))
  return value === undefined ? null : { value, spelling: 'localized' }
}

export const booleanText = (value: boolean): 'TRUE' | 'FALSE' => (value ? 'TRUE' : 'FALSE')
