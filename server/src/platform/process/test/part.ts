/*
 * A part of the server for tests: says its configuration back, as a part that serves. With `fails` it ends before that, with `falls`
 * it ends by itself a moment after.
 */
import { readFileSync } from 'node:fs'
import { askToBeReplaced, readPartConfig, runPart } from '../part.ts'

interface Config {
  secret: string
  fails?: boolean
  falls?: boolean
  stubborn?: boolean
  replaced?: boolean
  handedOn?: string
}

const config = await readPartConfig<Config>()
if (config.fails) process.exit(3)
await runPart('api', async () => {
  if (config.falls) setTimeout(() => process.exit(5), 50)
  if (config.replaced && !config.handedOn) setTimeout(() => askToBeReplaced('a test says so', 'handed on'), 50)
  const seen = `${process.argv.join(' ')} ${JSON.stringify(process.env)} ${readFileSync('/proc/self/cmdline', 'latin1')}`
  const cores = /Max core file size\s+(\S+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
  return {
    message: {
      pid: process.pid,
      handedOn: config.handedOn,
      length: config.secret.length,
      leaked: seen.includes(config.secret),
      uid: process.getuid?.(),
      cores,
    },
    stop: async () => {
      if (config.stubborn) await new Promise(() => undefined)
    },
  }
})
