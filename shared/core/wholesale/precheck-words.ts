import type { Language } from '../../kit/language.ts'
import type { Finding } from '../rules/finding.ts'
import type { PrecheckVerdict } from './answer.ts'
import type { WholesaleItem } from './plan-calls.ts'

/** The rule of the catalogue of online checks: it needs a connection, so it is none of the rules that run on a table. */
export const precheckRule = 'wholesale/precheck'

/** What the precheck says of a user, as a finding on the user's email; null where all is well. */
export function precheckFinding(
  { row, email }: Pick<WholesaleItem, 'row' | 'email'>,
  verdict: Extract<PrecheckVerdict, { kind: 'sound' | 'refused' }>,
  language: Language,
): Finding | null {
  const base = { rule: precheckRule, row, column: 'User ID/Email (Required)', value: email }
  if (verdict.kind === 'refused') return { ...base, severity: 'error', message: words[language].refused(verdict.reason.detail) }
  const remarks = verdict.remarks.filter((remark) => remark !== '')
  return remarks.length === 0 ? null : { ...base, severity: 'warning', message: words[language].remark(remarks.join('; ')) }
}

const words: Readonly<Record<Language, { readonly refused: (detail: string) => string; readonly remark: (detail: string) => string }>> = {
  en: {
    refused: (detail) => `Webex would refuse this user: ${detail}.`,
    remark: (detail) => `Webex would take this user, and remarks: ${detail}.`,
  },
  nb: {
    refused: (detail) => `Webex ville avvise denne brukeren: ${detail}.`,
    remark: (detail) => `Webex ville ta imot denne brukeren, men bemerker: ${detail}.`,
  },
  da: {
    refused: (detail) => `Webex ville afvise denne bruger: ${detail}.`,
    remark: (detail) => `Webex ville tage imod denne bruger, men bemærker: ${detail}.`,
  },
}
