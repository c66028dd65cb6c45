import type { BatchDetail, BatchItemLine, CustomerListItem, Settings } from '../../../shared/contract/batch-methods.ts'
import type { DraftColumn, DraftState, FileTicket, PlacedFinding, WindowRow } from '../../../shared/contract/draft-methods.ts'
import type { Api, AppEvent, Transport } from '../../../shared/contract/method.ts'
import { methods, type Methods } from '../../../shared/contract/methods.ts'
import { createDispatch } from '../../../shared/contract/dispatch.ts'
import { packageNames } from '../../../shared/core/catalogue/packages.ts'
import { err, ok } from '../../../shared/kit/result.ts'

/**
 * A backend in memory for component tests: the contract's own door with handlers over a small invented customer.
 * It answers as the real one does where the window looks, and remembers what it was asked, so that a test can see it.
 */
export interface FakeRoster {
  readonly transport: Transport
  readonly calls: readonly { readonly method: string; readonly input: unknown }[]
  emit(event: AppEvent): void
  /** Replaces handlers, for the states that are hard to reach. */
  override(handlers: Partial<Api<Methods>>): void
  readonly draft: () => DraftState
  setDraft(patch: Partial<DraftState>): void
}

const first = ['Kari', 'Ola', 'Nora', 'Jakob', 'Sofie', 'Lars', 'Ingrid', 'Emil', 'Astrid', 'Magnus', 'Frida', 'Henrik']
const last = ['Berg', 'Dahl', 'Haugen', 'Lunde', 'Moen', 'Nygaard', 'Solberg', 'Strand', 'Vik', 'Aas']
const towns = ['Oslo HQ', 'Bergen', 'Trondheim']

export const fakeColumns: readonly DraftColumn[] = (
  [
    ['First Name', 'name', 'identity', null],
    ['Last Name', 'name', 'identity', null],
    ['User ID/Email (Required)', 'email', 'identity', null],
    ['Webex Calling', 'boolean', 'package', 'Webex Calling'],
    ['Webex Suite', 'boolean', 'package', 'Webex Suite'],
    ['Extension', 'extension', 'calling', null],
    ['Phone Number', 'phones', 'calling', null],
    ['Location', 'location', 'calling', null],
    ['Preferred Webex Site', 'site', 'site', null],
    ['Department', 'text', 'attribute', null],
  ] as const
).map(([header, value, kind, name], index) => ({
  index,
  header,
  column: header.toLowerCase().replaceAll(' ', '-'),
  name: header,
  kind,
  value,
  package: name,
  match: 'exact',
}))

function cellsOf(row: number): readonly string[] {
  const given = first[row % first.length] ?? ''
  const family = last[row % last.length] ?? ''
  const suite = row % 3 === 0
  return [
    given,
    family,
    `${given}.${family}${String(row)}@nordlys.no`.toLowerCase(),
    suite ? 'FALSE' : 'TRUE',
    suite ? 'TRUE' : 'FALSE',
    String(1000 + row),
    row % 17 === 5 ? `47210${String(10000 + row)}` : `+47210${String(10000 + row)}`,
    towns[row % towns.length] ?? '',
    row % 11 === 4 ? '' : 'nordlys.webex.com',
    'Kundeservice',
  ]
}

const rows = 1204

