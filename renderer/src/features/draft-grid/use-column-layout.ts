import { computed, shallowRef, watch, type Ref } from 'vue'
import {
  mergeLayout,
  moveBefore,
  nudge,
  resize,
  setHidden,
  setPinned,
  shownColumns,
  withOthers,
  type ColumnLayout,
} from '../../grid/layout.ts'
import { useApi } from '../../state/api.ts'
import { firstLayout, type ShownColumn } from './shown-column.ts'

/** Order, width, pin and hiding of columns, as the person left them for this customer. */
export function useColumnLayout(
  all: Readonly<Ref<readonly ShownColumn[]>>,
  emailColumn: () => number | null,
  customer: () => string | null,
) {
  const api = useApi()
  const layout = shallowRef<readonly ColumnLayout[]>([])
  /** What the backend keeps, and of which customer. */
  let kept: readonly ColumnLayout[] | null = null
  let keptOf: string | null | undefined
  let asked = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  watch(
    [() => all.value.map(({ id }) => id).join('\u0001'), customer, emailColumn],
    async () => {
      const mine = ++asked
      const first = firstLayout(all.value, emailColumn())
      layout.value = mergeLayout(kept ?? [], first)
      if (keptOf === customer() && kept !== null) return
      const result = await api['editor.layout']({ customer: customer() })
      if (mine !== asked || !result.ok) return
      keptOf = customer()
      kept = result.value
      layout.value = mergeLayout(kept, first)
    },
    { immediate: true, flush: 'sync' },
  )

  function keep(next: readonly ColumnLayout[]): void {
    if (next === layout.value) return
    // What was asked for before is late now.
    asked++
    layout.value = next
    const whole = withOthers(next, keptOf === customer() ? (kept ?? []) : [])
    kept = whole
    keptOf = customer()
    // Widths come by the pixel while a border is dragged; only where it rests is kept.
    clearTimeout(timer)
    timer = setTimeout(() => void api['editor.setLayout']({ customer: customer(), layout: [...whole] }), 300)
  }

  const byId = computed(() => new Map(all.value.map((column) => [column.id, column])))
  const visible = computed(() => shownColumns(layout.value).filter(({ id }) => byId.value.has(id)))
  return {
    layout,
    visible,
    /** The columns of the screen, in its order. */
    shown: computed(() => visible.value.flatMap(({ id }) => byId.value.get(id) ?? [])),
    hidden: computed(() => layout.value.filter((column) => column.isHidden).flatMap(({ id }) => byId.value.get(id) ?? [])),
    resize: (id: string, width: number) => keep(resize(layout.value, id, width)),
    hide: (id: string) => keep(setHidden(layout.value, id, true)),
    showAll: () => keep(layout.value.map((column) => ({ ...column, isHidden: false }))),
    togglePin: (id: string) => keep(setPinned(layout.value, id, !layout.value.find((column) => column.id === id)?.isPinned)),
    move: (id: string, before: string | null) => keep(moveBefore(layout.value, id, before)),
    nudge: (id: string, direction: 1 | -1) => keep(nudge(layout.value, id, direction)),
  }
}
