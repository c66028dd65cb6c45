// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest'
import { computed, defineComponent } from 'vue'
import { shownColumnsOf } from '../../renderer/src/features/draft-grid/shown-column.ts'
import { useDraftSource } from '../../renderer/src/features/draft-grid/use-draft-source.ts'
import { useDraftStore, type DraftStore } from '../../renderer/src/state/draft-store.ts'
import type { DraftState } from '../../shared/contract/draft-methods.ts'
import { createFakeRoster } from './support/fake-roster.ts'
import { mountScreen, settle, type Mounted } from './support/mount.ts'

let mounted: Mounted | null = null
afterEach(() => mounted?.wrapper.unmount())

/** A draft whose first rows are on the screen: how often they are asked for when it becomes another. */
async function shownRows() {
  const fake = createFakeRoster()
  let store: DraftStore | null = null
  const Host = defineComponent({
    setup() {
      const draft = useDraftStore('d-1')
      store = draft
      const all = computed(() => shownColumnsOf(draft.state?.columns ?? [], 'Package'))
      const words = { number: String, severity: String, intent: String }
      const { cache } = useDraftSource(
        draft,
        all,
        all,
        () => words,
        () => undefined,
      )
      void draft.open().then(() => cache.show(0, 20))
      return () => null
    },
  })
  mounted = await mountScreen(Host, {}, { fake })
  const asked = (): number => fake.calls.filter(({ method }) => method === 'drafts.window').length
  const before = asked()
  return async (patch: Partial<DraftState>): Promise<number> => {
    store?.accept({ ...fake.draft(), ...patch })
    await settle()
    return asked() - before
  }
}

test('an edit asks once for the rows on the screen', async () => {
  const become = await shownRows()
  expect(await become({ revision: 900 })).toBe(1)
})

test('an edit that adds rows, and so another order, asks once for them, too', async () => {
  const become = await shownRows()
  const { view } = createFakeRoster().draft()
  expect(await become({ revision: 900, view: { ...view, number: view.number + 1, rows: view.rows + 1 } })).toBe(1)
})

test('a baseline that was set asks for what it changes in the rows', async () => {
  const become = await shownRows()
  expect(await become({ findings: { error: 77, warning: 0, info: 0 } })).toBe(1)
})
