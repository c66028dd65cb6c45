import { err, ok, type Result } from '../../shared/kit/result.ts'
import type { AppError } from '../../shared/contract/app-error.ts'
import type { FileTicket } from '../../shared/contract/draft-methods.ts'
import type { FileAccess } from '../ports/file-access.ts'
import type { Clock } from '../ports/clock.ts'
import { fileError } from './problems.ts'
import type { FileSource } from './services.ts'

/** Files by ticket: a window never holds bytes or a path. */
export interface Tickets {
  forPath(path: string, name: string): Promise<Result<FileTicket, AppError>>
  forBytes(name: string, bytes: Uint8Array<ArrayBuffer>): FileTicket
  /** Where the bytes are, under the name that the person knows. */
  source(ticket: string): Result<FileSource & { readonly name: string }, AppError>
  read(ticket: string): Promise<Result<{ readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }, AppError>>
}

/** Bytes of the oldest tickets are let go beyond this; a person works with the files just handed over. */
const mostBytes = 1024 * 1024 * 1024

export function createTickets(files: FileAccess, clock: Clock): Tickets {
  const byTicket = new Map<string, FileSource & { readonly name: string }>()
  let held = 0
  const add = (source: FileSource & { readonly name: string }, size: number): FileTicket => {
    const ticket = clock.random(12)
    byTicket.set(ticket, source)
    return { ticket, name: source.name, size }
  }

  function letGo(): void {
    for (const [ticket, source] of byTicket) {
      if (held <= mostBytes) return
      if (!('bytes' in source)) continue
      held -= source.bytes.length
      byTicket.delete(ticket)
    }
  }

  const source: Tickets['source'] = (ticket) => {
    const found = byTicket.get(ticket)
    return found === undefined ? err({ code: 'file/not-found', path: ticket }) : ok(found)
  }

  return {
    async forPath(path, name) {
      const found = await files.stat(path)
      if (found === null) return err({ code: 'file/not-found', path })
      if (found.isFolder) return err({ code: 'file/unreadable', path, detail: 'this is a folder' })
      return ok(add({ path, name }, found.size))
    },
    forBytes(name, bytes) {
      held += bytes.length
      letGo()
      return add({ name, bytes }, bytes.length)
    },
    source,
    async read(ticket) {
      const found = source(ticket)
      if (!found.ok) return found
      if ('bytes' in found.value) return ok({ name: found.value.name, bytes: found.value.bytes })
      const bytes = await files.read(found.value.path)
      return bytes.ok ? ok({ name: found.value.name, bytes: bytes.value }) : err(fileError(bytes.error))
    },
  }
}
