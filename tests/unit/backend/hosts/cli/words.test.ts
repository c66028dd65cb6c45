import { expect, it } from 'vitest'
import { wordsOfError } from '../../../../../backend/hosts/cli/context.ts'
import { wordsOf } from '../../../../../backend/hosts/cli/words/words.ts'
import { languages } from '../../../../../shared/kit/language.ts'

it.each(languages)(
  'a batch that says approved without an approval that holds is not said to be “approved, not approved” (%s)',
  async (language) => {
    const say = await wordsOf(language)
    const said = (state: string): string => wordsOfError(say, { code: 'guard/not-approved', batch: 'b-1', state })
    expect(said('approved')).toMatch(/but no approval of it holds|men ingen godkjenning av den holder|men ingen godkendelse af den holder/u)
    expect(said('submitted')).toContain('submitted')
  },
)

it.each(languages)('a batch that left nothing to take back is not spoken of as a file (%s)', async (language) => {
  const say = await wordsOf(language)
  expect(wordsOfError(say, { code: 'draft/no-changes', batch: 'b-1' })).toContain('b-1')
  expect(wordsOfError(say, { code: 'draft/no-changes' })).not.toContain('b-1')
})

it.each(languages)('rows of a suspended column are counted as people count (%s)', async (language) => {
  const say = await wordsOf(language)
  const said = (rows: number): string => wordsOfError(say, { code: 'guard/suspended-column', column: 'Webex Suite (Suspended)', rows })
  expect(said(1)).toMatch(/ 1 (row|rad|række):/u)
  expect(said(2)).toMatch(/ 2 (rows|rader|rækker):/u)
})
