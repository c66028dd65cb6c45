#!/usr/bin/env node
// The command `roster`. Builds the program when it is missing or older than its sources, then runs it under Node 24.
import { pathToFileURL } from 'node:url'
import { buildIfStale, inRoot, nodeOrFail, runInPlace } from './launch.mjs'

const node = nodeOrFail()
const program = inRoot('out', 'main', 'cli.js')
const servesTheWindow = process.argv.slice(2).find((word) => !word.startsWith('-')) === 'serve'
buildIfStale(servesTheWindow ? ['main', 'renderer'] : ['main'], node)

if (node === process.execPath) await import(pathToFileURL(program).href)
else runInPlace(node, [program, ...process.argv.slice(2)])
