import type * as fs from 'node:fs/promises'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'
import { must, onBench, proposedMapping } from '../../../support/backend.ts'
import { userFile, users } from '../../../support/user-file.ts'

/** Names of files that were opened, as often as they were. */
const opened = vi.hoisted((): string[] => [])
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fs>()
  return {
    ...real,
    open: (file: string, ...how: [string?, number?]) => {
      opened.push(file)
      return real.open(file, ...how)
    },
  }
})
beforeEach(() => {
  opened.length = 0
})

test('a file that a draft is made of is read once, and is known again when it was only touched', () =>
  onBench(async ({ api, backend, folder }) => {
    const file = path.join(folder, 'november.csv')
    await writeFile(file, userFile(users(3)))
    const { ticket } = must(await backend.registerPath(file))
    const { id } = must(await api['drafts.create']({ ticket }))
    expect(opened.filter((one) => one === file)).toHaveLength(1)
    await writeFile(file, userFile(users(3)))
    expect(must(await api['editor.sourceNews']({ draftId: id }))).toEqual([])
    await writeFile(file, userFile(users(3)).replace('Drift', 'Salg!'))
    expect(must(await api['editor.sourceNews']({ draftId: id }))).toMatchObject([{ became: 'changed' }])
  }))

test('each file of a mapped list is read once', () =>
  onBench(async ({ api, backend, folder }) => {
    const sources = []
    const files = ['oslo.csv', 'bergen.csv'].map((name) => path.join(folder, name))
    for (const file of files) {
      await writeFile(file, 'Navn;E-post\r\nKari Berg;kari@vik.no\r\n')
      const { ticket } = must(await backend.registerPath(file))
      sources.push({ ticket, mapping: await proposedMapping(api, ticket) })
    }
    opened.length = 0
    must(await api['mapping.createDraft']({ sources }))
    expect(opened.filter((one) => files.includes(one))).toEqual(files)
  }))
