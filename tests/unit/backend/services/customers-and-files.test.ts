import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { customerName, must, onBench, problemOf } from '../../../support/backend.ts'
import { userCells, userFile, users } from '../../../support/user-file.ts'

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

describe('customers', () => {
  test('a profile is saved under its name, case ignored, and an unknown key is refused with its place', () =>
    onBench(async ({ api, backend, ticket }) => {
      must(await api['customers.save']({ profile: { name: 'Fjordkraft AS', sites: ['fjordkraft.webex.com'] } }))
      must(await api['customers.save']({ profile: { name: 'FJORDKRAFT AS', extensionLength: 4 } }))
      expect(must(await api['customers.list']({})).map(({ profile }) => profile)).toEqual([{ name: 'FJORDKRAFT AS', extensionLength: 4 }])
      expect(must(await backend.services.customers.resolve('fjordkraft as')).extensionLength).toBe(4)
      const wrong = await api['customers.importProfile']({ ticket: await ticket('{"name":"X","seats":3}', 'x.json') })
      expect(problemOf(wrong)).toMatchObject({ code: 'profile/invalid', name: 'x.json' })
      expect(problemOf(await backend.services.customers.resolve('Nobody'))).toEqual({ code: 'customer/not-found', customer: 'Nobody' })
    }))

  test('the list counts their drafts, open or not', () =>
    onBench(async ({ api, draft }) => {
      must(await api['customers.save']({ profile: { name: customerName } }))
      const { id } = await draft(users(2), { customer: customerName })
      must(await api['drafts.close']({ draftId: id }))
      await draft(users(3), { customer: customerName.toUpperCase() })
      expect(must(await api['customers.list']({}))).toMatchObject([{ name: customerName, drafts: 2 }])
    }))

  test('a saved profile that was spoilt by hand says where, and is not taken for one that is not there', () =>
    onBench(async ({ api, backend, folder }) => {
      must(await api['customers.save']({ profile: { name: 'Fjordkraft AS' } }))
      const [file = ''] = await readdir(path.join(folder, 'data', 'customers'))
      await writeFile(path.join(folder, 'data', 'customers', file), '{ "name": "Fjordkraft AS", "seats": 3 }')
      expect(problemOf(await backend.services.customers.resolve('Fjordkraft AS'))).toEqual({
        code: 'profile/invalid',
        name: file,
        path: '/seats',
        detail: 'unknown key',
      })
    }))

  describe('whose folder cannot be read', () => {
    /** A file stands where the folder should be; that the account may not look into it comes to the same. */
    async function blocked(folder: string): Promise<string> {
      const customers = path.join(folder, 'data', 'customers')
      await rename(customers, `${customers}.aside`)
      await writeFile(customers, '')
      return customers
    }
    const freed = async (customers: string): Promise<void> => {
      await rm(customers)
      await rename(`${customers}.aside`, customers)
    }

    test('are not taken for none: nobody is made over one that is there, and all are there again with the folder', () =>
      onBench(async ({ api, backend, folder, ticket }) => {
        const profile = { name: customerName, extensionLength: 4 }
        must(await api['customers.save']({ profile }))
        const customers = await blocked(folder)
        const refusal = { code: 'customer/unreadable', path: customers, detail: 'ENOTDIR: not a directory' }
        expect(problemOf(await api['customers.list']({}))).toEqual(refusal)
        expect(problemOf(await api['customers.save']({ profile: { name: customerName } }))).toEqual(refusal)
        expect(problemOf(await api['customers.importProfile']({ ticket: await ticket('{"name":"Fjordkraft AS"}', 'x.json') }))).toEqual(
          refusal,
        )
        expect(problemOf(await api['customers.delete']({ name: customerName, confirmedName: customerName }))).toEqual(refusal)
        expect(problemOf(await backend.services.customers.resolve(customerName))).toEqual(refusal)
        await freed(customers)
        expect(must(await api['customers.list']({})).map((item) => item.profile)).toEqual([profile])
      }))

    test('let no batch be pushed, whose policy may look at who its administrators are', () =>
      onBench(async ({ api, approved, folder }) => {
        const { batch } = await approved(users(2), users(1))
        const customers = await blocked(folder)
        expect(problemOf(await api['batches.push']({ batch, by: 'Per' })).code).toBe('customer/unreadable')
        await freed(customers)
        must(await api['batches.push']({ batch, by: 'Per' }))
      }))

    test('a single profile that cannot be read is named', () =>
      onBench(async ({ api, folder }) => {
        must(await api['customers.save']({ profile: { name: customerName } }))
        const customers = path.join(folder, 'data', 'customers')
        const [file = ''] = await readdir(customers)
        await rm(path.join(customers, file))
        await mkdir(path.join(customers, file))
        expect(problemOf(await api['customers.list']({}))).toMatchObject({ code: 'customer/unreadable', path: path.join(customers, file) })
      }))
  })

  test('a broken rule of the customer’s own is refused with its place wherever a profile is saved', () =>
    onBench(async ({ api }) => {
      const rules = [{ name: 'own', column: 'Title', pattern: '(' }]
      expect(problemOf(await api['customers.save']({ profile: { name: 'X', rules } }))).toMatchObject({
        code: 'profile/invalid',
        path: '/rules/0/pattern',
      })
    }))

  test('locations and numbers come from lists; what is known already is only counted', () =>
    onBench(async ({ api, ticket }) => {
      must(await api['customers.save']({ profile: { name: 'A', locations: [{ name: 'Oslo HQ' }] } }))
      const list = await ticket('Name;Country\r\nOslo HQ;NO\r\nBergen;no\r\n', 'locations.csv')
      expect(must(await api['customers.importList']({ name: 'A', what: 'locations', ticket: list }))).toMatchObject({
        added: 1,
        known: 1,
        profile: { locations: [{ name: 'Oslo HQ' }, { name: 'Bergen', country: 'NO' }] },
      })
      const numbers = await ticket('Phone Number,Location\r\n+4721000001,Bergen\r\n+4721000002,\r\n', 'numbers.csv')
      expect(must(await api['customers.importList']({ name: 'A', what: 'numbers', ticket: numbers })).profile.numbers).toEqual([
        { number: '+4721000001', location: 'Bergen' },
        { number: '+4721000002' },
      ])
    }))

  test('a later list fills up what an earlier one left open, and changes nothing else', () =>
    onBench(async ({ api, ticket }) => {
      const numbers = [
        { number: '+47 21 00 00 01' },
        { number: '+4721000002', location: 'Oslo HQ' },
        { number: '+4721000002', location: 'Bergen' },
      ]
      must(
        await api['customers.save']({
          profile: { name: 'A', locations: [{ name: 'Oslo HQ' }, { name: 'Aarhus', country: 'DK' }], numbers },
        }),
      )
      const locations = await ticket('Placering;Land\r\noslo hq;Norge\r\nAarhus;SE\r\nStockholm;Sverige\r\n', 'locations.csv')
      expect(must(await api['customers.importList']({ name: 'A', what: 'locations', ticket: locations }))).toMatchObject({
        added: 1,
        known: 2,
        profile: {
          locations: [{ name: 'Oslo HQ', country: 'NO' }, { name: 'Aarhus', country: 'DK' }, { name: 'Stockholm', country: 'SE' }], // prettier-ignore
        },
      })
      const list = await ticket('Telefonnummer;Sted\r\n+4721000001;Oslo HQ\r\n+4721000002;Aarhus\r\n', 'numbers.csv')
      expect(must(await api['customers.importList']({ name: 'A', what: 'numbers', ticket: list }))).toMatchObject({
        added: 0,
        known: 2,
        profile: { numbers: [{ number: '+47 21 00 00 01', location: 'Oslo HQ' }, numbers[1], numbers[2]] },
      })
    }))

  test('numbers are kept as Control Hub wants them', () =>
    onBench(async ({ api, ticket }) => {
      must(await api['customers.save']({ profile: { name: 'A', locations: [{ name: 'Oslo HQ', country: 'NO' }] } }))
      const list = await ticket(
        'Phone Number,Location\r\n+47 21 00 00 01,Oslo HQ\r\n004721000002,Oslo HQ\r\n4721000003,Oslo HQ\r\n21 00 00 04,Oslo HQ\r\n21000001,oslo hq\r\n',
        'numbers.csv',
      )
      expect(must(await api['customers.importList']({ name: 'A', what: 'numbers', ticket: list }))).toMatchObject({
        added: 4,
        known: 1,
        profile: { numbers: [1, 2, 3, 4].map((n) => ({ number: `+472100000${n}`, location: 'Oslo HQ' })) },
      })
    }))

  test.each([
    ['numbers', 'Number\r\n+4721000001\r\n4.72E+10\r\n', 'no-number', '4.72E+10'],
    ['numbers', 'Number\r\n+4721000001\r\n21000004\r\n', 'no-number', '21000004'],
    ['numbers', 'Number\r\n+4721000001\r\nswitchboard\r\n', 'no-number', 'switchboard'],
    ['locations', 'Name,Country\r\nOslo HQ,NO\r\nBergen,Norgge\r\n', 'no-country', 'Norgge'],
  ] as const)('a line of a list of %s that is none is refused with its row, and nothing is changed', (what, text, reason, wrong) =>
    onBench(async ({ api, ticket }) => {
      const profile = { name: 'A' }
      must(await api['customers.save']({ profile }))
      const refused = problemOf(await api['customers.importList']({ name: 'A', what, ticket: await ticket(text, 'list.csv') }))
      expect(refused).toMatchObject({ code: 'file/unusable', name: 'list.csv', reason, row: 3 })
      expect(refused).toMatchObject({ detail: expect.stringContaining(wrong) as string })
      expect(must(await api['customers.list']({})).map((item) => item.profile)).toEqual([profile])
    }),
  )

  test('a list of locations may have a single column', () =>
    onBench(async ({ api, ticket }) => {
      must(await api['customers.save']({ profile: { name: 'A' } }))
      const list = await ticket('Navn\r\nOslo HQ\r\nBergen\r\n', 'locations.csv')
      expect(must(await api['customers.importList']({ name: 'A', what: 'locations', ticket: list })).profile.locations).toEqual([
        { name: 'Oslo HQ' },
        { name: 'Bergen' },
      ])
    }))

  test('a list of numbers without a header row is refused: its first number would be lost', () =>
    onBench(async ({ api, ticket }) => {
      must(await api['customers.save']({ profile: { name: 'A' } }))
      const list = await ticket('+4721000001\r\n+4721000002\r\n', 'numbers.csv')
      expect(problemOf(await api['customers.importList']({ name: 'A', what: 'numbers', ticket: list }))).toMatchObject({
        code: 'file/unusable',
        reason: 'no-header',
        row: 1,
      })
    }))

  test('lists that come in at once are all there afterwards', () =>
    onBench(async ({ api, ticket }) => {
      must(await api['customers.save']({ profile: { name: 'A' } }))
      const names = ['Oslo', 'Bergen', 'Hamar', 'Molde']
      const tickets = await Promise.all(names.map((name) => ticket(`Name\r\n${name}\r\n`, 'locations.csv')))
      await Promise.all(tickets.map(async (one) => must(await api['customers.importList']({ name: 'A', what: 'locations', ticket: one }))))
      const [item] = must(await api['customers.list']({}))
      expect(item?.profile.locations?.map(({ name }) => name).toSorted()).toEqual(names.toSorted())
    }))

  test('a profile in another encoding than UTF-8 is refused; UTF-16 with its mark is read', () =>
    onBench(async ({ backend }) => {
      const text = JSON.stringify({ name: 'Bodø AS' })
      const read = (bytes: Buffer) => backend.services.customers.readProfile({ name: 'p.json', bytes: new Uint8Array(bytes) })
      expect(problemOf(await read(Buffer.from(text, 'latin1')))).toMatchObject({
        code: 'profile/invalid',
        detail: expect.stringContaining('UTF-8') as string,
      })
      for (const bytes of [Buffer.from(`\uFEFF${text}`), Buffer.from(`\uFEFF${text}`, 'utf16le')])
        expect(must(await read(bytes))).toEqual({ name: 'Bodø AS' })
      expect(problemOf(await read(Buffer.from('{ "name": " \u200B" }')))).toMatchObject({ code: 'profile/invalid', path: '/name' })
    }))

  test('an export teaches what a profile needs', () =>
    onBench(async ({ api, ticket }) => {
      const learned = must(await api['customers.learn']({ name: 'A', source: { ticket: await ticket(userFile(users(3))) } }))
      expect(learned).toMatchObject({
        name: 'A',
        locations: [{ name: 'Oslo HQ' }],
        sites: ['fjordkraft.webex.com'],
        extensionLength: 4,
        emailDomains: ['fjordkraft.no'],
      })
      const profile = { name: 'A', numbers: [{ number: '+4721000001' }], packages: [{ package: 'Webex Suite', limit: 7 }] } as const
      must(await api['customers.save']({ profile: { ...profile, numbers: [...profile.numbers], packages: [...profile.packages] } }))
      const again = must(await api['customers.learn']({ name: 'A', source: { ticket: await ticket(userFile(users(3))) } }))
      expect(again).toMatchObject({ numbers: profile.numbers, sites: ['fjordkraft.webex.com'] })
      expect(again.packages).toContainEqual({ package: 'Webex Suite', column: 'Webex Suite', limit: 7 })
    }))
})

