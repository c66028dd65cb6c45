import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../../../backend/adapters/clock-system/clock-system.ts'
import { createNodeFiles } from '../../../../backend/adapters/files-node/files-node.ts'
import { passphraseBox } from '../../../../backend/adapters/keys-folder/passphrase-box.ts'
import { createKeysFolder } from '../../../../backend/adapters/keys-folder/keys-folder.ts'
import { verifyContent } from '../../../../backend/services/batches/content-in-pieces.ts'
import { createBatchReader } from '../../../../backend/services/batches/read-batch.ts'
import { writePushReceipt } from '../../../../backend/services/batches/receipts.ts'
import type { Receipt } from '../../../../shared/core/batch/batch.ts'
import type { StreamHasher } from '../../../../shared/core/batch/hasher.ts'
import { verifyReceipt } from '../../../../shared/core/batch/receipt.ts'
import { onBench, type Bench } from '../../../support/backend.ts'
import { must, postgresEngine, sqliteEngine, type Engine } from '../../../support/store.ts'
import { serverPassword } from '../../../support/postgres.ts'
import { users } from '../../../support/user-file.ts'

const hasher: StreamHasher = {
  sha256: (text) => createHash('sha256').update(text).digest('hex'),
  begin() {
    const running = createHash('sha256')
    return { update: (text) => void running.update(text), hex: () => running.digest('hex') }
  },
}

// So many that the batch is read in several pieces.
const count = 4500
const people = (department: (n: number) => string) =>
  users(count, (n) => ({
    Extension: String(20_000 + n),
    'Phone Number': `+4721${String(500_000 + n)}`,
    ...(department(n) === '' ? {} : { Department: department(n) }),
  }))
const base = people(() => '')

describe.each([
  ['SQLite', sqliteEngine],
  ['PostgreSQL', postgresEngine],
] as const)('a receipt from %s that is written while a colleague tries the refused items again', (_, start) => {
  let engine: Engine
  beforeAll(async () => {
    process.env['ROSTER_STORE_PASSWORD'] = serverPassword
    engine = await start()
  })
  afterAll(async () => {
    delete process.env['ROSTER_STORE_PASSWORD']
    await engine.stop()
  })

  /** A batch of which two users, the first and the last, are refused because somebody else has changed them; and how that is taken back. */
  async function partlyPushed({ api, approved }: Bench): Promise<{ readonly batch: string; takeBack(): Promise<void> }> {
    const others = people((n) => (n === 0 || n === count - 1 ? 'Lager' : ''))
    const push = async (batch: string) => must(await api['batches.push']({ batch, by: 'Per' }))
    const { batch } = await approved(
      people(() => 'Salg'),
      base,
    )
    const theirs = await approved(others, base)
    const back = await approved(base, others)
    await push(theirs.batch)
    expect(await push(batch)).toMatchObject({ state: 'partly-applied', items: { applied: count - 2, refused: 2 } })
    return { batch, takeBack: async () => void (await push(back.batch)) }
  }

  test('tells of one moment: that at which its push ended, or else that of now', { timeout: 120_000 }, async () => {
    const { store, url } = await engine.fresh()
    await onBench(
      async (bench) => {
        const { api, folder } = bench
        const { batch, takeBack } = await partlyPushed(bench)
        const ownFiles = createNodeFiles({ ownerOnly: true })
        const receipts = path.join(folder, 'beside')
        let meanwhile: (() => Promise<void>) | null = null
        const world = {
          hasher,
          ownFiles,
          folders: { data: folder, receipts, exports: folder, samples: folder },
          join: path.join,
          log: { event: () => undefined, incident: () => '' },
          clock: systemClock,
          signers: createKeysFolder(path.join(folder, 'keys'), ownFiles, passphraseBox),
          // After each piece of the batch.
          async breathe() {
            const work = meanwhile
            meanwhile = null
            await work?.()
          },
        }
        const read = must(await createBatchReader(hasher).head(store, batch))
        const content = must(await verifyContent(world, read, () => undefined, new AbortController().signal))
        expect(content.pieces.length).toBeGreaterThan(1)
        const full = must(await api['batches.receipt']({ batch })).receipt
        const written = async (): Promise<Receipt> => JSON.parse(await readFile(path.join(receipts, `${batch}.json`), 'utf8')) as Receipt

        const ended = must(await store.moment())
        let retried: unknown = null
        meanwhile = async () => {
          await takeBack()
          retried = must(await api['batches.push']({ batch, by: 'Ingrid', mode: 'retry' })).items
        }
        must(await writePushReceipt(world, read, content, null, null))
        // The colleague was not held up.
        expect(retried).toMatchObject({ applied: count, refused: 0 })
        const [ofNow, first, last] = [await written(), 0, count - 1]
        expect(verifyReceipt(ofNow, hasher)).toEqual([])
        expect(ofNow).toMatchObject({ by: 'Per', counts: { applied: count - 2, refused: 2 } })
        expect([ofNow.items[first]?.outcome, ofNow.items[last]?.outcome]).toEqual(['refused', 'refused'])

        must(await writePushReceipt(world, read, content, null, ended))
        const ofThen = await written()
        expect({ ...ofThen, store: full.store, receiptDigest: '' }).toEqual({ ...full, receiptDigest: '' })
        expect(verifyReceipt(ofThen, hasher)).toEqual([])
        expect(must(await api['batches.receipt']({ batch }))).toMatchObject({
          verified: true,
          receipt: { by: 'Ingrid', counts: { applied: count, refused: 0 } },
        })
      },
      { store: url },
    )
  })
})
