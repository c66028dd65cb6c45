import type { Intent } from '../diff/change-set.ts'
import type { Language } from '../../kit/language.ts'
import type { Severity } from '../rules/finding.ts'

interface PageWords {
  readonly packages: string
  readonly before: string
  readonly after: string
  readonly bought: string
  readonly findings: string
  readonly noFindings: string
  readonly rule: string
  readonly count: string
  readonly severity: Readonly<Record<Severity, string>>
  readonly notRun: string
  readonly needs: string
  readonly place: string
  readonly value: string
  readonly what: string
  readonly file: string
  readonly row: (n: number) => string
  readonly more: (n: number) => string
  readonly changes: string
  readonly noChanges: string
  readonly byUser: string
  readonly rowNumber: string
  readonly intent: Readonly<Record<Intent, string>>
  readonly unchanged: string
  readonly absent: (n: number) => string
  readonly removal: (n: number) => string
  readonly user: string
  readonly change: string
  readonly empty: string
  readonly made: (at: string) => string
}

export const pageWords: Readonly<Record<Language, PageWords>> = {
  en: {
    packages: 'Users per package',
    before: 'before',
    after: 'after',
    bought: 'bought',
    findings: 'Findings',
    noFindings: 'Nothing was found.',
    rule: 'Rule',
    count: 'Number',
    severity: { error: 'error', warning: 'warning', info: 'note' },
    notRun: 'Rules that could not run',
    needs: 'for want of',
    place: 'Where',
    value: 'Value',
    what: 'What is wrong',
    file: 'file',
    row: (n) => `row ${n}`,
    more: (n) => `${n} more ${n === 1 ? 'is' : 'are'} not shown here.`,
    changes: 'Changes',
    noChanges: 'Nobody changes.',
    byUser: 'The changes, user by user',
    rowNumber: 'Row',
    intent: { add: 'new', update: 'changed', packageChange: 'other package', remove: 'removed', rename: 'renamed?' },
    unchanged: 'unchanged',
    absent: (n) =>
      `${n} ${n === 1 ? 'user' : 'users'} of the baseline ${n === 1 ? 'is' : 'are'} not mentioned and ${n === 1 ? 'stays' : 'stay'} as ${n === 1 ? 'it is' : 'they are'}.`,
    removal: (n) => `${n} ${n === 1 ? 'user' : 'users'} will be DELETED`,
    user: 'User',
    change: 'Change',
    empty: 'empty',
    made: (at) => `Made by Roster, ${at}`,
  },
  nb: {
    packages: 'Brukere per pakke',
    before: 'før',
    after: 'etter',
    bought: 'kjøpt',
    findings: 'Funn',
    noFindings: 'Ingenting ble funnet.',
    rule: 'Regel',
    count: 'Antall',
    severity: { error: 'feil', warning: 'advarsel', info: 'merknad' },
    notRun: 'Regler som ikke kunne kjøre',
    needs: 'mangler',
    place: 'Hvor',
    value: 'Verdi',
    what: 'Hva som er galt',
    file: 'fil',
    row: (n) => `rad ${n}`,
    more: (n) => `${n} til vises ikke her.`,
    changes: 'Endringer',
    noChanges: 'Ingen endres.',
    byUser: 'Endringene, bruker for bruker',
    rowNumber: 'Rad',
    intent: { add: 'ny', update: 'endret', packageChange: 'annen pakke', remove: 'fjernes', rename: 'nytt navn?' },
    unchanged: 'uendret',
    absent: (n) => `${n} ${n === 1 ? 'bruker' : 'brukere'} i grunnlaget er ikke nevnt og blir som før.`,
    removal: (n) => `${n} ${n === 1 ? 'bruker' : 'brukere'} blir SLETTET`,
    user: 'Bruker',
    change: 'Endring',
    empty: 'tom',
    made: (at) => `Laget av Roster, ${at}`,
  },
  da: {
    packages: 'Brugere pr. pakke',
    before: 'før',
    after: 'efter',
    bought: 'købt',
    findings: 'Fund',
    noFindings: 'Intet blev fundet.',
    rule: 'Regel',
    count: 'Antal',
    severity: { error: 'fejl', warning: 'advarsel', info: 'bemærkning' },
    notRun: 'Regler, der ikke kunne køre',
    needs: 'mangler',
    place: 'Hvor',
    value: 'Værdi',
    what: 'Hvad der er galt',
    file: 'fil',
    row: (n) => `række ${n}`,
    more: (n) => `${n} til vises ikke her.`,
    changes: 'Ændringer',
    noChanges: 'Ingen ændres.',
    byUser: 'Ændringerne, bruger for bruger',
    rowNumber: 'Række',
    intent: { add: 'ny', update: 'ændret', packageChange: 'anden pakke', remove: 'fjernes', rename: 'nyt navn?' },
    unchanged: 'uændret',
    absent: (n) => `${n} ${n === 1 ? 'bruger' : 'brugere'} i grundlaget er ikke nævnt og bliver som før.`,
    removal: (n) => `${n} ${n === 1 ? 'bruger' : 'brugere'} bliver SLETTET`,
    user: 'Bruger',
    change: 'Ændring',
    empty: 'tom',
    made: (at) => `Lavet af Roster, ${at}`,
  },
}
