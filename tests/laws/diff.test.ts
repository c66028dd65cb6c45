import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { BatchItem } from '../../shared/core/batch/batch.ts'
import { subjectKey } from '../../shared/core/batch/drift.ts'
import { applyItem } from '../../shared/core/batch/effects.ts'
import { freeze } from '../../shared/core/batch/freeze.ts'
import type { Subscriber } from '../../shared/core/batch/subscriber.ts'
import { subscribersFromTable, tableFromSubscribers } from '../../shared/core/batch/subscribers-from-table.ts'
import { planExport } from '../../shared/core/control-hub/plan-export.ts'
import { readBoolean } from '../../shared/core/catalogue/read-boolean.ts'
import { recogniseColumns } from '../../shared/core/catalogue/recognise.ts'
import { readCsv } from '../../shared/core/csv/read-csv.ts'
import { emailKey } from '../../shared/core/diff/cell-meaning.ts'
import { compareWithBaseline, compareWithNothing, type Comparison } from '../../shared/core/diff/compare-with-baseline.ts'
import type { Sheet } from '../../shared/core/diff/paired-columns.ts'
import { findPatterns } from '../../shared/core/diff/patterns.ts'
import { hasher } from '../support/hasher.ts'
import { sheetOf, type User } from '../support/sheets.ts'

const facts = { customer: 'Firma', author: 'Kari', rulesetVersion: '1', target: null, baseline: 'file', confirmedRemovals: 0 } as const

const text = fc.oneof(
  fc.constantFrom('', ' ', '(clear)', 'a', 'b', 'A', ' a', '042', '+4721000017'),
  fc.string({ maxLength: 4, unit: 'binary' }),
)
const truth = fc.constantFrom('TRUE', 'FALSE', 'true', 'SANN', 'USANN', 'F', '', 'ja')
const email = fc.constantFrom('a@f.no', 'b@f.no', 'C@f.no', 'c@f.no ', 'd@f.no', 'e@f.no', '')

/** Users as wild as a spreadsheet makes them: same emails, odd texts, packages in every spelling, none or several. */
const users = fc.array(
  fc.record({
    'First Name': fc.constantFrom('Kari', 'Ola', ''),
    'Last Name': fc.constantFrom('Vik', ''),
    'User ID/Email (Required)': email,
    'User Status': text,
    Extension: fc.constantFrom('42', '', '(clear)', '43'),
    'Phone Number': fc.constantFrom('+4721000017', '', '+4721000018'),
    Department: text,
    'Jabber Calling': truth,
    'Webex Calling': truth,
    'Webex Suite': truth,
    'Webex Meetings': truth,
  }),
  { maxLength: 8 },
)

/** The same, but each email once: what the rules let through. */
const singles = users.map((list) => [...new Map(list.map((one) => [emailKey(one['User ID/Email (Required)']), one])).values()])

function applied(content: { readonly items: readonly BatchItem[] }, baseline: readonly Subscriber[]): readonly Subscriber[] {
  const store = new Map(baseline.map((subscriber) => [emailKey(subscriber.email), subscriber]))
  for (const item of content.items) {
    const effect = applyItem(store.get(subjectKey(item)) ?? null, item, store.get(emailKey(item.email)) ?? null)
    if (effect.kind === 'refused') throw new Error(`${item.intent} ${item.email}: ${effect.reason} ${effect.columns.join()}`)
    store.delete(subjectKey(item))
    if (effect.after !== null) store.set(emailKey(effect.after.email), effect.after)
  }
  return [...store.values()]
}

const changesOf = (changes: Comparison) => Array.from({ length: changes.count }, (_, index) => changes.changeAt(index))

const isTrue = (cell: string): boolean => readBoolean(cell)?.value === true
/** Several packages TRUE are an error of the file, which no batch is made of. */
const sound = users.map((list) =>
  list.filter((one) => [one['Webex Calling'], one['Webex Suite'], one['Webex Meetings']].filter(isTrue).length < 2),
)

it('a change set applied to its baseline leaves nothing to change', () => {
  fc.assert(
    fc.property(sound, singles, (wanted, held) => {
      const file = sheetOf(wanted)
      const before = subscribersFromTable(sheetOf(held))
      const content = freeze(compareWithBaseline({ ...file, baseline: tableFromSubscribers(before) }), facts, hasher)
      const after = tableFromSubscribers(applied(content, before))
      // A removed user who is held against the file again is a new one without a package: nothing more to apply.
      const again = compareWithBaseline({ ...file, baseline: after })
      const removed = new Set(content.items.filter((item) => item.intent === 'remove').map((item) => emailKey(item.email)))
      expect(changesOf(again).filter((change) => !removed.has(emailKey(change.email)))).toEqual([])
    }),
    { numRuns: 300 },
  )
})

