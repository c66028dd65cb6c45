import { personKey } from '../../../shared/core/batch/approval.ts'
import { checklistAsHtml, checklistAsMarkdown, checklistAsText, checklistOf } from '../../../shared/core/onboarding/checklist.ts'
import { compareTemplates } from '../../../shared/core/onboarding/compare-templates.ts'
import { firstBatch, type FirstBatch } from '../../../shared/core/onboarding/first-batch.ts'
import { payloadFiles } from '../../../shared/core/onboarding/payloads.ts'
import { readPlan, readTemplate, type OnboardingPlan } from '../../../shared/core/onboarding/plan.ts'
import { profileOfPlan } from '../../../shared/core/onboarding/profile-of-plan.ts'
import type { HandOver } from '../../../shared/core/onboarding/problem.ts'
import { planStatus } from '../../../shared/core/onboarding/status.ts'
import { usersFromTable } from '../../../shared/core/onboarding/users-from-table.ts'
import type { CustomerProfile } from '../../../shared/core/customer/profile.ts'
import type { AppError } from '../../../shared/contract/app-error.ts'
import type { FileTicket } from '../../../shared/contract/draft-methods.ts'
import type { Api } from '../../../shared/contract/method.ts'
import type { Methods } from '../../../shared/contract/methods.ts'
import type { PlanDetail, PlanListItem, TemplateDetail, TemplateVersion } from '../../../shared/contract/onboarding-methods.ts'
import { inTurn } from '../../../shared/kit/in-turn.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { Customers } from '../customers.ts'
import { readTable } from '../files/read-table.ts'
import { fileError } from '../problems.ts'
import type { OpenedFile } from '../services.ts'
import type { Tickets } from '../tickets.ts'
import type { World } from '../world.ts'
import { readCustomers, readLocations } from './import-files.ts'
import { csvOf, packageChangeMethods } from './package-change.ts'

export type OnboardingMethods = Pick<Api<Methods>, Extract<keyof Methods, `onboarding.${string}`>>

export interface OnboardingParts {
  readonly world: World
  readonly tickets: Tickets
  readonly customers: Customers
  /** A draft's rows. */
  readonly draftFile: (draftId: string) => Promise<Result<OpenedFile, AppError>>
  readonly createDraft: Api<Methods>['drafts.create']
}

interface StoredPlan {
  readonly revision: number
  readonly changedAt: string
  readonly plan: OnboardingPlan
}

