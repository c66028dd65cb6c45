// @vitest-environment happy-dom
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { beforeEach, expect, test } from 'vitest'
import { platformKey } from '../../renderer/src/platform/platform.ts'
import { useFileOpening } from '../../renderer/src/state/file-opening.ts'
import { createText } from '../../renderer/src/text/i18n.ts'
import { createFakeRoster } from './support/fake-roster.ts'

let opening: ReturnType<typeof useFileOpening>

beforeEach(() => {
  const app = createApp({
    setup() {
      opening = useFileOpening()
      return () => null
    },
  })
  app.provide(platformKey, {
    kind: 'desktop',
    transport: createFakeRoster().transport,
    notices: { state: () => 'no', ask: () => Promise.resolve(), show: () => undefined },
    pickFiles: () => Promise.resolve([]),
    receiveFile: ({ name, size }) => Promise.resolve({ ticket: `ticket of ${name}`, name, size }),
    saveFile: () => Promise.resolve(true),
  })
  app.use(createPinia()).use(createText('en')).mount(document.createElement('div'))
})

const drop = (...names: readonly string[]): Promise<void> => opening.drop(names.map((name) => new File(['x'], name)))
const inFront = (): string | undefined => opening.waiting?.users.name

test('a file that is dropped while others wait for their turn comes after them', async () => {
  await drop('oslo.csv', 'bergen.csv', 'moss.csv')
  opening.later(opening.waiting?.others ?? [])
  opening.made()
  expect(inFront()).toBe('bergen.csv')
  await drop('late.csv', 'with-it.csv')
  expect(inFront()).toBe('bergen.csv')
  opening.made()
  expect(inFront()).toBe('moss.csv')
  opening.made()
  expect(opening.waiting).toMatchObject({ users: { name: 'late.csv' }, others: [{ name: 'with-it.csv' }] })
  opening.made()
  expect(opening.waiting).toBeNull()
})

test('who has enough of a file has enough of those chosen with it, not of one dropped meanwhile', async () => {
  await drop('oslo.csv', 'bergen.csv', 'moss.csv')
  opening.later(opening.waiting?.others ?? [])
  opening.made()
  await drop('late.csv')
  opening.done()
  expect(inFront()).toBe('late.csv')
  opening.done()
  expect(opening.waiting).toBeNull()
})

test('a file that is dropped while the columns of another are mapped waits for the end of it', async () => {
  await drop('oslo.csv')
  const users = opening.waiting?.users
  if (users === undefined) throw new Error('nothing was offered')
  opening.map({ users, sheet: null, customer: null, baseline: null })
  await drop('late.csv')
  expect(opening.waiting).toBeNull()
  opening.made()
  expect(opening.mapping).toBeNull()
  expect(inFront()).toBe('late.csv')
})
