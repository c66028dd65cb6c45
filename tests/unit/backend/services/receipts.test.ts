import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { migrations } from '../../../../backend/adapters/store-sqlite/schema.ts'
import { compose } from '../../../../backend/compose.ts'
import type { Receipt } from '../../../../shared/core/batch/batch.ts'
import { receiptText } from '../../../../shared/core/batch/receipt-file.ts'
import { withStoreUrl } from '../../../../shared/core/batch/receipt.ts'
import { must, onBench, problemOf, type Bench } from '../../../support/backend.ts'
import { hasher } from '../../../support/hasher.ts'
import { users } from '../../../support/user-file.ts'

const base = users(6)
const changed = users(6, (n) => (n < 3 ? { Department: 'Salg' } : {}))
const secret = 'correct horse battery'

async function signedPush({ api, approved }: Bench): Promise<string> {
  const { batch } = await approved(changed, base)
  must(await api['review.makeKey']({ person: 'Per', passphrase: secret }))
  must(await api['batches.push']({ batch, by: 'Per', passphrase: secret }))
  return batch
}
const fileOf = ({ folder }: Bench, batch: string): Promise<string> =>
  readFile(path.join(folder, 'data', 'receipts', `${batch}.json`), 'utf8')
const check = async ({ api, ticket }: Bench, text: string) => api['receipts.verify']({ ticket: await ticket(text, 'receipt.json') })

describe('a receipt that the importer signs', () => {
  test('says so, is genuine for its batch, and the evidence carries it', () =>
    onBench(async (bench) => {
      const { api, backend } = bench
      const batch = await signedPush(bench)
      expect(must(await api['batches.receipt']({ batch }))).toMatchObject({ verified: true, signature: 'signed' })
      expect(must(await check(bench, await fileOf(bench, batch)))).toMatchObject({
        batch,
        by: 'Per',
        signature: 'signed',
        problems: [],
        heldAgainst: 'store',
        counts: { applied: 3 },
      })
      const { data, page } = must(await api['review.evidence']({ batch, language: 'en' }))
      const evidence = new TextDecoder().decode(must(await backend.readTicket(data.ticket)).bytes)
      expect(must(await check(bench, evidence))).toMatchObject({ batch, signature: 'signed', problems: [] })
      expect(JSON.parse(evidence)).toMatchObject({ keys: [{ person: 'Per' }] })
      expect(must(await check(bench, evidence.replace('"Salg"', '"Sjef"')))).toMatchObject({ problems: ['changed'] })
      expect(new TextDecoder().decode(must(await backend.readTicket(page.ticket)).bytes)).toContain('signed with the key of Per')
    }))

  test('no flipped bit anywhere in its file leaves it genuine', () =>
    onBench(async (bench) => {
      const batch = await signedPush(bench)
      const bytes = Buffer.from(await fileOf(bench, batch))
      const survivors: number[] = []
      for (let place = 0; place < bytes.length; place++) {
        const flipped = new Uint8Array(bytes)
        flipped[place] = (flipped[place] ?? 0) ^ (1 << (place % 7))
        const { ticket } = await bench.backend.registerBytes('receipt.json', flipped)
        const said = await bench.api['receipts.verify']({ ticket })
        if (said.ok ? said.value.problems.length === 0 : said.error.code !== 'receipt/not-genuine') survivors.push(place)
      }
      expect(survivors).toEqual([])
    }))

  test('a passphrase that opens no key is refused before anything is pushed', () =>
    onBench(async ({ api, approved }) => {
      const { batch } = await approved(changed, base)
      const noKey = problemOf(await api['batches.push']({ batch, by: 'Per', passphrase: secret }))
      expect(noKey).toEqual({ code: 'review/key', person: 'Per', reason: 'no-key' })
      must(await api['review.makeKey']({ person: 'Per', passphrase: secret }))
      const wrong = problemOf(await api['batches.push']({ batch, by: 'Per', passphrase: 'something else' }))
      expect(wrong).toEqual({ code: 'review/key', person: 'Per', reason: 'wrong-secret' })
      expect(must(await api['batches.show']({ batch }))).toMatchObject({ state: 'approved', items: { pending: 3 } })
    }))

  test('an unsigned one says so and can be signed afterwards, by who pushed and nobody else', () =>
    onBench(async (bench) => {
      const { api, approved } = bench
      const { batch } = await approved(changed, base)
      must(await api['batches.push']({ batch, by: 'Per' }))
      expect(must(await api['batches.receipt']({ batch }))).toMatchObject({ verified: true, signature: 'unsigned' })
      for (const person of ['Per', 'Eva']) must(await api['review.makeKey']({ person, passphrase: secret }))
      expect(must(await api['batches.receipt']({ batch })).signature).toBe('unsigned-has-key')
      expect(problemOf(await api['receipts.sign']({ batch, by: 'Eva', passphrase: secret })).code).toBe('guard/refused')
      must(await api['receipts.sign']({ batch, by: 'per', passphrase: secret }))
      expect(must(await api['batches.receipt']({ batch }))).toMatchObject({ verified: true, signature: 'signed' })
      expect(must(await api['audit.verify']({})).broken).toBeNull()
      const { entries } = must(await api['audit.list']({ from: 0, count: 50 }))
      expect(entries.at(-1)).toMatchObject({ what: 'receipt/signed', by: 'Per', batch })
    }))

  test('one that was written anew as a whole is found out by its signature, and without it by the missing one', () =>
    onBench(async (bench) => {
      const batch = await signedPush(bench)
      const genuine = JSON.parse(await fileOf(bench, batch)) as Receipt
      const kept = genuine.signature
      if (kept === undefined) throw new Error('not signed')
      // As somebody would who knows how receipts are made: every digest agrees.
      const { signature: _, ...rest } = withStoreUrl({ ...genuine, finishedAt: '2020-01-01T00:00:00.000Z' }, genuine.store.url, hasher)
      expect(must(await check(bench, receiptText({ ...rest, signature: kept })))).toMatchObject({
        signature: 'forged',
        problems: ['forged'],
      })
      expect(must(await check(bench, receiptText(rest)))).toMatchObject({ signature: 'unsigned-has-key', problems: [] })
      const elsewhere = withStoreUrl(
        { ...rest, auditHead: genuine.auditHead.replace(/.$/u, (last) => (last === '0' ? '1' : '0')) },
        'x',
        hasher,
      )
      expect(must(await check(bench, receiptText(elsewhere)))).toMatchObject({ problems: ['not-in-log'] })
    }))

  test('where the store does not know the batch it is whole by itself, and the key is nobody’s', () =>
    onBench(async (bench) => {
      const batch = await signedPush(bench)
      const text = await fileOf(bench, batch)
      await onBench(async (other) => {
        expect(must(await check(other, text))).toMatchObject({ batch, heldAgainst: 'file', signature: 'unknown-key', problems: [] })
        expect(must(await check(other, text.replace('"applied": 3', '"applied": 2')))).toMatchObject({
          problems: ['changed', 'counts', 'forged'],
        })
        expect(problemOf(await check(other, '{"format":1}'))).toEqual({
          code: 'receipt/not-genuine',
          name: 'receipt.json',
          reason: 'no-receipt',
        })
      })
    }))
})

