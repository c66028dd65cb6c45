import { defaultDataFolder } from '../data-folder.ts'
import { version } from '../version.ts'
import { runCommandLine } from './run.ts'

// A reader that has seen enough (`| head`) is no failure, but neither is it an answer read to its end.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 141 : 73)
})
// Nobody may be there to hear a complaint; the exit code says what happened all the same.
process.stderr.on('error', () => undefined)
// The starter under an older Node holds a channel to us: when that closes it was killed, and we do not go on behind its back.
if (process.channel !== undefined) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  process.channel.unref()
}

process.exitCode = await runCommandLine(process.argv.slice(2), {
  version,
  defaultDataDir: defaultDataFolder(process.env),
  env: process.env,
})
