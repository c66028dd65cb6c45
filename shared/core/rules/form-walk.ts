import { movableUser } from './context.ts'
import type { FindingsOfKind } from './finding-store.ts'
import type { UserCondition } from './rule.ts'
import { emitter, levelOf, type Run } from './run.ts'
import { formReader, noForm } from './user-forms.ts'

/** A rule that says what it sees, by its number. */
export interface FormRule {
  readonly number: number
  readonly condition: UserCondition
}

/** What is to be put down of every user of a form. */
interface Said {
  readonly findings: FindingsOfKind
  readonly extra: number
}

/** Forms that were met lately, by the first bits of their hash: a file has some hundreds of them. */
const cacheBits = 12

/**
 * Runs rules over slices of rows, which have at most so many. Of most users nothing is to be said, and thousands are alike: the rules are
 * asked about one of each form, and what they said of it is put down of all.
 */
export function formWalk(run: Run, rules: readonly FormRule[], mostRows: number): (rows: Uint32Array) => void {
  const { context, store } = run
  const readForms = formReader(context, [...new Set(rules.flatMap(({ condition }) => condition.sees ?? []))])
  const forms = new Int32Array(mostRows)
  const user = movableUser(context)
  const emitters = rules.map(({ number }) => emitter(run, number))

  /** By place: what is said; place 0 is for nothing. */
  const outcomes: (readonly Said[])[] = [[]]
  const outcomeOf = new Map<number, number>()
  const cachedForm = new Int32Array(1 << cacheBits).fill(noForm)
  const cachedOutcome = new Uint32Array(1 << cacheBits)

  const ask = (row: number): readonly Said[] => {
    user.moveTo(row)
    const said: Said[] = []
    for (const { number, condition } of rules) {
      const usual = run.rules[number]!.severity[0]
      condition.check(user, (_row, column, extra = 0, severity = usual) => {
        said.push({ findings: store.of(number, levelOf(severity), column), extra })
      })
    }
    return said
  }
  const look = (form: number, slot: number, row: number): void => {
    let outcome = outcomeOf.get(form)
    if (outcome === undefined) {
      const said = ask(row)
      outcome = said.length === 0 ? 0 : outcomes.push(said) - 1
      outcomeOf.set(form, outcome)
    }
    cachedForm[slot] = form
    cachedOutcome[slot] = outcome
  }
  const runAlone = (row: number): void => {
    user.moveTo(row)
    rules.forEach(({ number, condition }, place) => {
      if (!user.isRemoval || run.rules[number]!.onRemovals === true) condition.check(user, emitters[place]!)
    })
  }

  return (rows) => {
    readForms(rows, forms)
    for (let i = 0; i < rows.length; i++) {
      const form = forms[i]!
      if (form === noForm) {
        runAlone(rows[i]!)
        continue
      }
      const slot = Math.imul(form, 0x9e3779b1) >>> (32 - cacheBits)
      if (cachedForm[slot] !== form) look(form, slot, rows[i]!)
      const outcome = cachedOutcome[slot]!
      if (outcome === 0) continue
      const said = outcomes[outcome]!
      for (let j = 0; j < said.length; j++) said[j]!.findings.add(rows[i]!, said[j]!.extra)
    }
  }
}
