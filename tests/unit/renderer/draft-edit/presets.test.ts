import { expect, test } from 'vitest'
import { displayNames, extensionRange, numbersAt } from '../../../../renderer/src/features/draft-edit/presets.ts'

test('a range of extensions keeps its zeros, and what is no range is refused', () => {
  expect(extensionRange('1001', '1004')).toEqual(['1001', '1002', '1003', '1004'])
  expect(extensionRange('0098', '0101')).toEqual(['0098', '0099', '0100', '0101'])
  for (const [first, last] of [
    ['1004', '1001'],
    ['', '1001'],
    ['10a', '20'],
    ['1', '9999999'],
  ] as const)
    expect(extensionRange(first, last)).toBeNull()
})

test('display names from both names; those that are there stay where only blanks are filled', () => {
  const rows = [
    ['Kari', 'Berg', ''],
    ['Ola', 'Dahl', 'Ola D.'],
    ['Madonna', '', ''],
  ]
  expect(displayNames(rows, true)).toEqual(['Kari Berg', 'Ola D.', 'Madonna'])
  expect(displayNames(rows, false)).toEqual(['Kari Berg', 'Ola Dahl', 'Madonna'])
})

test('a user gets a number of the own location, or one that belongs to none', () => {
  const numbers = [{ number: '1', location: 'Oslo HQ' }, { number: '2', location: 'Bergen' }, { number: '3' }]
  expect(numbersAt(numbers, ' oslo hq ')).toEqual(['1', '3'])
  expect(numbersAt(numbers, 'Moss')).toEqual(['3'])
  expect(numbersAt(numbers, '')).toEqual(['1', '2', '3'])
})
