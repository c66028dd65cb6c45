/** Where the window's page comes from: nothing else is ever loaded, and nobody else is ever answered. */
export interface PagePlace {
  /** The address that a window opens. */
  readonly start: string
  /** Whether an address lies in the page's own origin, as the URL parser reads it. */
  isOwn(address: string): boolean
}

export const pageScheme = 'app'
const pageHost = 'roster'

/** The built page, over a protocol of our own. Such a scheme has no origin for the parser, so its parts are compared. */
export const builtPage: PagePlace = {
  start: `${pageScheme}://${pageHost}/index.html`,
  isOwn(address) {
    const url = URL.parse(address)
    if (url === null || url.protocol !== `${pageScheme}:`) return false
    return url.host === pageHost && url.username === '' && url.password === ''
  },
}

/** While developing, the page of Vite's server on this machine; a packaged app knows only its own. */
export function pagePlace(isPackaged: boolean, developmentAddress: string | undefined): PagePlace {
  const server = isPackaged || developmentAddress === undefined ? null : URL.parse(developmentAddress)
  if (server === null || server.protocol !== 'http:' || !['localhost', '127.0.0.1', '[::1]'].includes(server.hostname)) return builtPage
  return {
    start: server.href,
    isOwn(address) {
      const url = URL.parse(address)
      return url !== null && url.origin === server.origin && url.username === '' && url.password === ''
    },
  }
}
