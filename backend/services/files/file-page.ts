import type { SummaryPageFacts } from '../../../shared/core/report/summary-page.ts'
import type { CustomerProfile } from '../../../shared/core/customer/profile.ts'
import type { Comparison } from '../../../shared/core/diff/compare-with-baseline.ts'
import type { Findings } from '../../../shared/core/rules/finding.ts'
import type { Language } from '../../../shared/kit/language.ts'
import type { OpenedFile } from '../services.ts'
import { usersPerPackage } from './package-users.ts'
import { userOfRow } from './user-of-row.ts'

export interface FilePageFacts {
  readonly language: Language
  readonly madeAt: string
  readonly customer: CustomerProfile | null
  /** The baseline's name, where there is one. */
  readonly baseline: string | null
}

/** A checked file as a page: its findings, and its changes where there is a baseline. */
export function filePage(
  { facts, table, columns }: OpenedFile,
  findings: Findings | null,
  changes: Comparison | null,
  { language, madeAt, customer, baseline }: FilePageFacts,
): SummaryPageFacts {
  const names = words[language]
  const limits = new Map<string, number | undefined>(customer?.packages?.map((bought) => [bought.package, bought.limit]))
  return {
    language,
    title: facts.name,
    facts: [
      ...(customer === null ? [] : [[names.customer, customer.name] as const]),
      [names.file, facts.name],
      [names.users, String(table.rows.length)],
      ...(baseline === null ? [] : [[names.baseline, baseline] as const]),
    ],
    madeAt,
    findings,
    userOf: userOfRow(table, columns),
    changes,
    packages: usersPerPackage(table, columns).map(({ package: name, users }) => {
      const limit = limits.get(name)
      return { package: name, users, ...(limit === undefined ? {} : { limit }) }
    }),
  }
}

const words = {
  en: { customer: 'Customer', file: 'File', users: 'Users', baseline: 'Baseline' },
  nb: { customer: 'Kunde', file: 'Fil', users: 'Brukere', baseline: 'Grunnlag' },
  da: { customer: 'Kunde', file: 'Fil', users: 'Brugere', baseline: 'Grundlag' },
} as const satisfies Readonly<Record<Language, unknown>>
