import type { AppError } from '../../../shared/contract/app-error.ts'
import { err, ok, type Result } from '../../../shared/kit/result.ts'
import type { ProvisioningStore, ProvisioningStores } from '../../ports/provisioning-store.ts'
import { storeError } from '../problems.ts'

/** Stores that are open, by address: one connection each for as long as the backend runs. */
export interface OpenStores {
  /** `create`: make it where there is none. Without a store, reading calls get null. */
  find(url: string | undefined): Promise<Result<ProvisioningStore | null, AppError>>
  need(url: string | undefined): Promise<Result<ProvisioningStore, AppError>>
  create(url: string | undefined): Promise<Result<ProvisioningStore, AppError>>
  /** Makes it whatever it is, or brings its schema up to date. */
  init(url: string | undefined): Promise<Result<ProvisioningStore, AppError>>
  /** From now on calls for each batch that anybody else changes in an open store, where the store can tell. */
  watch(onChange: (batch: string) => void): void
  close(): Promise<void>
}

const firstLookMs = 1000

export function createOpenStores(stores: ProvisioningStores): OpenStores {
  const open = new Map<string, ProvisioningStore>()
  const endings: (() => void)[] = []
  let onChange: ((batch: string) => void) | null = null
  let isClosed = false

  function listenTo(store: ProvisioningStore): void {
    const end = onChange === null ? undefined : store.watch?.(onChange)
    if (end !== undefined) endings.push(end)
  }

  async function get(url: string | undefined, create: boolean, init = false): Promise<Result<ProvisioningStore, AppError>> {
    const known = open.get(url ?? '')
    if (known !== undefined) return ok(known)
    const opened = await stores.open(url, { create, init })
    if (!opened.ok) return err(storeError(opened.error))
    open.set(url ?? '', opened.value)
    listenTo(opened.value)
    return opened
  }

  /**
   * The embedded store is made with the first batch, maybe by another program: looked for until it is there. What is in it by then nobody
   * has been told of, whoever of us opened it meanwhile.
   */
  async function lookForFirst(): Promise<void> {
    // There already: whoever shows batches opens it.
    if (await stores.exists()) return
    let isLooking = false
    const timer = setInterval(() => {
      if (isLooking) return
      isLooking = true
      // What goes wrong in one look the next one tells.
      void look()
        .catch(() => undefined)
        .finally(() => (isLooking = false))
    }, firstLookMs)
    async function look(): Promise<void> {
      const there = open.has('') || (await stores.exists())
      if (isClosed) return
      const made = there ? await get(undefined, false) : null
      // Not open though it is there: it is just being made, so we look again.
      const batches = made?.ok === true ? await made.value.batches() : null
      if (batches?.ok !== true) return
      clearInterval(timer)
      for (const { batch } of batches.value) onChange?.(batch)
    }
    timer.unref()
    endings.push(() => {
      clearInterval(timer)
    })
  }

  return {
    async find(url) {
      const found = await get(url, false)
      if (found.ok || url !== undefined || found.error.code !== 'store/unreachable') return found
      // The embedded store is made with the first batch; until then there is simply nothing in it.
      return (await stores.exists()) ? found : ok(null)
    },
    need: (url) => get(url, url === undefined),
    create: (url) => get(url, true),
    init: (url) => get(url, true, true),
    watch(listener) {
      if (onChange !== null) return
      onChange = listener
      for (const store of open.values()) listenTo(store)
      void lookForFirst()
    },
    async close() {
      isClosed = true
      for (const end of endings.splice(0)) end()
      await Promise.all([...open.values()].map((store) => store.close()))
      open.clear()
    },
  }
}
