/*
 * A part of the server for tests: says its configuration back, as a part that serves. With `fails` it ends before that, with `falls`
 * it ends by itself a moment after.
 */
import { readFileSync } from 'node:fs'
import { readPartConfig, runPart } from '../part.ts'

const config = await readPartConfig<{ secret: string; fails?: boolean; falls?: boolean; stubborn?: boolean }>()
if (config.fails) process.exit(3)
await runPart('api', async () => {
  if (config.falls) setTimeout(() => process.exit(5), 50)
  const seen = `${process.argv.join(' ')} ${JSON.stringify(process.env)} ${readFileSync('/proc/self/cmdline', 'latin1')}`
  const cores = /Max core file size\s+(\S+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
  return {
    message: { pid: process.pid, length: config.secret.length, leaked: seen.includes(config.secret), uid: process.getuid?.(), cores },
    stop: async () => {
      if (config.stubborn) await new Promise(() => undefined)
    },
  }
})