/** Plans and templates: kept, imported, handed over. What is right and wrong in them is the core's business. */
export function onboardingMethods({ world, tickets, customers, draftFile, createDraft }: OnboardingParts): OnboardingMethods {
  const { onboarding: store, clock } = world
  type Reply<T> = Promise<Result<T, AppError>>

  async function planOf(id: string): Reply<StoredPlan> {
    const text = await store.read('plans', id)
    if (text === null) return err({ code: 'plan/not-found', plan: id })
    const stored = parsePlan(text)
    return stored === null ? err({ code: 'plan/invalid', name: id, path: '', detail: 'the stored file is damaged' }) : ok(stored)
  }

  async function templateOf(id: string): Reply<Omit<TemplateDetail, 'plans'>> {
    const text = await store.read('templates', id)
    if (text === null) return err({ code: 'plan/not-found', plan: id })
    const versions = parseTemplate(text)
    return versions === null
      ? err({ code: 'plan/invalid', name: id, path: '', detail: 'the stored file is damaged' })
      : ok({ id, versions })
  }

  async function write(stored: StoredPlan): Reply<PlanDetail> {
    const written = await store.write('plans', stored.plan.id, `${JSON.stringify(stored, null, 2)}\n`)
    return written.ok ? ok(stored) : err(fileError(written.error))
  }

  // Two windows that save at the same moment: the second one sees what the first has written.
  const inOrder = inTurn()

  async function readAll(): Promise<{
    readonly plans: readonly StoredPlan[]
    readonly templates: readonly Omit<TemplateDetail, 'plans'>[]
    readonly damaged: readonly string[]
  }> {
    const damaged: string[] = []
    const keep =
      <T>(folder: string, read: (text: string) => T | null) =>
      ({ id, text }: { readonly id: string; readonly text: string }): readonly T[] => {
        const found = read(text)
        if (found === null) damaged.push(`${folder}/${id}.json`)
        return found === null ? [] : [found]
      }
    const plans = (await store.list('plans')).flatMap(keep('plans', parsePlan))
    const templates = (await store.list('templates')).flatMap((file) =>
      keep('templates', parseTemplate)(file).map((versions) => ({ id: file.id, versions })),
    )
    return { plans, templates, damaged }
  }

  const countPlans = (plans: readonly StoredPlan[], template: string): number =>
    plans.filter(({ plan }) => plan.templateRef.id === template).length

  /** The plan, if nothing stands in the way of handing it over in this form. */
  async function ready(id: string, output: HandOver): Reply<OnboardingPlan> {
    const stored = await planOf(id)
    if (!stored.ok) return stored
    const open = planStatus(stored.value.plan).gates[output]
    return open === 0 ? ok(stored.value.plan) : err({ code: 'plan/incomplete', name: stored.value.plan.customer.name, open })
  }

  const file = (name: string, text: string): FileTicket => tickets.forBytes(name, new Uint8Array(Buffer.from(text)))
  const jsonFile = (name: string, value: unknown): FileTicket => file(name, `${JSON.stringify(value, null, 2)}\n`)

  async function firstBatchOf(
    id: string,
  ): Reply<{ readonly plan: OnboardingPlan; readonly profile: CustomerProfile | null; readonly batch: FirstBatch }> {
    const plan = await ready(id, 'batch')
    if (!plan.ok) return plan
    if (plan.value.users.length === 0) return err({ code: 'plan/incomplete', name: plan.value.customer.name, open: 1 })
    const profile = await customers.find(plan.value.customer.name)
    if (!profile.ok) return profile
    return ok({ plan: plan.value, profile: profile.value, batch: firstBatch(plan.value, profile.value) })
  }

  return {
    async 'onboarding.list'() {
      const { plans, templates, damaged } = await readAll()
      return ok({
        plans: plans.toSorted((a, b) => (a.changedAt < b.changedAt ? 1 : -1)).map(listItem),
        templates: templates
          .map((template) => ({ ...template, plans: countPlans(plans, template.id) }))
          .toSorted((a, b) => nameOf(a).localeCompare(nameOf(b))),
        damaged,
      })
    },
    'onboarding.plan': ({ plan }) => planOf(plan),
    'onboarding.savePlan': ({ plan, revision }) =>
      inOrder(async () => {
        if (plan.id === '') return write({ revision: 1, changedAt: clock.now(), plan: { ...plan, id: clock.random(8) } })
        const before = await planOf(plan.id)
        if (!before.ok) return before
        if (before.value.revision !== revision) return err({ code: 'plan/changed', name: plan.customer.name })
        return write({ revision: revision + 1, changedAt: clock.now(), plan })
      }),
    async 'onboarding.deletePlan'({ plan, confirmedName }) {
      const before = await planOf(plan)
      if (!before.ok) return before
      const { name } = before.value.plan.customer
      if (name.trim() !== '' && name.trim() !== confirmedName)
        return err({ code: 'guard/refused', detail: 'the name typed is not the plan’s' })
      const removed = await store.remove('plans', plan)
      return removed.ok ? ok(null) : err(fileError(removed.error))
    },
    async 'onboarding.template'({ template }) {
      const found = await templateOf(template)
      return found.ok ? ok({ ...found.value, plans: countPlans((await readAll()).plans, template) }) : found
    },
    async 'onboarding.saveTemplate'({ id, template, by, basedOn }) {
      const fresh = (version: number): TemplateVersion => ({ version, at: clock.now(), by, template })
      let detail: Omit<TemplateDetail, 'plans'>
      if (id === '') detail = { id: clock.random(8), versions: [fresh(1)] }
      else {
        const before = await templateOf(id)
        if (!before.ok) return before
        const last = before.value.versions.at(-1)
        if (last === undefined || last.version !== basedOn) return err({ code: 'plan/changed', name: template.name })
        if (compareTemplates(last.template, template).length === 0) detail = before.value
        else detail = { id, versions: [...before.value.versions, fresh(last.version + 1)] }
      }
      const written = await store.write('templates', detail.id, `${JSON.stringify({ versions: detail.versions }, null, 2)}\n`)
      if (!written.ok) return err(fileError(written.error))
      return ok({ ...detail, plans: countPlans((await readAll()).plans, detail.id) })
    },
    async 'onboarding.deleteTemplate'({ template, confirmedName }) {
      const found = await templateOf(template)
      if (!found.ok) return found
      const name = nameOf(found.value).trim()
      if (name !== '' && name !== confirmedName) return err({ code: 'guard/refused', detail: 'the name typed is not the template’s' })
      const removed = await store.remove('templates', template)
      return removed.ok ? ok(null) : err(fileError(removed.error))
    },
    async 'onboarding.readLocations'({ ticket }) {
      const source = tickets.source(ticket)
      return source.ok ? readLocations(world, source.value) : source
    },
    async 'onboarding.readUsers'({ source }) {
      if ('draftId' in source) {
        const draft = await draftFile(source.draftId)
        return draft.ok ? ok({ users: usersFromTable(draft.value.table, draft.value.columns) }) : draft
      }
      const found = tickets.source(source.ticket)
      if (!found.ok) return found
      const table = await readTable(world, found.value)
      return table.ok ? ok({ users: usersFromTable(table.value.table, table.value.columns) }) : table
    },
    async 'onboarding.importCustomers'({ ticket }) {
      const source = tickets.source(ticket)
      if (!source.ok) return source
      const read = await readCustomers(world, source.value)
      if (!read.ok) return read
      const plans: string[] = []
      for (const plan of read.value.items) {
        const written = await write({ revision: 1, changedAt: clock.now(), plan: { ...plan, id: clock.random(8) } })
        if (!written.ok) return written
        plans.push(written.value.plan.id)
      }
      return ok({ plans, unknown: read.value.unknown, skipped: read.value.skipped })
    },
    async 'onboarding.planFile'({ plan }) {
      const stored = await planOf(plan)
      return stored.ok ? ok(jsonFile(`${fileName(stored.value.plan)}-plan.json`, { ...stored.value.plan, id: '' })) : stored
    },
    async 'onboarding.checklist'({ plan: id, language, format }) {
      const plan = await ready(id, 'checklist')
      if (!plan.ok) return plan
      const list = checklistOf(plan.value, language, clock.now().slice(0, 10))
      const text = { html: checklistAsHtml, md: checklistAsMarkdown, txt: checklistAsText }[format](list)
      return ok(file(`${fileName(plan.value)}-checklist-${language}.${format}`, text))
    },
    async 'onboarding.payloads'({ plan: id }) {
      const plan = await ready(id, 'payloads')
      return plan.ok ? ok(payloadFiles(plan.value).map(({ name, json }) => jsonFile(name, json))) : plan
    },
    async 'onboarding.firstBatchFile'({ plan: id }) {
      const made = await firstBatchOf(id)
      if (!made.ok) return made
      const { plan, batch } = made.value
      return ok(tickets.forBytes(`${fileName(plan)}-users.csv`, csvOf(batch.header, batch.rows)))
    },
    async 'onboarding.firstBatch'({ plan: id }) {
      const made = await firstBatchOf(id)
      if (!made.ok) return made
      const { plan, batch, profile } = made.value
      const saved = await customers.service.save(profileOfPlan(plan, profile))
      if (!saved.ok) return saved
      const { ticket } = tickets.forBytes(`${fileName(plan)}-users.csv`, csvOf(batch.header, batch.rows))
      const draft = await createDraft({ ticket, customer: saved.value.name })
      return draft.ok ? ok({ draftId: draft.value.id, withoutColumn: batch.withoutColumn }) : draft
    },
    ...packageChangeMethods({ tickets, draftFile, createDraft, customers }),
  }
}

