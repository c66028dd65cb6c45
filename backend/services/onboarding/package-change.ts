import { packageOf } from '../../../shared/core/catalogue/package-of.ts'
import type { PackageName } from '../../../shared/core/catalogue/packages.ts'
import { userColumns } from '../../../shared/core/catalogue/user-columns.ts'
import { personKey } from '../../../shared/core/batch/approval.ts'
import { controlHubDialect, writeCsv } from '../../../shared/core/csv/write-csv.ts'
import { planPackageChange, type PackageMove } from '../../../shared/core/onboarding/change-package.ts'
import { tableFromRows } from '../../../shared/core/table/table-from-rows.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { InputOf } from '../../../shared/contract/method.ts'
import type { Methods } from '../../../shared/contract/methods.ts'
import type { PackageChangeState } from '../../../shared/contract/onboarding-methods.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { OpenedFile } from '../services.ts'
import type { OnboardingMethods, OnboardingParts } from './onboarding.ts'

type Input = InputOf<Methods['onboarding.packageChange']>

interface Found {
  readonly state: PackageChangeState
  readonly file: OpenedFile
  /** Row ids of the users, in the order of `state.users`. */
  readonly rows: readonly number[]
  readonly customer: string | null
}

/** The vendor's "change the user's package" over the rows of a draft; the draft itself stays as it is. */
export function packageChangeMethods({
  tickets,
  draftFile,
  createDraft,
  customers,
}: Pick<OnboardingParts, 'tickets' | 'draftFile' | 'createDraft' | 'customers'>): Pick<
  OnboardingMethods,
  'onboarding.packageChange' | 'onboarding.makePackageChange'
> {
  async function find({ draftId, emails, to, answers }: Input): Promise<Result<Found, AppError>> {
    const draft = await draftFile(draftId)
    if (!draft.ok) return draft
    const { table, columns } = draft.value
    const places = userColumns(columns)
    const text = (row: number, column: number): string => (column < 0 ? '' : (table.columns[column]?.textOf(row) ?? '').trim())
    const wanted = new Set(emails.map(personKey))
    const answered = new Map(answers.map((answer) => [personKey(answer.email), answer]))
    const profiles = await customers.service.list()
    if (!profiles.ok) return profiles
    const profile = profiles.value.find(({ administrators }) => administrators?.some((one) => wanted.has(personKey(one))) === true) ?? null
    const administrators = new Set((profile?.administrators ?? []).map(personKey))
    const counts = new Map<PackageName | null, number>()
    const users: PackageMove[] = []
    const rows: number[] = []
    const seen = new Set<string>()
    for (const row of table.rows) {
      const from = packageOf(places, (column) => text(row, column))
      counts.set(from, (counts.get(from) ?? 0) + 1)
      const email = text(row, places.email)
      const key = personKey(email)
      if (!wanted.has(key) || seen.has(key)) continue
      seen.add(key)
      const answer = answered.get(key)
      const own = (name: 'phoneNumber' | 'extension' | 'location' | 'site', column: number): string =>
        answer?.[name].trim() || text(row, column)
      users.push({
        email,
        from,
        phoneNumber: own('phoneNumber', places.phone),
        extension: own('extension', places.extension),
        location: own('location', places.location),
        site: own('site', places.site),
        isAdministrator: administrators.has(key),
      })
      rows.push(row)
    }
    const state: PackageChangeState = {
      users,
      change: planPackageChange(users, to, profile?.createdWith ?? null),
      unknown: emails.filter((email) => !seen.has(personKey(email))),
      packages: [...counts].map(([name, number]) => ({ package: name, users: number })),
    }
    return ok({ state, file: draft.value, rows, customer: profile?.name ?? null })
  }

  return {
    async 'onboarding.packageChange'(input) {
      const found = await find(input)
      return found.ok ? ok(found.value.state) : found
    },
    async 'onboarding.makePackageChange'(input) {
      const found = await find(input)
      if (!found.ok) return found
      const { state, file, rows, customer } = found.value
      if (!state.change.isReady)
        return err({
          code: 'edit/impossible',
          detail: 'the new package asks for something that is not there yet, or nobody is left to change',
        })
      const { table, columns } = file
      const places = userColumns(columns)
      const live = table.live
      if ((places.packages.get(input.to) ?? []).length === 0)
        return err({ code: 'edit/impossible', detail: `the draft has no column for ${input.to}` })
      const header = live.map((index) => table.columns[index]?.header ?? '')
      const packageColumns = new Map([...places.packages].flatMap(([name, list]) => list.map((column) => [column, name] as const)))
      const giving = places.packages.get(input.to)?.[0]
      const cells = (place: number, change: 'none' | 'away' | 'to'): readonly string[] =>
        live.map((column) => {
          const before = table.columns[column]?.textOf(rows[place] ?? 0) ?? ''
          const user = state.users[place]
          if (change === 'none' || user === undefined) return before
          if (packageColumns.has(column)) return change === 'to' && column === giving ? 'TRUE' : 'FALSE'
          if (change === 'away') return before
          if (column === places.phone) return user.phoneNumber
          if (column === places.extension) return user.extension
          if (column === places.location) return user.location
          return column === places.site ? user.site : before
        })
      const places_ = (wanted: (inTwoSteps: boolean) => boolean): readonly number[] =>
        state.change.moves.flatMap((move, place) => (move.refused === null && wanted(move.inTwoSteps) ? [place] : []))
      const twoSteps = places_((two) => two)
      const everyone = places_(() => true)
      const make = async (
        name: string,
        who: readonly number[],
        before: 'none' | 'away',
        after: 'away' | 'to',
      ): Promise<Result<{ draftId: string; name: string }, AppError>> => {
        const ticket = tickets.forBytes(
          name,
          csvOf(
            header,
            who.map((place) => cells(place, after)),
          ),
        )
        const baseline = tickets.forBytes(
          'before.csv',
          csvOf(
            header,
            who.map((place) => cells(place, twoSteps.includes(place) ? before : 'none')),
          ),
        )
        const draft = await createDraft({
          ticket: ticket.ticket,
          baselineTicket: baseline.ticket,
          ...(customer === null ? {} : { customer }),
        })
        return draft.ok ? ok({ draftId: draft.value.id, name: draft.value.name }) : draft
      }
      const drafts: { draftId: string; name: string }[] = []
      if (twoSteps.length > 0) {
        const first = await make(`package-change-1-of-2.csv`, twoSteps, 'none', 'away')
        if (!first.ok) return first
        drafts.push(first.value)
      }
      const last = await make(twoSteps.length > 0 ? 'package-change-2-of-2.csv' : 'package-change.csv', everyone, 'away', 'to')
      if (!last.ok) return last
      return ok({ drafts: [...drafts, last.value] })
    },
  }
}

/** Rows as a file for Control Hub. */
export function csvOf(header: readonly string[], rows: readonly (readonly string[])[]): Uint8Array<ArrayBuffer> {
  const written = writeCsv(tableFromRows(header, rows), { dialect: controlHubDialect })
  // UTF-8 can write every text, so there is no other outcome.
  if (!written.ok) throw new Error(written.error.detail)
  return new Uint8Array(Buffer.concat([...written.value]))
}