it('the counts of packages afterwards are those of the users afterwards', () => {
  fc.assert(
    fc.property(users, singles, (wanted, held) => {
      const before = subscribersFromTable(sheetOf(held))
      const changes = compareWithBaseline({ ...sheetOf(wanted), baseline: tableFromSubscribers(before) })
      const after = applied(freeze(changes, facts, hasher), before)
      for (const count of changes.packages) {
        expect(before.filter((subscriber) => subscriber.package === count.package)).toHaveLength(count.before)
        expect(after.filter((subscriber) => subscriber.package === count.package)).toHaveLength(count.after)
      }
    }),
    { numRuns: 300 },
  )
})

it('a file held against itself is no change, blank and (clear) aside', () => {
  fc.assert(
    fc.property(singles, (list) => {
      const file = sheetOf(
        list.map((one) => Object.fromEntries(Object.entries(one).map(([key, cell]) => [key, cell === '(clear)' ? '' : cell])) as User),
      )
      const changes = compareWithBaseline({ ...file, baseline: file })
      expect(changesOf(changes)).toEqual([])
    }),
    { numRuns: 300 },
  )
})

it('the order of rows and columns does not matter', () => {
  const named = users.map((list) => list.map((one, n) => ({ ...one, 'User ID/Email (Required)': `${n}@f.no`, 'Last Name': `V${n}` })))
  const shuffled = named.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })))
  fc.assert(
    fc.property(shuffled, named, ([list, other], held) => {
      const baseline = sheetOf(held)
      const sorted = (sheet: Sheet) =>
        changesOf(compareWithBaseline({ ...sheet, baseline }))
          .map((change) => JSON.stringify({ ...change, row: 0 }))
          .toSorted()
      const [first, second] = [compareWithBaseline({ ...sheetOf(list), baseline }), compareWithBaseline({ ...sheetOf(other), baseline })]
      expect(second.summary).toEqual(first.summary)
      expect(second.packages).toEqual(first.packages)
      expect(second.absent).toBe(first.absent)
      expect(sorted(sheetOf(other))).toEqual(sorted(sheetOf(list)))
    }),
    { numRuns: 200 },
  )
})

it('every user of the file is counted once, and every user of the baseline is in the file, renamed or absent', () => {
  fc.assert(
    fc.property(users, users, (wanted, held) => {
      const [file, baseline] = [sheetOf(wanted), sheetOf(held)]
      const { summary, absent, count, baselineUsers } = compareWithBaseline({ ...file, baseline })
      const { add, update, packageChange, remove, rename, unchanged } = summary
      const emails = new Set(wanted.map((one) => emailKey(one['User ID/Email (Required)'])).filter((key) => key !== ''))
      expect(add + update + packageChange + remove + rename).toBe(count)
      expect(count + unchanged).toBe(emails.size)
      expect(update + packageChange + remove + unchanged + rename + absent).toBe(baselineUsers)
    }),
    { numRuns: 200 },
  )
})

it('every change is in a pattern, a removal in no other', () => {
  fc.assert(
    fc.property(users, users, (wanted, held) => {
      const changes = compareWithBaseline({ ...sheetOf(wanted), baseline: sheetOf(held) })
      const seen = new Map<number, number>()
      for (const pattern of findPatterns(changes)) {
        expect(pattern.count).toBe(pattern.members.length)
        for (const member of pattern.members) seen.set(member, (seen.get(member) ?? 0) + 1)
      }
      for (let index = 0; index < changes.count; index++) {
        expect(seen.has(index)).toBe(true)
        if (changes.placeOf(index).intent === 'remove') expect(seen.get(index)).toBe(1)
      }
    }),
    { numRuns: 200 },
  )
})

it('what is exported opens again without a difference', () => {
  const clean = fc.string({ maxLength: 6, unit: 'grapheme' }).filter((cell) => !cell.includes('\0') && cell.trim() !== '(clear)')
  const list = fc.array(
    fc.record({ 'First Name': clean, Department: clean, 'Jabber Calling': truth, 'Webex Calling': truth, 'Webex Suite': truth }),
    { minLength: 1, maxLength: 6 },
  )
  fc.assert(
    fc.property(list, fc.integer({ min: 1, max: 4 }), (cells, maxRows) => {
      const file = sheetOf(cells.map((one, n) => ({ ...one, 'User ID/Email (Required)': `${n}@f.no` })))
      const changeSet = compareWithNothing(file)
      const plan = planExport({ ...file, changeSet, mode: 'all', maxRows, name: 'x' })
      if (!plan.ok) throw new Error(plan.error.code)
      for (const part of plan.value.files) {
        const read = readCsv(new Uint8Array(Buffer.concat([...plan.value.bytesOf(part.order)])), { name: part.name })
        if (!read.ok) throw new Error(read.error.detail)
        const { table } = read.value
        expect(table.rows).toHaveLength(part.rows)
        const again = { table, columns: recogniseColumns(table.columns.map((column) => column.header)) }
        const differences = changesOf(compareWithBaseline({ ...again, baseline: file }))
        // Several packages TRUE (an error of the file) leave as one; nothing else may differ.
        expect(differences.filter((change) => change.cells.some((cell) => !cell.column.startsWith('Webex')))).toEqual([])
      }
    }),
    { numRuns: 200 },
  )
})
