import { expect, test } from 'vitest'
import { compose } from '../../../../backend/compose.ts'
import type { AppEvent } from '../../../../shared/contract/method.ts'
import path from 'node:path'
import { customerName, must, onBench, problemOf, type Bench } from '../../../support/backend.ts'
import { userCells, userFile, users } from '../../../support/user-file.ts'

const base = users(6)

/** The store knows the six, three of them in Sales. */
async function pushed({ api, approved }: Bench): Promise<void> {
  const { batch } = await approved(
    users(6, (n) => (n < 3 ? { Department: 'Salg' } : {})),
    base,
  )
  must(await api['batches.push']({ batch, by: 'Per' }))
}

test('the store’s users become a draft that changes nothing until it is edited', () =>
  onBench(async (bench) => {
    await pushed(bench)
    const { api } = bench
    expect(must(await api['store.customer']({ customer: customerName }))).toMatchObject({ isKnown: true, users: 6 })
    const made = must(await api['store.toDraft']({ customer: customerName }))
    expect(made).toMatchObject({ rows: 6, customer: customerName, baseline: { kind: 'store' } })
    expect(made.changes).toMatchObject({ add: 0, update: 0, remove: 0, unchanged: 6, absent: 0 })
  }))

test('a customer whom the store does not know has no users there, and no draft', () =>
  onBench(async ({ api }) => {
    must(await api['customers.save']({ profile: { name: customerName } }))
    expect(must(await api['store.customer']({ customer: customerName }))).toEqual({ isKnown: false, users: 0, packages: [] })
    expect(problemOf(await api['store.toDraft']({ customer: customerName })).code).toBe('guard/refused')
    expect(problemOf(await api['store.customer']({ customer: 'Nobody' })).code).toBe('customer/not-found')
  }))

test('the export’s state goes into the store as a batch of its own, with approval; then there is no drift', () =>
  onBench(async (bench) => {
    await pushed(bench)
    const { api, ticket } = bench
    const fresh = await ticket(
      userFile([...users(7, (n) => (n < 2 ? { Department: 'Salg' } : {})).slice(0, 5), userCells(8)]),
      'export.csv',
    )
    const ask = { customer: customerName, ticket: fresh }
    const drift = must(await api['store.drift']({ ...ask, from: 0, count: 10 }))
    expect(drift).toMatchObject({
      name: 'export.csv',
      isKnown: true,
      counts: { 'only-there': 1, 'only-here': 1, differs: 1, same: 4 },
      total: 3,
    })
    const differing = must(await api['store.drift']({ ...ask, kind: 'differs', from: 0, count: 10 }))
    expect(differing).toMatchObject({ total: 1, rows: [{ columns: [{ column: 'Department', there: 'Drift', here: 'Salg' }] }] })

    const take = { ...ask, by: 'Kari', removeMissing: true }
    expect(problemOf(await api['store.takeExport'](take))).toEqual({ code: 'guard/removals-unconfirmed', removals: 1, confirmed: 0 })
    const batch = must(await api['store.takeExport']({ ...take, confirmRemovals: 1 }))
    expect(batch).toMatchObject({ state: 'submitted', author: 'Kari', summary: { add: 1, update: 1, remove: 1, unchanged: 4 } })
    const { digest } = batch
    expect(problemOf(await api['batches.push']({ batch: batch.batch, by: 'Per' })).code).toBe('guard/not-approved')
    must(await api['batches.decide']({ batch: batch.batch, by: 'Ola', decision: 'approved', digest, confirmRemovals: 1 }))
    expect(must(await api['batches.push']({ batch: batch.batch, by: 'Per' }))).toMatchObject({ state: 'applied', items: { applied: 3 } })
    const after = must(await api['store.drift']({ ...ask, from: 0, count: 10 }))
    expect(after).toMatchObject({ counts: { 'only-there': 0, 'only-here': 0, differs: 0, same: 6 }, total: 0 })
    expect(problemOf(await api['store.takeExport'](take)).code).toBe('draft/no-changes')

    // Control Hub is as the batch says already: nothing of it goes there, nor of the batch that takes it back.
    must(await api['customers.save']({ profile: { name: customerName, wholesale: { customerId: 'Y2lz' } } }))
    const leadNowhere = async (id: string) => {
      const only = { code: 'guard/store-only', batch: id }
      expect(must(await api['batches.show']({ batch: id })).storeOnly).toBe(true)
      expect(problemOf(await api['batches.export']({ batch: id, columns: 'all' }))).toEqual(only)
      expect(problemOf(await api['batches.failedRows']({ batch: id, language: 'en' }))).toEqual(only)
      expect(problemOf(await api['wholesale.send']({ batch: id, by: 'Per', token: 'x' }))).toEqual(only)
      expect(problemOf(await api['wholesale.payloads']({ batch: id }))).toEqual(only)
      expect(problemOf(await api['wholesale.precheck']({ batch: id, token: 'x', language: 'en' }))).toEqual(only)
      expect(must(await api['wholesale.status']({ batch: id })).canSend).toBe(false)
    }
    await leadNowhere(batch.batch)
    const undone = must(await api['batches.undo']({ batch: batch.batch, by: 'Kari', confirmRemovals: 1 }))
    must(await api['batches.decide']({ batch: undone.batch, by: 'Ola', decision: 'approved', digest: undone.digest, confirmRemovals: 1 }))
    must(await api['batches.push']({ batch: undone.batch, by: 'Per' }))
    await leadNowhere(undone.batch)
  }))

