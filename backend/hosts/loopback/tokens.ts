import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** How long a printed address can be opened for the first time. Long enough for a person who is called away. */
const launchLifetimeMs = 10 * 60_000
const sessionLimit = 32

/**
 * Who may speak to this host (reliability.md L3, L4). The address that is printed or opened holds a launch token: good once, for a
 * while. It is exchanged for a session token, which the window keeps. Both are 256 random bits; only their hashes are kept here.
 */
export interface Tokens {
  newLaunchToken(): string
  /** The session token for a launch token that is good; null for any other. A launch token is good once. */
  exchange(launchToken: string): string | null
  isSession(token: string): boolean
}

/** `now`: milliseconds that never run backwards. */
export function createTokens(now: () => number = () => performance.now()): Tokens {
  let launches: { readonly hash: Buffer; readonly until: number }[] = []
  const sessions: Buffer[] = []
  return {
    newLaunchToken: () => {
      const token = newToken()
      launches = [...launches.filter((launch) => launch.until > now()), { hash: hashOf(token), until: now() + launchLifetimeMs }]
      return token
    },
    exchange: (token) => {
      const place = placeOf(
        launches.map((launch) => launch.hash),
        token,
      )
      const launch = launches[place]
      if (launch === undefined) return null
      launches.splice(place, 1)
      if (launch.until <= now()) return null
      const session = newToken()
      sessions.push(hashOf(session))
      if (sessions.length > sessionLimit) sessions.shift()
      return session
    },
    isSession: (token) => placeOf(sessions, token) !== -1,
  }
}

const newToken = (): string => randomBytes(32).toString('base64url')
const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()

/** Compares with every hash, each in constant time: how long it takes tells nothing. */
function placeOf(hashes: readonly Buffer[], token: string): number {
  const hash = hashOf(token)
  let found = -1
  for (const [place, known] of hashes.entries()) if (timingSafeEqual(known, hash)) found = place
  return found
}
