import fc from 'fast-check'
import { expect, test } from 'vitest'
import { copyLine, copyRows, type CopyRows } from '../../backend/adapters/store-postgres/copy.ts'

// What goes to the server in COPY's binary form is written by hand, for speed. The runtime's own writers are the measure.

const texts = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.string({ minLength: 60, maxLength: 300 }),
)
const header = 'PGCOPY\n\xFF\r\n\0'.length + 8

/** The fields of the rows, as bytes; null where there is none. */
function fieldsOf(bytes: Buffer): (Buffer | null)[][] {
  expect(bytes.subarray(0, 11).toString('latin1')).toBe('PGCOPY\n\xFF\r\n\0')
  const rows: (Buffer | null)[][] = []
  let at = header
  for (;;) {
    const count = bytes.readInt16BE(at)
    at += 2
    if (count === -1) break
    rows.push(
      Array.from({ length: count }, () => {
        const length = bytes.readInt32BE(at)
        at += 4 + Math.max(length, 0)
        return length === -1 ? null : bytes.subarray(at - length, at)
      }),
    )
  }
  expect(at).toBe(bytes.length)
  return rows
}

function written(write: (to: CopyRows) => void): Buffer {
  const to = copyRows('binary')
  // What was written before, and is used again, leaves nothing behind.
  to.row(1)
  to.json({ left: 'over'.repeat(1000) })
  to.end()
  to.take()
  to.again()
  write(to)
  to.end()
  return to.take()
}

test('texts and texts by name are as the runtime writes them', () => {
  fc.assert(
    fc.property(texts, fc.dictionary(texts, texts), (text, cells) => {
      const bytes = written((to) => {
        to.row(3)
        to.text(text)
        to.json(cells)
        to.text(null)
      })
      expect(fieldsOf(bytes)).toEqual([[Buffer.from(text), Buffer.from(JSON.stringify(cells)), null]])
    }),
  )
})

test('numbers, flags and hashes are as the server reads them', () => {
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.boolean(), fc.uint8Array({ maxLength: 64 }), (number, flag, hash) => {
      const bytes = written((to) => {
        to.row(3)
        to.integer(number)
        to.flag(flag)
        to.hex(Buffer.from(hash).toString('hex'))
        to.row(1)
        to.integer(null)
      })
      const int = Buffer.alloc(4)
      int.writeInt32BE(number)
      expect(fieldsOf(bytes)).toEqual([[int, Buffer.from([flag ? 1 : 0]), Buffer.from(hash)], [null]])
    }),
  )
})

test('the text form is that of a backup', () => {
  fc.assert(
    fc.property(texts, fc.dictionary(texts, texts), (text, cells) => {
      const to = copyRows('text')
      to.row(5)
      to.text(text)
      to.json(cells)
      to.integer(-7)
      to.flag(true)
      to.hex('0aff')
      to.end()
      expect(to.take().toString()).toBe(Buffer.from(copyLine([text, JSON.stringify(cells), -7, true, '\\x0aff'])).toString())
    }),
  )
})
