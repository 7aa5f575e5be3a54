import { parseArgs } from 'node:util'
import { runSupervisor } from './processes/supervisor.ts'

/** `node server/src/main.ts supervisor [--lab]`: starts the parts of Claviger as processes of their own (processes/). */
const { positionals, values } = parseArgs({ allowPositionals: true, options: { lab: { type: 'boolean', default: false } } })
if (positionals[0] !== 'supervisor' || positionals.length !== 1) {
  console.error('Usage: claviger server [--lab]')
  process.exit(2)
}
await runSupervisor({ lab: values.lab })
