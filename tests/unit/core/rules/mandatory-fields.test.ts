import { describe, expect, test } from 'vitest'
import { packageNames } from '../../../../shared/core/catalogue/packages.ts'
import { check, rulesIn, soundUser } from '../../../support/rule-cases.ts'

/**
 * The vendor's table of mandatory fields per package. Voice and Customer Assist are not in its rows on number and location, but the API
 * demands both of every calling package; so does Roster.
 */
const mandatory = [
  {
    rule: 'calling/number-missing',
    blank: { Extension: '', 'Phone Number': '' },
    packages: packageNames.filter((name) => name !== 'Webex Meetings'),
  },
  { rule: 'calling/location-missing', blank: { Location: '' }, packages: packageNames.filter((name) => name !== 'Webex Meetings') },
  { rule: 'jabber/calling-missing', blank: { 'Jabber Calling': '' }, packages: packageNames },
  { rule: 'jabber/teams-missing', blank: { 'Jabber with Webex Teams': '' }, packages: packageNames },
  { rule: 'site/missing', blank: { 'Preferred Webex Site': '' }, packages: packageNames.filter((name) => name !== 'Webex Voice') },
] as const

describe.each(mandatory)('$rule', ({ rule, blank, packages }) => {
  test.each(packageNames)('%s', (name) => {
    const found = check([soundUser(1, { package: name, ...blank })])
    expect(rulesIn(found)).toEqual((packages as readonly string[]).includes(name) ? [rule] : [])
    for (const finding of found) expect(finding.message).toContain(name)
  })
})

test('an existing user has what the baseline has', () => {
  const blank = Object.assign({}, ...mandatory.map((field) => field.blank)) as Record<string, string>
  expect(check([soundUser(1, blank)], { baseline: [soundUser(1)] })).toEqual([])
})
