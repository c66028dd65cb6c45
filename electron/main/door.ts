import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron'
import type { PagePlace } from './place.ts'

export interface Door {
  /**
   * Answers a message of the page. What is refused is thrown: our own preload script sends nothing of the kind, so whoever reads
   * the refusal is not our page, and `run` never sees it.
   */
  handle<Args extends readonly unknown[]>(
    channel: string,
    isInput: (args: readonly unknown[]) => args is Args,
    run: (sender: WebContents, ...args: Args) => Promise<unknown>,
  ): void
  /** Resolves when no message is being answered any more, at the latest after so many ms. */
  settled(limitMs: number): Promise<void>
}

/** The only place that listens to the page (reliability.md §1.9, item 17): the main frame, of our origin, with the arguments it should have. */
export function createDoor(ipc: Pick<IpcMain, 'handle'>, place: PagePlace): Door {
  const underWay = new Set<Promise<unknown>>()
  return {
    handle(channel, isInput, run) {
      ipc.handle(channel, async (event, ...args: readonly unknown[]) => {
        if (!isOwnMainFrame(event, place)) throw new Error('refused: not the page of this app')
        if (!isInput(args)) throw new Error('refused: not what this message carries')
        const answer = run(event.sender, ...args)
        underWay.add(answer)
        try {
          return await answer
        } finally {
          underWay.delete(answer)
        }
      })
    },
    async settled(limitMs) {
      const limit = new Promise((resolve) => setTimeout(resolve, limitMs).unref())
      await Promise.race([Promise.allSettled(underWay), limit])
    },
  }
}

function isOwnMainFrame({ sender, senderFrame }: IpcMainInvokeEvent, place: PagePlace): boolean {
  return senderFrame !== null && senderFrame.parent === null && senderFrame === sender.mainFrame && place.isOwn(senderFrame.url)
}
