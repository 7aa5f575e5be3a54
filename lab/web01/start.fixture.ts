/*
 * A process of its own that runs web01 until its standard input ends: so that tests can kill it, or run it as someone else.
 * Arguments: folder, port. Prints one line of JSON: what `startWeb01` answered.
 */
import { startWeb01 } from './index.ts'

const [folder = '', port = ''] = process.argv.slice(2)
const started = await startWeb01({ folder, port: Number(port), log: () => {} })
process.stdout.write(`${JSON.stringify(started)}\n`)
process.stdin.resume()
process.stdin.on('end', async () => {
  if (started.ok) await started.value.stop()
  process.exit(0)
})