const baseState: DraftState = {
  id: 'd-1',
  name: 'users-november.csv',
  customer: 'Nordlys Energi AS',
  source: {
    name: 'users-november.csv',
    format: 'csv',
    encoding: 'windows-1252',
    delimiter: ';',
    bom: false,
    lineEnding: 'crlf',
    headerRow: 1,
    emptyLines: 0,
    notices: [],
  },
  readOnly: false,
  revision: 4,
  savedRevision: 4,
  rows,
  columns: fakeColumns,
  emailColumn: 2,
  findings: { error: 12, warning: 37, info: 3 },
  byRule: [
    { rule: 'phone/no-plus', severity: 'error', count: 9, safeFixes: 0 },
    { rule: 'package/removal', severity: 'error', count: 3, safeFixes: 0 },
    { rule: 'site/missing', severity: 'warning', count: 28, safeFixes: 0 },
    { rule: 'text/surrounding-space', severity: 'warning', count: 9, safeFixes: 9 },
    { rule: 'name/beyond-ascii', severity: 'info', count: 3, safeFixes: 0 },
  ],
  notRun: [
    { rule: 'phone/not-in-inventory', needs: 'customer.numbers' },
    { rule: 'calling/location-unknown', needs: 'customer.locations' },
  ],
  safeFixes: 31,
  packages: packageNames.map((name) => ({
    package: name,
    users: name === 'Webex Suite' ? 412 : name === 'Webex Calling' ? 376 : 0,
    ...(name === 'Webex Suite' ? { limit: 500 } : {}),
  })),
  baseline: { name: 'nordlys-export.csv', users: 1118, takenAt: '2026-11-12T09:14:00Z', kind: 'file' },
  changes: { add: 120, update: 37, packageChange: 12, remove: 3, rename: 1, unchanged: 1031, absent: 34 },
  confirmedRemovals: 0,
  undo: { kind: 'replace', count: 412, column: 'Location' },
  redo: null,
  view: { sort: [], filter: [], number: 1, rows },
  damage: [
    { kind: 'lost-plus', cells: 9, repair: 'ask', example: '4721010005' },
    { kind: 'localized-words', cells: 2408, repair: 'safe', example: 'SANN' },
    { kind: 'scientific', cells: 1, repair: 'none', example: '4,72E+10' },
  ],
}

const summary = { add: 120, update: 37, packageChange: 12, remove: 3, rename: 1, unchanged: 1031 }
const packages = [
  { package: 'Webex Suite' as const, before: 400, after: 412, limit: 500 },
  { package: 'Webex Calling' as const, before: 388, after: 404, limit: 400 },
  { package: 'Webex Meetings' as const, before: 20, after: 20 },
]
const groups = [
  { key: 'g-add', intent: 'add' as const, count: 120, changes: [] },
  { key: 'g-loc', intent: 'update' as const, count: 37, changes: [{ column: 'Location', before: 'Oslo HQ', after: 'Bergen' }] },
  {
    key: 'g-pack',
    intent: 'packageChange' as const,
    count: 12,
    changes: [{ column: 'Package', before: 'Webex Calling', after: 'Webex Suite' }],
  },
  { key: 'g-remove', intent: 'remove' as const, count: 3, changes: [] },
  { key: 'g-rename', intent: 'rename' as const, count: 1, changes: [] },
]

const membersOf = (group: string | undefined, from: number, count: number): readonly BatchItemLine[] => {
  const found = groups.find(({ key }) => key === group) ?? { intent: 'update' as const, count: 173, changes: [] }
  return Array.from({ length: Math.max(0, Math.min(count, found.count - from)) }, (_, place) => {
    const row = from + place + 17
    const cells = cellsOf(row)
    return {
      number: row,
      intent: found.intent,
      email: cells[2] ?? '',
      row,
      ...(found.intent === 'rename' ? { formerEmail: 'kari.berg@nordlys.no' } : {}),
      ...(found.intent === 'remove' ? { from: 'Webex Suite' as const, to: null } : {}),
      cells:
        found.changes.length > 0
          ? [...found.changes]
          : found.intent === 'remove'
            ? []
            : fakeColumns.slice(0, 8).map(({ header }, column) => ({ column: header, before: '', after: cells[column] ?? '' })),
      outcome: row % 40 === 0 ? ('refused' as const) : ('applied' as const),
      reason: row % 40 === 0 ? 'The number +4721010040 belongs to another user' : null,
    }
  })
}

const ticket = (name: string): FileTicket => ({ ticket: `t-${name}`, name, size: 1234 })

