import { readFile } from 'node:fs/promises'
import { listStaticFiles } from '../../backend/hosts/static-files.ts'
import { securityHeaders } from '../../shared/contract/security-headers.ts'
import { builtPage } from './place.ts'

/** Answers the page's requests from the built window: the files that were listed at the start, under the headers that loopback sends. */
export async function pageHandler(rendererFolder: string): Promise<(request: Request) => Promise<Response>> {
  const files = await listStaticFiles(rendererFolder)
  return async ({ method, url }) => {
    if (!builtPage.isOwn(url)) return refusal(404)
    if (method !== 'GET' && method !== 'HEAD') return refusal(405)
    const file = files.get(pathOf(url))
    if (file === undefined) return refusal(404)
    const body = method === 'HEAD' ? null : await readFile(file.path)
    return new Response(body, { headers: { ...securityHeaders, 'content-type': file.type } })
  }
}

const refusal = (status: number): Response => new Response(null, { status, headers: securityHeaders })

/** The path of an address; a path that cannot be read is nobody's. */
function pathOf(url: string): string {
  try {
    return decodeURIComponent(new URL(url).pathname)
  } catch {
    return ''
  }
}
