import { shallowRef } from 'vue'
import { readClipboard, serialiseHtml, serialiseTsv, type TextBlock } from '../../grid/clipboard.ts'
import { planPaste, type PastePlan } from '../../grid/paste.ts'
import { blockOf, countCells, lastRect } from '../../grid/selection.ts'
import { useText } from '../../text/use-text.ts'
import type { DraftEdits, DraftGridContext } from './use-draft-edits.ts'

/** Above this many cells a paste is shown before it is done. */
const previewAbove = 1000

export interface PendingPaste {
  readonly plan: PastePlan
  readonly exceptBlank: boolean
}

export interface ClipboardOptions {
  textsAtHand(first: number, count: number, columns: DraftGridContext['shown']['value']): TextBlock | null
  /** Selects what was pasted. */
  selectBlock(plan: PastePlan): void
}

/** Copy, cut and paste with Excel, LibreOffice and the browser: tab-separated text and an HTML table. */
export function useDraftClipboard(context: DraftGridContext, edits: DraftEdits, options: ClipboardOptions) {
  const { selection, size, shown } = context
  const { t, count } = useText()
  /** A large paste that waits for a yes. */
  const pending = shallowRef<PendingPaste | null>(null)

  const columnsAt = (positions: readonly number[]) => positions.flatMap((position) => shown.value[position] ?? [])

  const headersOf = (positions: readonly number[]): readonly string[] =>
    columnsAt(positions).map((column) => column.draft?.header ?? column.title)

  function block() {
    const now = selection.value
    const found = now ? blockOf(now, size.value) : null
    if (now && !found) context.note(t('grid.oneBlock'))
    return found
  }

  async function texts(withHeader: boolean): Promise<TextBlock | null> {
    const found = block()
    if (!found) return null
    const columns = columnsAt(found.columns)
    const rows: (readonly string[])[] = withHeader ? [headersOf(found.columns)] : []
    for (const { first, last } of found.rows) {
      const part = await context.textsOf(first, last - first + 1, columns)
      if (!part) return null
      for (const row of part) rows.push(row)
    }
    return rows
  }

  function textsNow(withHeader = false): TextBlock | null {
    const found = block()
    if (!found) return null
    const rows: (readonly string[])[] = withHeader ? [headersOf(found.columns)] : []
    for (const { first, last } of found.rows) {
      const part = options.textsAtHand(first, last - first + 1, columnsAt(found.columns))
      if (!part) return null
      for (const row of part) rows.push(row)
    }
    return rows
  }

  /** The key or menu of the system: what is on the screen goes at once, unseen rows are fetched and follow. */
  async function onCopy(event: ClipboardEvent, cut: boolean): Promise<void> {
    event.preventDefault()
    const now = selection.value
    const here = textsNow()
    if (here) put(event, here)
    else if (now && blockOf(now, size.value)) await write(texts(false))
    else return
    if (now) context.say(count('grid.copied', countCells(now, size.value)))
    if (cut) await edits.clear()
  }

  function put(event: ClipboardEvent, texts: TextBlock): void {
    event.clipboardData?.setData('text/plain', serialiseTsv(texts))
    event.clipboardData?.setData('text/html', serialiseHtml(texts))
  }

  /**
   * The system's own copying, as if its key had been pressed. The other way (`write`) cleans the table of its styles, which tell
   * Excel that `0042` is text; it is for rows that must be fetched first.
   */
  function putAsByKey(texts: TextBlock): boolean {
    const listen = (event: ClipboardEvent): void => {
      event.preventDefault()
      event.stopImmediatePropagation()
      put(event, texts)
    }
    document.addEventListener('copy', listen, true)
    try {
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else hands a table to the system as it is
      return document.execCommand('copy')
    } finally {
      document.removeEventListener('copy', listen, true)
    }
  }

  async function write(coming: Promise<TextBlock | null>): Promise<boolean> {
    const as = (type: string, words: (block: TextBlock) => string) => coming.then((found) => new Blob([words(found ?? [])], { type }))
    try {
      await navigator.clipboard.write([
        new ClipboardItem({ 'text/plain': as('text/plain', serialiseTsv), 'text/html': as('text/html', serialiseHtml) }),
      ])
      return true
    } catch {
      context.note(t('grid.clipboardRefused'))
      return false
    }
  }

  async function copy(withHeader = false, cut = false): Promise<void> {
    const now = selection.value
    if (!now || !blockOf(now, size.value)) return void block()
    const here = textsNow(withHeader)
    if (!((here !== null && putAsByKey(here)) || (await write(texts(withHeader))))) return
    context.say(count('grid.copied', countCells(now, size.value)))
    if (cut) await edits.clear()
  }

  async function onPaste(event: ClipboardEvent, exceptBlank: boolean): Promise<void> {
    event.preventDefault()
    const data = event.clipboardData
    await take(readClipboard(data?.getData('text/plain') ?? '', data?.getData('text/html') ?? ''), exceptBlank)
  }

  /** Paste from a menu: asks the system for the clipboard. */
  async function paste(exceptBlank = false): Promise<void> {
    // The types do not know the option yet.
    const clipboardAsItIs = navigator.clipboard as unknown as { read(options: { unsanitized: readonly string[] }): Promise<ClipboardItems> }
    try {
      // As it is: cleaned, it would lose the line ends that Excel marks by style.
      const items = await clipboardAsItIs.read({ unsanitized: ['text/html'] })
      const of = async (type: string): Promise<string> => {
        const item = items.find((each) => each.types.includes(type))
        return item ? (await item.getType(type)).text() : ''
      }
      await take(readClipboard(await of('text/plain'), await of('text/html')), exceptBlank)
    } catch {
      context.note(t('grid.pasteByKey'))
    }
  }

  async function take(found: TextBlock | null, exceptBlank: boolean): Promise<void> {
    const now = selection.value
    if (!found || !edits.mayEdit()) return
    const target = now && size.value.rows > 0 ? lastRect(now, size.value) : { top: 0, left: 0, bottom: 0, right: 0 }
    const plan = planPaste(found, target, size.value)
    if (plan.cells > previewAbove || plan.lostColumns > 0) pending.value = { plan, exceptBlank }
    else await apply({ plan, exceptBlank })
  }

  async function apply({ plan, exceptBlank }: PendingPaste): Promise<void> {
    pending.value = null
    if (!(await edits.putBlock(plan, exceptBlank))) return
    options.selectBlock(plan)
    context.say(count('grid.pasted', plan.cells))
  }

  return { pending, copy, onCopy, onPaste, paste, apply }
}

export type DraftClipboard = ReturnType<typeof useDraftClipboard>
