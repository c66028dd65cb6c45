import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { must, onBench } from '../../../support/backend.ts'

test('settings that were written by hand: what fits counts, what does not is as if unset, and strange keys stay', () =>
  onBench(async ({ api, folder }) => {
    const file = path.join(folder, 'data/settings.json')
    const written = { language: 'nb', theme: 'dark', density: 'huge', person: 'Nora Vik', maxRows: -5, zoom: 1e9, mine: { kept: true } }
    await mkdir(path.dirname(file), { recursive: true })
    // With a byte order mark, as some editors save it.
    await writeFile(file, `\ufeff${JSON.stringify(written)}`)
    expect(must(await api['settings.get']({}))).toEqual({
      language: 'nb',
      theme: 'dark',
      density: 'normal',
      person: 'Nora Vik',
      maxRows: 20_000,
      zoom: 100,
    })
    must(await api['settings.set']({ zoom: 120 }))
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ ...written, zoom: 120 })
  }))
