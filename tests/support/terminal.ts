import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'

/** Whether this machine can make a terminal: util-linux's `script`, as on any Linux. */
export const canMakeTerminal: boolean = (() => {
  try {
    return process.platform === 'linux' && execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux')
  } catch {
    return false
  }
})()

export interface Seen {
  readonly code: number | null
  /** Everything that stood on the screen, echoes of the keyboard included. */
  readonly screen: string
}

/** Runs a program on a terminal of its own. When the screen shows `when`, `keys` are typed. */
export function onTerminal(
  command: readonly string[],
  typed: readonly { readonly when: string; readonly keys: string }[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Seen> {
  const line = command.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ')
  const child: ChildProcessWithoutNullStreams = spawn('script', ['-q', '-e', '-c', line, '/dev/null'], options)
  const left = [...typed]
  let screen = ''
  let from = 0
  const look = (): void => {
    const [next] = left
    const place = next === undefined ? -1 : screen.indexOf(next.when, from)
    if (next === undefined || place === -1) return
    from = place + next.when.length
    left.shift()
    child.stdin.write(next.keys)
  }
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (piece: string) => {
        screen += piece
        look()
      })
    }
    child.on('error', reject)
    child.on('close', (code) => {
      resolve({ code, screen })
    })
  })
}
