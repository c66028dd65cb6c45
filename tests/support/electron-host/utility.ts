// The process behind `utilityProcess.fork`: gives the forked program its `process.parentPort`.
import { EventEmitter } from 'node:events'
import { pathToFileURL } from 'node:url'

const port = Object.assign(new EventEmitter(), { postMessage: (message: unknown) => process.send?.(message), start: () => undefined })
Object.assign(process, { parentPort: port, type: 'utility' })
process.on('message', (data) => port.emit('message', { data, ports: [] }))
const [program = '', ...rest] = process.argv.slice(2)
process.argv = [process.argv[0] ?? '', program, ...rest]
await import(pathToFileURL(program).href)