function parsePlan(text: string): StoredPlan | null {
  try {
    const stored = JSON.parse(text) as Partial<StoredPlan>
    const plan = readPlan(stored.plan)
    return plan.ok && typeof stored.revision === 'number' && typeof stored.changedAt === 'string'
      ? { revision: stored.revision, changedAt: stored.changedAt, plan: plan.value }
      : null
  } catch {
    return null
  }
}

function parseTemplate(text: string): readonly TemplateVersion[] | null {
  try {
    const { versions } = JSON.parse(text) as { readonly versions: readonly TemplateVersion[] }
    const read = versions.map((one) => ({ one, template: readTemplate(one.template) }))
    const whole = read.flatMap(({ one, template }) =>
      template.ok ? [{ version: one.version, at: one.at, by: one.by, template: template.value }] : [],
    )
    return whole.length === read.length && whole.length > 0 ? whole : null
  } catch {
    return null
  }
}

function listItem({ plan, changedAt }: StoredPlan): PlanListItem {
  const { steps, next, problems } = planStatus(plan)
  const needed = steps.filter(({ state }) => state !== 'not-needed')
  return {
    id: plan.id,
    name: plan.customer.name,
    template: plan.template.name,
    changedAt,
    users: plan.users.length,
    errors: problems.filter(({ severity }) => severity === 'error').length,
    done: needed.filter(({ state }) => state === 'done').length,
    steps: needed.length,
    next,
  }
}

const nameOf = ({ versions }: Pick<TemplateDetail, 'versions'>): string => versions.at(-1)?.template.name ?? ''

/** A customer's name as part of a file's name. */
export const fileName = ({ customer }: Pick<OnboardingPlan, 'customer'>): string =>
  personKey(customer.name)
    .normalize('NFKD')
    .replace(/æ/gu, 'ae')
    .replace(/ø/gu, 'o')
    .replace(/[^a-z0-9]+/gu, '-')
    .replace(/^-+|-+$/gu, '')
    .slice(0, 40) || 'customer'
