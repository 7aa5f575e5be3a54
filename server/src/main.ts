import { parseArgs } from 'node:util'
import { runSupervisor } from './processes/supervisor.ts'

/**
 * `node server/src/main.ts supervisor [--lab]`: starts the parts of Claviger as processes of their own (processes/). `restore FILE` and
 * `verify-backup FILE` work on the host, without a server.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    lab: { type: 'boolean', default: false },
    identity: { type: 'string' },
    escrow: { type: 'string', multiple: true, default: [] },
    checkpoint: { type: 'string' },
    key: { type: 'string' },
    'seal-key': { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const [what, file, ...more] = positionals
const { identity, checkpoint, key, json, escrow } = values
if (what === 'supervisor' && file === undefined) await runSupervisor({ lab: values.lab })
else if (what === 'restore' && file !== undefined && identity !== undefined && more.length === 0) {
  const { runRestore } = await import('./processes/restore.ts')
  await runRestore({ file, identity, escrow, checkpoint, key, sealKey: values['seal-key'], json })
} else if (what === 'verify-backup' && file !== undefined && identity !== undefined && more.length === 0) {
  const { runVerifyBackup } = await import('./processes/verify-backup.ts')
  await runVerifyBackup({ file, identity, checkpoint, key, json })
} else {
  console.error('Usage: claviger server [--lab]')
  process.exitCode = 2
}
