import { rule, type Rule, type ShapeFamily } from '../rule.ts'

export const directoryRules: readonly Rule[] = [
  rule(
    {
      id: 'directory/synced',
      on: 'cell',
      columns: 'names and phone numbers',
      needs: ['customer.directorySynced'],
      severity: ['warning'],
      when: 'directory-synced customer and a name or phone is filled',
      source: 'S: CSVREF, OLDUI',
      fix: 'ask',
      facts: () => ({}),
      repair: () => ({ kind: 'ask', value: '' }),
    },
    { kind: 'shape', holds: (_text, _column, context) => context.input.customer?.directorySynced === true },
  ),
]

export const directoryFamily: ShapeFamily = {
  isChain: false,
  reads: 'trimmed',
  appliesTo: (column) => column.column?.value === 'name' || column.column?.value === 'phones',
  rules: directoryRules,
}
