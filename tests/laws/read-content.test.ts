import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalize } from '../../shared/core/batch/canonical.ts'
import { contentPieces } from '../../shared/core/batch/content-pieces.ts'
import { digestOf, itemHash, readContent, serializeContent } from '../../shared/core/batch/digest.ts'
import { createContentReader } from '../../shared/core/batch/read-content.ts'
import { createReceiptDigest, receiptPieces } from '../../shared/core/batch/receipt-pieces.ts'
import { receiptText } from '../../shared/core/batch/receipt-file.ts'
import { buildReceipt, type ReceiptFacts } from '../../shared/core/batch/receipt.ts'
import type { BatchContent, BatchItem } from '../../shared/core/batch/batch.ts'
import type { StreamHasher } from '../../shared/core/batch/hasher.ts'

// A batch that is read in pieces is the one that is read as a whole, however it was cut and whatever stands in it.

const hasher: StreamHasher = {
  sha256: (text) => createHash('sha256').update(text).digest('hex'),
  begin() {
    const hash = createHash('sha256')
    return { update: (text) => void hash.update(text), hex: () => hash.digest('hex') }
  },
}

/** Words that look like the seams of the text. */
const seam = fc.constantFrom('},{"cells":[', '}],"packages":', '"items":[', '\\"items\\":[', '"', '\\', '{}', ']', 'Åse 👩‍🚀', '\u2028\u0000')
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.array(seam, { maxLength: 4 }).map((parts) => parts.join('')),
)
const item = (number: number): fc.Arbitrary<BatchItem> =>
  fc.record({
    number: fc.constant(number),
    intent: fc.constantFrom('add', 'update', 'packageChange', 'remove', 'rename'),
    email: text,
    formerEmail: fc.option(text),
    row: fc.nat(),
    from: fc.constantFrom(null, 'Webex Calling'),
    to: fc.constantFrom(null, 'Webex Suite'),
    cells: fc.array(fc.record({ column: text, before: text, after: text }), { maxLength: 3 }),
  })
const content: fc.Arbitrary<BatchContent> = fc.nat({ max: 6 }).chain((count) =>
  fc.record({
    format: fc.constant(1 as const),
    customer: text,
    author: text,
    rulesetVersion: text,
    target: fc.option(fc.record({ lineage: text })),
    baseline: fc.record({ kind: fc.constantFrom('file', 'store', 'none'), fingerprint: text, users: fc.nat() }),
    header: fc.array(text, { maxLength: 3 }),
    summary: fc.constant({ add: 0, update: 0, packageChange: 0, remove: 0, rename: 0, unchanged: 0 }),
    packages: fc.constant([]),
    confirmedRemovals: fc.nat(),
    ignored: fc.array(fc.record({ rule: text, row: fc.option(fc.nat()), column: fc.option(text), reason: text }), { maxLength: 2 }),
    items: fc.tuple(...Array.from({ length: count }, (_, number) => item(number))),
  }),
)

/** Cut at these places, each a share of the length. */
function cut(whole: string, shares: readonly number[]): readonly string[] {
  const ends = [...shares.map((share) => Math.floor(share * whole.length)), whole.length].sort((a, b) => a - b)
  return ends.map((end, place) => whole.slice(ends[place - 1] ?? 0, end))
}
const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 })

function readInPieces(
  pieces: readonly string[],
  digest: string,
): { readonly items: readonly BatchItem[]; readonly hashes: readonly string[]; readonly frame: unknown } | null {
  const reader = createContentReader(hasher)
  try {
    const found = pieces.flatMap((piece) => reader.add(piece))
    const frame = reader.end(digest)
    return frame.ok ? { items: found.map(({ item: one }) => one), hashes: found.map(({ hash }) => hash), frame: frame.value } : null
  } catch {
    return null
  }
}

test('whatever is in it and however it is cut, the same items, hashes and frame are found', () => {
  fc.assert(
    fc.property(content, shares, (frozen, places) => {
      const { items, ...frame } = frozen
      expect(readInPieces(cut(serializeContent(frozen), places), digestOf(frozen, hasher))).toEqual({
        items,
        hashes: items.map((one) => itemHash(one, hasher)),
        frame,
      })
    }),
  )
})

