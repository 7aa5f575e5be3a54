import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Makes every part of a server that is started with this environment run by our own command line. The supervisor hands its parts no
 * environment of its own, so that the program itself has to bring it: the only way into them is from the outside, around the server that people get.
 */
export function partsThrough(work: string, given: { env?: Readonly<Record<string, string>>; args?: readonly string[] }): NodeJS.ProcessEnv {
  const env = Object.entries(given.env ?? {}).map(([name, value]) => `${name}='${value}'`)
  const node = join(work, 'node-of-the-parts')
  const command = ['exec env', ...env, `'${process.execPath}'`, ...(given.args ?? []).map((arg) => `'${arg}'`), '"$@"']
  writeFileSync(node, `#!/bin/sh\n${command.join(' ')}\n`, { mode: 0o755 })
  const into = join(work, 'into-parts.mjs')
  writeFileSync(into, `process.execPath = ${JSON.stringify(node)}\n`, { mode: 0o644 })
  return { NODE_OPTIONS: `--import=file://${into}` }
}
