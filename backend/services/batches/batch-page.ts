import type { BatchContent } from '../../../shared/core/batch/batch.ts'
import type { SummaryPageFacts } from '../../../shared/core/report/summary-page.ts'
import type { BatchDetail } from '../../../shared/contract/batch-methods.ts'
import type { Language } from '../../../shared/kit/language.ts'
import { changeOf } from './batch-detail.ts'

/** A batch as a page for a reviewer: what an approval would be bound to, and every change. */
export function batchPage(detail: BatchDetail, content: BatchContent, language: Language, madeAt: string): SummaryPageFacts {
  const names = words[language]
  const { batch, author, submittedAt, message, digest, state, approvals } = detail
  return {
    language,
    title: `${content.customer} – ${batch}`,
    facts: [
      [names.customer, content.customer],
      [names.batch, batch],
      [names.state, state],
      [names.digest, digest],
      [names.author, `${author}, ${submittedAt}`],
      ...(message === null ? [] : [[names.message, message] as const]),
      ...approvals.map(({ by, decision, at }) => [names.decision, `${by}: ${decision}, ${at}`] as const),
    ],
    madeAt,
    findings: null,
    changes: {
      summary: content.summary,
      absent: 0,
      packages: content.packages,
      count: content.items.length,
      changeAt(index) {
        const item = content.items[index]
        if (item === undefined) throw new RangeError(`The batch has no item ${index}`)
        return changeOf(item)
      },
    },
    packages: [],
  }
}

const words = {
  en: {
    customer: 'Customer',
    batch: 'Batch',
    state: 'State',
    digest: 'Digest',
    author: 'Author',
    message: 'Message',
    decision: 'Decision',
  },
  nb: {
    customer: 'Kunde',
    batch: 'Bunke',
    state: 'Tilstand',
    digest: 'Digest',
    author: 'Forfatter',
    message: 'Melding',
    decision: 'Avgjørelse',
  },
  da: {
    customer: 'Kunde',
    batch: 'Bunke',
    state: 'Tilstand',
    digest: 'Digest',
    author: 'Forfatter',
    message: 'Besked',
    decision: 'Afgørelse',
  },
} as const satisfies Readonly<Record<Language, unknown>>
