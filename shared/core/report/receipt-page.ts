import type { Receipt } from '../batch/batch.ts'
import type { ChangeSummary, Intent } from '../diff/change-set.ts'
import type { Language } from '../../kit/language.ts'
import { esc, factsList, pageHead } from './page-html.ts'
import { pageWords } from './page-words.ts'
import { receiptWords, signatureLine } from './receipt-words.ts'
import { refusalText } from './refusal-text.ts'

export interface ReceiptPageFacts {
  readonly language: Language
  readonly receipt: Receipt
  readonly summary: ChangeSummary
  readonly signature: 'signed' | 'unknown-key' | 'unsigned' | 'unsigned-has-key' | 'forged'
}

/** So many refused users still fit on the sheet; the receipt's file names them all. */
const mostRefused = 12
const intents: readonly Intent[] = ['add', 'update', 'packageChange', 'rename', 'remove']

/**
 * What a push did, on one sheet: for whom, who decided and pushed, what came of it, who was refused and why, and by what it can be
 * proven. Asks for nothing from elsewhere and runs nothing; everything that comes from people or files is text in it.
 */
export function receiptPage({ language, receipt, summary, signature }: ReceiptPageFacts): string {
  const words = receiptWords[language]
  const { batch, customer, author, approvals, by, startedAt, finishedAt, counts, store, digest, auditHead, receiptDigest } = receipt
  const at = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`
  const title = words.title(customer)
  const refused = receipt.items.filter(({ outcome }) => outcome === 'refused')
  const outcomes = [
    [words.outcome.applied, counts.applied],
    [words.outcome.refused, counts.refused],
    [words.outcome.skipped, counts.skipped],
    [words.outcome.unknown, counts.unknown],
    [words.outcome.pending, counts.pending],
  ].filter(([, n], place) => place < 2 || n !== 0)
  const people: readonly (readonly [string, string])[] = [
    [words.batch, batch],
    [words.author, author],
    ...approvals.map((approval) => [words.decided[approval.decision], `${approval.by}, ${at(approval.at)}`] as const),
    [words.pushed, `${by}, ${at(startedAt)} – ${at(finishedAt)}`],
    ...(receipt.singlePerson ? [[words.eyes, words.singlePerson] as const] : []),
  ]
  const proof: readonly (readonly [string, string])[] = [
    [words.signature, signatureLine(language, receipt, signature)],
    [words.digest, digest],
    [words.receiptDigest, receiptDigest],
    [words.store, `${words.lineage} ${store.lineage}, ${words.serial} ${store.serialBefore} → ${store.serialAfter}`],
    [words.log, auditHead],
  ]
  return `${pageHead(language, title, css)}<main>
<h1>${esc(title)}</h1>
<table class="counts big"><tr>${outcomes.map(([name]) => `<th>${esc(String(name))}</th>`).join('')}<th>${esc(words.total)}</th></tr><tr>${outcomes.map(([, n]) => `<td>${n}</td>`).join('')}<td>${counts.total}</td></tr></table>
<p>${esc(words.asked)}: ${intents
    .filter((intent) => summary[intent] > 0)
    .map((intent) => `${esc(pageWords[language].intent[intent])} ${summary[intent]}`)
    .join(' · ')}</p>
${factsList(people)}
${refused.length === 0 ? '' : refusedTable(refused, language)}<h2>${esc(words.proof)}</h2>
${factsList(proof)}
<footer>${esc(words.verify(`receipt-${batch}.json`))}</footer>
</main>
</html>
`
}

function refusedTable(refused: Receipt['items'], language: Language): string {
  const words = receiptWords[language]
  const rows = refused
    .slice(0, mostRefused)
    .map(
      ({ email, intent, reason }) =>
        `<tr><td>${esc(email)}</td><td>${esc(pageWords[language].intent[intent])}</td><td>${esc(refusalText(reason ?? '', language))}</td></tr>`,
    )
  const more = refused.length > mostRefused ? `<p class="danger">${esc(words.moreRefused(refused.length - mostRefused))}</p>\n` : ''
  return `<h2 class="danger">${esc(words.refusedTitle(refused.length))}</h2>
<table><thead><tr><th>${esc(pageWords[language].user)}</th><th>${esc(pageWords[language].change)}</th><th>${esc(words.reason)}</th></tr></thead><tbody>${rows.join('')}</tbody></table>
${more}`
}

const css = `
.big td{font-size:1.6rem;font-variant-numeric:tabular-nums}.big th,.big td{padding-right:1.6rem}
h2{margin-top:1.2rem}dt{flex:0 0 11rem}
@media print{@page{size:A4;margin:16mm}:root{font-size:11px}h1{margin-top:0}}
`
