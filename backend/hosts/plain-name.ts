/** A file's name without folders and without what would not be a name; empty where nothing is left. */
export function plainName(name: string): string {
  const last =
    name
      .split(/[/\\]/)
      .at(-1)
      ?.replaceAll(/[\u0000-\u001F\u007F]/g, '') ?? ''
  return last === '.' || last === '..' ? '' : last.slice(0, 255)
}
