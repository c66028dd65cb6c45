import type { Language } from '../../kit/language.ts'
import type { WholesaleState } from './outcome.ts'
import type { WholesaleReason, WholesaleReasonKind } from './reason.ts'

/** What the window and the command line say of an item; the two say the same. */
export interface WholesaleWords {
  readonly state: Readonly<Record<WholesaleState, string>>
  /** `{detail}` stands for what came with the reason; a part in brackets falls away where nothing came. */
  readonly reason: Readonly<Record<WholesaleReasonKind, string>>
}

export const wholesaleWords: Readonly<Record<Language, WholesaleWords>> = {
  en: {
    state: {
      pending: 'To be sent',
      sent: 'Under way',
      unknown: 'Unknown',
      waiting: 'Waits for consent',
      done: 'Done',
      refused: 'Refused',
      'left-out': 'Not for the API',
    },
    reason: {
      'not-in-api': 'The API cannot change this; it goes by the Control Hub files[: {detail}]',
      'not-in-store': 'The provisioning store has not applied it',
      'no-location-id': 'The customer profile has no API ID for the location {detail}',
      unfit: 'The API would not take it: {detail}',
      api: '{detail}',
      changed: 'The user is there with another package[: {detail}]',
      missing: 'Webex has no such user for this customer',
      timeout: 'No answer in time; to be looked up before it is sent again',
      cut: 'The connection was cut; to be looked up before it is sent again',
      unreadable: 'The answer could not be read; to be looked up before it is sent again[ ({detail})]',
      redirect: 'The API sent the call elsewhere, which is not followed[ ({detail})]',
      'server-error': 'The API had an error of its own; to be looked up before it is sent again[ ({detail})]',
      busy: 'The API asks to wait[ ({detail})]',
      unreachable: 'The API could not be reached; nothing was sent[ ({detail})]',
      untrusted: 'The certificate of the API cannot be trusted; nothing was sent[ ({detail})]',
      'not-allowed': 'The token may not do this[: {detail}]',
      stopped: 'Stopped by you; to be looked up before it is sent again',
      'broken-off': 'The program ended during the call; to be looked up before it is sent again',
      consent: 'The person has a free Webex account and must consent first[ ({detail})]',
    },
  },
  nb: {
    state: {
      pending: 'Skal sendes',
      sent: 'Underveis',
      unknown: 'Ukjent',
      waiting: 'Venter på samtykke',
      done: 'Utført',
      refused: 'Avvist',
      'left-out': 'Ikke for API-et',
    },
    reason: {
      'not-in-api': 'API-et kan ikke endre dette; det går med Control Hub-filene[: {detail}]',
      'not-in-store': 'Provisjoneringslageret har ikke utført det',
      'no-location-id': 'Kundeprofilen har ingen API-ID for lokasjonen {detail}',
      unfit: 'API-et ville ikke ta det: {detail}',
      api: '{detail}',
      changed: 'Brukeren er der med en annen pakke[: {detail}]',
      missing: 'Webex har ingen slik bruker hos denne kunden',
      timeout: 'Ikke noe svar i tide; slås opp før det sendes igjen',
      cut: 'Forbindelsen ble brutt; slås opp før det sendes igjen',
      unreadable: 'Svaret kunne ikke leses; slås opp før det sendes igjen[ ({detail})]',
      redirect: 'API-et viste kallet videre, og det følges ikke[ ({detail})]',
      'server-error': 'API-et hadde en feil hos seg selv; slås opp før det sendes igjen[ ({detail})]',
      busy: 'API-et ber om å vente[ ({detail})]',
      unreachable: 'API-et kunne ikke nås; ingenting ble sendt[ ({detail})]',
      untrusted: 'API-ets sertifikat er ikke til å stole på; ingenting ble sendt[ ({detail})]',
      'not-allowed': 'Tokenet har ikke lov til dette[: {detail}]',
      stopped: 'Stoppet av deg; slås opp før det sendes igjen',
      'broken-off': 'Programmet ble avsluttet under kallet; slås opp før det sendes igjen',
      consent: 'Personen har en gratis Webex-konto og må samtykke først[ ({detail})]',
    },
  },
  da: {
    state: {
      pending: 'Skal sendes',
      sent: 'Undervejs',
      unknown: 'Ukendt',
      waiting: 'Venter på samtykke',
      done: 'Udført',
      refused: 'Afvist',
      'left-out': 'Ikke til API’et',
    },
    reason: {
      'not-in-api': 'API’et kan ikke ændre dette; det går med Control Hub-filerne[: {detail}]',
      'not-in-store': 'Provisioneringslageret har ikke udført det',
      'no-location-id': 'Kundeprofilen har intet API-id for lokationen {detail}',
      unfit: 'API’et ville ikke tage det: {detail}',
      api: '{detail}',
      changed: 'Brugeren er der med en anden pakke[: {detail}]',
      missing: 'Webex har ingen sådan bruger hos denne kunde',
      timeout: 'Intet svar i tide; slås op, før det sendes igen',
      cut: 'Forbindelsen blev afbrudt; slås op, før det sendes igen',
      unreadable: 'Svaret kunne ikke læses; slås op, før det sendes igen[ ({detail})]',
      redirect: 'API’et viste kaldet videre, og det følges ikke[ ({detail})]',
      'server-error': 'API’et havde en fejl hos sig selv; slås op, før det sendes igen[ ({detail})]',
      busy: 'API’et beder om at vente[ ({detail})]',
      unreachable: 'API’et kunne ikke nås; intet blev sendt[ ({detail})]',
      untrusted: 'API’ets certifikat er ikke til at stole på; intet blev sendt[ ({detail})]',
      'not-allowed': 'Tokenet har ikke lov til dette[: {detail}]',
      stopped: 'Stoppet af dig; slås op, før det sendes igen',
      'broken-off': 'Programmet sluttede under kaldet; slås op, før det sendes igen',
      consent: 'Personen har en gratis Webex-konto og skal samtykke først[ ({detail})]',
    },
  },
}

export const reasonText = ({ kind, detail }: WholesaleReason, language: Language): string =>
  wholesaleWords[language].reason[kind].replace(/\[([^\]]*)\]/u, detail === '' ? '' : '$1').replaceAll('{detail}', () => detail)
