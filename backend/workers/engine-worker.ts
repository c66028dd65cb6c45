// The program of the engine thread: see engine/worker.ts.
import './engine/worker.ts'
