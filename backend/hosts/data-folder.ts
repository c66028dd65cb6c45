import { homedir, userInfo } from 'node:os'
import path from 'node:path'

/**
 * Where drafts, customers and the embedded store live unless `--data-dir` or `ROSTER_DATA_DIR` says otherwise: the same for the window
 * and the command line. Empty where the system knows no home of this person (an account without an entry, in a container).
 */
export function defaultDataFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
  home: string = homeFolder(),
): string {
  const asked = env['ROSTER_DATA_DIR']
  if (asked !== undefined && asked !== '') return path.resolve(asked)
  if (platform === 'darwin') return home === '' ? '' : path.join(home, 'Library', 'Application Support', 'Roster')
  if (platform === 'win32') return path.join(env['APPDATA'] ?? path.join(home, 'AppData', 'Roaming'), 'Roster')
  const shared = env['XDG_DATA_HOME']
  // The XDG rules: a path that is not absolute does not count.
  if (shared !== undefined && path.isAbsolute(shared)) return path.join(shared, 'roster')
  return home === '' ? '' : path.join(home, '.local', 'share', 'roster')
}

/** Empty where there is none. `HOME` set to nothing counts as not set: what is kept would lie in whatever folder one happens to stand in. */
export function homeFolder(): string {
  for (const ask of [homedir, () => userInfo().homedir]) {
    try {
      const home = ask()
      if (path.isAbsolute(home)) return home
    } catch {
      // The system knows nobody of this number.
    }
  }
  return ''
}
