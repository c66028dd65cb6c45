// @vitest-environment happy-dom
import { describe, expect, test } from 'vitest'
import { da } from '../../renderer/src/text/da.ts'
import { en } from '../../renderer/src/text/en.ts'
import { createText } from '../../renderer/src/text/i18n.ts'
import { nb } from '../../renderer/src/text/nb.ts'

const keys = Object.keys(en) as (keyof typeof en)[]
const namesIn = (text: string): readonly string[] => [...new Set([...text.matchAll(/\{(\w+)\}/gu)].map(([, name = '']) => name))].toSorted()
const forms = (text: string): number => text.split(' | ').length

describe.each([
  ['Norwegian', nb],
  ['Danish', da],
])('%s', (_, texts) => {
  test('has the same keys as English and none beside them', () => {
    expect(Object.keys(texts).toSorted()).toEqual(keys.toSorted())
  })

  test('fills in the same values, and has one and many where English has', () => {
    const different = keys.filter(
      (key) => forms(texts[key]) !== forms(en[key]) || namesIn(texts[key]).some((name) => !namesIn(en[key]).includes(name)),
    )
    expect(different).toEqual([])
  })
})

test('every text can be written out in every language', () => {
  const complaints: string[] = []
  for (const language of ['en', 'nb', 'da'] as const) {
    const { t } = createText(language).global
    for (const key of keys) {
      const values = Object.fromEntries(namesIn(en[key]).map((name) => [name, 'x']))
      const written = forms(en[key]) > 1 ? t(key, values, 2) : t(key, values)
      if (written === '' || written === key || /[{}|]/u.test(written)) complaints.push(`${language} ${key}: ${written}`)
    }
  }
  expect(complaints).toEqual([])
})

test('one and many are told apart, and a written number stands where the count stands', () => {
  const { t } = createText('nb').global
  expect(t('users.n', { n: '1' }, 1)).toBe('1 bruker')
  expect(t('users.n', { n: '1 204' }, 1204)).toBe('1 204 brukere')
  expect(t('users.n', { n: '0' }, 0)).toBe('0 brukere')
})
