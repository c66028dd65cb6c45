import { computed, shallowRef, watch, type Ref } from 'vue'
import { mergeLayout, moveBefore, nudge, resize, setHidden, setPinned, shownColumns, type ColumnLayout } from '../../grid/layout.ts'
import { firstLayout, type ShownColumn } from './shown-column.ts'

/** Layouts are kept in the window by customer. They hold header texts and widths, nothing of any user. */
const placeOf = (customer: string | null): string => `roster-columns:${customer ?? ''}`

function remembered(customer: string | null): readonly ColumnLayout[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(placeOf(customer)) ?? '[]')
    return Array.isArray(value) ? value.filter(isLayout) : []
  } catch {
    return []
  }
}

const isLayout = (value: unknown): value is ColumnLayout => {
  const layout = value as Partial<ColumnLayout> | null
  return (
    typeof layout?.id === 'string' &&
    typeof layout.width === 'number' &&
    typeof layout.isHidden === 'boolean' &&
    typeof layout.isPinned === 'boolean'
  )
}

/** Order, width, pin and hiding of columns, as the person left them for this customer. */
export function useColumnLayout(
  all: Readonly<Ref<readonly ShownColumn[]>>,
  emailColumn: () => number | null,
  customer: () => string | null,
  changed: (layout: readonly ColumnLayout[]) => void,
) {
  const layout = shallowRef<readonly ColumnLayout[]>([])

  watch(
    [() => all.value.map(({ id }) => id).join('\u0001'), customer, emailColumn],
    () => {
      layout.value = mergeLayout(remembered(customer()), firstLayout(all.value, emailColumn()))
    },
    { immediate: true, flush: 'sync' },
  )

  function keep(next: readonly ColumnLayout[]): void {
    if (next === layout.value) return
    layout.value = next
    localStorage.setItem(placeOf(customer()), JSON.stringify(next))
    changed(next)
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
