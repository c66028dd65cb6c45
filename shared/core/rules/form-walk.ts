import type { RowSlice } from './coded-rows.ts'
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

/** The form of a user is what the cells hold, and the packages. Those that were met lately, by the first bits of their hash: a file has some hundreds of them. */
const cacheBits = 12

/**
 * Runs rules over slices of at most so many rows. Of most users nothing is to be said, and thousands are alike: the rules are
 * asked about one of each form, and what they said of it is put down of all.
 */
export function formWalk(run: Run, rules: readonly FormRule[], mostRows: number): (slice: RowSlice) => void {
  const { context, store } = run
  const readForms = formReader(context, [...new Set(rules.flatMap(({ condition }) => condition.sees ?? []))], mostRows)
  const forms = new Int32Array(mostRows)
  const places = new Uint32Array(mostRows)
  const user = movableUser(context)
  const emitters = rules.map(({ number }) => emitter(run, number))

  /** By place: what is said; place 0 is for nothing. */
  const outcomes: (readonly Said[])[] = [[]]
  const outcomeOf = new Map<number, number>()
  const cachedForm = new Int32Array(1 << cacheBits).fill(noForm - 1)
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

  const putDown = (rows: Uint32Array, count: number): void => {
    for (let i = 0; i < count; i++) {
      const row = rows[places[i]!]!
      const form = forms[places[i]!]!
      if (form === noForm) {
        runAlone(row)
        continue
      }
      const slot = slotOf(form)
      if (cachedForm[slot] !== form) look(form, slot, row)
      const said = outcomes[cachedOutcome[slot]!]!
      for (let j = 0; j < said.length; j++) said[j]!.findings.add(row, said[j]!.extra)
    }
  }

  // No loop over rows here: what has one becomes hot, and the compiler would put the loops that it calls into it, where they are slower.
  return (slice) => {
    readForms(slice, forms)
    putDown(slice.rows, findSaid(forms, slice.rows.length, cachedForm, cachedOutcome, places))
  }
}

const slotOf = (form: number): number => Math.imul(form, 0x9e3779b1) >>> (32 - cacheBits)

/** Puts into `places` those of whom something is said, or may be; gives their count. */
function findSaid(forms: Int32Array, length: number, cachedForm: Int32Array, cachedOutcome: Uint32Array, places: Uint32Array): number {
  let count = 0
  for (let i = 0; i < length; i++) {
    const form = forms[i]!
    const slot = Math.imul(form, 0x9e3779b1) >>> (32 - cacheBits)
    if (cachedForm[slot] !== form || cachedOutcome[slot] !== 0) places[count++] = i
  }
  return count
}
