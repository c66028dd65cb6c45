import { mkdtemp, rm } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { compose, type ComposedBackend } from '../../backend/compose.ts'
import type { AppError } from '../../shared/contract/app-error.ts'
import type { Result } from '../../shared/kit/result.ts'
import { must, onBench, type Bench } from '../support/backend.ts'
import { serverPassword, startPostgres, type PostgresServer } from '../support/postgres.ts'
import { users } from '../support/user-file.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

/** The same flips again and again; another run of them with `ROSTER_FLIP_SEED`. */
const seed = Number(process.env['ROSTER_FLIP_SEED'] ?? 20_261_121)
const counts = { content: 400, signature: 200, file: 600, cuts: 100, audit: 50, races: 500 } as const
const secret = 'correct horse battery'

/** mulberry32: the tests need numbers that come again, not numbers that nobody can guess. */
function numbersFrom(start: number): (below: number) => number {
  let state = start >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** One bit of one letter; never a sign that a database could not keep. */
function flipped(text: string, random: (below: number) => number): string {
  for (;;) {
    const at = random(text.length)
    const code = text.charCodeAt(at) ^ (1 << random(6))
    if (text.charCodeAt(at) < 128 && code > 31) return text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1)
  }
}

/** A store that somebody changes with a database program, past every trigger. */
interface Tampering {
  rows(sql: string): Promise<readonly Record<string, unknown>[]>
  change(sql: string, values?: readonly (string | number)[]): Promise<void>
}

