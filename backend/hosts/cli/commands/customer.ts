import type { CustomerProfile } from '../../../../shared/core/customer/profile.ts'
import type { AppError } from '../../../../shared/contract/app-error.ts'
import type { Result } from '../../../../shared/kit/result.ts'
import type { Services } from '../../../services/services.ts'
import { fail, hasFlag, sourceOf, ticketOf, usageError, wordsOfError, type Context } from '../context.ts'
import { columnsOf, visible } from '../output.ts'

export async function run(context: Context): Promise<number> {
  const [action = '', name, list] = context.operands
  const { services } = await context.backend()
  switch (action) {
    case 'list':
      return name === undefined
        ? showList(context, services)
        : fail(context, usageError(context.say.usage.surplusOperand('customer list', name)))
    case 'add':
      return name === undefined
        ? missing(context, action, 'PROFILE.json')
        : withoutMore(context, action, list, () => add(context, services, name))
    case 'show':
      return name === undefined ? missing(context, action, 'NAME') : withoutMore(context, action, list, () => show(context, services, name))
    case 'policy':
      return name === undefined ? missing(context, action, 'NAME') : policy(context, services, name, list)
    default: {
      if (name === undefined) return missing(context, action, 'NAME')
      if (list === undefined) return missing(context, action, 'LIST.csv')
      return importList(context, services, name, action === 'import-numbers' ? 'numbers' : 'locations', list)
    }
  }
}

const missing = (context: Context, action: string, operand: string): Promise<number> =>
  fail(context, usageError(context.say.usage.missingOperand(`customer ${action}`, operand)))

const withoutMore = (context: Context, action: string, surplus: string | undefined, next: () => Promise<number>): Promise<number> =>
  surplus === undefined ? next() : fail(context, usageError(context.say.usage.surplusOperand(`customer ${action}`, surplus)))

async function add(context: Context, services: Services, file: string): Promise<number> {
  const read = await services.customers.readProfile(await sourceOf(file))
  if (!read.ok) return fail(context, read.error)
  const { name } = read.value
  const all = await services.customers.list()
  if (!all.ok) return fail(context, all.error)
  const known = all.value.some((profile) => profile.name.toLowerCase() === name.toLowerCase())
  if (known && !hasFlag(context, 'force')) return fail(context, { code: 'file/exists', path: name })
  return answer(context, await services.customers.save(read.value))
}

async function show(context: Context, services: Services, name: string): Promise<number> {
  return answer(context, await services.customers.resolve(name))
}

async function importList(
  context: Context,
  services: Services,
  name: string,
  what: 'locations' | 'numbers',
  file: string,
): Promise<number> {
  const imported = await services.customers.importList(name, what, await sourceOf(file))
  if (!imported.ok) return fail(context, imported.error)
  const { added, known, profile } = imported.value
  if (context.json) await context.out.json({ customer: profile.name, added, known })
  else await context.out.write(`${profile.name}: ${context.say.label.added(added, known)}\n`)
  return 0
}

/** The policy as it is kept: the JSON that the same command reads. With a file it is set first. */
async function policy(context: Context, services: Services, name: string, file: string | undefined): Promise<number> {
  const customer = await services.customers.resolve(name)
  if (!customer.ok) return fail(context, customer.error)
  const set = file === undefined ? null : await setPolicy(context, customer.value.name, file)
  if (set?.ok === false) return fail(context, set.error)
  const now = await services.api['review.policy']({ customer: customer.value.name })
  if (!now.ok) return fail(context, now.error)
  await context.out.json(context.json ? now.value : now.value.policy)
  return 0
}

async function setPolicy(context: Context, customer: string, file: string): Promise<Result<unknown, AppError>> {
  const { services } = await context.backend()
  const ticket = await ticketOf(context, file)
  return ticket.ok ? services.api['review.importPolicy']({ customer, ticket: ticket.value.ticket }) : ticket
}

async function showList(context: Context, services: Services): Promise<number> {
  const all = await services.customers.list()
  if (!all.ok) return fail(context, all.error)
  const profiles = all.value
  for (const problem of await services.customers.broken()) context.out.complain(`roster: ${wordsOfError(context.say, problem)}`)
  if (context.json) await context.out.json(profiles)
  else if (profiles.length === 0) await context.out.write(`${context.say.label.noCustomers}\n`)
  else
    await context.out.write(
      `${columnsOf(profiles.map((profile) => [visible(profile.name), (profile.packages ?? []).map((item) => item.package).join(', ')])).join('\n')}\n`,
    )
  return 0
}

/** A profile is shown as what it is: the JSON that `customer add` reads. */
async function answer(context: Context, result: Result<CustomerProfile, AppError>): Promise<number> {
  if (!result.ok) return fail(context, result.error)
  await context.out.json(result.value)
  return 0
}
