import { firstProblem } from '../../../shared/contract/dispatch.ts'
import { columnLayoutSchema, type editorMethods as table, type KeptLayout } from '../../../shared/contract/editor-methods.ts'
import type { Api } from '../../../shared/contract/method.ts'
import { ok } from '../../../shared/kit/result.ts'
import type { SettingsService } from '../settings.ts'
import type { OpenDrafts } from './open-drafts.ts'

/** What the grid needs beside its rows. */
export function editorMethods({ open, settings }: { readonly open: OpenDrafts; readonly settings: SettingsService }): Api<typeof table> {
  const keyOf = (customer: string | null): string => customer?.toLowerCase() ?? ''
  return {
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