describe('settings', () => {
  test('keep what was set and ignore what no longer fits; an unreadable file is kept aside', () =>
    onBench(async ({ api, folder }) => {
      const file = path.join(folder, 'data', 'settings.json')
      must(await api['settings.set']({ person: 'Kari' }))
      await writeFile(file, '{"person":"Kari","zoom":9000,"windowBounds":{"x":1}}')
      expect(must(await api['settings.get']({}))).toMatchObject({ person: 'Kari', zoom: 100 })
      must(await api['settings.set']({ language: 'nb' }))
      expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ person: 'Kari', zoom: 9000, windowBounds: { x: 1 }, language: 'nb' })
      await writeFile(file, '{"person":')
      must(await api['settings.set']({ language: 'da' }))
      expect(await readFile(`${file}.unreadable`, 'utf8')).toBe('{"person":')
    }))
})

describe('files', () => {
  test('an existing file is not replaced unless that is asked for, and nothing else is left behind', () =>
    onBench(async ({ folder, backend }) => {
      const { files } = backend.services
      const target = path.join(folder, 'out.csv')
      const file = must(await files.open({ name: 'users.csv', bytes: bytes(userFile(users(2))) }))
      must(await files.write(file, target))
      expect(problemOf(await files.write(file, target))).toEqual({ code: 'file/exists', path: target })
      must(await files.write(file, target, { replace: true }))
      expect(await readFile(target, 'utf8')).toBe(userFile(users(2)))
      must(await files.write(file, path.join(folder, 'out.xlsx')))
      expect(problemOf(await files.write(file, path.join(folder, 'out.xlsx'))).code).toBe('file/exists')
      expect((await readdir(folder)).toSorted()).toEqual(['out.csv', 'out.xlsx'])
      const back = must(await files.open({ path: path.join(folder, 'out.xlsx') }))
      expect(Array.from(back.table.rows, (row) => back.table.columns[6]?.textOf(row))).toEqual(['+4721538300', '+4721538301'])
    }))

  test('what cannot be written or read says so with its place', () =>
    onBench(async ({ folder, backend }) => {
      const { files } = backend.services
      await writeFile(path.join(folder, 'file'), '')
      expect(problemOf(await files.writeBytes(path.join(folder, 'file', 'out.csv'), bytes('x'))).code).toBe('file/not-writable')
      expect(problemOf(await files.open({ path: path.join(folder, 'none.csv') })).code).toBe('file/not-found')
      expect(problemOf(await files.open({ path: folder }))).toMatchObject({ code: 'file/unusable', reason: 'not-a-table' })
    }))

  test('an export folder appears whole, and a second one needs leave and takes the first one’s files away', () =>
    onBench(async ({ folder, backend }) => {
      const { files } = backend.services
      const target = path.join(folder, 'hub')
      const open = async (rows: readonly string[][]) => must(await files.open({ name: 'users.csv', bytes: bytes(userFile(rows)) }))
      const options = { columns: 'all', maxRows: 2 } as const
      const manifest = must(await files.exportTo(await open(users(5)), target, options))
      expect(manifest.files.map(({ rows }) => rows)).toEqual([2, 2, 1])
      expect((await readdir(target)).length).toBe(4)
      expect(problemOf(await files.exportTo(await open(users(2)), target, options)).code).toBe('file/exists')
      await writeFile(path.join(target, 'notes.txt'), 'mine')
      must(await files.exportTo(await open(users(2)), target, { ...options, replace: true }))
      expect((await readdir(target)).toSorted()).toEqual(['01-of-01-users.csv', 'manifest.json', 'notes.txt'])
    }))

  test('what lies in the data folder is its owner’s alone', () =>
    onBench(async ({ folder, draft, approved }) => {
      await draft(users(2))
      await approved([userCells(0, { Department: 'Salg' })], [userCells(0)])
      const rights = async (...parts: string[]): Promise<number> => (await stat(path.join(folder, 'data', ...parts))).mode & 0o077
      expect(await rights()).toBe(0)
      for (const name of await readdir(path.join(folder, 'data'), { recursive: true }))
        expect([name, await rights(name)]).toEqual([name, 0])
    }))

  test('nothing is written before something is to be kept', () =>
    onBench(async ({ folder, api }) => {
      await mkdir(path.join(folder, 'x'))
      must(await api['drafts.list']({}))
      must(await api['batches.list']({}))
      must(await api['audit.verify']({}))
      expect(await readdir(folder)).toEqual(['x'])
    }))
})
