import { isCallingPackage, needsSite, type PackageName } from '../catalogue/packages.ts'
import { isE164 } from '../rules/phone-number.ts'

/** A user whose package is to change, with the answers that were given so far. */
export interface PackageMove {
  readonly email: string
  readonly from: PackageName | null
  readonly phoneNumber: string
  readonly extension: string
  readonly location: string
  readonly site: string
  readonly isAdministrator: boolean
}

export type MoveNeed = 'number-or-extension' | 'number' | 'extension' | 'location' | 'site'
export type MoveLoss = 'calling' | 'meetings' | 'queues'
export type MoveRefusal = 'administrator' | 'same'

export interface PlannedMove {
  readonly email: string
  readonly from: PackageName | null
  readonly to: PackageName
  /** What the new package asks for and the user lacks, or has in a form that is refused. */
  readonly needs: readonly MoveNeed[]
  /** What the user has no longer after it, for good. */
  readonly losses: readonly MoveLoss[]
  /** Not carried out at all, and why. */
  readonly refused: MoveRefusal | null
  /** Refused in one step by the licence service: the package is taken away first and the new one given after (OAS 400112, 400410). */
  readonly inTwoSteps: boolean
}

export interface PackageChangePlan {
  readonly moves: readonly PlannedMove[]
  /** All that is asked for is there; refused ones are left out of the draft. */
  readonly isReady: boolean
  readonly counts: { readonly change: number; readonly twoSteps: number; readonly refused: number; readonly losing: number }
}

/**
 * The vendor's "change the user's package" for one or many. Site is asked of every package but Webex Voice only where the user has
 * none yet; number and location where the package has calling (the vendor's page names Calling and Suite, the API every one).
 */
export function planPackageChange(users: readonly PackageMove[], to: PackageName, level: PackageName | null): PackageChangePlan {
  const moves = users.map((user): PlannedMove => {
    const { email, from } = user
    if (from === to) return { email, from, to, needs: [], losses: [], refused: 'same', inTwoSteps: false }
    // No downgrade of the full administrator: the level of the customer stays (SEED-DA, PROV).
    if (user.isAdministrator && level !== null && to !== level)
      return { email, from, to, needs: [], losses: [], refused: 'administrator', inTwoSteps: false }
    return { email, from, to, needs: needsOf(user, to), losses: lossesOf(from, to), refused: null, inTwoSteps: isRefusedAtOnce(from, to) }
  })
  const carried = moves.filter(({ refused }) => refused === null)
  return {
    moves,
    isReady: carried.length > 0 && carried.every(({ needs }) => needs.length === 0),
    counts: {
      change: carried.length,
      twoSteps: carried.filter(({ inTwoSteps }) => inTwoSteps).length,
      refused: moves.length - carried.length,
      losing: carried.filter(({ losses }) => losses.length > 0).length,
    },
  }
}

/** Calling, Suite or Customer Assist to Calling Standard (the rule `package/needs-reassign`). */
export const isRefusedAtOnce = (from: PackageName | null, to: PackageName): boolean =>
  to === 'Webex Calling Standard' && (from === 'Webex Calling' || from === 'Webex Suite' || from === 'Customer Assist')

function needsOf(user: PackageMove, to: PackageName): readonly MoveNeed[] {
  const needs: MoveNeed[] = []
  if (isCallingPackage(to)) {
    if (user.phoneNumber === '' && user.extension === '') needs.push('number-or-extension')
    if (user.phoneNumber !== '' && !user.phoneNumber.split(',').every((part) => isE164(part.trim().replace(/^(?:PRIMARY|REMOVE)\|/u, ''))))
      needs.push('number')
    if (user.extension !== '' && !/^\d{2,10}$/u.test(user.extension)) needs.push('extension')
    if (user.location.trim() === '') needs.push('location')
  }
  if (needsSite(to) && user.site.trim() === '') needs.push('site')
  return needs
}

function lossesOf(from: PackageName | null, to: PackageName): readonly MoveLoss[] {
  if (from === null) return []
  const losses: MoveLoss[] = []
  if (isCallingPackage(from) && !isCallingPackage(to)) losses.push('calling')
  if (needsSite(from) && !needsSite(to)) losses.push('meetings')
  if (from === 'Customer Assist') losses.push('queues')
  return losses
}