test('a batch that leads to Control Hub says so, whatever it was compared with', () =>
  onBench(async (bench) => {
    await pushed(bench)
    const [item] = must(await bench.api['batches.list']({}))
    const shown = must(await bench.api['batches.show']({ batch: item?.batch ?? '' }))
    expect(shown.storeOnly).toBeUndefined()
    expect(must(await bench.api['batches.export']({ batch: shown.batch, columns: 'all' })).files).not.toEqual([])
  }))

test('a file without packages is no export to compare with', () =>
  onBench(async (bench) => {
    await pushed(bench)
    const { api, ticket } = bench
    const refused = await api['store.drift']({
      customer: customerName,
      ticket: await ticket('Email,Name\r\na@b.no,A\r\n'),
      from: 0,
      count: 1,
    })
    expect(problemOf(refused)).toMatchObject({ code: 'file/unusable', reason: 'no-header' })
  }))

test('the first batch of another program is told, also where something else opened the store before it was looked for', () =>
  onBench(async ({ folder, submitted }) => {
    const told: AppEvent[] = []
    const other = compose({ dataDir: path.join(folder, 'data') })
    other.subscribe((event) => told.push(event))
    expect(must(await other.services.api['batches.list']({}))).toEqual([])
    const { batch } = await submitted(
      users(6, () => ({ Department: 'Salg' })),
      base,
    )
    must(await other.services.api['store.status']({}))
    await expect.poll(() => told.some((event) => event.kind === 'batches-changed' && event.batch === batch), { timeout: 5000 }).toBe(true)
    await other.close()
  }))

test('what another program does to the store in the file is told, from its very first batch on', () =>
  onBench(async ({ folder, api, submitted }) => {
    const told: AppEvent[] = []
    const other = compose({ dataDir: path.join(folder, 'data') })
    other.subscribe((event) => told.push(event))
    const heard = (batch: string) => told.filter((event) => event.kind === 'batches-changed' && event.batch === batch).length
    expect(must(await other.services.api['batches.list']({}))).toEqual([])
    await new Promise((resolve) => setTimeout(resolve, 1200))
    const { batch, digest } = await submitted(
      users(6, () => ({ Department: 'Salg' })),
      base,
    )
    await expect.poll(() => heard(batch), { timeout: 5000 }).toBe(1)
    must(await api['batches.decide']({ batch, by: 'Ola', decision: 'approved', digest }))
    await expect.poll(() => heard(batch), { timeout: 5000 }).toBe(2)
    must(await api['batches.push']({ batch, by: 'Per' }))
    await expect.poll(async () => must(await other.services.api['batches.show']({ batch })).state, { timeout: 5000 }).toBe('applied')
    await expect.poll(() => heard(batch), { timeout: 5000 }).toBeGreaterThan(2)
    await other.close()
  }))
