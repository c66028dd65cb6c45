import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readFile, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { createWorkplace, rosterFile } from '../support/process.ts'
import { userCells, userFile, users } from '../support/user-file.ts'

vi.setConfig({ testTimeout: 30_000 })
const place = await createWorkplace()
afterAll(() => place.remove())
const read = (name: string): Promise<string> => readFile(path.join(place.folder, name), 'utf8')

const base = users(6)
const changed = users(6, (n) => (n < 3 ? { Department: 'Salg' } : {}))
beforeAll(async () => {
  await place.write('profile.json', JSON.stringify({ name: 'Fjordkraft AS' }))
  await place.write('base.csv', userFile(base))
  await place.write('changed.csv', userFile(changed))
  await place.write('half.csv', userFile([...changed.slice(0, 2), ...base.slice(2)]))
  await place.write('removing.csv', userFile([...base.slice(0, 5), userCells(5, { package: null })]))
  await place.write(
    'errors.csv',
    'Message,Email\nUser license could not be updated,user.1@fjordkraft.no\nInvalid phone number,user.2@fjordkraft.no\n',
  )
})

describe('reconcile', () => {
  test('says what landed: 0 when all did, 2 when not, and the catch-up file holds the rest', async () => {
    const made = await place.run([
      'submit',
      'changed.csv',
      '--customer',
      'profile.json',
      '--baseline',
      'base.csv',
      '--as',
      'Kari',
      '--json',
    ])
    const { batch } = made.json<{ batch: string }>()
    const whole = await place.run(['reconcile', batch, 'changed.csv', '--json', '-o', 'nothing.csv'])
    expect({ code: whole.code, json: whole.json() }).toEqual({
      code: 0,
      json: {
        batch,
        summary: { landed: 3, notLanded: 0, differently: 0, byOthers: 0 },
        unseen: [],
        catchUp: null,
        items: [],
        byOthers: [],
      },
    })
    await expect(read('nothing.csv')).rejects.toThrow('ENOENT')
    const half = await place.run(['reconcile', batch, 'half.csv', '--json', '-o', 'again.csv'])
    expect(half.code).toBe(2)
    expect(half.json()).toMatchObject({
      summary: { landed: 2, notLanded: 1 },
      catchUp: 'again.csv',
      items: [
        { email: 'user.2@fjordkraft.no', landing: 'not-landed', columns: [{ column: 'Department', wanted: 'Salg', found: 'Drift' }] },
      ],
    })
    expect((await read('again.csv')).split('\r\n').slice(1)).toEqual([expect.stringContaining('user.2@fjordkraft.no'), ''])
    expect(half.json()).toMatchObject({
      catchUpIsFor: 'roster',
      next: "roster submit again.csv --customer 'Fjordkraft AS' --baseline half.csv",
      removals: [],
    })
    const taken = await place.run(['reconcile', batch, 'half.csv', '-o', 'again.csv'])
    expect({ code: taken.code, err: taken.err }).toEqual({ code: 73, err: expect.stringContaining('--force') })
  })

  test('the catch-up file says whom it is for and whom it removes, and goes on with the commands it names', async () => {
    const words = ['--customer', 'Fjordkraft AS', '--baseline', 'base.csv', '--confirm-removals', '1']
    const { batch } = (await place.run(['submit', 'removing.csv', ...words, '--as', 'Kari', '--json'])).json<{ batch: string }>()
    const held = await place.run(['reconcile', batch, 'base.csv', '-o', 'catch up.csv'])
    expect(held.code, held.err).toBe(2)
    expect(held.out).toContain('This file is for Roster, not for Control Hub.')
    expect(held.out).toMatch(/removal again\. This user WILL BE REMOVED:\n\s+REMOVE\s+user\.5@fjordkraft\.no\n/u)
    const json = (await place.run(['reconcile', batch, 'base.csv', '-o', 'catch up.csv', '--force', '--json'])).json<{ next: string }>()
    expect(json).toMatchObject({ removals: ['user.5@fjordkraft.no'] })
    const shell = [process.execPath, rosterFile].map((word) => `'${word}'`).join(' ')
    const [submit, files] = [json.next, /approved, (roster .*?) makes the files/u.exec(held.out)?.[1] ?? '']
    for (const command of [submit, files]) {
      const done = await place.run([command.replace(/^roster/u, shell)], { command: ['sh', '-c'] })
      expect({ command, code: done.code, err: done.err.replace(/^CAUTION.*\n/u, '') }).toEqual({ command, code: 0, err: '' })
    }
  })

  test('tells a batch that is not there from an export that is none', async () => {
    expect((await place.run(['reconcile', 'b-nope', 'changed.csv'])).code).toBe(66)
    const [{ batch } = { batch: '' }] = (await place.run(['batches', '--json'])).json<{ batch: string }[]>()
    const wrong = await place.run(['reconcile', batch, 'errors.csv'])
    expect({ code: wrong.code, out: wrong.out }).toEqual({ code: 65, out: '' })
    expect(wrong.err).toContain('package column')
  })
})

