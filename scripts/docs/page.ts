import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..', '..')
export const readPage = (path: string): string => readFileSync(join(root, path), 'utf8')

const formats = readPage('docs/formats.md')

/** The block of docs/formats.md that follows `<!-- vector: name -->`, as it stands there. */
export function vector(name: string): string {
  const found = new RegExp(`<!-- vector: ${name} -->\\s*\`\`\`[a-z]*\\n([\\s\\S]*?)\\n\`\`\``).exec(formats)?.[1]
  if (found === undefined) throw new Error(`docs/formats.md has no vector called ${name}`)
  return found
}

/** The same where it is hex over several lines. */
export const hexVector = (name: string): string => vector(name).replaceAll(/\s/g, '')

/** The rows of the table between `<!-- name -->` and `<!-- /name -->`, without its head: each cell as it stands. */
export function tableOf(page: string, name: string): string[][] {
  const [, table] = new RegExp(`<!-- ${name} -->\\n([\\s\\S]*?)\\n<!-- /${name} -->`).exec(page) ?? []
  if (table === undefined) throw new Error(`there is no table called ${name}`)
  const cells = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
  return table.split('\n').slice(2).map(cells)
}

/** What stands in backticks in a cell. */
export const codes = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? '')
