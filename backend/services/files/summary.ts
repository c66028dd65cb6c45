import { summaryPage, type SummaryPageFacts } from '../../../shared/core/report/summary-page.ts'

const pieceLength = 1 << 20

/** The printable page as bytes. */
export function summaryBytes(page: SummaryPageFacts): Uint8Array<ArrayBuffer> {
  const pieces: Buffer[] = []
  let text = ''
  for (const part of summaryPage(page)) {
    text += part
    if (text.length < pieceLength) continue
    pieces.push(Buffer.from(text, 'utf8'))
    text = ''
  }
  return new Uint8Array(Buffer.concat([...pieces, Buffer.from(text, 'utf8')]))
}