describe.each(['SQLite', 'PostgreSQL'] as const)('a review in %s', (engine) => {
  let server: PostgresServer | null = null
  beforeAll(async () => {
    process.env['ROSTER_STORE_PASSWORD'] = serverPassword
    if (engine === 'PostgreSQL') server = await startPostgres({ fsync: false })
  })
  afterAll(async () => {
    delete process.env['ROSTER_STORE_PASSWORD']
    await server?.stop()
  })

  const onStore = async (work: (bench: Bench, tamper: Tampering, store: string | undefined) => Promise<void>): Promise<void> => {
    const store = await server?.database()
    await onBench(
      async (bench) => {
        must(await bench.backend.services.store.init())
        const tamper = store === undefined || server === null ? sqliteTampering(bench.folder) : await postgresTampering(server, store)
        await work(bench, tamper, store)
      },
      store === undefined ? {} : { store },
    )
  }
  const changed = users(12, (n) => (n < 5 ? { Department: 'Salg' } : n === 7 ? { 'Display Name': 'Åse Ødegård' } : {}))

  test(`${counts.content} seeded flips of the stored batch and ${counts.signature} of its approval: all refused`, () =>
    onStore(async ({ api, submitted }, tamper) => {
      const { batch, digest } = await submitted(changed, users(12))
      must(await api['review.makeKey']({ person: 'Ola', passphrase: secret }))
      must(await api['batches.decide']({ batch, by: 'Ola', decision: 'approved', digest, passphrase: secret }))
      const random = numbersFrom(seed)
      const passed: string[] = []
      for (const [table, column, rounds] of [
        ['contents', 'content', counts.content],
        ['approvals', 'signature', counts.signature],
      ] as const) {
        const [row] = await tamper.rows(`SELECT ${column} AS whole FROM {${table}}`)
        const whole = String(row?.['whole'])
        for (let round = 0; round < rounds; round++) {
          const wrong = flipped(whole, random)
          await tamper.change(`UPDATE {${table}} SET ${column} = ?`, [wrong])
          const pushed = await api['batches.push']({ batch, by: 'Per' })
          if (pushed.ok || !pushed.error.code.startsWith('guard/')) passed.push(`${column}, round ${round}, seed ${seed}: ${wrong}`)
        }
        await tamper.change(`UPDATE {${table}} SET ${column} = ?`, [whole])
      }
      expect(passed).toEqual([])
      expect(must(await api['batches.push']({ batch, by: 'Per' })).state, 'and as it was it goes through').toBe('applied')
    }))

  test('what is said of a batch beside its content: damaged it is refused by name, altered it deceives nobody', () =>
    onStore(async ({ api, submitted }, tamper) => {
      const { batch, digest } = await submitted(changed, users(12))
      const [row] = await tamper.rows('SELECT summary FROM {batches}')
      const whole = String(row?.['summary'])
      const [counted] = await tamper.rows('SELECT counts FROM {audit} WHERE entry = 1')
      const said = (): Promise<readonly Result<unknown, AppError>[]> =>
        Promise.all([
          api['batches.show']({ batch }),
          api['batches.list']({}),
          api['batches.decide']({ batch, by: 'Ola', decision: 'approved', digest }),
        ])
      await tamper.change('UPDATE {batches} SET summary = ?', [whole.slice(0, -1)])
      for (const refused of await said()) {
        expect(refused.ok ? null : refused.error).toMatchObject({ code: 'guard/refused', detail: expect.stringContaining(batch) as string })
      }
      await tamper.change('UPDATE {batches} SET summary = ?', [whole.replace('"update":6', '"update":1')])
      const [shown, , decided] = await said()
      expect(shown).toMatchObject({ ok: true, value: { digestHolds: false } })
      expect(decided).toMatchObject({ ok: false, error: { code: 'guard/content-changed' } })
      await tamper.change('UPDATE {batches} SET summary = ?', [whole])

      await tamper.change('UPDATE {audit} SET counts = ? WHERE entry = 1', [String(counted?.['counts']).slice(1)])
      expect(must(await api['audit.verify']({})).broken).toMatchObject({ entry: 1 })
      await tamper.change('UPDATE {audit} SET counts = ? WHERE entry = 1', [String(counted?.['counts'])])
      must(await api['batches.decide']({ batch, by: 'Ola', decision: 'approved', digest }))
    }))

  test(`${counts.audit} seeded rounds each of log entries deleted, altered, swapped and cut off: all found`, () =>
    onStore(async ({ api, approved, submitted }, tamper) => {
      for (const who of [0, 1, 2]) {
        const { batch } = await approved(
          users(12, (n) => (n === who ? { Department: 'Arkiv' } : {})),
          users(12),
        )
        must(await api['batches.push']({ batch, by: 'Per' }))
      }
      await submitted(
        users(12, (n) => (n > 8 ? { Department: 'Innkjop' } : {})),
        users(12),
      )
      const entries = (await tamper.rows('SELECT * FROM {audit} ORDER BY entry')) as readonly Record<string, string | number>[]
      const total = entries.length
      // The last push wrote down how far the log had come: what is cut off before that is missed.
      const [anchor] = await tamper.rows('SELECT max(audit_entry) AS entry FROM {pushes}')
      const anchored = Number(anchor?.['entry'])
      expect(anchored).toBeGreaterThan(4)
      const columns = Object.keys(entries[0] ?? {})
      const put = async (row: Readonly<Record<string, string | number | null>>): Promise<void> => {
        const values = columns.map((column) => row[column] ?? null)
        const marks = values.map((value) => (value === null ? 'NULL' : '?')).join(', ')
        await tamper.change(
          `INSERT INTO {audit} (${columns.join(', ')}) VALUES (${marks})`,
          values.filter((value) => value !== null),
        )
      }
      const restore = async (from: number): Promise<void> => {
        await tamper.change('DELETE FROM {audit} WHERE entry >= ?', [from])
        for (const row of entries.slice(from - 1)) await put(row)
      }
      const random = numbersFrom(seed)
      const missed: string[] = []
      const deeds: Readonly<Record<string, (at: number) => Promise<number>>> = {
        async deleted(at) {
          await tamper.change('DELETE FROM {audit} WHERE entry = ?', [at])
          return at
        },
        async altered(at) {
          const texts = columns.filter((column) => typeof entries[at - 1]?.[column] === 'string' && entries[at - 1]?.[column] !== '')
          const column = texts[random(texts.length)] ?? 'hash'
          await tamper.change(`UPDATE {audit} SET ${column} = ? WHERE entry = ?`, [flipped(String(entries[at - 1]?.[column]), random), at])
          return at
        },
        async swapped(at) {
          const other = at === total ? at - 1 : at + 1
          const [a, b] = [entries[at - 1] ?? {}, entries[other - 1] ?? {}]
          await tamper.change('DELETE FROM {audit} WHERE entry IN (?, ?)', [at, other])
          await put({ ...a, entry: other })
          await put({ ...b, entry: at })
          return Math.min(at, other)
        },
        async 'cut off'(at) {
          const from = 1 + (at % anchored)
          await tamper.change('DELETE FROM {audit} WHERE entry >= ?', [from])
          return from
        },
      }
      for (const [what, deed] of Object.entries(deeds)) {
        for (let round = 0; round < counts.audit; round++) {
          // The very last entry may be deleted unseen until the next push anchors it: that is what an anchor is for.
          const at = 1 + random(what === 'deleted' ? anchored : total)
          const from = await deed(at)
          const verified = await api['audit.verify']({})
          if (verified.ok && verified.value.broken === null) missed.push(`${what} ${at}, round ${round}, seed ${seed}`)
          await restore(from)
        }
      }
      expect(missed).toEqual([])
      expect(must(await api['audit.verify']({})), 'and as it was it holds').toMatchObject({ broken: null, entries: total })
    }))

  test(`two reviewers at once, ${counts.races} races: one decision each`, () =>
    onStore(async ({ api, folder, submitted }, _, store) => {
      const other = compose({ dataDir: path.join(folder, 'data'), ...(store === undefined ? {} : { store }) })
      try {
        const first = await submitted(
          users(4, (n) => (n === 0 ? { Department: 'Salg' } : {})),
          users(4),
        )
        const { digest } = first
        const draftId = must(await api['drafts.list']({}))[0]?.id ?? ''
        const wrong: unknown[] = []
        let { batch } = first
        for (let race = 0; race < counts.races; race++) {
          const decide = (backend: ComposedBackend['services']['api'], by: string) =>
            backend['batches.decide']({ batch, by, decision: 'approved', digest })
          const [here, there] = await Promise.all([decide(api, 'Ola'), decide(other.services.api, 'Nina')])
          const { state, approvals } = must(await api['batches.show']({ batch }))
          if (Number(here.ok) + Number(there.ok) !== 1 || approvals.length !== 1 || state !== 'approved')
            wrong.push({ race, batch, state, approvals, refused: [here, there].filter(({ ok }) => !ok) })
          if (race + 1 < counts.races) batch = must(await api['batches.submit']({ draftId, by: 'Kari' })).batch
        }
        expect(wrong).toEqual([])
        expect(must(await api['audit.verify']({})).broken).toBeNull()
      } finally {
        await other.close()
      }
    }))
})