describe('errors', () => {
  test('files in the wrong order, or without users, are refused instead of giving names as messages', async () => {
    await place.write('names.csv', 'Name,Country\r\nOslo,NO\r\n')
    for (const [words, said] of [
      [['changed.csv', 'errors.csv'], 'is no list of errors'],
      [['errors.csv', 'names.csv'], 'No column is recognised as “User ID/Email (Required)”'],
    ] as const) {
      const refused = await place.run(['errors', ...words, '-o', 'nothing.csv'])
      expect([refused.code, refused.out]).toEqual([65, ''])
      expect(refused.err).toContain(said)
    }
    expect(await place.names()).not.toContain('nothing.csv')
    const inDanish = await place.run(['errors', 'changed.csv', 'errors.csv', '--lang', 'da'])
    expect(inDanish.err).toContain('det er ikke en liste over fejl')
    expect(inDanish.err).not.toContain('en tabel')
  })

  test('puts the messages on the rows, writes the failed users, and the pair of files with its danger', async () => {
    const said = await place.run([
      'errors',
      'errors.csv',
      'changed.csv',
      '--baseline',
      'base.csv',
      '-o',
      'failed.csv',
      '--reassign',
      'pair',
    ])
    expect(said.code).toBe(0)
    expect(said.out).toMatch(/row 3 {2}user\.1@fjordkraft\.no/u)
    expect(said.err).toMatch(/DANGER.*DELETES/u)
    expect((await read('failed.csv')).trim().split(/\r?\n/u)).toHaveLength(3)
    expect((await readdir(path.join(place.folder, 'pair'))).toSorted()).toEqual([
      '1-of-2-unassign-DELETES-users.csv',
      '2-of-2-assign-again.csv',
    ])
    expect((await read('pair/1-of-2-unassign-DELETES-users.csv')).split('\r\n')[1]).toMatch(/FALSE,FALSE,FALSE,FALSE,FALSE$/u)
    expect((await read('pair/2-of-2-assign-again.csv')).split('\r\n')[1]).toContain('TRUE')
    // Where one of the pair stands already, neither is written: the other would be of other users.
    await rm(path.join(place.folder, 'pair', '1-of-2-unassign-DELETES-users.csv'))
    expect((await place.run(['errors', 'errors.csv', 'changed.csv', '--reassign', 'pair'])).code).toBe(73)
    expect(await readdir(path.join(place.folder, 'pair'))).toEqual(['2-of-2-assign-again.csv'])
    const json = await place.run(['errors', 'errors.csv', 'changed.csv', '--json'])
    expect(json.json()).toMatchObject({
      summary: { total: 2, notFound: 0, attributesNotUpdated: 0, licenceNotUpdated: 1 },
      reassign: { users: 1, files: [] },
      errors: [{ row: 3, kind: 'licence-not-updated' }, { row: 4, kind: 'other' }],
    }) // prettier-ignore
  })
})

describe('files for people', () => {
  test('check and diff write a page; a copy for viewing is taken by no command', async () => {
    expect((await place.run(['check', 'changed.csv', '--report', 'check.html'])).code).toBe(0)
    expect((await place.run(['diff', 'base.csv', 'changed.csv', '--report', 'diff.html', '--lang', 'nb'])).code).toBe(2)
    expect(await read('check.html')).toMatch(/^<!doctype html>/u)
    expect(await read('diff.html')).toContain('Endringer')
    expect((await place.run(['convert', 'changed.csv', 'look-view-only.csv', '--view-only'])).code).toBe(0)
    const back = await place.run(['check', 'look-view-only.csv', '--json'])
    expect(back.code).toBe(65)
    expect(back.json()).toMatchObject({ error: { code: 'file/unusable', reason: 'view-only' } })
  })

  test('a file without its baseline: whoever it would delete is in a removal file of its own, last', async () => {
    const made = await place.run(['export', 'removing.csv', '-o', 'hub', '--json'])
    expect(made.json<{ files: readonly { name: string; removals: number }[] }>().files).toMatchObject([
      { name: '01-of-02-removing.csv', removals: 0 },
      { name: '02-of-02-removing-removals.csv', removals: 1 },
    ])
    expect(made.json()).toMatchObject({ removals: 1 })
    for (const quiet of [[], ['--quiet']]) {
      const said = await place.run(['export', 'removing.csv', '-o', 'hub', '--force', ...quiet])
      expect(said.err).toContain('CAUTION: 1 user WILL BE REMOVED when 02-of-02-removing-removals.csv is imported')
    }
    const none = await place.run(['export', 'changed.csv', '-o', 'hub2', '--json'])
    expect({ ...none.json<{ removals: number }>(), err: none.err }).toMatchObject({ removals: 0, err: '' })
  })

  test('nothing takes the place of a device', async () => {
    const refused = await place.run(['fix', 'changed.csv', '-o', '/dev/null', '--force'])
    expect({ code: refused.code, err: refused.err }).toEqual({ code: 73, err: expect.stringContaining('device') })
  })
})
