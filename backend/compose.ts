import { isUtf8 } from 'node:buffer'
import { createHash, hash } from 'node:crypto'
import path from 'node:path'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { StreamHasher } from '../shared/core/batch/hasher.ts'
import { limits } from '../shared/core/limits.ts'
import type { AppError } from '../shared/contract/app-error.ts'
import { createDispatch, type Dispatch } from '../shared/contract/dispatch.ts'
import type { FileTicket } from '../shared/contract/draft-methods.ts'
import type { Api, AppEvent } from '../shared/contract/method.ts'
import { methods, type Methods } from '../shared/contract/methods.ts'
import { ok, type Result } from '../shared/kit/result.ts'
import { systemClock } from './adapters/clock-system/clock-system.ts'
import { createCustomersFolder } from './adapters/customers-folder/customers-folder.ts'
import { createSqliteDrafts } from './adapters/drafts-sqlite/drafts-sqlite.ts'
import { createNodeFiles } from './adapters/files-node/files-node.ts'
import { createFileLog } from './adapters/log-file/log-file.ts'
import { createSqliteLocks } from './adapters/owner-lock-sqlite/owner-lock-sqlite.ts'
import { createPlansFolder } from './adapters/plans-folder/plans-folder.ts'
import { createKeysFolder } from './adapters/keys-folder/keys-folder.ts'
import { keyChainBox } from './adapters/keys-folder/key-chain-box.ts'
import { passphraseBox } from './adapters/keys-folder/passphrase-box.ts'
import { createJsonSettings } from './adapters/settings-json/settings-json.ts'
import { createKeyChainProgram } from './adapters/store-passwords/key-chain-program.ts'
import { createSealedPasswords } from './adapters/store-passwords/sealed-passwords.ts'
import { createSqliteStores } from './adapters/store-sqlite/store-sqlite.ts'
import { createWholesaleHttp } from './adapters/wholesale-http/wholesale-http.ts'
import { createSqliteOutbox } from './adapters/wholesale-outbox-sqlite/wholesale-outbox-sqlite.ts'
import { forkWorkbookChild } from './adapters/xlsx/fork-child.ts'
import { createWorkbookReader } from './adapters/xlsx/read-workbook.ts'
import { createWorkbookWriter } from './adapters/xlsx/write-workbook.ts'
import type { Clock } from './ports/clock.ts'
import type { Log } from './ports/log.ts'
import type { KeyChain } from './ports/signers.ts'
import type { ProvisioningStores } from './ports/provisioning-store.ts'
import type { SpawnWorkbookChild } from './ports/workbook-reader.ts'
import { createGroups } from './services/batches/batch-detail.ts'
import { createBatches } from './services/batches/batches.ts'
import { failedRowsMethods } from './services/batches/failed-rows.ts'
import { createOpenStores } from './services/batches/open-stores.ts'
import { receiptMethods } from './services/batches/receipt-methods.ts'
import { createSchedule } from './services/batches/schedule.ts'
import { storeDriftMethods } from './services/batches/store-drift.ts'
import { undoMethods } from './services/batches/undo.ts'
import { createCustomers, customerMethods } from './services/customers.ts'
import { draftMethods } from './services/drafts/drafts.ts'
import { editorMethods } from './services/drafts/editor.ts'
import { importMethods } from './services/drafts/imports.ts'
import { mappingMethods } from './services/drafts/mapping.ts'
import { createOpenDrafts } from './services/drafts/open-drafts.ts'
import { createEvents } from './services/events.ts'
import { createFiles } from './services/files/files.ts'
import { createJobs, type Slices } from './services/jobs.ts'
import { onboardingMethods } from './services/onboarding/onboarding.ts'
import { createPlanFiles } from './services/onboarding/plan-files.ts'
import { createDecisions } from './services/review/decisions.ts'
import { diffMethods } from './services/review/diff.ts'
import { reviewFileContent } from './services/review/files.ts'
import { createPolicies } from './services/review/policies.ts'
import { reviewMethods } from './services/review/review.ts'
import type { OpenedFile, Services } from './services/services.ts'
import { createSettings } from './services/settings.ts'
import { createStoreService, storeMethods } from './services/store-and-audit.ts'
import { createStoreKeys, passwordGiven, storeLoginMethods, type StoreKeys } from './services/store-login.ts'
import { createStoreUsers } from './services/store-users.ts'
import { storesByAddress } from './services/stores-by-address.ts'
import { createTickets } from './services/tickets.ts'
import { usualTimes, type SendTimes } from './services/wholesale/pace.ts'
import { createWholesale } from './services/wholesale/wholesale.ts'
import { warmUp } from './services/warm-up/warm-up.ts'
import type { World } from './services/world.ts'

