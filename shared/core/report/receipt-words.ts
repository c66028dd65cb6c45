import type { ItemOutcome, Receipt } from '../batch/batch.ts'
import type { Language } from '../../kit/language.ts'

/** Who stands behind a receipt, in words. `standing`: how its signature was found. */
export function signatureLine(language: Language, { by, signature }: Pick<Receipt, 'by' | 'signature'>, standing: Standing): string {
  return receiptWords[language].signatures[standing](by, signature?.key ?? '')
}
type Standing = keyof ReceiptWords['signatures']

interface ReceiptWords {
  readonly title: (customer: string) => string
  readonly batch: string
  readonly author: string
  readonly decided: Readonly<Record<'approved' | 'rejected', string>>
  readonly pushed: string
  readonly eyes: string
  readonly singlePerson: string
  readonly outcome: Readonly<Record<ItemOutcome, string>>
  readonly total: string
  readonly asked: string
  readonly refusedTitle: (n: number) => string
  readonly moreRefused: (n: number) => string
  readonly reason: string
  readonly proof: string
  readonly signature: string
  readonly signatures: {
    readonly signed: (by: string, key: string) => string
    readonly 'unknown-key': (by: string, key: string) => string
    readonly unsigned: (by: string) => string
    readonly 'unsigned-has-key': (by: string) => string
    readonly forged: (by: string) => string
  }
  readonly digest: string
  readonly receiptDigest: string
  readonly store: string
  readonly lineage: string
  readonly serial: string
  readonly log: string
  readonly verify: (file: string) => string
}

export const receiptWords: Readonly<Record<Language, ReceiptWords>> = {
  en: {
    title: (customer) => `Receipt – ${customer}`,
    batch: 'Batch',
    author: 'Submitted by',
    decided: { approved: 'Approved by', rejected: 'Rejected by' },
    pushed: 'Pushed by',
    eyes: 'Four eyes',
    singlePerson: 'single-person approval: on one computer it cannot be proven that two people acted',
    outcome: { applied: 'Applied', refused: 'Refused', skipped: 'Done before', unknown: 'Unknown', pending: 'Not done' },
    total: 'In all',
    asked: 'Asked for',
    refusedTitle: (n) => `${n} refused`,
    moreRefused: (n) => `And ${n} more; the receipt's file names them all.`,
    reason: 'Reason',
    proof: 'Proof',
    signature: 'Signature',
    signatures: {
      signed: (by, key) => `signed with the key of ${by}, ${key.slice(0, 16)}`,
      'unknown-key': (by, key) => `signed with key ${key.slice(0, 16)}, which this store does not know as the key of ${by}`,
      unsigned: (by) => `not signed: ${by} has no key in this store`,
      'unsigned-has-key': (by) => `not signed, although ${by} has a key in this store`,
      forged: (by) => `the signature does not hold: this is not what ${by} signed`,
    },
    digest: 'Digest of the batch',
    receiptDigest: 'Digest of the receipt',
    store: 'Store',
    lineage: 'lineage',
    serial: 'serial',
    log: 'Audit log after it',
    verify: (file) => `Whether the receipt is genuine: open its file in Roster, or run “roster audit verify ${file}”.`,
  },
  nb: {
    title: (customer) => `Kvittering – ${customer}`,
    batch: 'Bunke',
    author: 'Sendt inn av',
    decided: { approved: 'Godkjent av', rejected: 'Avvist av' },
    pushed: 'Overført av',
    eyes: 'Fire øyne',
    singlePerson: 'godkjent av én person: på én maskin kan det ikke bevises at to har handlet',
    outcome: { applied: 'Overført', refused: 'Avvist', skipped: 'Hoppet over', unknown: 'Uvisst', pending: 'Ikke gjort' },
    total: 'I alt',
    asked: 'Bestilt',
    refusedTitle: (n) => `${n} avvist`,
    moreRefused: (n) => `Og ${n} til; kvitteringsfilen navngir alle.`,
    reason: 'Begrunnelse',
    proof: 'Bevis',
    signature: 'Signatur',
    signatures: {
      signed: (by, key) => `signert med nøkkelen til ${by}, ${key.slice(0, 16)}`,
      'unknown-key': (by, key) => `signert med nøkkel ${key.slice(0, 16)}, som dette lageret ikke kjenner som nøkkelen til ${by}`,
      unsigned: (by) => `ikke signert: ${by} har ingen nøkkel i dette lageret`,
      'unsigned-has-key': (by) => `ikke signert, enda ${by} har en nøkkel i dette lageret`,
      forged: (by) => `signaturen holder ikke: dette er ikke det ${by} signerte`,
    },
    digest: 'Bunkens digest',
    receiptDigest: 'Kvitteringens digest',
    store: 'Lager',
    lineage: 'avstamning',
    serial: 'løpenummer',
    log: 'Revisjonsloggen etterpå',
    verify: (file) => `Om kvitteringen er ekte: åpne filen i Roster, eller kjør «roster audit verify ${file}».`,
  },
  da: {
    title: (customer) => `Kvittering – ${customer}`,
    batch: 'Bunke',
    author: 'Indsendt af',
    decided: { approved: 'Godkendt af', rejected: 'Afvist af' },
    pushed: 'Overført af',
    eyes: 'Fire øjne',
    singlePerson: 'godkendt af én person: på én computer kan det ikke bevises, at to har handlet',
    outcome: { applied: 'Overført', refused: 'Afvist', skipped: 'Sprunget over', unknown: 'Uvist', pending: 'Ikke gjort' },
    total: 'I alt',
    asked: 'Bestilt',
    refusedTitle: (n) => `${n} afvist`,
    moreRefused: (n) => `Og ${n} til; kvitteringsfilen nævner alle.`,
    reason: 'Begrundelse',
    proof: 'Bevis',
    signature: 'Signatur',
    signatures: {
      signed: (by, key) => `signeret med nøglen til ${by}, ${key.slice(0, 16)}`,
      'unknown-key': (by, key) => `signeret med nøgle ${key.slice(0, 16)}, som dette lager ikke kender som nøglen til ${by}`,
      unsigned: (by) => `ikke signeret: ${by} har ingen nøgle i dette lager`,
      'unsigned-has-key': (by) => `ikke signeret, skønt ${by} har en nøgle i dette lager`,
      forged: (by) => `signaturen holder ikke: det er ikke det, ${by} signerede`,
    },
    digest: 'Bunkens digest',
    receiptDigest: 'Kvitteringens digest',
    store: 'Lager',
    lineage: 'afstamning',
    serial: 'løbenummer',
    log: 'Revisionsloggen bagefter',
    verify: (file) => `Om kvitteringen er ægte: åbn filen i Roster, eller kør »roster audit verify ${file}«.`,
  },
}
