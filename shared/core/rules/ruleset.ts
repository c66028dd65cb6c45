import { addonRules } from './families/addon.ts'
import { baseRules } from './families/base.ts'
import { booleanFamily, booleanRules } from './families/boolean.ts'
import { callerIdFamilies, callerIdRules } from './families/caller-id.ts'
import { callingFamily, callingRules } from './families/calling.ts'
import { directoryFamily, directoryRules } from './families/directory.ts'
import { emailFamilies, emailRules } from './families/email.ts'
import { extensionFamily, extensionRules } from './families/extension.ts'
import { fileRules } from './families/file.ts'
import { identityRules } from './families/identity.ts'
import { jabberRules } from './families/jabber.ts'
import { licenceRules } from './families/licence.ts'
import { nameFamily, nameRules } from './families/name.ts'
import { packageFamilies, packageRules } from './families/package.ts'
import { phoneFamilies, phoneRules } from './families/phone.ts'
import { readOnlyRules } from './families/read-only.ts'
import { siteFamily, siteRules } from './families/site.ts'
import { textFamily, textRules } from './families/text.ts'
import type { Rule, ShapeFamily } from './rule.ts'

/** Batches carry it: what was approved was checked by these rules. It changes whenever a rule says something else than before. */
export const rulesetVersion = '1.0.0'

/** Every rule, in the order in which findings of one cell stand. */
export const ruleset: readonly Rule[] = [
  ...fileRules,
  ...textRules,
  ...emailRules,
  ...nameRules,
  ...booleanRules,
  ...packageRules,
  ...addonRules,
  ...callingRules,
  ...phoneRules,
  ...extensionRules,
  ...siteRules,
  ...jabberRules,
  ...baseRules,
  ...licenceRules,
  ...callerIdRules,
  ...readOnlyRules,
  ...directoryRules,
  ...identityRules,
]

export const shapeFamilies: readonly ShapeFamily[] = [
  textFamily,
  ...emailFamilies,
  nameFamily,
  booleanFamily,
  ...packageFamilies,
  callingFamily,
  ...phoneFamilies,
  extensionFamily,
  siteFamily,
  ...callerIdFamilies,
  directoryFamily,
]