export interface ComposeOptions {
  /** Where drafts, customers, the embedded store and receipts live. Made when first written to, 0700. */
  readonly dataDir: string
  /** The app's own files: `samples/` among them. Default: `resources` beside the program. */
  readonly resourcesDir?: string
  readonly version?: string
  /** The address of the store that is meant where none is named. Default: `ROSTER_STORE`, else the embedded one in the data folder. */
  readonly store?: string
  /** Asked for when a team's store wants a password that stands in no environment variable, no key chain, nor where PostgreSQL looks. */
  readonly askPassword?: () => Promise<string>
  readonly clock?: Clock
  /** How often, in ms, the clock is looked at for pushes whose time has come. Default: a second. */
  readonly tickMs?: number
  readonly log?: Log
  /** How this host starts the workbook parser. Default: a forked Node process. */
  readonly spawnWorkbookChild?: SpawnWorkbookChild
  /** The Wholesale API: its address (default: `ROSTER_WEBEX_API`, else the vendor's own), the patience with it, who is asked for the token. */
  readonly wholesale?: {
    readonly url?: string
    readonly timeoutMs?: number
    readonly times?: Partial<SendTimes>
    /** Asked where `ROSTER_WEBEX_TOKEN` holds none. */
    readonly askToken?: () => Promise<string>
  }
  /**
   * The system's key chain, which seals reviewers' keys and the passwords of stores where there is one. Default: passphrases seal keys, and
   * the program that the system has for its key chain keeps passwords.
   */
  readonly keyChain?: KeyChain
}

/** What every host holds: one door for calls, one stream of events, and the way of files in and out. */
export interface Backend {
  readonly dispatch: Dispatch
  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: AppEvent) => void): () => void
  /** A file that the person chose. Fails where there is none. */
  registerPath(path: string): Promise<Result<FileTicket, AppError>>
  /** A file that was handed over as bytes (drop, upload, paste). The backend keeps the bytes. */
  registerBytes(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<FileTicket>
  /** What stands behind a ticket: for saving reports, receipts and Control Hub files. */
  readTicket(ticket: string): Promise<Result<TicketContent, AppError>>
  /** Ends jobs, closes drafts and stores. Everything acknowledged is on disk already. */
  close(): Promise<void>
}

