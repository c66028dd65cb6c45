import { expect } from 'vitest'
import type { ComposeOptions } from '../../backend/compose.ts'
import type { Api } from '../../shared/contract/method.ts'
import type { Methods } from '../../shared/contract/methods.ts'
import { must } from './backend.ts'
import type { StandInApi } from './wholesale-api.ts'
import { userFile, users } from './user-file.ts'

export const wholesaleCustomer = 'Fjordkraft AS'

/** Patience for tests: waits that a person would not notice. */
export const hurried = { settleMs: [15, 60], backoffMs: 4, longestBackoffMs: 40, longestPauseMs: 5_000 } as const
export const hurriedApi = (url: string): NonNullable<ComposeOptions['wholesale']> => ({ url, timeoutMs: 150, times: hurried })

export const profileOf = (api: Pick<StandInApi, 'customerId'>) => ({
  name: wholesaleCustomer,
  wholesale: { customerId: api.customerId, locations: [{ name: 'Oslo HQ', id: 'Y2lzY29zcGFyazovL3VzL0xPQ0FUSU9OLzE' }] },
})

/**
 * What the batch does to user `n` of `size`: a third is added, a quarter changes the package (half of these leave Webex Meetings for
 * calling), a sixth is removed, one in twelve gets another department, which the API has no call for.
 */
export const fateOf = (n: number): 'add' | 'to-voice' | 'to-calling' | 'remove' | 'update' | 'nothing' =>
  (['add', 'to-voice', 'remove', 'add', 'to-calling', 'add', 'update', 'to-voice', 'remove', 'add', 'to-calling', 'nothing'] as const)[
    n % 12
  ] ?? 'nothing'
export const emailOf = (n: number): string => `user.${n}@fjordkraft.no`
const cells = (n: number) => ({ Extension: String(20_000 + n), 'Phone Number': `+4721${String(500_000 + n)}` })
const atMeetings = { package: 'Webex Meetings', Extension: '', 'Phone Number': '', Location: '' } as const

/** The batch pushed into the provisioning store, ready to be sent. */
export async function pushedBatch(
  api: Api<Methods>,
  upload: (text: string) => Promise<string>,
  standIn: Pick<StandInApi, 'customerId'>,
  size: number,
): Promise<string> {
  must(await api['customers.save']({ profile: profileOf(standIn) }))
  const before = users(size, (n) => (fateOf(n) === 'to-calling' ? atMeetings : cells(n))).filter((_, n) => fateOf(n) !== 'add')
  const after = users(size, (n) => {
    const fate = fateOf(n)
    if (fate === 'remove') return { ...cells(n), package: null }
    if (fate === 'to-voice') return { ...cells(n), package: 'Webex Voice' }
    if (fate === 'to-calling') return { ...cells(n), package: 'Webex Calling' }
    return { ...cells(n), ...(fate === 'update' ? { Department: 'Salg' } : {}), ...(fate === 'add' ? { 'User Status': '' } : {}) }
  })
  const removals = Array.from({ length: size }, (_, n) => n).filter((n) => fateOf(n) === 'remove').length
  const draft = must(
    await api['drafts.create']({
      ticket: await upload(userFile(after)),
      baselineTicket: await upload(userFile(before)),
      customer: wholesaleCustomer,
    }),
  )
  must(await api['drafts.confirmRemovals']({ draftId: draft.id, count: removals }))
  const made = must(await api['batches.submit']({ draftId: draft.id, by: 'Kari', confirmRemovals: removals }))
  must(await api['batches.decide']({ batch: made.batch, by: 'Guro', decision: 'approved', digest: made.digest, confirmRemovals: removals }))
  expect(must(await api['batches.push']({ batch: made.batch, by: 'Per' })).state).toBe('applied')
  return made.batch
}

/** The users as Webex has them before the batch. */
export function fillStandIn(standIn: StandInApi, size: number): void {
  for (let n = 0; n < size; n++) {
    if (fateOf(n) !== 'add') standIn.add(emailOf(n), fateOf(n) === 'to-calling' ? 'webex_meetings' : 'webex_suite')
  }
}

/** Whether Webex has user `n` as the batch wants them. */
export function isAsWanted(standIn: StandInApi, n: number): boolean {
  const packages = standIn.subscribers.get(emailOf(n))?.packages
  switch (fateOf(n)) {
    case 'remove':
      return packages === undefined
    case 'to-voice':
      return packages?.[0] === 'webex_voice'
    case 'to-calling':
      return packages?.[0] === 'webex_calling'
    case 'add':
    case 'update':
    case 'nothing':
      return packages?.[0] === 'webex_suite'
  }
}