export const fakeBatch: BatchDetail = {
  batch: 'b-20261114-01',
  customer: 'Nordlys Energi AS',
  state: 'submitted',
  author: 'Kari Berg',
  message: 'Flytting til Bergen, sak 4711',
  submittedAt: '2026-11-14T08:20:00Z',
  digest: 'sha256:4be1c2a9d7f04e8812aa90cc17b1f3d2a4be1c2a9d7f04e8812aa90cc17b1f3d',
  summary,
  approvals: [],
  singlePerson: true,
  next: 'reviewer',
  items: { total: 173, applied: 0, refused: 0, skipped: 0, unknown: 0, pending: 173 },
  packages,
  groups,
  ignored: [{ rule: 'site/missing', row: 44, column: 'Preferred Webex Site', reason: 'Gets its site in January' }],
  rulesetVersion: '1',
  baseline: { kind: 'file', fingerprint: 'sha256:aa', users: 1118 },
  digestHolds: true,
  receipt: null,
  exports: [],
  history: [{ at: '2026-11-14T08:20:00Z', by: 'Kari Berg', what: 'submitted' }],
}

const approval = { by: 'Per Dahl', decision: 'approved' as const, at: '2026-11-14T10:02:00Z', digest: fakeBatch.digest }
const appliedBatch: BatchDetail = {
  ...fakeBatch,
  batch: 'b-20261112-02',
  message: null,
  state: 'applied',
  next: null,
  approvals: [approval],
  items: { total: 173, applied: 169, refused: 4, skipped: 0, unknown: 0, pending: 0 },
  receipt: ticket('receipt-b-20261112-02.json'),
  history: [
    ...fakeBatch.history,
    { at: '2026-11-14T10:02:00Z', by: 'Per Dahl', what: 'approved' },
    { at: '2026-11-14T10:05:00Z', by: 'Per Dahl', what: 'pushed' },
  ],
  exports: [
    {
      number: '001',
      madeAt: '2026-11-14T10:06:00Z',
      manifestTicket: ticket('manifest.json'),
      manifest: {
        format: 1,
        name: 'nordlys',
        customer: 'Nordlys Energi AS',
        madeAt: '2026-11-14T10:06:00Z',
        digest: fakeBatch.digest,
        importMode: 'Add and remove services',
        columns: 'changed',
        maxRows: 20000,
        files: [
          { order: 1, name: '01-of-02-nordlys.csv', rows: 170, sha256: 'aa', packages: {}, adds: 120, changes: 50, removals: 0 },
          { order: 2, name: '02-of-02-nordlys.csv', rows: 3, sha256: 'bb', packages: {}, adds: 0, changes: 0, removals: 3 },
        ],
        steps: [],
        notes: [{ email: 'ola.dahl@nordlys.no', column: 'Location', note: 'A location cannot be moved by import.' }],
      },
      files: [
        { ticket: ticket('01-of-02-nordlys.csv'), order: 1, state: 'uploaded' },
        { ticket: ticket('02-of-02-nordlys.csv'), order: 2, state: 'waiting' },
      ],
    },
  ],
}

