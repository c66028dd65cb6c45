import { expect, it } from 'vitest'
import { compareWithBaseline } from '../../../../shared/core/diff/compare-with-baseline.ts'
import { findPatterns } from '../../../../shared/core/diff/patterns.ts'
import { sheetOf, user } from '../../../support/sheets.ts'

it('gathers equal changes, the dangerous ones first, and each user’s own texts by column', () => {
  const names = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H']
  const baseline = sheetOf(names.map((name) => user(name, 'Webex Calling')))
  const file = sheetOf([
    user('A', 'Webex Suite', { Location: 'Bergen' }),
    user('B', 'Webex Suite'),
    user('C', null),
    user('D', 'Webex Meetings'),
    user('E', 'Webex Calling', { Location: 'Bergen', Extension: '0043' }),
    user('F', 'Webex Calling', { Extension: '0044' }),
    user('G', 'Webex Calling', { 'User ID/Email (Required)': 'gg@firma.no' }),
    user('Ny', 'Webex Suite'),
  ])
  const patterns = findPatterns(compareWithBaseline({ ...file, baseline }))
  expect(patterns.map(({ intent, count, changes, isVarious, members }) => [intent, count, changes[0], isVarious, [...members]])).toEqual([
    ['remove', 1, { column: 'Package', before: 'Webex Calling', after: '' }, false, [2]],
    ['packageChange', 1, { column: 'Package', before: 'Webex Calling', after: 'Webex Meetings' }, false, [3]],
    ['rename', 1, { column: 'Package', before: 'Webex Calling', after: 'Webex Calling' }, false, [6]],
    ['packageChange', 2, { column: 'Package', before: 'Webex Calling', after: 'Webex Suite' }, false, [0, 1]],
    ['add', 1, { column: 'Package', before: '', after: 'Webex Suite' }, false, [7]],
    ['update', 2, { column: 'Location', before: 'Oslo HQ', after: 'Bergen' }, false, [0, 4]],
    ['update', 2, { column: 'Extension', before: '', after: '' }, true, [4, 5]],
  ])
  expect(patterns[1]?.losesCalling).toBe(true)
})
