// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest'
import ReportMenu from '../../renderer/src/features/draft-edit/ReportMenu.vue'
import { useCommands } from '../../renderer/src/state/commands.ts'
import { createFakeRoster } from './support/fake-roster.ts'
import { mountScreen, settle, type Mounted } from './support/mount.ts'

const open: Mounted[] = []
afterEach(() => {
  for (const { wrapper } of open) wrapper.unmount()
  open.length = 0
})

test('the reports of a draft, and reading an error file, are in the palette; what there is nothing of is not', async () => {
  const fake = createFakeRoster()
  fake.setDraft({ findings: { ...fake.draft().findings, error: 0, warning: 0 } })
  open.push(await mountScreen(ReportMenu, { draftId: 'd-1', state: fake.draft() }, { fake }))
  const commands = useCommands()
  const titles = commands.offered.map(({ title }) => title())
  expect(titles).toContain('Reports: Summary to print or send (HTML)')
  expect(titles).toContain('Read Control Hub’s error file …')
  expect(titles.filter((title) => title.includes('Failed rows'))).toEqual([])
  commands.run('report.summary-html')
  await settle()
  expect(fake.calls.find(({ method }) => method === 'drafts.report')?.input).toMatchObject({ draftId: 'd-1', kind: 'summary-html' })
})
