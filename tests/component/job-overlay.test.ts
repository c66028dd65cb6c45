// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import JobOverlay from '../../renderer/src/app/JobOverlay.vue'
import { useDraftStore } from '../../renderer/src/state/draft-store.ts'
import { useToasts } from '../../renderer/src/state/toasts.ts'
import { err, ok } from '../../shared/kit/result.ts'
import { createFakeRoster } from './support/fake-roster.ts'
import { buttonNamed, mountScreen, press, type Mounted } from './support/mount.ts'

let mounted: Mounted | null = null
/** As the window has them: what a draft has to say is said by the toasts. */
const Frame = defineComponent({
  setup() {
    useToasts()
    return () => h(JobOverlay)
  },
})
afterEach(() => {
  mounted?.wrapper.unmount()
  document.body.innerHTML = ''
})

test('sorting that lasts says so without standing in the way, tells how far it is, and can be stopped', async () => {
  const fake = createFakeRoster()
  const answer = Promise.withResolvers<ReturnType<typeof err<{ readonly code: 'cancelled' }>>>()
  fake.override({ 'drafts.setView': () => answer.promise, 'jobs.cancel': async () => ok(null) })
  mounted = await mountScreen(Frame, {}, { fake })
  const store = useDraftStore('d-1')
  await store.open()
  const sorting = store.setView({ sort: [{ column: 1, direction: 'up' }], filter: [] })
  expect(document.body.textContent).not.toContain('Sorting')
  await vi.waitFor(() => expect(document.body.textContent).toContain('Sorting and filtering'), { timeout: 2_000 })
  const called = fake.calls.find(({ method }) => method === 'drafts.setView')?.input as { readonly job: string }
  fake.emit({ kind: 'job', job: called.job, step: 'view', done: 40, total: 100, state: 'running' })
  await vi.waitFor(() => expect(document.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow')).toBe('40'))
  await press(buttonNamed('Cancel'))
  expect(fake.calls.at(-1)).toMatchObject({ method: 'jobs.cancel', input: { job: called.job } })
  answer.resolve(err({ code: 'cancelled' }))
  await sorting
  await vi.waitFor(() => expect(document.body.textContent).not.toContain('Sorting'))
})
