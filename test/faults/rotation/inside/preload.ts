import { registerHooks } from 'node:module'
import { open } from './points.ts'

/*
 * Loaded before a part of the server (`node --import`): what some of its files give is put together with ours in swaps/, so that the suite sees each
 * step of a rotation. With CLAVIGER_FAULTS_ORDER=target-first the vault keeps no candidate before the target has it, which loses credentials: the
 * proof that the suite can fail. Such a server is composed here, of files that lie in test/ and are in no release; the product has no switch for it.
 */

const src = new URL('../../../../server/src/', import.meta.url)
const swap = (file: string, by: string) => [new URL(file, src).href, new URL(by, import.meta.url).href] as const

const swaps = new Map([
  swap('domains/rotation/rotate-credential.ts', 'swaps/rotate-credential.ts'),
  swap('domains/rotation/finish-rotation.ts', 'swaps/finish-rotation.ts'),
  swap('domains/rotation/rotation.store.ts', 'swaps/rotation.store.ts'),
  swap('domains/rotation/health.store.ts', 'swaps/health.store.ts'),
  swap('keeper/client.ts', 'swaps/client.ts'),
  swap('keeper/vault/vault.store.ts', 'swaps/vault.store.ts'),
])
const ours = new Set(swaps.values())
const order = process.env.CLAVIGER_FAULTS_ORDER
if (order === 'target-first') {
  for (const [file, by] of [
    swap('keeper/vault/vault.store.ts', 'target-first/vault.store.ts'),
    swap('keeper/vault/escrow.ts', 'target-first/escrow.ts'),
  ]) {
    swaps.set(file, by)
    ours.add(by)
  }
} else if (order !== undefined) throw new Error(`there is no order of steps called ${order}`)

if (/\/(keeper|api)\.ts$/.test(process.argv[1] ?? '')) {
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context)
      const by = swaps.get(found.url)
      // what stands in for a file takes the rest of it from the file itself
      return by === undefined || ours.has(context.parentURL ?? '') ? found : { ...found, url: by }
    },
  })
  await open()
}