export function createFakeRoster(): FakeRoster {
  const calls: { method: string; input: unknown }[] = []
  const listeners = new Set<(event: AppEvent) => void>()
  let draft = baseState
  let settings: Settings = { language: 'en', theme: 'light', density: 'normal', person: 'Per Dahl', maxRows: 20000, zoom: 100 }
  let batches: readonly BatchDetail[] = [
    fakeBatch,
    {
      ...fakeBatch,
      batch: 'b-20261113-01',
      customer: 'Fjordkraft Bedrift',
      state: 'approved',
      next: 'importer',
      singlePerson: false,
      author: 'Nora Lunde',
      message: 'Nye ansatte',
      approvals: [approval],
      summary: { ...summary, remove: 0 },
    },
    appliedBatch,
  ]
  let customers: readonly CustomerListItem[] = [
    {
      name: 'Nordlys Energi AS',
      profile: {
        name: 'Nordlys Energi AS',
        createdWith: 'Webex Suite',
        packages: [
          { package: 'Webex Suite', limit: 500 },
          { package: 'Webex Calling', column: 'Webex Calling [Sub123456]', limit: 400 },
        ],
        locations: [
          { name: 'Oslo HQ', country: 'NO' },
          { name: 'Bergen', country: 'NO' },
        ],
        sites: ['nordlys.webex.com'],
        extensionLength: 4,
      },
      drafts: 2,
      batches: 3,
    },
  ]

  const noDraft = (draftId: string) => err({ code: 'draft/not-found' as const, draftId })
  const own = (draftId: string) => draftId === draft.id
  const edited = (patch: Partial<DraftState> = {}) => {
    draft = { ...draft, revision: draft.revision + 1, savedRevision: draft.revision + 1, ...patch }
    return ok({ revision: draft.revision, cells: 1, state: draft })
  }
  const findingsOf = (rule: string, severity: PlacedFinding['severity'], total: number): readonly PlacedFinding[] =>
    Array.from({ length: total }, (_, place) => {
      const row = 5 + place * 17
      const isPhone = rule.startsWith('phone')
      return {
        finding: place,
        rule,
        severity,
        row: row + 2,
        column: isPhone
          ? 'Phone Number'
          : rule.startsWith('site')
            ? 'Preferred Webex Site'
            : rule.startsWith('package')
              ? null
              : 'Last Name',
        value: isPhone ? (cellsOf(row)[6] ?? '') : rule.startsWith('package') ? null : '',
        message: isPhone
          ? 'The number has no + in front, so Control Hub cannot tell its country.'
          : 'Meetings need a site: without it they break later.',
        ...(isPhone ? { fix: { kind: 'ask' as const, value: `+${cellsOf(row)[6] ?? ''}` } } : {}),
        rowId: row,
        columnIndex: isPhone ? 6 : 8,
        viewRow: row,
      }
    })
  const batchOf = (id: string) => batches.find(({ batch }) => batch === id)
  const noBatch = (batch: string) => err({ code: 'batch/not-found' as const, batch })
  const changeBatch = (id: string, patch: Partial<BatchDetail>) => {
    batches = batches.map((batch) => (batch.batch === id ? { ...batch, ...patch } : batch))
    return batchOf(id) ?? fakeBatch
  }

  let handlers: Partial<Api<Methods>> = {
    'drafts.list': async () =>
      ok([
        {
          id: 'd-1',
          name: draft.name,
          customer: draft.customer,
          rows: draft.rows,
          changedAt: '2026-11-14T07:10:00Z',
          summary: draft.findings,
          trouble: null,
        },
        {
          id: 'd-2',
          name: 'hr-liste-høst.csv',
          customer: null,
          rows: 88,
          changedAt: '2026-11-10T12:00:00Z',
          summary: { error: 0, warning: 2, info: 0 },
          trouble: 'locked',
        },
      ]),
    'drafts.open': async ({ draftId }) => (own(draftId) ? ok(draft) : noDraft(draftId)),
    'drafts.state': async ({ draftId }) => (own(draftId) ? ok(draft) : noDraft(draftId)),
    'drafts.createSample': async () => ok(draft),
    'drafts.create': async () => ok(draft),
    'drafts.close': async () => ok(null),
    'drafts.delete': async () => ok(null),
    'drafts.setView': async ({ view }) => {
      draft = { ...draft, view: { ...view, number: draft.view.number + 1, rows: view.filter.length > 0 ? 12 : rows } }
      return ok(draft.view)
    },
    'drafts.window': async ({ from, count, columns }) => {
      const window: WindowRow[] = []
      for (let row = from; row < Math.min(rows, from + count); row++) {
        const cells = cellsOf(row)
        const bad = row % 17 === 5 ? columns.indexOf(6) : -1
        const siteless = row % 11 === 4 ? columns.indexOf(8) : -1
        window.push({
          id: row,
          number: row + 2,
          cells: columns.map((column) => cells[column] ?? ''),
          severity: bad !== -1 ? 'error' : siteless !== -1 ? 'warning' : null,
          marks: [
            ...(bad === -1 ? [] : [{ cell: bad, severity: 'error' as const }]),
            ...(siteless === -1 ? [] : [{ cell: siteless, severity: 'warning' as const }]),
          ],
          intent: row % 9 === 0 ? 'add' : 'unchanged',
          before: [],
          package: row % 3 === 0 ? 'Webex Suite' : 'Webex Calling',
          isRemoval: false,
        })
      }
      return ok({ revision: draft.revision, view: draft.view.number, from, total: rows, rows: window })
    },
    'drafts.rowIds': async ({ from, count }) => ok(Array.from({ length: Math.min(count, rows - from) }, (_, place) => from + place)),
    'drafts.edit': async () => edited(),
    'drafts.undo': async () => edited({ undo: null, redo: draft.undo }),
    'drafts.redo': async () => edited({ undo: draft.redo, redo: null }),
    'drafts.history': async () =>
      ok({
        steps: [
          { kind: 'replace', count: 412, column: 'Location', at: '2026-11-14T07:10:00Z' },
          { kind: 'fix', count: 31, rule: 'text/surrounding-space', at: '2026-11-14T07:02:00Z' },
        ],
        current: 2,
      }),
    'drafts.setCustomer': async ({ customer }) => ok((draft = { ...draft, customer })),
    'drafts.confirmRemovals': async ({ count }) =>
      ok((draft = { ...draft, confirmedRemovals: count, revision: draft.revision + 1, savedRevision: draft.revision + 1 })),
    'files.inspect': async () =>
      ok({
        facts: draft.source,
        rows,
        columns: [
          ...fakeColumns,
          ...['Kostnadssted', 'Nærmeste leder'].map((header, place) => ({
            index: 10 + place,
            header,
            column: null,
            name: null,
            kind: 'unknown' as const,
            value: 'text' as const,
            package: null,
            match: 'unknown' as const,
          })),
        ],
        packages: [
          { package: 'Webex Suite', users: 412 },
          { package: 'Webex Calling', users: 376 },
        ],
        preview: [],
      }),
    'findings.list': async ({ rule, severity, from, count }) => {
      const line = draft.byRule.find((one) => one.rule === rule && one.severity === severity)
      const all = line === undefined ? [] : findingsOf(line.rule, line.severity, line.count)
      return ok({ revision: draft.revision, total: all.length, findings: all.slice(from, from + count) })
    },
    'findings.next': async () => ok(findingsOf('phone/no-plus', 'error', 1)[0] ?? null),
    'findings.previewFix': async () =>
      ok({
        cells: 31,
        columns: 0,
        rows: 0,
        removed: 0,
        byRule: { 'text/surrounding-space': 9, 'boolean/localized': 22 },
        samples: [
          { row: 22, column: 'Last Name', before: 'Berg ', after: 'Berg' },
          { row: 39, column: 'Webex Calling', before: 'SANN', after: 'TRUE' },
        ],
      }),
    'findings.fix': async () => edited({ safeFixes: 0, damage: [], byRule: draft.byRule.filter(({ safeFixes }) => safeFixes === 0) }),
    'findings.ignore': async () => ok((draft = { ...draft, revision: draft.revision + 1, savedRevision: draft.revision + 1 })),
    'changes.overview': async () =>
      ok({
        summary: { ...summary, absent: 34 },
        packages,
        groups,
        risks: [
          { kind: 'remove', count: 3 },
          { kind: 'over-limit', count: 1 },
          { kind: 'rename', count: 1 },
          { kind: 'unknown-domain', count: 1 },
        ],
      }),
    'changes.list': async ({ group, from, count }) => {
      const found = membersOf(group, from, count)
      return ok({
        total: groups.find(({ key }) => key === group)?.count ?? 0,
        changes: found.map((line) => ({ ...line, rowId: line.row })),
      })
    },
    'batches.list': async () => ok(batches),
    'batches.show': async ({ batch }) => {
      const found = batchOf(batch)
      return found === undefined ? noBatch(batch) : ok(found)
    },
    'batches.items': async ({ group, from, count }) =>
      ok({ total: groups.find(({ key }) => key === group)?.count ?? 173, items: membersOf(group, from, count) }),
    'wholesale.status': async ({ batch }) =>
      ok({
        batch,
        customer: batchOf(batch)?.customer ?? '',
        customerId: null,
        url: 'https://webexapis.com/v1',
        hasToken: false,
        canSend: true,
        counts: { total: 3, pending: 3, sent: 0, unknown: 0, waiting: 0, done: 0, refused: 0, 'left-out': 0 },
        lastSent: null,
        owner: null,
      }),
    'wholesale.items': async () => ok({ total: 0, items: [] }),
    'batches.submit': async () => ok(fakeBatch),
    'batches.decide': async ({ batch, by, decision, digest }) =>
      by === fakeBatch.author
        ? err({ code: 'guard/own-approval', batch, author: by })
        : ok(
            changeBatch(batch, {
              state: decision,
              next: decision === 'approved' ? 'importer' : 'author',
              approvals: [{ by, decision, digest, at: '2026-11-14T10:02:00Z' }],
            }),
          ),
    'batches.receipt': async ({ batch }) =>
      ok({
        verified: true,
        signature: 'unsigned',
        receipt: {
          format: 1,
          batch,
          digest: fakeBatch.digest,
          customer: fakeBatch.customer,
          author: fakeBatch.author,
          approvals: [approval],
          singlePerson: true,
          store: { url: 'sqlite:store', lineage: 'l-1', serialBefore: 41, serialAfter: 42 },
          by: 'Per Dahl',
          startedAt: '2026-11-14T10:04:00Z',
          finishedAt: '2026-11-14T10:05:00Z',
          counts: appliedBatch.items,
          items: [],
          auditHead: 'aa',
          receiptDigest: 'bb',
        },
      }),
    'batches.tickExport': async ({ batch, order, state }) => {
      const made = batchOf(batch)?.exports[0] ?? appliedBatch.exports[0]
      if (made === undefined) return noBatch(batch)
      const next = { ...made, files: made.files.map((file) => (file.order === order ? { ...file, state } : file)) }
      changeBatch(batch, { exports: [next] })
      return ok(next)
    },
    'customers.list': async () => ok(structuredClone(customers)),
    'customers.save': async ({ profile, formerName }) => {
      const item = { name: profile.name, profile, drafts: 0, batches: 0 }
      customers = [...customers.filter(({ name }) => name !== formerName && name !== profile.name), item]
      return ok(item)
    },
    'customers.delete': async ({ name }) => {
      customers = customers.filter((customer) => customer.name !== name)
      return ok(null)
    },
    'settings.get': async () => ok(settings),
    'settings.set': async (patch) => ok((settings = { ...settings, ...(patch as Partial<Settings>) })),
    'app.info': async () => ok({ version: '0.1.0', dataFolder: '/home/per/.local/share/roster', limits: { rows: 1000000, columns: 500 } }),
    'store.status': async () => ok({ url: 'sqlite:store.db', lineage: 'l-1', serial: 42, customers: 1, subscribers: 1118, batches: 3 }),
    'store.login': async () => ok({ url: null, password: 'none', keeping: 'host' }),
    'audit.list': async () =>
      ok({
        total: 2,
        entries: [
          {
            entry: 1,
            at: '2026-11-14T08:20:00Z',
            by: 'Kari Berg',
            what: 'submitted',
            batch: fakeBatch.batch,
            counts: { add: 120, remove: 3 },
            hash: 'aa',
          },
          { entry: 2, at: '2026-11-14T10:02:00Z', by: 'Per Dahl', what: 'approved', batch: fakeBatch.batch, counts: {}, hash: 'bb' },
        ],
      }),
    'audit.verify': async () => ok({ entries: 2, head: '9f8e7d6c5b4a39281706', broken: null }),
    'jobs.cancel': async () => ok(null),
  }

  const transport: Transport = {
    call: (method, input) => {
      calls.push({ method, input })
      const dispatch = createDispatch(methods, handlers as Api<Methods>, {
        report: (name, thrown) => `${name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      })
      return dispatch(method, structuredClone(input))
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }

  return {
    transport,
    calls,
    emit: (event) => {
      for (const listener of listeners) listener(event)
    },
    override: (others) => {
      handlers = { ...handlers, ...others }
    },
    draft: () => draft,
    setDraft: (patch) => {
      draft = { ...draft, ...patch }
    },
  }
}
