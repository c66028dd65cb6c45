import { appendFile, rename, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Bench, must, onBench, problemOf, proposedMapping } from '../../../support/backend.ts'
import { userFile, userHeader, users } from '../../../support/user-file.ts'

/** A draft of a file of this machine, and the file. */
async function fromDisk({ api, backend, folder }: Bench, name = 'november.csv') {
  const file = path.join(folder, name)
  await writeFile(file, userFile(users(3)))
  const { ticket } = must(await backend.registerPath(file))
  const { id } = must(await api['drafts.create']({ ticket }))
  const news = async () => must(await api['editor.sourceNews']({ draftId: id })).map(({ name: named, became }) => [named, became])
  return { file, id, news }
}

describe('the file that a draft was made of', () => {
  test('is watched for other bytes, not for being touched; what was passed over is not told again, also after a restart', () =>
    onBench(async (bench) => {
      const { file, id, news } = await fromDisk(bench)
      expect(await news()).toEqual([])
      await utimes(file, new Date(), new Date(Date.now() + 60_000))
      expect(await news()).toEqual([])
      await appendFile(file, 'Ny,Bruker,,ny@fjordkraft.no\r\n')
      expect(await news()).toEqual([['november.csv', 'changed']])

      const { api } = bench
      const { rows } = must(await api['drafts.state']({ draftId: id }))
      expect(rows).toBe(3)
      must(await api['editor.passOverSource']({ draftId: id }))
      expect(await news()).toEqual([])
      must(await api['drafts.close']({ draftId: id }))
      expect(await news()).toEqual([])
      await writeFile(file, userFile(users(2)))
      expect(await news()).toEqual([['november.csv', 'changed']])
    }))

  test('opens anew as another draft, the first one left as it is', () =>
    onBench(async (bench) => {
      const { api } = bench
      const { file, id } = await fromDisk(bench)
      await writeFile(file, userFile(users(5)))
      const [source] = must(await api['editor.sourceAnew']({ draftId: id }))
      expect(source).toMatchObject({ sheet: null, ticket: { name: 'november.csv' } })
      const again = must(await api['drafts.create']({ ticket: source?.ticket.ticket ?? '' }))
      expect(again.rows).toBe(5)
      expect(again.id).not.toBe(id)
      expect(must(await api['drafts.state']({ draftId: id })).rows).toBe(3)
    }))

  test('is said to be gone, and cannot be opened anew then', () =>
    onBench(async (bench) => {
      const { file, id, news } = await fromDisk(bench)
      await rename(file, `${file}.old`)
      expect(await news()).toEqual([['november.csv', 'gone']])
      expect(problemOf(await bench.api['editor.sourceAnew']({ draftId: id })).code).toBe('file/not-found')
      must(await bench.api['editor.passOverSource']({ draftId: id }))
      expect(await news()).toEqual([])
    }))

  test('has nothing to say of bytes that a browser handed over', () =>
    onBench(async ({ api, draft }) => {
      const { id } = await draft(users(2))
      expect(must(await api['editor.sourceNews']({ draftId: id }))).toEqual([])
    }))

  test('of a mapped list, all of its files are watched', () =>
    onBench(async ({ api, backend, folder }) => {
      const sources = []
      for (const name of ['oslo.csv', 'bergen.csv']) {
        const file = path.join(folder, name)
        await writeFile(file, `Navn;E-post\r\nKari Berg;kari@${name}.no\r\n`)
        const { ticket } = must(await backend.registerPath(file))
        sources.push({ ticket, mapping: await proposedMapping(api, ticket) })
      }
      const { id } = must(await api['mapping.createDraft']({ sources }))
      await appendFile(path.join(folder, 'bergen.csv'), 'Ola Vik;ola@vik.no\r\n')
      expect(must(await api['editor.sourceNews']({ draftId: id })).map(({ name }) => name)).toEqual(['bergen.csv'])
      expect(must(await api['editor.sourceAnew']({ draftId: id })).map(({ ticket }) => ticket.name)).toEqual(['oslo.csv', 'bergen.csv'])
    }))
})

