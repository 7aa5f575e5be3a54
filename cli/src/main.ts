import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// what was compiled once is read the next time, which halves the start of a command; where it cannot be written, nothing is kept
enableCompileCache(join(import.meta.dirname, '../../node_modules/.cache/compiled'))
const { runCli } = await import('./run.ts')

// a reader that went away (`claviger requests | head -1`) is no error
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

const { env, stdin, stdout, stderr } = process
const code = await runCli(process.argv.slice(2), { env, stdin, stdout, stderr })
if (code !== undefined) process.exitCode = code