test(`${counts.file} seeded flips and ${counts.cuts} cuts of a review file and of the decision on it: all refused, nothing recorded`, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'roster-away-'))
  const away = compose({ dataDir: folder })
  try {
    await onBench(async ({ api, backend, submitted }) => {
      const there = away.services.api
      const { batch } = await submitted(
        users(12, (n) => (n < 5 ? { Department: 'Salg' } : {})),
        users(12),
      )
      const bytesOf = async (of: ComposedBackend, ticket: string) => must(await of.readTicket(ticket)).bytes
      const review = await bytesOf(backend, must(await api['review.exportFile']({ batch })).ticket)
      must(await there['review.makeKey']({ person: 'Ola', passphrase: secret }))
      const key = await bytesOf(away, must(await there['review.keyFile']({ person: 'Ola' })).ticket)
      must(await api['review.importFile'](await backend.registerBytes('ola.rosterkey', key)))
      const { ticket } = await away.registerBytes('b.rosterreview', review)
      const made = must(await there['review.decideFile']({ ticket, by: 'Ola', decision: 'approved', passphrase: secret }))
      const decision = await bytesOf(away, made.ticket)
      const random = numbersFrom(seed)
      const passed: string[] = []
      const refused = ({ ok }: Result<unknown, AppError>, what: string): void => {
        if (ok) passed.push(`${what}, seed ${seed}`)
      }
      const open = async (bytes: Uint8Array<ArrayBuffer>) => there['review.openFile'](await away.registerBytes('f.rosterreview', bytes))
      const bring = async (bytes: Uint8Array<ArrayBuffer>) =>
        api['review.importFile'](await backend.registerBytes('f.rosterdecision', bytes))
      for (const [name, whole, take] of [
        ['review', review, open],
        ['decision', decision, bring],
      ] as const) {
        for (let round = 0; round < counts.file / 2; round++) {
          const wrong = Uint8Array.from(whole)
          const at = random(wrong.length)
          wrong[at] = (wrong[at] ?? 0) ^ (1 << random(8))
          refused(await take(wrong), `${name}, byte ${at}, round ${round}`)
        }
        for (let round = 0; round < counts.cuts / 2; round++) {
          const length = random(whole.length)
          refused(await take(whole.slice(0, length)), `${name}, cut to ${length}, round ${round}`)
        }
      }
      expect(passed).toEqual([])
      expect(must(await api['batches.show']({ batch })).approvals, 'nothing was recorded').toEqual([])
      must(await bring(decision))
      expect(must(await api['batches.show']({ batch })).state, 'and as they were they are taken').toBe('approved')
    })
  } finally {
    await away.close()
    await rm(folder, { recursive: true, force: true })
  }
})

function sqliteTampering(folder: string): Tampering {
  const database = new DatabaseSync(path.join(folder, 'data', 'store.sqlite'))
  for (const { name } of database.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all())
    database.exec(`DROP TRIGGER ${String(name)}`)
  const plain = (sql: string): string => sql.replace(/\{(\w+)\}/gu, '$1')
  return {
    rows: async (sql) => database.prepare(plain(sql)).all(),
    change: async (sql, values = []) => void database.prepare(plain(sql)).run(...values),
  }
}

async function postgresTampering(server: PostgresServer, url: string): Promise<Tampering> {
  for (const table of ['contents', 'approvals', 'audit', 'batches'])
    await server.query(url, `ALTER TABLE roster.${table} DISABLE TRIGGER ALL`)
  const plain = (sql: string): string => {
    let count = 0
    return sql.replace(/\{(\w+)\}/gu, 'roster.$1').replace(/\?/gu, () => `$${++count}`)
  }
  return {
    rows: (sql) => server.query(url, plain(sql)),
    change: async (sql, values = []) => void (await server.query(url, plain(sql), values)),
  }
}
