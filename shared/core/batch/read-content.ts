import { err, ok, type Result } from '../../kit/result.ts'
import type { BatchContent, BatchItem } from './batch.ts'
import { canonicalize } from './canonical.ts'
import { canonicalItem, type ContentProblem } from './digest.ts'
import type { StreamHasher } from './hasher.ts'

/** All that a batch says beside its items. */
export type ContentFrame = Omit<BatchContent, 'items'>

export interface ReadItem {
  readonly item: BatchItem
  /** As `itemHash`. */
  readonly hash: string
}

/**
 * Reads a batch's canonical text piece after piece, so that it is never in memory as a whole. What `add` gives has been held to its
 * own canonical form; the whole is vouched for by `end` alone.
 */
export interface ContentReader {
  /** The items that this piece completes. Throws a `ContentFault` where the text cannot be canonical. */
  add(piece: string): readonly ReadItem[]
  /** `digest`: the one that was approved. */
  end(digest: string): Result<ContentFrame, ContentProblem>
}

export class ContentFault extends Error {}

const opening = '"items":['
// In canonical text quotes within texts are escaped, so neither of these can stand inside of one.
const between = '},{"cells":['
const closing = '}],"packages":'

/**
 * Law: over the pieces of a text, however it was cut, it finds the items and the frame that `readContent` finds in the whole, and takes no
 * text that `readContent` does not take. Both hash the text with each item standing as its own hash. `isVerified`: the same bytes were read
 * before, to their end.
 */
export function createContentReader(hasher: StreamHasher, { isVerified = false }: { readonly isVerified?: boolean } = {}): ContentReader {
  const digest = hasher.begin()
  let text = ''
  let part: 'head' | 'items' | 'tail' = 'head'
  let head = ''
  let isFirst = true
  /** Of the items of a piece, which go into the digest together. */
  let hashes = ''

  function itemOf(written: string): ReadItem {
    let item: BatchItem
    try {
      item = JSON.parse(written) as BatchItem
      if (!isVerified && canonicalItem(item) !== written) throw new ContentFault('the stored content is not in its canonical form')
    } catch (thrown) {
      throw thrown instanceof ContentFault ? thrown : new ContentFault('the stored content is no batch of format 1')
    }
    const hash = hasher.sha256(written)
    hashes += isFirst ? `"${hash}"` : `,"${hash}"`
    isFirst = false
    return { item, hash }
  }

  return {
    add(piece) {
      text += piece
      const found: ReadItem[] = []
      if (part === 'head') {
        const at = text.indexOf(opening)
        // The closing bracket of an empty list has to be there, too.
        if (at === -1 || text.length === at + opening.length) return found
        head = text.slice(0, at + opening.length)
        text = text.slice(head.length)
        part = text.startsWith(']') ? 'tail' : 'items'
        digest.update(head)
      }
      if (part === 'items') {
        let from = 0
        for (let at = text.indexOf(between); at !== -1; at = text.indexOf(between, from)) {
          found.push(itemOf(text.slice(from, at + 1)))
          from = at + 2
        }
        const at = text.indexOf(closing, from)
        if (at !== -1) {
          found.push(itemOf(text.slice(from, at + 1)))
          from = at + 1
          part = 'tail'
        }
        text = text.slice(from)
        digest.update(hashes)
        hashes = ''
      }
      return found
    },
    end(wanted) {
      const problem = (detail: string): Result<never, ContentProblem> => err({ detail })
      if (part !== 'tail') return problem('the stored content is no batch of format 1')
      digest.update(text)
      let frame: BatchContent
      try {
        frame = JSON.parse(head + text) as BatchContent
        if (!Array.isArray(frame.items) || frame.items.length > 0 || (frame.format as unknown) !== 1) {
          return problem('the stored content is no batch of format 1')
        }
        if (canonicalize(frame) !== head + text) return problem('the stored content is not in its canonical form')
      } catch {
        return problem('the stored content is no batch of format 1')
      }
      const found = `sha256:${digest.hex()}`
      if (found !== wanted) return problem(`the content's digest is ${found}, not ${wanted}`)
      const { items: _, ...rest } = frame
      return ok(rest)
    },
  }
}
