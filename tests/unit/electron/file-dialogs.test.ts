import { mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { composeDesk } from '../../../backend/compose-desk.ts'
import { createFileDialogs } from '../../../electron/main/file-dialogs.ts'
import { words } from '../../../electron/main/text/words.ts'
import { err, ok } from '../../../shared/kit/result.ts'

let folder: string
let chosen = ''
let offered = ''
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'roster-dialogs-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const bytes = new TextEncoder().encode('0042\r\n')
const dialogs = (isOpen = true) =>
  createFileDialogs<null>({
    backend: {
      registerPath: async (place) =>
        place.endsWith('gone.csv')
          ? err({ code: 'file/not-found', path: place })
          : ok({ ticket: place, name: path.basename(place), size: 1 }),
      registerBytes: async (name, content) => ({ ticket: 'b', name, size: content.length }),
      readTicket: async (ticket) => (ticket === 't' ? ok({ name: 'x', bytes }) : err({ code: 'file/not-found', path: ticket })),
    },
    files: composeDesk(folder).files,
    words: () => words.nb,
    saveFolder: () => folder,
    dialogsOver: () =>
      isOpen
        ? {
            open: async () => ({ canceled: false, filePaths: [path.join(folder, 'a.csv'), path.join(folder, 'gone.csv')] }),
            save: async ({ defaultPath = '' }) => {
              offered = defaultPath
              return { canceled: false, filePath: chosen }
            },
          }
        : null,
  })

test('what the person chose to replace is replaced whole; a link stays one', async () => {
  const other = path.join(folder, 'other.csv')
  chosen = path.join(folder, 'link.csv')
  await writeFile(other, 'old')
  await symlink(other, chosen)
  expect(await dialogs().saveTicket(null, 't', 'report.csv')).toEqual({ ok: true, value: true })
  expect([await readFile(other, 'utf8'), await readlink(chosen)]).toEqual(['0042\r\n', other])
  expect((await readdir(folder)).sort()).toEqual(['link.csv', 'other.csv'])
})

test('a name offers no place', async () => {
  chosen = path.join(folder, 'y.csv')
  for (const [name, plain] of [
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\x.csv', 'x.csv'],
    ['..', 'roster'],
    ['a\0b\n.csv', 'ab.csv'],
  ] as const) {
    await dialogs().saveTicket(null, 't', name)
    expect(offered).toBe(path.join(folder, plain))
  }
  expect((await dialogs().receiveBytes('../x\u0007.csv', bytes)).ok).toBe(true)
  expect(await dialogs().receiveBytes('../x\u0007.csv', bytes)).toMatchObject({ value: { name: 'x.csv' } })
})

test('one file that is gone is said in the person’s language, and none of the others is taken', async () => {
  expect(await dialogs().pick(null, 'users', true)).toEqual({ ok: false, name: 'gone.csv', detail: 'den finnes ikke lenger' })
})

test('a window that is closed meanwhile asks nothing', async () => {
  expect(await dialogs(false).pick(null, 'users', false)).toEqual({ ok: true, value: [] })
  expect(await dialogs(false).saveTicket(null, 't', 'x.csv')).toEqual({ ok: true, value: false })
})