test('no text is taken that the whole is not taken as', () => {
  fc.assert(
    fc.property(
      content,
      shares,
      fc.nat(),
      fc.constantFrom('', ' ', '"', ',', '}', ']', '0', '{}', ',"x":1'),
      fc.nat({ max: 30 }),
      (frozen, places, at, put, gone) => {
        const whole = serializeContent(frozen)
        const place = at % whole.length
        const changed = whole.slice(0, place) + put + whole.slice(place + gone)
        // The digest is that of the changed text where it still says something: then only its form can tell.
        let digest = digestOf(frozen, hasher)
        try {
          digest = digestOf(JSON.parse(changed) as BatchContent, hasher)
        } catch {
          // It says nothing any more.
        }
        if (!readContent(changed, digest, hasher).ok) expect(readInPieces(cut(changed, places), digest)).toBeNull()
      },
    ),
    { numRuns: 1000 },
  )
})

test('items that hide elsewhere are not taken for those of the batch', () => {
  const inner = { items: [{ cells: [], email: 'hidden@example.no' }], packages: [] }
  const forged = canonicalize({ author: inner, format: 1, items: [], packages: [] })
  const digest = `sha256:${hasher.sha256(forged)}`
  expect(readInPieces([forged], digest)).toBeNull()
})

test('a receipt whose items come in pieces is the one that is made as a whole', () => {
  const outcome = fc.record({ outcome: fc.constantFrom('applied', 'refused'), reason: fc.option(text, { nil: undefined }) })
  const facts: ReceiptFacts = {
    batch: 'b-1',
    author: 'Kari "items": [',
    approvals: [{ by: 'Ola', decision: 'approved', at: '', digest: 'd', message: '"items":[' }],
    singlePerson: false,
    store: { url: 'u', lineage: 'l', serialBefore: 1, serialAfter: 2 },
    by: 'Per',
    startedAt: 's',
    finishedAt: 'f',
    auditHead: '7:aa',
  }
  const signature = { key: 'k', publicKey: 'p', signature: 's' }
  fc.assert(
    fc.property(
      content,
      fc.array(outcome, { minLength: 6, maxLength: 6 }),
      fc.nat({ max: 6 }),
      fc.boolean(),
      (frozen, outcomes, at, signed) => {
        const results = outcomes.map(({ outcome: one, reason }, number) => ({
          number,
          outcome: one as 'applied',
          ...(reason === undefined ? {} : { reason }),
        }))
        const whole = buildReceipt(facts, frozen, results, hasher)
        const { items, receiptDigest, ...frame } = whole
        const digest = createReceiptDigest(frame, hasher)
        const parts = [items.slice(0, at), [], items.slice(at)]
        for (const part of parts) digest.add(part)
        expect(digest.end()).toBe(receiptDigest)
        const pieces = receiptPieces(frame)
        const texts = parts.map((part, place) => pieces.items(part, place === 0 || (at === 0 && place < 3)))
        const tail = pieces.tail(receiptDigest, signed ? signature : undefined)
        expect(pieces.head + texts.join('') + tail).toBe(receiptText(signed ? { ...whole, signature } : whole))
      },
    ),
  )
})

test('pieces are the text again, and no character is torn in two', () => {
  fc.assert(
    fc.property(fc.nat({ max: 3 }), fc.constantFrom('a', 'Å', '👩‍🚀', 'a👩‍🚀'), (parts, sign) => {
      const whole = sign.repeat(Math.ceil((parts * 512 * 1024) / sign.length)).slice(0, parts * 512 * 1024)
      const pieces = [...contentPieces(whole)]
      expect(pieces.map(([, piece]) => piece).join('')).toBe(whole)
      expect(pieces.map(([place, , count]) => [place, count])).toEqual(pieces.map((_, place) => [place, pieces.length]))
      expect(pieces.slice(0, -1).every(([, piece]) => piece.isWellFormed())).toBe(true)
    }),
    { numRuns: 20 },
  )
})
