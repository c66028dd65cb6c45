import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { projectRoot } from './process.ts'

/** A source file as its tokens with one blank between, without comments: what is written there, however it is laid out. */
export interface SourceCode {
  readonly name: string
  readonly code: string
  /** The template of a Vue file. */
  readonly template: string
}

export function sourcesIn(...folders: readonly string[]): readonly SourceCode[] {
  return folders.flatMap((folder) =>
    readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:ts|vue|mjs)$/u.test(name))
      .map((name) => sourceOf(path.posix.join(folder, name.split(path.sep).join('/')))),
  )
}

function sourceOf(name: string): SourceCode {
  const text = readFileSync(path.join(projectRoot, name), 'utf8')
  if (!name.endsWith('.vue')) return { name, code: tokensOf(text), template: '' }
  const script = [...text.matchAll(/<script[^>]*>(.*?)<\/script>/gsu)].map(([, inside = '']) => inside).join('\n')
  return {
    name,
    code: tokensOf(script),
    template: text.replaceAll(/<(script|style)[^>]*>.*?<\/\1>/gsu, '').replaceAll(/<!--.*?-->/gsu, ''),
  }
}

function tokensOf(text: string): string {
  const file = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest)
  const tokens: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return
    if (node.getChildCount(file) === 0) tokens.push(node.getText(file))
    else node.getChildren(file).forEach(visit)
  }
  visit(file)
  return tokens.filter((token) => token !== '').join(' ')
}
