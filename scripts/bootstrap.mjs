// Makes node_modules match package-lock.json, with the pinned Node and native parts in place. Runs before every npm
// command, on whatever Node is there; when nothing changed it reads a few files and is done.
// Only what every Node that knows modules can parse may stand here: the refusal below must be seen, not a syntax error.
import { unsupported } from './house/supported.mjs'

const why = unsupported(process)
if (why) {
  process.stderr.write(`claviger: ${why}\n`)
  process.exitCode = 1
} else {
  import('./house/prepare.mjs')
    .then(({ prepare }) => prepare())
    .then((ready) => {
      if (!ready) process.exitCode = 1
    })
}
