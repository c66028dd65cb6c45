/** Set by the build from package.json. */
declare const ROSTER_VERSION: string | undefined

export const version: string = typeof ROSTER_VERSION === 'string' ? ROSTER_VERSION : 'from source'