test('the page to print names who, what, how many and the proof, in three languages, and runs nothing', () =>
  onBench(async (bench) => {
    const { api, backend } = bench
    const batch = await signedPush(bench)
    const pageIn = async (language: 'en' | 'nb' | 'da'): Promise<string> => {
      const { ticket } = must(await api['receipts.page']({ batch, language }))
      return new TextDecoder().decode(must(await backend.readTicket(ticket)).bytes)
    }
    const english = await pageIn('en')
    for (const part of ['Receipt – Fjordkraft AS', batch, 'signed with the key of Per', 'single-person approval', '@page{size:A4'])
      expect(english).toContain(part)
    expect(english).not.toMatch(/<script|src=|href=/u)
    expect(await pageIn('nb')).toContain('signert med nøkkelen til Per')
    expect(await pageIn('da')).toContain('signeret med nøglen til Per')
  }))

test('there is no page before anything was pushed', () =>
  onBench(async ({ api, approved }) => {
    const { batch } = await approved(changed, base)
    expect(problemOf(await api['receipts.page']({ batch, language: 'en' })).code).toBe('guard/wrong-state')
  }))

test('a store from before signatures keeps its keys and comments, and takes them', () =>
  onBench(async ({ folder, api, submitted }) => {
    const { batch } = await submitted(changed, base)
    must(await api['review.makeKey']({ person: 'Per', passphrase: secret }))
    must(await api['review.comment']({ batch, by: 'Ola', place: { on: 'batch' }, text: 'Why?' }))
    const database = new DatabaseSync(path.join(folder, 'data', 'store.sqlite'), { defensive: false })
    // As the version before had it.
    database.exec('PRAGMA writable_schema = ON')
    database.exec(`UPDATE sqlite_schema SET sql = replace(sql, ', ''receipt'')', ')') WHERE name = 'records'`)
    database.exec('PRAGMA writable_schema = OFF')
    database.exec(`DROP TABLE ledger; ${/CREATE TABLE ledger .*?;/su.exec(migrations[0] ?? '')?.[0] ?? ''}`)
    for (const [trigger] of (migrations[1] ?? '').matchAll(/CREATE TRIGGER ledger_.*?END;/gsu)) database.exec(trigger)
    for (const [trigger] of (migrations[0] ?? '').matchAll(/CREATE TRIGGER ledger_stays.*?END;/gsu)) database.exec(trigger)
    database.exec('PRAGMA user_version = 2')
    database.close()
    const later = compose({ dataDir: path.join(folder, 'data') })
    const { comments } = must(await later.services.api['review.get']({ batch, by: 'Per' }))
    expect(comments.map(({ text }) => text)).toEqual(['Why?'])
    expect(must(await later.services.api['review.key']({ person: 'Per' }))).toMatchObject({ isRegistered: true })
    await later.close()
    const now = new DatabaseSync(path.join(folder, 'data', 'store.sqlite'))
    now.exec("INSERT INTO records (kind, batch, by, by_key, at, body) VALUES ('receipt', NULL, 'Per', 'per', '', '{}')")
    expect(() =>
      now.exec("INSERT INTO records (kind, batch, by, by_key, at, body) VALUES ('gossip', NULL, 'Per', 'per', '', '{}')"),
    ).toThrow()
    expect(() => now.exec("DELETE FROM records WHERE kind = 'comment'")).toThrow(/what was said stays/)
    now.close()
  }))
