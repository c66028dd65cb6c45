import type { PackageName } from '../catalogue/packages.ts'
import type { Delimiter, Encoding } from '../csv/source-facts.ts'
import type { OtherFamily } from '../catalogue/other-family.ts'

interface Nothing {
  readonly none?: never
}
interface Value {
  readonly value: string
}
interface Earlier extends Value {
  /** The spreadsheet row where it stands first. */
  readonly row: number
}
interface Before extends Value {
  /** What the baseline holds. */
  readonly before: string
}
/** What of a file was not Control Hub's; null or false where it was. */
export interface Conversions {
  readonly isWorkbook: boolean
  readonly delimiter: Exclude<Delimiter, ','> | null
  readonly encoding: Exclude<Encoding, 'utf-8'> | null
  readonly bom: boolean
  readonly lineEnding: 'lf' | 'cr' | 'mixed' | null
}
interface Because {
  /** The package that makes it mandatory. */
  readonly package: string
}

/** What the words of each rule may speak of. A rule's `facts` gives it, a language's message takes it. */
export interface RuleFacts {
  'file/no-email-column': Nothing
  'file/no-package-column': Nothing
  'file/no-rows': Nothing
  'file/empty-lines': { readonly count: number }
  'file/ragged-row': { readonly cells: number; readonly columns: number }
  'file/duplicate-column': { readonly header: string; readonly first: number; readonly firstHeader: string }
  'file/unknown-column': { readonly header: string; readonly customer: string | null }
  'file/renamed-column': { readonly header: string; readonly expected: string }
  'file/removed-column': { readonly header: string }
  'file/suspended-column': { readonly header: string; readonly row: number }
  'file/other-family': { readonly family: OtherFamily }
  'file/too-many-rows': { readonly rows: number; readonly limit: number; readonly files: number }
  'file/converted': Conversions
  'text/surrounding-space': Nothing
  'text/control-character': { readonly codePoint: string }
  'text/mojibake': { readonly decoded: string }
  'text/lost-character': { readonly before: string | null }
  'text/formula': { readonly sign: string }
  'email/missing': Nothing
  'email/malformed': Value
  'email/local-part-too-long': { readonly length: number }
  'email/too-long': { readonly length: number }
  'email/character': { readonly characters: string; readonly package: PackageName | null }
  'email/duplicate': Earlier & { readonly saysTheSame: boolean }
  'email/lookalike': { readonly skeleton: string }
  'email/unknown-domain': { readonly domain: string; readonly near: string | null }
  'name/missing': { readonly isCleared: boolean }
  'name/forbidden-character': { readonly characters: string } & Because
  'name/too-long': { readonly length: number } & Because
  'name/beyond-ascii': { readonly characters: string } & Because
  'boolean/invalid': Value
  'boolean/localized': Value & { readonly meaning: string }
  'boolean/variant': Value & { readonly meaning: string }
  'package/several': { readonly packages: string }
  'package/none': Nothing
  'package/removal': { readonly email: string; readonly package: string | null; readonly isConfirmed: boolean }
  'package/not-bought': { readonly package: string; readonly customer: string }
  'package/over-limit': { readonly package: string; readonly users: number; readonly limit: number }
  'package/common-area': Nothing
  'package/needs-reassign': { readonly from: string; readonly to: string }
  'package/loses-calling': { readonly from: string }
  'package/administrator': { readonly email: string; readonly package: string; readonly createdWith: string }
  'addon/needs-calling': { readonly package: string | null }
  'addon/not-with-standard': { readonly header: string }
  'calling/number-missing': Because
  'calling/location-missing': Because
  'calling/location-unknown': Value & { readonly near: string | null }
  'calling/location-changed': Before
  'calling/not-a-calling-package': { readonly columns: string }
  'phone/no-plus': Value
  'phone/international-prefix': Value
  'phone/separators': Value
  'phone/length': Value & { readonly digits: number }
  'phone/malformed': Value
  'phone/scientific': Value & { readonly before: string | null }
  'phone/rounded': Value & { readonly before: string | null }
  'phone/duplicate': Value & { readonly row: number | null; readonly user: string | null }
  'phone/not-in-inventory': Value & { readonly location: string | null; readonly elsewhere: string | null; readonly takenBy: string | null }
  'phone/country': Value & { readonly location: string; readonly country: string }
  'phone/primary-mark': { readonly marks: number }
  'phone/replaced': Before & { readonly removal: string }
  'extension/not-digits': Value
  'extension/length': Value
  'extension/customer-length': Value & { readonly length: number }
  'extension/emergency': Value
  'extension/duplicate': Earlier & { readonly location: string }
  'extension/duplicate-elsewhere': Earlier & { readonly location: string }
  'extension/lost-zero': Before
  'site/missing': Because
  'site/unknown': Value & { readonly near: string | null }
  'site/not-needed': Nothing
  'jabber/calling-missing': Because
  'jabber/teams-missing': Because
  'base/changed': Before
  'base/paid-without-free': { readonly paid: string }
  'licence/would-be-removed': { readonly header: string }
  'caller-id/number': Value
  'caller-id/character': { readonly characters: string }
  'caller-id/policy': Value & { readonly isNameMissing: boolean }
  'read-only/changed': Before
  'directory/synced': Nothing
  'identity/renamed': { readonly before: string; readonly after: string; readonly shared: string }
}

export type RuleId = keyof RuleFacts

/** The words of one language: a missing or surplus rule is a compile error. */
export type RuleTexts = {
  readonly [Id in RuleId]: {
    /** What is wrong, in a few words, for lists and filters. */
    readonly title: string
    /** What is wrong here, why it matters and what to do. */
    readonly message: (facts: RuleFacts[Id]) => string
  }
}
