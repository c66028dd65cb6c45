import { execFileSync } from 'node:child_process'
import { rosterFile } from './process.ts'

const has = (program: string): boolean => {
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** A real GNOME Keyring on a session bus of its own, as after logging in on a desktop. What it keeps lies in the home folder of the process. */
export const hasKeyRing = process.platform === 'linux' && ['dbus-run-session', 'gnome-keyring-daemon', 'secret-tool'].every(has)

export const withKeyRing: readonly [string, ...string[]] = [
  'dbus-run-session',
  '--',
  'bash',
  '-c',
  'printf "one login\\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec "$0" "$@"',
  process.execPath,
  rosterFile,
]
