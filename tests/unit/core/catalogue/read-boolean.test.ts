import { describe, expect, test } from 'vitest'
import { booleanWords, readBoolean } from '../../../../shared/core/catalogue/read-boolean.ts'

describe.each(booleanWords.map((words) => [words.language, words] as const))('%s', (_language, words) => {
  test.each([true, false])('%s in every case', (value) => {
    for (const word of value ? words.true : words.false) {
      const spellings = [word, word.toLowerCase(), word.slice(0, 1) + word.slice(1).toLowerCase(), ` ${word} `, word.normalize('NFD')]
      for (const text of spellings) expect([text, readBoolean(text)]).toEqual([text, { value, spelling: 'localized' }])
    }
  })
})

test('no word means both', () => {
  const yes = new Set(booleanWords.flatMap((words) => words.true))
  expect(booleanWords.flatMap((words) => words.false).filter((word) => yes.has(word))).toEqual([])
})

test.each([['TRUE', true, 'exact'], ['FALSE', false, 'exact'], ['true', true, 'variant'], ['T', true, 'variant'], ['f', false, 'variant'], ['yanlış', false, 'localized'], ['ΑΛΗΘΕΣ', true, 'localized'], ['αληθες', true, 'localized']] as const)('%s', (text, value, spelling) => {
  expect(readBoolean(text)).toEqual({ value, spelling })
}) // prettier-ignore

test.each(['', ' ', '1', '0', 'ja', 'nei', 'nej', 'yes', 'no', 'x', 'ture', 'SANNE', 'USANN.', 'TRUE FALSE', '(clear)'])(
  '%j is no answer',
  (text) => {
    expect(readBoolean(text)).toBeNull()
  },
)
