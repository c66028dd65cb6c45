import type { Language } from '../../kit/language.ts'

/** How the column is headed in which the reasons stand. */
export const refusalHeader: Readonly<Record<Language, string>> = {
  en: 'Why it was refused',
  nb: 'Hvorfor det ble avvist',
  da: 'Hvorfor det blev afvist',
}

/** A reason of the ledger (`changed: Extension`) in a person's words. */
export function refusalText(reason: string, language: Language): string {
  const [code = '', rest] = reason.split(/: (.*)/su)
  const say = reasons[language][code]
  return say === undefined ? reason : rest === undefined ? say : `${say}: ${rest}`
}

const reasons: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: {
    missing: 'There is no such user any more',
    exists: 'The user is there already, with other data',
    changed: 'Changed by somebody else meanwhile',
    'email-taken': 'The new address belongs to another user',
    store: 'A rule of the store',
  },
  nb: {
    missing: 'Brukeren finnes ikke lenger',
    exists: 'Brukeren finnes allerede, med andre data',
    changed: 'Endret av en annen i mellomtiden',
    'email-taken': 'Den nye adressen tilhører en annen bruker',
    store: 'En regel i lageret',
  },
  da: {
    missing: 'Brugeren findes ikke længere',
    exists: 'Brugeren findes allerede, med andre data',
    changed: 'Ændret af en anden i mellemtiden',
    'email-taken': 'Den nye adresse tilhører en anden bruger',
    store: 'En regel i lageret',
  },
}
