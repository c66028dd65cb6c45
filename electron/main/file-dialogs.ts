import path from 'node:path'
import type { Dialog, OpenDialogOptions, SaveDialogOptions } from 'electron'
import type { Backend } from '../../backend/compose.ts'
import { plainName } from '../../backend/hosts/plain-name.ts'
import type { FileAccess } from '../../backend/ports/file-access.ts'
import type { AppError } from '../../shared/contract/app-error.ts'
import { fileEndings, type FileAnswer, type FilePurpose } from '../../shared/contract/desktop-bridge.ts'
import type { FileTicket } from '../../shared/contract/draft-methods.ts'
import type { Words } from './text/words.ts'

/** Files in and out by the system's dialogs. The page names no place: it holds tickets, and the person chooses where. */
export interface FileDialogs<Asker> {
  pick(asker: Asker, purpose: FilePurpose, several: boolean): Promise<FileAnswer<readonly FileTicket[]>>
  /** The place of a file that was dropped on the window. Null: Roster does not open it by its place, so its bytes are wanted. */
  receivePath(place: string): Promise<FileAnswer<FileTicket> | null>
  receiveBytes(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<FileAnswer<FileTicket>>
  /** `false`: the person changed their mind. */
  saveTicket(asker: Asker, ticket: string, name: string): Promise<FileAnswer<boolean>>
}

export interface FileDialogsOptions<Asker> {
  readonly backend: Pick<Backend, 'registerPath' | 'registerBytes' | 'readTicket'>
  readonly files: Pick<FileAccess, 'write'>
  /** The dialogs over the asker's window; null where it has been closed meanwhile. */
  readonly dialogsOver: (asker: Asker) => {
    open(options: OpenDialogOptions): ReturnType<Dialog['showOpenDialog']>
    save(options: SaveDialogOptions): ReturnType<Dialog['showSaveDialog']>
  } | null
  readonly words: () => Words
  /** Where a saved file is offered to lie. */
  readonly saveFolder: () => string
}

export function createFileDialogs<Asker>({
  backend,
  files,
  dialogsOver,
  words,
  saveFolder,
}: FileDialogsOptions<Asker>): FileDialogs<Asker> {
  const refused = (name: string, error: AppError): FileAnswer<never> => ({ ok: false, name, detail: detailOf(error, words()) })

  async function register(place: string): Promise<FileAnswer<FileTicket>> {
    const ticket = await backend.registerPath(place)
    return ticket.ok ? ticket : refused(path.basename(place), ticket.error)
  }

  return {
    async pick(asker, purpose, several) {
      const dialogs = dialogsOver(asker)
      if (dialogs === null) return { ok: true, value: [] }
      const { title, kind, allFiles } = words().open
      const { canceled, filePaths } = await dialogs.open({
        title: title[purpose],
        filters: [
          { name: kind[purpose], extensions: [...fileEndings[purpose]] },
          { name: allFiles, extensions: ['*'] },
        ],
        properties: several ? ['openFile', 'multiSelections'] : ['openFile'],
      })
      const tickets: FileTicket[] = []
      for (const place of canceled ? [] : filePaths) {
        const answer = await register(place)
        if (!answer.ok) return answer
        tickets.push(answer.value)
      }
      return { ok: true, value: tickets }
    },
    receivePath: async (place) => (isTableOfThisMachine(place) ? register(place) : null),
    receiveBytes: async (name, bytes) => ({ ok: true, value: await backend.registerBytes(plainName(name), bytes) }),
    async saveTicket(asker, ticket, name) {
      const content = await backend.readTicket(ticket)
      if (!content.ok) return refused(name, content.error)
      const dialogs = dialogsOver(asker)
      if (dialogs === null) return { ok: true, value: false }
      const offered = plainName(name) === '' ? 'roster' : plainName(name)
      const ending = path.extname(offered).slice(1)
      const { canceled, filePath } = await dialogs.save({
        title: words().save.title,
        defaultPath: path.join(saveFolder(), offered),
        ...(ending === '' ? {} : { filters: [{ name: ending.toUpperCase(), extensions: [ending] }] }),
        properties: ['createDirectory', 'showOverwriteConfirmation'],
      })
      if (canceled || filePath === '') return { ok: true, value: false }
      // The dialog has asked before it named a file that is there.
      const written = await files.write(filePath, content.value.bytes, { replace: true })
      return written.ok ? { ok: true, value: true } : { ok: false, name: path.basename(filePath), detail: written.error.detail }
    },
  }
}

const tableEndings: ReadonlySet<string> = new Set(Object.values(fileEndings).flat())

/**
 * A path comes out of the page's process, so it is taken only for what a table is: an ending that the dialogs offer, and no network
 * place, to which Windows would hand over the person's credentials. Anything else arrives as bytes, which needs no trust.
 */
function isTableOfThisMachine(place: string): boolean {
  if (!path.isAbsolute(place) || place.includes('\0') || /^[\\/]{2}/u.test(place)) return false
  return tableEndings.has(path.extname(place).slice(1).toLowerCase())
}

function detailOf(error: AppError, words: Words): string {
  if (error.code === 'file/not-found') return words.problem.gone
  return 'detail' in error ? error.detail : error.code
}
