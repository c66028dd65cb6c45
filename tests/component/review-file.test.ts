// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest'
import ReviewFileView from '../../renderer/src/features/batches/ReviewFileView.vue'
import type { ReviewFileView as FileView } from '../../shared/contract/review-methods.ts'
import { buttonNamed, fieldNamed, mountScreen, type, type Mounted } from './support/mount.ts'

const open: Mounted[] = []
afterEach(() => {
  for (const { wrapper } of open) wrapper.unmount()
  open.length = 0
})

const view: FileView = {
  request: {
    batch: {
      id: 'b-1',
      author: 'Kari Berg',
      message: 'Two leave us,\none moves.',
      submittedAt: '2026-11-21T08:00:00.000Z',
      lineage: 'l-1',
      singlePerson: true,
    },
    digest: `sha256:${'a'.repeat(64)}`,
    madeAt: '2026-11-21T08:05:00.000Z',
    comments: [],
    policy: { approvers: 1, reasons: [], signed: false },
  },
  customer: 'Fjordkraft AS',
  summary: { add: 0, update: 0, packageChange: 0, remove: 2, rename: 0, unchanged: 4 },
  packages: [],
  groups: [],
  risks: [],
  items: 2,
}

test('a review file says what its author said and that one person alone could decide; who rejects need not type what is removed', async () => {
  const screen = await mountScreen(ReviewFileView, { ticket: 't-1', view })
  open.push(screen)
  expect(screen.text()).toContain('Two leave us,\none moves.')
  expect(screen.text()).toContain('single-person approval')
  await type(fieldNamed('Your name'), 'Ola')
  await type(fieldNamed('Passphrase of your key'), 'correct horse')
  expect(buttonNamed(/^Reject and save/u).disabled).toBe(true)
  await type(fieldNamed(/^Message/u), 'Per stays')
  expect(buttonNamed(/^Reject and save/u).disabled).toBe(false)
  expect(buttonNamed(/^Approve and save/u).disabled).toBe(true)
})
