// `node scripts/run.mjs NAME [arguments]`: what the npm scripts call. Makes the clone ready, then runs NAME on the pinned Node.
import { unsupported } from './house/supported.mjs'

const why = unsupported(process)
if (why) {
  process.stderr.write(`claviger: ${why}\n`)
  process.exitCode = 1
} else {
  import('./house/commands.mjs')
    .then(({ runCommand }) => runCommand(process.argv[2], process.argv.slice(3)))
    .then((code) => {
      process.exitCode = code
    })
}
