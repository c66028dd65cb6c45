import type { DraftColumn } from '../../../../shared/contract/draft-methods.ts'

const column = (index: number, header: string, rest: Partial<DraftColumn>): DraftColumn => ({
  index,
  header,
  column: null,
  name: null,
  kind: 'attribute',
  value: 'text',
  package: null,
  match: 'exact',
  ...rest,
})

/** A small file: a name, the email, a location and two packages. */
export const draftColumns: readonly DraftColumn[] = [
  column(0, 'First Name', { column: 'first-name', kind: 'identity', value: 'name' }),
  column(1, 'Email', { column: 'email', kind: 'identity', value: 'email' }),
  column(2, 'Location', { column: 'location', kind: 'calling', value: 'location' }),
  column(3, 'Webex Calling [Sub1]', { kind: 'package', value: 'boolean', package: 'Webex Calling' }),
  column(4, 'Webex Suite [Sub1]', { kind: 'package', value: 'boolean', package: 'Webex Suite' }),
]
