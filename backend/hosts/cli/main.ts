import { defaultDataFolder } from '../data-folder.ts'
import { version } from '../version.ts'
import { complainOfOutput, runCommandLine } from './run.ts'

// A reader that has seen enough (`| head`) is no failure, but neither is it an answer read to its end.
const output = { isGone: false }
process.stdout.once('error', (error: NodeJS.ErrnoException) => {
  output.isGone = true
  process.stdout.on('error', () => undefined)
  if (error.code === 'EPIPE') process.exit(141)
  void complainOfOutput(error.message, process.argv.slice(2), process.env).finally(() => process.exit(73))
})
// Nobody may be there to hear a complaint; the exit code says what happened all the same.
process.stderr.on('error', () => undefined)
// The starter under an older Node holds a channel to us: when that closes it was killed, and we do not go on behind its back.
if (process.channel !== undefined) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  process.channel.unref()
}

try {
  process.exitCode = await runCommandLine(process.argv.slice(2), {
    version,
    defaultDataDir: defaultDataFolder(process.env),
    env: process.env,
  })
} catch (thrown) {
  // Writing to a file that takes no more throws, too; that is said above.
  if (!output.isGone) throw thrown
}