describe('two drafts side by side', () => {
  const department = userHeader.indexOf('Department')

  test('a page of each list, with rows, places and texts; made anew after an edit of either', () =>
    onBench(async ({ api, draft }) => {
      const { id: here } = await draft(users(6, (n) => (n < 2 ? { Department: `Salg ${String(n)}` } : {})))
      const { id: there } = await draft(users(8).slice(1))
      const compare = async (list: 'different' | 'only-here' | 'only-there', more = {}) =>
        must(await api['editor.compareDrafts']({ draftId: here, other: there, list, from: 0, count: 10, ...more }))
      const first = await compare('different')
      expect(first).toMatchObject({ counts: { different: 1, onlyHere: 1, onlyThere: 2, same: 4 }, total: 1 })
      expect(first.users).toMatchObject([{ rowId: 1, viewRow: 1, here: 3, there: 2, email: 'user.1@fjordkraft.no', name: 'Ola Nordmann' }])
      expect(first.users[0]?.cells).toEqual([{ index: department, column: 'Department', before: 'Drift', after: 'Salg 1' }])
      expect((await compare('only-there', { from: 1, count: 1 })).users).toMatchObject([
        { here: null, rowId: null, there: 8, email: 'user.7@fjordkraft.no' },
      ])
      expect((await compare('different', { column: 0 })).users).toEqual([])

      must(await api['drafts.edit']({ draftId: there, edit: { kind: 'fill', rows: null, columns: [department], text: 'Lager' } }))
      expect((await compare('different')).counts).toMatchObject({ different: 5, same: 0 })
      must(await api['drafts.setView']({ draftId: here, view: { sort: [], filter: [{ kind: 'search', text: 'user.4@' }] } }))
      expect((await compare('different')).users.map(({ viewRow }) => viewRow)).toEqual([null, null, null, 0, null])
    }))
})

describe('the profile that was chosen for a draft', () => {
  const customer = 'Fjordkraft AS'
  const unknownLocation = 'calling/location-unknown'
  const profile = (locations: readonly string[]) => ({ name: customer, locations: locations.map((name) => ({ name, country: 'NO' })) })

  /** A draft whose users sit at a location that the profile knows, or does not. */
  async function draftOf({ api, draft }: Bench, locations: readonly string[]) {
    must(await api['customers.save']({ profile: profile(locations) }))
    const { id } = await draft(users(2))
    must(await api['drafts.setCustomer']({ draftId: id, customer }))
    const findings = async () =>
      must(await api['drafts.state']({ draftId: id })).byRule.find(({ rule }) => rule === unknownLocation)?.count ?? 0
    const news = async () => must(await api['editor.profileNews']({ draftId: id }))
    return { id, findings, news }
  }

  test('is part of it: changed meanwhile, the draft is checked by its own, says so, and takes the new one up when it is told to', () =>
    onBench(async (bench) => {
      const { api } = bench
      const { id, findings, news } = await draftOf(bench, ['Bergen'])
      expect([await findings(), await news()]).toEqual([2, null])
      must(await api['customers.save']({ profile: profile(['Bergen', 'Oslo HQ']) }))
      expect([await findings(), await news()]).toEqual([2, 'changed'])
      must(await api['drafts.close']({ draftId: id }))
      expect([await findings(), await news()]).toEqual([2, 'changed'])
      must(await api['drafts.setCustomer']({ draftId: id, customer }))
      expect([await findings(), await news()]).toEqual([0, null])
    }))

  test('stays when the profile is deleted; that it was is said, also after the draft was closed', () =>
    onBench(async (bench) => {
      const { api } = bench
      const { id, findings, news } = await draftOf(bench, ['Bergen'])
      must(await api['customers.delete']({ name: customer, confirmedName: customer }))
      must(await api['drafts.close']({ draftId: id }))
      expect([await findings(), await news()]).toEqual([2, 'gone'])
      expect(must(await api['drafts.state']({ draftId: id })).customer).toBe(customer)
      expect(problemOf(await api['drafts.setCustomer']({ draftId: id, customer })).code).toBe('customer/not-found')
      must(await api['drafts.setCustomer']({ draftId: id, customer: null }))
      must(await api['drafts.close']({ draftId: id }))
      expect([await findings(), await news()]).toEqual([0, null])
    }))

  test('is no other one because its keys stand in another order', () =>
    onBench(async (bench) => {
      const { news } = await draftOf(bench, ['Bergen'])
      const { name, locations } = profile(['Bergen'])
      must(await bench.api['customers.save']({ profile: { locations, name } }))
      expect(await news()).toBe(null)
    }))
})
