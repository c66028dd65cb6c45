import { onBeforeUnmount } from 'vue'
import { autoscrollSpeed } from './geometry.ts'

export interface PointerBounds {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

export interface DragHandlers {
  /** Called on each move, and while the pointer rests outside and the rows scroll under it. */
  move(x: number, y: number, event: PointerEvent): void
  end?(event: PointerEvent | null): void
}

/** A drag from press to release, with scrolling while the pointer is outside the rows. Esc ends it without its `end` event. */
export function useDrag(bounds: () => PointerBounds, scrollBy: (x: number, y: number) => void) {
  let stop: (() => void) | null = null

  function start(event: PointerEvent, handlers: DragHandlers): void {
    stop?.()
    let last = event
    let frame = 0
    const tick = (): void => {
      const { top, bottom, left, right } = bounds()
      const x = autoscrollSpeed(last.clientX, left, right)
      const y = autoscrollSpeed(last.clientY, top, bottom)
      if (x !== 0 || y !== 0) {
        scrollBy(x, y)
        handlers.move(last.clientX, last.clientY, last)
      }
      frame = requestAnimationFrame(tick)
    }
    const move = (next: PointerEvent): void => {
      last = next
      handlers.move(next.clientX, next.clientY, next)
    }
    const end = (ended: PointerEvent | null): void => {
      stop?.()
      handlers.end?.(ended)
    }
    const up = (ended: PointerEvent): void => end(ended)
    const escape = (pressed: KeyboardEvent): void => {
      if (pressed.key !== 'Escape') return
      pressed.stopPropagation()
      end(null)
    }
    window.addEventListener('pointermove', move)
    window.addEventListener('pointerup', up)
    window.addEventListener('keydown', escape, true)
    frame = requestAnimationFrame(tick)
    stop = () => {
      cancelAnimationFrame(frame)
      window.removeEventListener('pointermove', move)
      window.removeEventListener('pointerup', up)
      window.removeEventListener('keydown', escape, true)
      stop = null
    }
  }

  onBeforeUnmount(() => stop?.())
  return { start }
}
