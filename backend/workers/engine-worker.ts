// The program of the engine thread: see engine/worker.ts.
import { parentPort, workerData } from 'node:worker_threads'
import type { EngineOptions } from './engine/messages.ts'
import { serveEngine } from './engine/worker.ts'

if (parentPort !== null) serveEngine(parentPort, workerData as EngineOptions)
