import { nearest } from '../../../kit/suggest.ts'
import { packageBit } from '../../diff/paired-columns.ts'
import { CellState } from '../cell-reader.ts'
import { namesOf, siteBits, type CheckContext } from '../context.ts'
import type { FirstSeen } from '../first-seen.ts'
import { rule, type Rule, type ShapeFamily } from '../rule.ts'

const onSite = { on: 'cell', columns: '`Preferred Webex Site`', needs: [] } as const
const voice = packageBit('Webex Voice')

/** Each edit has a `FirstSeen` of its own, so what is found beside one holds until the next. */
const onlySites = new WeakMap<FirstSeen, string | null>()

/** The customer's site where there is but one, else the one that every other user of the file has. */
function onlySite(context: CheckContext): string | null {
  const sites = context.input.customer?.sites ?? []
  if (sites.length > 0) return sites.length === 1 ? sites[0]! : null
  const known = onlySites.get(context.firstSeen)
  if (known !== undefined) return known
  const found = siteOfAll(context)
  onlySites.set(context.firstSeen, found)
  return found
}

function siteOfAll(context: CheckContext): string | null {
  const reader = context.fields.site.own
  if (reader === null) return null
  let only: string | null = null
  for (let i = 0; i < context.rows.length; i++) {
    const row = context.rows[i]!
    if (reader.stateOf(row) !== CellState.text) continue
    const site = reader.textOf(row)
    if (site === only) continue
    if (only !== null) return null
    only = site
  }
  return only
}

const unknown = rule(
  {
    ...onSite,
    id: 'site/unknown',
    needs: ['customer.sites'],
    severity: ['warning'],
    when: "not one of the customer's sites",
    source: 'F',
    fix: 'ask',
    facts: ({ text, context }) => ({ value: text.trim(), near: nearest(text, context.input.customer?.sites ?? []) }),
    repair({ text, context }) {
      const value = nearest(text, context.input.customer?.sites ?? [])
      return value === null ? null : { kind: 'ask', value }
    },
  },
  { kind: 'shape', holds: (text, _column, context) => context.customer !== null && !context.customer.sites.has(text.toLowerCase()) },
)

const notNeeded = rule(
  {
    ...onSite,
    id: 'site/not-needed',
    severity: ['info'],
    when: 'filled for `Webex Voice`',
    source: 'S: SEED-NO table 1',
    facts: () => ({}),
  },
  { kind: 'shape', holds: () => true, applies: (packages) => packages === voice },
)

export const siteRules: readonly Rule[] = [
  rule(
    {
      ...onSite,
      id: 'site/missing',
      severity: ['warning'],
      when: 'blank, any package but `Webex Voice` (existing user: in the baseline too). Control Hub raises no error, and meetings break later',
      source: 'S: SEED-NO table 1',
      fix: 'ask',
      facts: (place) => ({ package: namesOf(place.user().packages & siteBits)[0] ?? '' }),
      repair(place) {
        const value = place.column < 0 ? null : onlySite(place.context)
        return value === null ? null : { kind: 'ask', value }
      },
    },
    {
      kind: 'user',
      reads: ['site'],
      sees: ['site'],
      check(user, emit) {
        if ((user.packages & siteBits) !== 0 && !user.isFilled('site')) emit(user.row, user.columnOf('site'))
      },
    },
  ),
  unknown,
  notNeeded,
]

export const siteFamily: ShapeFamily = {
  isChain: false,
  reads: 'trimmed',
  appliesTo: (column, users) => column.index === users.site,
  rules: [unknown, notNeeded],
}
