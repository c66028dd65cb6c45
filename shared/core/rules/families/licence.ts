import { Licence } from '../cell-reader.ts'
import { rule, type Rule } from '../rule.ts'
import { eachChangedLicence } from './base.ts'

export const licenceRules: readonly Rule[] = [
  rule(
    {
      id: 'licence/would-be-removed',
      on: 'cell',
      columns: 'every licence but packages and base licences',
      needs: ['baseline'],
      severity: ['warning'],
      when: 'FALSE on another licence that the baseline has TRUE',
      source: 'S: CSVADD (Add and remove services)',
      fix: 'ask',
      facts: ({ header }) => ({ header: header.trim() }),
      repair: () => ({ kind: 'ask', value: 'TRUE' }),
    },
    {
      kind: 'table',
      reads: ({ users }) => users.otherLicences,
      check(context, emit) {
        eachChangedLicence(context, context.users.otherLicences, (row, column, now, before) => {
          if (now !== Licence.yes && before === Licence.yes) emit(row, column)
        })
      },
    },
  ),
]
