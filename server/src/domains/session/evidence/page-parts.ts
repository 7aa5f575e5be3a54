import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '../../../platform/crypto/hash.ts'

/** What the page of evidence is made of beside the recording: built with the console, as one script and one style sheet. */
export interface PageParts {
  script: string
  style: string
}

/** Undefined where the console was not built. */
export async function readPageParts(consoleFolder: string): Promise<PageParts | undefined> {
  try {
    const [script, style] = await Promise.all(
      ['evidence.js', 'evidence.css'].map((name) => readFile(join(consoleFolder, 'evidence', name), 'utf8')),
    )
    return script && style ? { script: inline(script, 'script'), style: inline(style, 'style') } : undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Stands between its tags as it is: what would end them early, or begin a comment, is no part that we built. */
function inline(text: string, tag: string): string {
  if (new RegExp(`</${tag}|<!--`, 'i').test(text)) throw new Error(`the built ${tag} of the page of evidence cannot stand in a page`)
  return text
}

const hashOf = (text: string): string => `'sha256-${sha256(Buffer.from(text)).toString('base64')}'`

/** Nothing but the one script and the one style sheet, and nothing from anywhere. */
export const policyOf = ({ script, style }: PageParts): string =>
  `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'`

/** JSON that may stand in any place of a page: no character in it means anything to HTML. */
export const pageJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
