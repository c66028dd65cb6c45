import { onBeforeUnmount, onMounted, shallowRef, type Ref, type ShallowRef } from 'vue'
import { drift, isNearFalseEnd, physicalOf, scrolled, type ScrollExtent, type ScrollState } from './geometry.ts'

export interface GridScroll {
  readonly state: ShallowRef<ScrollState>
  readonly left: ShallowRef<number>
  readonly viewport: ShallowRef<{ readonly width: number; readonly height: number }>
  readonly onScroll: () => void
  /** Puts a pixel of the whole height at the top of the rows. */
  readonly goTo: (virtual: number, left: number) => void
}

/** How long scrolling must rest before the browser's position is put right, in ms. */
const rest = 160

/** Scroll position of the grid's box, in unscaled pixels. `headHeight` is what the sticky header takes from the box. */
export function useScroll(box: Readonly<Ref<HTMLElement | null>>, total: () => number, headHeight: () => number): GridScroll {
  const state = shallowRef<ScrollState>({ physical: 0, virtual: 0 })
  const left = shallowRef(0)
  const viewport = shallowRef({ width: 0, height: 0 })
  let timer: ReturnType<typeof setTimeout> | undefined
  let observer: ResizeObserver | null = null

  const extent = (): ScrollExtent => ({ total: total(), viewport: viewport.value.height })

  function settle(): void {
    const element = box.value
    const right = drift(state.value, extent())
    if (!element || right === null) return
    state.value = { ...state.value, physical: right }
    element.scrollTop = right
  }

  function onScroll(): void {
    const element = box.value
    if (!element) return
    if (element.scrollLeft !== left.value) left.value = element.scrollLeft
    if (element.scrollTop === state.value.physical) return
    state.value = scrolled(state.value, element.scrollTop, extent())
    clearTimeout(timer)
    if (isNearFalseEnd(state.value, extent())) settle()
    else timer = setTimeout(settle, rest)
  }

  function goTo(virtual: number, toLeft: number): void {
    const element = box.value
    if (!element) return
    const most = Math.max(0, total() - viewport.value.height)
    const to = Math.max(0, Math.min(most, virtual))
    const physical = Math.round(physicalOf(to, extent()))
    clearTimeout(timer)
    state.value = { physical, virtual: to }
    left.value = Math.max(0, toLeft)
    element.scrollTop = physical
    element.scrollLeft = toLeft
    // The browser has the last word at the edges.
    left.value = element.scrollLeft
    state.value = { physical: element.scrollTop, virtual: to }
  }

  function measure(): void {
    const element = box.value
    if (element) viewport.value = { width: element.clientWidth, height: Math.max(0, element.clientHeight - headHeight()) }
  }

  onMounted(() => {
    measure()
    observer = new ResizeObserver(measure)
    if (box.value) observer.observe(box.value)
  })
  onBeforeUnmount(() => {
    clearTimeout(timer)
    observer?.disconnect()
  })

  return { state, left, viewport, onScroll, goTo }
}
