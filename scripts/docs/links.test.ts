import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { readPage, root } from './page.ts'

const pages = [
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((path) => `docs/${path}`),
  ...readdirSync(root),
].filter((path) => path.endsWith('.md'))

/** How GitHub and its like name a heading: small letters, without what is no letter, digit, blank or hyphen. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-')
const anchorsOf = (page: string) => [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading ?? ''))

test.each(pages)('%s links to files and headings that are there', (path) => {
  const page = readPage(path)
  const links = [...page.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g)].map(([, inText, inTag]) => inText ?? inTag ?? '')
  for (const link of links.filter((to) => !/^[a-z]+:/.test(to))) {
    const [file = '', anchor] = link.split('#')
    const to = file === '' ? path : join(dirname(path), file)
    expect(existsSync(join(root, to)), `${path} links to ${link}`).toBe(true)
    if (anchor !== undefined) expect(anchorsOf(readPage(to)), `${path} links to ${link}`).toContain(anchor)
  }
})

/** Where a path in backticks may begin: the root of the repository, or the server's sources, as the page says. */
const beginnings = ['', 'server/src']

test.each(pages)('%s names source files that are there', (path) => {
  const named = [...readPage(path).matchAll(/`([A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)+\.(?:ts|tsx|mjs|cjs|sql|cedar|md))`/g)].map(
    ([, file]) => file ?? '',
  )
  for (const file of named) {
    const found = beginnings.some((from) => existsSync(join(root, from, file)))
    expect(found, `${path} names ${file}`).toBe(true)
  }
})
