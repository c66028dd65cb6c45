import { namesOf } from '../context.ts'
import { rule, type Rule, type RuleRow } from '../rule.ts'

type JabberId = 'jabber/calling-missing' | 'jabber/teams-missing'

const missing = (id: JabberId, field: 'jabberCalling' | 'jabberTeams', header: string): Rule =>
  rule(
    {
      id,
      on: 'cell',
      columns: `\`${header}\``,
      needs: [],
      severity: ['error'],
      when: `\`${header}\` blank, any package (existing user: in the baseline too)`,
      source: 'S: SEED-NO table 1',
      fix: 'safe',
      facts: (place) => ({ package: namesOf(place.user().packages)[0] ?? '' }),
      repair: ({ column }) => (column < 0 ? null : { kind: 'safe', value: 'FALSE' }),
    } satisfies RuleRow<JabberId>,
    {
      kind: 'user',
      reads: [field],
      sees: [field],
      check(user, emit) {
        if (user.packages !== 0 && !user.isFilled(field)) emit(user.row, user.columnOf(field))
      },
    },
  )

export const jabberRules: readonly Rule[] = [
  missing('jabber/calling-missing', 'jabberCalling', 'Jabber Calling'),
  missing('jabber/teams-missing', 'jabberTeams', 'Jabber with Webex Teams'),
]
