import path from 'node:path'
import { expect, test } from 'vitest'
import { dataFolder } from '../../../electron/main/data-folder.ts'

test('the data folder is named as on the command line, else it is the command line’s', () => {
  const env = { ROSTER_DATA_DIR: path.resolve('/from/env') }
  expect(dataFolder(['electron', '.', '--data-dir', 'mine'], env)).toBe(path.resolve('mine'))
  expect(dataFolder(['electron', '.', '--data-dir=/a/b=c'], env)).toBe(path.resolve('/a/b=c'))
  expect(dataFolder(['electron', '.', '--data-directory=/x'], env)).toBe(path.resolve('/from/env'))
  expect(dataFolder(['electron', '.', '--data-dir'], env)).toBe(path.resolve('/from/env'))
  expect(dataFolder(['electron', '.', '--data-dir='], env)).toBe(path.resolve('/from/env'))
})