export interface TicketContent {
  readonly name: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** A backend in this process: the command line uses the services, too. */
export interface ComposedBackend extends Backend {
  readonly services: Services
  /** Logs a bug that reached the host, and gives the incident id that is shown instead of its text. */
  readonly incident: (where: string, thrown: unknown) => string
  /** Reads, checks and compares a small list of its own, for a host that has a moment: what is opened afterwards is quicker. */
  readonly warmUp: (work: Slices) => Promise<void>
}

/** The one place where adapters meet services. Nothing is opened or written before it is needed. */
export function compose(options: ComposeOptions): ComposedBackend {
  const events = createEvents()
  const keys = storeKeysOf(options)
  const world = worldOf(options, keys, events.emit)
  const { clock, log } = world

  const tickets = createTickets(world.files, clock)
  const jobs = createJobs({ emit: events.emit, breathe: world.breathe, monotonic: clock.monotonic })
  const settings = createSettings(world)
  const stores = createOpenStores(world.stores)
  const storeUsers = createStoreUsers(stores)
  const customers = createCustomers(world)
  const open = createOpenDrafts(world, customers, settings)
  const policies = createPolicies(world)
  const decisions = createDecisions(world, policies, customers)
  const groups = createGroups()
  const batches = createBatches({ world, stores, tickets, jobs, settings, customers, storeUsers, decisions, groups })
  const schedule = createSchedule({ world, jobs, batches })
  let clockwork: NodeJS.Timeout | null = null

  const outbox = createSqliteOutbox({
    file: path.join(world.folders.data, 'wholesale.sqlite'),
    locks: createSqliteLocks(path.join(world.folders.data, 'wholesale.locks')),
  })
  const wholesale = createWholesale({
    world,
    batches,
    customers,
    decisions,
    tickets,
    jobs,
    outbox,
    draft: (id) => open.get(id),
    ...wholesaleOf(options),
  })

  async function draftFile(draftId: string): Promise<Result<OpenedFile, AppError>> {
    const draft = await open.get(draftId)
    return draft.ok ? ok({ facts: draft.value.kept.source, table: draft.value.table, columns: draft.value.columns }) : draft
  }

  const drafts = draftMethods({ world, open, tickets, jobs, settings, customers, storeUsers, batches })
  const review = reviewMethods({
    world,
    stores,
    tickets,
    batches,
    customers,
    decisions,
    policies,
    groups,
    createDraft: drafts['drafts.create'],
  })
  const handlers: Api<Methods> = {
    ...drafts,
    ...onboardingMethods({ world, tickets, customers, draftFile, createDraft: drafts['drafts.create'] }),
    ...editorMethods({ world, open, tickets, jobs, settings, customers }),
    ...mappingMethods({ world, open, tickets, jobs, settings, customers }),
    ...importMethods({ world, open, tickets, settings, customers, batches }),
    ...batches.methods,
    'batches.push': async (input) => {
      const pushed = await batches.methods['batches.push'](input)
      if (pushed.ok) await schedule.forget(input.batch)
      return pushed
    },
    ...schedule.methods,
    ...undoMethods(world, batches),
    ...failedRowsMethods(batches, customers, tickets),
    ...storeDriftMethods({ world, stores, tickets, customers, storeUsers, show: batches.methods['batches.show'], drafts }),
    ...receiptMethods({ world, stores, tickets, batches, decisions }),
    ...review,
    'review.purge': wholesale.alsoPurging(review['review.purge']),
    ...diffMethods({ stores, batches, groups, draft: (id) => open.get(id), file: reviewFileContent({ world, tickets }) }),
    ...customerMethods({ world, customers, stores, tickets, draftFile }),
    ...storeMethods(world, stores),
    ...storeLoginMethods({ stores: world.stores, keys, url: teamUrlOf(options), emit: events.emit }),
    ...wholesale.methods,
    'settings.get': async () => ok(await settings.get()),
    'settings.set': (patch) => settings.set(patch),
    'app.info': async () => ok({ version: world.version, dataFolder: world.folders.data, limits: { ...limits } }),
    'jobs.cancel': async ({ job }) => {
      jobs.cancel(job)
      return ok(null)
    },
    'jobs.pause': async ({ job }) => {
      jobs.hold(job)
      return ok(null)
    },
  }

  return {
    dispatch: createDispatch(methods, handlers, { report: (method, thrown) => log.incident(method, thrown) }),
    subscribe(listener) {
      // Only who shows something needs to hear what others do.
      stores.watch((batch) => {
        events.emit({ kind: 'batches-changed', batch })
      })
      // A window is open, so this is the program that pushes what was scheduled; a single command of the command line never does.
      clockwork ??= setInterval(() => void schedule.tick(), options.tickMs ?? 1000).unref()
      return events.subscribe(listener)
    },
    registerPath: (file) => tickets.forPath(path.resolve(file), path.basename(file)),
    registerBytes: async (name, bytes) => tickets.forBytes(path.basename(name), bytes),
    readTicket: (ticket) => tickets.read(ticket),
    async close() {
      if (clockwork !== null) clearInterval(clockwork)
      schedule.stop()
      jobs.cancelAll()
      await wholesale.stop()
      // A push that was just done still writes its receipt from the store.
      await Promise.race([jobs.ended(), setTimeout(closingMs, undefined, { ref: false })])
      open.closeAll()
      outbox.close()
      await stores.close()
    },
    incident: (where, thrown) => log.incident(where, thrown),
    async warmUp(work) {
      await warmUp(world, work)
    },
    services: {
      api: handlers,
      files: createFiles(world, settings),
      customers: customers.service,
      batches: batches.service,
      store: createStoreService(world, stores, storeUsers),
      onboarding: createPlanFiles(world),
      wholesale: wholesale.service,
    },
  }
}

/** A few thousandths of a second each. */
const hashedAtOnce = 4 * 1024 * 1024

async function sha256InSlices(bytes: Uint8Array): Promise<string> {
  const running = createHash('sha256')
  for (let from = 0; from < bytes.length; from += hashedAtOnce) {
    running.update(bytes.subarray(from, from + hashedAtOnce))
    await setImmediate()
  }
  return running.digest('hex')
}

/** Node's own search is five times as quick as that of a plain array. */
const holdsNul = (bytes: Uint8Array): boolean => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(0)

/** What does not end by then is left behind, in ms. */
const closingMs = 5_000

const isTeam = (url: string): boolean => /^postgres(?:ql)?:/iu.test(url)

/** The address that is meant where none is named; undefined: the embedded store. */
const usualOf = ({ store }: ComposeOptions): string | undefined => {
  const { ROSTER_STORE } = process.env
  return store ?? (ROSTER_STORE === '' ? undefined : ROSTER_STORE)
}
const teamUrlOf = (options: ComposeOptions): string | null => {
  const usual = usualOf(options)
  return usual !== undefined && isTeam(usual) ? usual : null
}

/** The host's own key chain where it has one, else the system's by its program. */
function storeKeysOf({ dataDir, askPassword, keyChain }: ComposeOptions): StoreKeys {
  return createStoreKeys({
    passwords:
      keyChain === undefined
        ? createKeyChainProgram(process.env)
        : createSealedPasswords(path.join(path.resolve(dataDir), 'store-passwords.json'), createNodeFiles({ ownerOnly: true }), keyChain),
    given: passwordGiven(process.env),
    ask: askPassword,
  })
}

/** The team's half is loaded when it is first needed: most people have none. */
function storesOf(options: ComposeOptions, keys: StoreKeys, file: string): ProvisioningStores {
  return storesByAddress({
    embedded: createSqliteStores({ defaultPath: file, locksBeside: createSqliteLocks }),
    team: {
      exists: async () => true,
      open: async (url, how) => {
        const { createPostgresStores } = await import('./adapters/store-postgres/store-postgres.ts')
        const password = url === undefined ? undefined : await keys.passwordFor(url)
        return createPostgresStores(password === undefined ? {} : { password }).open(url, how)
      },
    },
    isTeam,
    usual: usualOf(options),
  })
}

/** The token stands in the environment, or whoever sits at the terminal is asked for it: never in a file, never among the arguments. */
function wholesaleOf({
  wholesale = {},
}: ComposeOptions): Pick<Parameters<typeof createWholesale>[0], 'api' | 'wait' | 'times' | 'token' | 'askToken'> {
  const { ROSTER_WEBEX_API, ROSTER_WEBEX_TOKEN } = process.env
  const { url = ROSTER_WEBEX_API, timeoutMs, times, askToken } = wholesale
  return {
    api: createWholesaleHttp({
      ...(url === undefined || url === '' ? {} : { url }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    }),
    // An end of the waiting before its time is no failure.
    wait: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined),
    times: { ...usualTimes, ...times },
    token: ROSTER_WEBEX_TOKEN === undefined || ROSTER_WEBEX_TOKEN === '' ? null : ROSTER_WEBEX_TOKEN,
    askToken: askToken ?? null,
  }
}

/** In the sources this file lies in `backend/`, in the built program beside the workers in `out/main/`. */
const isSource = import.meta.url.endsWith('.ts')
const beside = (source: string, built: string): string => fileURLToPath(new URL(isSource ? source : built, import.meta.url))

const hasher: StreamHasher = {
  sha256: (text) => hash('sha256', text),
  begin() {
    const running = createHash('sha256')
    return {
      update: (text) => void running.update(text),
      hex: () => running.digest('hex'),
    }
  },
}

function worldOf(options: ComposeOptions, keys: StoreKeys, emit: (event: AppEvent) => void): World {
  const data = path.resolve(options.dataDir)
  const within = (...parts: readonly string[]): string => path.join(data, ...parts)
  const clock = options.clock ?? systemClock
  const ownFiles = createNodeFiles({ ownerOnly: true })
  const spawn = options.spawnWorkbookChild ?? forkWorkbookChild(beside('./workers/workbook-child.ts', './workbook-child.js'))
  const resources = options.resourcesDir ?? beside('../resources', '../../resources')
  return {
    version: options.version ?? '0.0.0',
    clock,
    log: options.log ?? createFileLog(within('logs'), clock),
    hasher,
    sha256: (bytes) => createHash('sha256').update(bytes).digest('hex'),
    sha256InSlices,
    isUtf8,
    holdsNul,
    files: createNodeFiles({ ownerOnly: false }),
    ownFiles,
    folders: { data, receipts: within('receipts'), exports: within('exports'), samples: path.join(resources, 'samples') },
    workbookReader: createWorkbookReader(spawn),
    workbookWriter: createWorkbookWriter(),
    drafts: createSqliteDrafts(within('drafts'), createSqliteLocks(within('drafts'))),
    stores: storesOf(options, keys, within('store.sqlite')),
    customers: createCustomersFolder(within('customers'), ownFiles, createSqliteLocks(within('customers'))),
    onboarding: createPlansFolder(within('onboarding'), ownFiles),
    settings: createJsonSettings(within('settings.json'), ownFiles),
    signers: createKeysFolder(within('keys'), ownFiles, options.keyChain === undefined ? passphraseBox : keyChainBox(options.keyChain)),
    emit,
    join: path.join,
    baseName: path.basename,
    breathe: () => setImmediate(undefined),
  }
}
