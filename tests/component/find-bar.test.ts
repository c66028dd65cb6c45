// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import FindBar from '../../renderer/src/features/draft-grid/FindBar.vue'
import { useDraftStore, type GridPlace } from '../../renderer/src/state/draft-store.ts'
import { ok } from '../../shared/kit/result.ts'
import { createFakeRoster } from './support/fake-roster.ts'
import { mountScreen, settle, type, type Mounted } from './support/mount.ts'

let mounted: Mounted | null = null
afterEach(() => {
  mounted?.wrapper.unmount()
  document.body.replaceChildren()
})

const box = (): HTMLInputElement => document.querySelector<HTMLInputElement>('input[aria-label=Find]')!

/** The bar over a draft whose search answers when it is told to, and everywhere the grid was sent to. */
async function searching() {
  const fake = createFakeRoster()
  const answer = Promise.withResolvers<null>()
  fake.override({
    'drafts.find': async () => {
      await answer.promise
      return ok({ viewRow: 7, column: 2, nth: 1, total: 1 })
    },
    'jobs.cancel': async () => ok(null),
  })
  const isOpen = ref(true)
  const gone: GridPlace[] = []
  const Host = defineComponent({
    setup() {
      const store = useDraftStore('d-1')
      store.onGoTo((place) => gone.push(place))
      return () => (isOpen.value ? h(FindBar, { store, withReplace: false, first: '', selectedColumns: () => [] }) : null)
    },
  })
  mounted = await mountScreen(Host, {}, { fake })
  await type(box(), 'son')
  expect(fake.calls.filter(({ method }) => method === 'drafts.find')).toHaveLength(1)
  const come = async (): Promise<void> => {
    answer.resolve(null)
    await settle()
  }
  const cancelled = (): number => fake.calls.filter(({ method }) => method === 'jobs.cancel').length
  return { isOpen, gone, come, cancelled }
}

test('what was searched for is gone to', async () => {
  const { gone, come, cancelled } = await searching()
  await come()
  expect(gone).toEqual([{ viewRow: 7, columnIndex: 2 }])
  expect(cancelled()).toBe(0)
})

test('a search is over when its bar is closed: nothing moves the selection afterwards', async () => {
  const { isOpen, gone, come, cancelled } = await searching()
  isOpen.value = false
  await settle()
  expect(cancelled()).toBe(1)
  await come()
  expect(gone).toEqual([])
})

test('a search is over when there is nothing more to search for', async () => {
  const { gone, come, cancelled } = await searching()
  await type(box(), '')
  expect(cancelled()).toBe(1)
  await come()
  expect(gone).toEqual([])
})
