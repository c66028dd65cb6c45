import { expect, type Page } from '@playwright/test'

/** Waits until nothing moves any more: what fades in is neither looked at nor measured half-way. What turns without end does not count. */
export async function still(page: Page): Promise<void> {
  await expect
    .poll(() =>
      page.evaluate(
        () =>
          document
            .getAnimations()
            .filter(({ playState, effect }) => playState === 'running' && Number.isFinite(Number(effect?.getComputedTiming().endTime)))
            .length,
      ),
    )
    .toBe(0)
}
