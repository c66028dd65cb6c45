/** Something that the demo did not expect: it stops and says what. */
export class Unexpected extends Error {}

export function expect(claim, otherwise) {
  if (!claim) throw new Unexpected(otherwise)
}

export const say = (text) => process.stdout.write(`${text}\n`)
