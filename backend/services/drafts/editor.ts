import { firstProblem } from '../../../shared/contract/dispatch.ts'
import { columnLayoutSchema, type editorMethods as table, type KeptLayout } from '../../../shared/contract/editor-methods.ts'
import { packageNames, type PackageName } from '../../../shared/core/catalogue/packages.ts'
import type { Api, OutputOf } from '../../../shared/contract/method.ts'
import { ok } from '../../../shared/kit/result.ts'
import { compareDrafts } from './compare-drafts.ts'
import type { Customers } from '../customers.ts'
import type { Jobs } from '../jobs.ts'
import type { SettingsService } from '../settings.ts'
import type { Tickets } from '../tickets.ts'
import type { World } from '../world.ts'
import { createChangeDraft } from './change-draft.ts'
import { commitFacts } from './draft.ts'
import { profileNews } from './kept-profile.ts'
import type { OpenDrafts } from './open-drafts.ts'
import { rowsWithin } from './windows.ts'
import { originsNow, sourceNews } from './origins.ts'

export interface EditorParts {
  readonly world: World
  readonly open: OpenDrafts
  readonly tickets: Tickets
  readonly jobs: Jobs
  readonly settings: SettingsService
  readonly customers: Pick<Customers, 'find'>
}

/** What the grid needs beside its rows. */
export function editorMethods({ world, open, tickets, jobs, settings, customers }: EditorParts): Api<typeof table> {
  const keyOf = (customer: string | null): string => customer?.toLowerCase() ?? ''
  const change = createChangeDraft(world, open)
  return {
    'editor.compareDrafts': ({ draftId, other, job, ...wanted }) =>
      jobs.run(job, async (work) => {
        const here = await open.get(draftId, work)
        if (!here.ok) return here
        const there = await open.get(other, work)
        return there.ok ? ok(await compareDrafts(here.value, there.value, wanted, work)) : there
      }),
    async 'editor.packagesOf'({ draftId, stretches }) {
      const draft = await open.get(draftId)
      if (!draft.ok) return draft
      const { viewRows, derived } = draft.value
      const counts = new Map<PackageName | null, number>()
      for (const row of rowsWithin(viewRows, stretches)) {
        const name = derived.packageOf(row)
        counts.set(name, (counts.get(name) ?? 0) + 1)
      }
      const named = [...packageNames, null].flatMap((name) => {
        const users = counts.get(name) ?? 0
        return users === 0 ? [] : [{ package: name, users }]
      })
      return ok(named)
    },
    async 'editor.profileNews'({ draftId }) {
      const draft = await open.get(draftId)
      return draft.ok ? profileNews(customers, draft.value) : draft
    },
    async 'editor.sourceNews'({ draftId }) {
      const draft = await open.get(draftId)
      return draft.ok ? ok(await sourceNews(world, draft.value.kept.origins ?? [])) : draft
    },
    async 'editor.sourceAnew'({ draftId }) {
      const draft = await open.get(draftId)
      if (!draft.ok) return draft
      const sources: OutputOf<(typeof table)['editor.sourceAnew']>[number][] = []
      for (const { path, sheet = null } of draft.value.kept.origins ?? []) {
        const ticket = await tickets.forPath(path, world.baseName(path))
        if (!ticket.ok) return ticket
        sources.push({ ticket: ticket.value, sheet })
      }
      return ok(sources)
    },
    async 'editor.passOverSource'({ draftId }) {
      const draft = await open.get(draftId)
      if (!draft.ok) return draft
      const origins = await originsNow(world, draft.value.kept.origins ?? [])
      return change(draftId, (writable) => {
        commitFacts(writable, 'source', { origins }, world.clock.now())
        return ok(null)
      })
    },
    async 'editor.unused'({ draftId, column, candidates, count }) {
      const draft = await open.get(draftId)
      if (!draft.ok) return draft
      const { table } = draft.value
      const cells = table.columns[column]
      const used = new Set<string>()
      for (const row of cells === undefined ? [] : table.rows) used.add(digitsOf(cells?.textOf(row) ?? ''))
      const free: string[] = []
      for (const candidate of candidates) {
        if (free.length >= count) break
        const digits = digitsOf(candidate)
        if (used.has(digits)) continue
        used.add(digits)
        free.push(candidate)
      }
      return ok(free)
    },
    async 'editor.layout'({ customer }) {
      const kept = await settings.recall('layouts', keyOf(customer))
      const layouts = Array.isArray(kept) ? (kept as unknown[]) : []
      return ok(layouts.filter((layout): layout is KeptLayout => firstProblem(columnLayoutSchema, layout) === null))
    },
    async 'editor.setLayout'({ customer, layout }) {
      await settings.keep('layouts', keyOf(customer), layout)
      return ok(null)
    },
  }
}

const digitsOf = (text: string): string => text.replace(/\D/gu, '')
