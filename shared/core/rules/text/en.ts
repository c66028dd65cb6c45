import type { Conversions, RuleTexts } from '../rule-facts.ts'

const families = {
  'webex-calling': 'a Webex Calling CSV (calling data, numbers, queues or the like)',
  'meetings-site': 'the CSV of a Meetings site',
  'user-report': 'the short user report of Control Hub',
} as const
const conversions = ({ isWorkbook, delimiter, encoding, bom, lineEnding }: Conversions): string =>
  [
    ...(isWorkbook ? ['a workbook'] : []),
    ...(delimiter === null ? [] : [`${delimiter === '\t' ? 'tab' : delimiter} between the cells`]),
    ...(encoding === null ? [] : [encoding]),
    ...(bom ? ['with BOM'] : []),
    ...(lineEnding === null ? [] : [lineEnding === 'mixed' ? 'different line ends' : `line ends ${lineEnding}`]),
  ].join(', ')
const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`
const hint = (text: string | null): string => (text === null ? '' : ` Did you mean “${text}”?`)
const inBaseline = (before: string | null): string => (before === null ? 'It must be typed again.' : `The baseline has ${before}.`)

export const en: RuleTexts = {
  'file/no-email-column': {
    title: 'No email column',
    message: () => 'No column is recognised as “User ID/Email (Required)”. Without it nobody can be told apart; say which column it is.',
  },
  'file/no-package-column': {
    title: 'No package column',
    message: () =>
      'No column is recognised as a wholesale package. Export a new file from Control Hub, or say which columns the packages are.',
  },
  'file/no-rows': { title: 'No users', message: () => 'The file has a header and no users under it.' },
  'file/empty-lines': {
    title: 'Empty lines',
    message: ({ count }) => `${plural(count, 'empty line was', 'empty lines were')} passed over.`,
  },
  'file/ragged-row': {
    title: 'Wrong number of cells',
    message: ({ cells, columns }) => `The row has ${cells} cells and the header ${columns}: values may stand in the wrong column.`,
  },
  'file/duplicate-column': {
    title: 'Column twice',
    message: ({ header, first, firstHeader }) =>
      header.trim() === firstHeader.trim()
        ? `The header “${header}” stands in column ${first} already. Control Hub could read either; take one out.`
        : `“${header}” means the same as “${firstHeader}” in column ${first}. A user has only one such text; take one of the columns out.`,
  },
  'file/unknown-column': {
    title: 'Unknown column',
    message: ({ header, customer }) =>
      customer === null
        ? `${header.trim() === '' ? 'A column without a name' : `The column “${header}”`} is not known. It is kept as it is.`
        : `${header.trim() === '' ? 'A column without a name' : `The column “${header}”`} is not in the header of ${customer}: Control Hub refuses a file with an unknown column.`,
  },
  'file/renamed-column': {
    title: 'Old or other column name',
    message: ({ header, expected }) => `Control Hub calls the column “${expected}” and not “${header}”.`,
  },
  'file/removed-column': {
    title: 'Column that Control Hub took out',
    message: ({ header }) => `Control Hub has no column “${header}” any more. Leave it out.`,
  },
  'file/suspended-column': {
    title: 'Suspended service',
    message: ({ header, row }) => `“${header}” is suspended and row ${row} has it TRUE: Control Hub refuses the whole file.`,
  },
  'file/other-family': {
    title: 'Another kind of file',
    message: ({ family }) =>
      `This looks like ${families[family]}, not the user CSV. Export the users with attributes and licences instead.`,
  },
  'file/too-many-rows': {
    title: 'More rows than one import takes',
    message: ({ rows, limit, files }) => `${rows} users are more than the ${limit} of one import: the export will be ${files} files.`,
  },
  'file/converted': {
    title: 'Written in another form',
    message: (facts) =>
      `The file was not written as Control Hub writes it (${conversions(facts)}). It was read so; what leaves is UTF-8 with commas.`,
  },
  'text/surrounding-space': {
    title: 'Stray space',
    message: () =>
      'The cell starts or ends with white space, or holds a no-break, thin or zero-width space: the text is not what it seems.',
  },
  'text/control-character': {
    title: 'Control character',
    message: ({ codePoint }) => `The cell holds ${codePoint}, which cannot be seen and can break or disguise the text.`,
  },
  'text/mojibake': {
    title: 'Letters read in the wrong code page',
    message: ({ decoded }) => `The letters were read in the wrong code page. It was probably “${decoded}”.`,
  },
  'text/lost-character': {
    title: 'Lost letter',
    message: ({ before }) => `A letter was lost when the file was saved and cannot be told from what is left. ${inBaseline(before)}`,
  },
  'text/formula': {
    title: 'Would run as a formula',
    message: ({ sign }) => `The cell begins with ${sign}: a spreadsheet would run it as a formula when somebody opens the file.`,
  },
  'email/missing': { title: 'No email', message: () => 'The email is blank. It is the key of a user and mandatory.' },
  'email/malformed': {
    title: 'No valid email',
    message: ({ value }) => `“${value.trim()}” is no email address: one @, something on both sides, no space, and a domain with a dot.`,
  },
  'email/local-part-too-long': {
    title: 'Email too long before the @',
    message: ({ length }) => `${length} characters stand before the @; Control Hub takes 64.`,
  },
  'email/too-long': { title: 'Email too long', message: ({ length }) => `The email has ${length} characters; calling takes 161.` },
  'email/character': {
    title: 'Character not allowed in an email',
    message: ({ characters, package: name }) =>
      name === null
        ? `The email holds ${characters}, outside plain ASCII. Without a calling package it may pass; with one it would be refused.`
        : `The email holds ${characters}: ${name} takes ASCII letters, digits and a short list of signs only.`,
  },
  'email/duplicate': {
    title: 'Email twice',
    message: ({ value, row, saysTheSame }) =>
      `“${value}” stands in row ${row} already. One row per user; case does not count.${saysTheSame ? ' The two rows say the same: this one can go.' : ''}`,
  },
  'email/lookalike': {
    title: 'Email that looks like another',
    message: ({ skeleton }) => `The email mixes letters of several scripts and could be taken for “${skeleton}”.`,
  },
  'email/unknown-domain': {
    title: 'Domain never seen here',
    message: ({ domain, near }) =>
      `Neither the customer profile nor the baseline has ever held the domain “${domain}”. Is it the right customer?${hint(near)}`,
  },
  'name/missing': {
    title: 'Name missing',
    message: ({ isCleared }) =>
      isCleared ? 'The name would be emptied. Every user needs a first and a last name.' : 'A new user needs a first and a last name.',
  },
  'name/forbidden-character': {
    title: 'Character not allowed in a name',
    message: ({ characters, package: name }) => `The name holds ${characters}, which ${name} refuses.`,
  },
  'name/too-long': {
    title: 'Name too long for calling',
    message: ({ length, package: name }) => `The name has ${length} characters; ${name} takes 30.`,
  },
  'name/beyond-ascii': {
    title: 'Name beyond ASCII',
    message: ({ characters, package: name }) =>
      `The name holds ${characters}. Older rules of ${name} refused letters beyond ASCII; look at the result of the import.`,
  },
  'boolean/invalid': {
    title: 'Neither TRUE nor FALSE',
    message: ({ value }) =>
      `“${value}” is neither TRUE nor FALSE: Control Hub refuses the user. Write TRUE or FALSE, or leave the cell blank.`,
  },
  'boolean/localized': {
    title: 'TRUE or FALSE in another language',
    message: ({ value, meaning }) => `“${value}” is a spreadsheet's word for ${meaning}; Control Hub reads English only.`,
  },
  'boolean/variant': { title: 'TRUE or FALSE spelled otherwise', message: ({ value, meaning }) => `“${value}” is read as ${meaning}.` },
  'package/several': {
    title: 'Several packages',
    message: ({ packages }) => `The user would have ${packages}. A user has exactly one wholesale package.`,
  },
  'package/none': {
    title: 'No package',
    message: () => 'The user has no wholesale package. Set exactly one package column TRUE.',
  },
  'package/removal': {
    title: 'User will be deleted',
    message: ({ email, package: name, isConfirmed }) =>
      `Every package of ${email} is FALSE: Control Hub deletes the user${name === null ? '' : ` and ${name} with everything in it`}.${
        isConfirmed ? ' The removal is confirmed.' : ' Confirm the removal, or give the user a package.'
      }`,
  },
  'package/not-bought': {
    title: 'Package not bought',
    message: ({ package: name, customer }) => `${customer} has not bought ${name}.`,
  },
  'package/over-limit': {
    title: 'More users than seats',
    message: ({ package: name, users, limit }) =>
      `${plural(users, 'user', 'users')} would have ${name}; ${limit} ${limit === 1 ? 'was' : 'were'} bought.`,
  },
  'package/common-area': {
    title: 'Common Area is for workspaces',
    message: () => 'Common Area is a package of workspaces and cannot be given to a user.',
  },
  'package/needs-reassign': {
    title: 'Package change in two steps',
    message: ({ from, to }) =>
      `Control Hub refuses the change from ${from} to ${to} in one step: take the package away and assign the new one afterwards.`,
  },
  'package/loses-calling': {
    title: 'Loses calling',
    message: ({ from }) => `From ${from} to Webex Meetings: voicemail and number of the user are lost for good.`,
  },
  'package/administrator': {
    title: "Administrator's package",
    message: ({ email, package: name, createdWith }) =>
      `${email} is an administrator and must keep ${createdWith}, with which the customer was created, not ${name}.`,
  },
  'addon/needs-calling': {
    title: 'Attendant Console without calling',
    message: ({ package: name }) =>
      `Attendant Console needs Webex Calling, Webex Suite or Customer Assist; the user has ${name ?? 'no package'}.`,
  },
  'addon/not-with-standard': {
    title: 'Not with Webex Calling Standard',
    message: ({ header }) => `“${header}” cannot be had with Webex Calling Standard.`,
  },
  'calling/number-missing': {
    title: 'Neither extension nor number',
    message: ({ package: name }) =>
      `${name} needs an extension or a phone number. Without, other changes of the row may silently not be applied.`,
  },
  'calling/location-missing': {
    title: 'Location missing',
    message: ({ package: name }) => `${name} needs a location; without one onboarding fails.`,
  },
  'calling/location-unknown': {
    title: 'Unknown location',
    message: ({ value, near }) => `The customer has no location “${value}”.${hint(near)}`,
  },
  'calling/location-changed': {
    title: 'Location cannot be changed by CSV',
    message: ({ value, before }) =>
      `The user's location is “${before}”; the import ignores or refuses ${value === '' ? 'an empty one' : `“${value}”`}. Move the user in Control Hub.`,
  },
  'calling/not-a-calling-package': {
    title: 'Calling details without calling',
    message: ({ columns }) => `The package is Webex Meetings, which has no calling; ${columns} will not be used.`,
  },
  'phone/no-plus': {
    title: 'Number without +',
    message: ({ value }) => `“${value}” has no leading +: Control Hub takes numbers as +, country code and number.`,
  },
  'phone/international-prefix': { title: 'Number with 00', message: ({ value }) => `“${value}” begins with 00; write + instead.` },
  'phone/separators': {
    title: 'Separators in a number',
    message: ({ value }) => `“${value}” holds separators; Control Hub takes + and digits only.`,
  },
  'phone/length': {
    title: 'Number too short or too long',
    message: ({ value, digits }) =>
      `“${value}” has ${plural(digits, 'digit', 'digits')}; an international number has 7 to 15, and the first is not 0.`,
  },
  'phone/malformed': { title: 'No phone number', message: ({ value }) => `“${value}” is no phone number: + and digits only.` },
  'phone/scientific': {
    title: 'Number lost in scientific notation',
    message: ({ value, before }) => `A spreadsheet made “${value}” of the number; its last digits are lost. ${inBaseline(before)}`,
  },
  'phone/rounded': {
    title: 'Number rounded',
    message: ({ value, before }) =>
      `A spreadsheet keeps 15 digits and has filled “${value}” up with zeros; digits are lost. ${inBaseline(before)}`,
  },
  'phone/duplicate': {
    title: 'Number twice',
    message: ({ value, row, user }) =>
      user === null
        ? `${value} stands in row ${row ?? 0} already. A number belongs to one user.`
        : `${value} is the number of ${user}. A number belongs to one user.`,
  },
  'phone/not-in-inventory': {
    title: 'Number not available',
    message({ value, location, elsewhere, takenBy }) {
      if (takenBy !== null) return `${value} is taken: it is the number of ${takenBy}.`
      if (elsewhere !== null && elsewhere !== location) return `${value} belongs to ${elsewhere}, not to ${location ?? 'this user'}.`
      return `${value} is not among the customer's numbers${location === null ? '' : ` for ${location}`}.`
    },
  },
  'phone/country': {
    title: 'Number of another country',
    message: ({ value, location, country }) => `${value} is no number of ${country}, the country of ${location}.`,
  },
  'phone/primary-mark': {
    title: 'Several numbers, primary not marked',
    message: ({ marks }) =>
      marks > 1
        ? `${marks} numbers of the cell are marked PRIMARY|; only one can be.`
        : 'The cell holds several numbers: the primary one stands first, as PRIMARY|+….',
  },
  'phone/replaced': {
    title: 'Number replaced',
    message: ({ value, before, removal }) => `${before} becomes ${value}; the old number stays unless it is given as ${removal}.`,
  },
  'extension/not-digits': { title: 'Extension not of digits', message: ({ value }) => `“${value}” is no extension: digits only.` },
  'extension/length': {
    title: 'Extension too short or too long',
    message: ({ value }) => `An extension has 2 to 10 digits; “${value}” has ${value.length}.`,
  },
  'extension/customer-length': {
    title: "Not the customer's extension length",
    message: ({ value, length }) => `“${value}” has ${plural(value.length, 'digit', 'digits')}; this customer's extensions have ${length}.`,
  },
  'extension/emergency': {
    title: 'Emergency number',
    message: ({ value }) => `${value} is an emergency or service number and cannot be an extension.`,
  },
  'extension/duplicate': {
    title: 'Extension twice',
    message: ({ value, row, location }) =>
      `Extension ${value} stands in row ${row} already${location === '' ? '' : `, in the same location (${location})`}.`,
  },
  'extension/duplicate-elsewhere': {
    title: 'Extension in another location',
    message: ({ value, row, location }) =>
      `Extension ${value} stands in row ${row} too, in ${location === '' ? 'no location' : location}. Calls between locations may go astray.`,
  },
  'extension/lost-zero': {
    title: 'Leading zero lost',
    message: ({ value, before }) => `The baseline has extension ${before}; a spreadsheet made ${value} of it.`,
  },
  'site/missing': {
    title: 'Preferred Webex Site missing',
    message: ({ package: name }) => `${name} needs a Preferred Webex Site. Control Hub raises no error, and meetings break later.`,
  },
  'site/unknown': { title: 'Unknown site', message: ({ value, near }) => `“${value}” is not one of the customer's sites.${hint(near)}` },
  'site/not-needed': { title: 'Site not needed', message: () => 'Webex Voice needs no meetings site.' },
  'jabber/calling-missing': {
    title: 'Jabber Calling missing',
    message: ({ package: name }) => `Jabber Calling is mandatory for every package (${name}), though it is FALSE as a rule.`,
  },
  'jabber/teams-missing': {
    title: 'Jabber with Webex Teams missing',
    message: ({ package: name }) => `Jabber with Webex Teams is mandatory for every package (${name}), though it is FALSE as a rule.`,
  },
  'base/changed': {
    title: 'Base licence changed',
    message: ({ value, before }) => `The baseline has ${before}, the file ${value}. Base licences are best left as they were exported.`,
  },
  'base/paid-without-free': {
    title: 'Advanced licence without its base',
    message: ({ paid }) => `“${paid}” is TRUE, and Control Hub gives it only with the free base licence, which is FALSE here.`,
  },
  'licence/would-be-removed': {
    title: 'Licence would be removed',
    message: ({ header }) => `The user has “${header}” and FALSE takes it away.`,
  },
  'caller-id/number': {
    title: 'Caller ID number not international',
    message: ({ value }) => `“${value}” is no international number: +, country code and number, without separators.`,
  },
  'caller-id/character': {
    title: 'Character not allowed in a caller ID name',
    message: ({ characters }) => `A caller ID name cannot hold ${characters}.`,
  },
  'caller-id/policy': {
    title: 'Caller ID policy',
    message: ({ value, isNameMissing }) =>
      isNameMissing
        ? 'The policy is OTHER, and no custom caller ID name is given.'
        : `“${value}” is no policy: DIRECT_LINE, LOCATION or OTHER.`,
  },
  'read-only/changed': {
    title: 'Read-only column changed',
    message: ({ value, before }) =>
      before === ''
        ? `Control Hub alone fills this column; “${value}” cannot be set.`
        : `Control Hub alone fills this column; it has “${before}”, not “${value}”.`,
  },
  'directory/synced': {
    title: 'Comes from the directory',
    message: () => "The customer's users are synchronised from a directory: leave names and phone numbers blank.",
  },
  'identity/renamed': {
    title: 'Perhaps the same user',
    message: ({ before, after, shared }) =>
      `${before} is missing from the file, and ${after} has the same name and ${shared}. A new email makes a second user, with nothing carried over.`,
  },
}
