import { homedir } from 'node:os'
import path from 'node:path'

/** Where drafts, customers and the embedded store live unless `--data-dir` or `ROSTER_DATA_DIR` says otherwise: the same for the window and the command line. */
export function defaultDataFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const asked = env['ROSTER_DATA_DIR']
  if (asked !== undefined && asked !== '') return path.resolve(asked)
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Roster')
  if (platform === 'win32') return path.join(env['APPDATA'] ?? path.join(home, 'AppData', 'Roaming'), 'Roster')
  const shared = env['XDG_DATA_HOME']
  // The XDG rules: a path that is not absolute does not count.
  return path.join(shared !== undefined && path.isAbsolute(shared) ? shared : path.join(home, '.local', 'share'), 'roster')
}
