import type { ReviewPolicy } from '../../../../shared/core/review/policy.ts'

/** A policy as a form holds it: ticks, and numbers as they are typed. Texts of a part that is not ticked are kept, but mean nothing. */
export interface PolicyForm {
  approvers: string
  removals: { on: boolean; percent: string; users: string; approvers: string }
  administrators: { on: boolean; approvers: string }
  overLimit: { on: boolean; approvers: string }
  losesCalling: { on: boolean; users: string; approvers: string }
  signed: boolean
}

/** The field that cannot be read, and what it says. */
export interface PolicyProblem {
  readonly field: 'approvers' | 'percent' | 'users' | 'removals'
  readonly value: string
}

const textOf = (number: number | undefined): string => (number === undefined ? '' : String(number))

export const policyFormOf = ({ approvers, removals, administrators, overLimit, losesCalling, signed }: ReviewPolicy): PolicyForm => ({
  approvers: String(approvers),
  removals: {
    on: removals !== undefined,
    percent: textOf(removals?.percent),
    users: textOf(removals?.users),
    approvers: String(removals?.approvers ?? 2),
  },
  administrators: { on: administrators !== undefined, approvers: String(administrators?.approvers ?? 2) },
  overLimit: { on: overLimit !== undefined, approvers: String(overLimit?.approvers ?? 2) },
  losesCalling: { on: losesCalling !== undefined, users: textOf(losesCalling?.users), approvers: String(losesCalling?.approvers ?? 2) },
  signed: signed ?? false,
})

/** The policy that a form says, or the first thing in it that says none. The backend checks it again. */
export function policyOf(form: PolicyForm): { readonly policy: ReviewPolicy } | { readonly problem: PolicyProblem } {
  const { removals, administrators, overLimit, losesCalling } = form
  const parts = [removals, administrators, overLimit, losesCalling].filter(({ on }) => on)
  const approvers = [form.approvers, ...parts.map((part) => part.approvers)].find((text) => !/^[1-5]$/u.test(text.trim()))
  if (approvers !== undefined) return { problem: { field: 'approvers', value: approvers } }
  const percent = removals.on ? removals.percent.trim().replace(',', '.') : ''
  if (percent !== '' && !(/^\d+(?:\.\d+)?$/u.test(percent) && Number(percent) <= 100))
    return { problem: { field: 'percent', value: percent } }
  const counts = [removals.on ? removals.users.trim() : '', losesCalling.on ? losesCalling.users.trim() : '']
  const users = counts.find((text) => text !== '' && !/^\d{1,9}$/u.test(text))
  if (users !== undefined) return { problem: { field: 'users', value: users } }
  if (removals.on && percent === '' && removals.users.trim() === '') return { problem: { field: 'removals', value: '' } }
  const bound = (text: string): { readonly users?: number } => (text.trim() === '' ? {} : { users: Number(text) })
  const by = (text: string): { readonly approvers: number } => ({ approvers: Number(text) })
  return {
    policy: {
      format: 1,
      ...by(form.approvers),
      ...(removals.on
        ? { removals: { ...(percent === '' ? {} : { percent: Number(percent) }), ...bound(removals.users), ...by(removals.approvers) } }
        : {}),
      ...(administrators.on ? { administrators: by(administrators.approvers) } : {}),
      ...(overLimit.on ? { overLimit: by(overLimit.approvers) } : {}),
      ...(losesCalling.on ? { losesCalling: { ...bound(losesCalling.users), ...by(losesCalling.approvers) } } : {}),
      ...(form.signed ? { signed: true } : {}),
    },
  }
}
