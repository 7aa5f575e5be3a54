import { ok } from '../../../kernel/result.ts'
import { randomSecretBytes } from '../../../platform/crypto/random.ts'
import { refuse } from '../../refuse.ts'
import { type DevFacts, devFile } from './dev.facts.ts'
import type { SealKind } from './kind.ts'

const usual = 'dev-root.key'

const fileOf = (facts: DevFacts): string => facts.file ?? usual

/**
 * The seal `dev` keeps the root key in a file beside the data that it protects: for trying Claviger out, never for real credentials. It opens by
 * itself at every start.
 */
export const dev: SealKind<DevFacts> = {
  kind: 'dev',
  closingIsVain: 'The seal "dev" opens by itself at every start, so closing it protects nothing. Stop the server instead.',

  async protect(root, _, { folder }) {
    const file = folder.read(usual) ? `dev-root-${randomSecretBytes(4).toString('hex')}.key` : usual
    folder.write(file, root)
    return ok({ facts: file === usual ? { kind: 'dev' } : { kind: 'dev', file } })
  },

  async open(facts, { folder }) {
    const key = folder.read(fileOf(facts))
    if (!key)
      return refuse(
        'seal.key_away',
        `${folder.path(fileOf(facts))} is not there, and without it nothing in the vault opens. Put it back from a backup of the keeper's folder.`,
      )
    if (key.length !== 32)
      return refuse(
        'seal.key_away',
        `${folder.path(fileOf(facts))} is not a root key of ours (32 bytes). Restore it from a backup: without it nothing in the vault opens.`,
      )
    return ok(key)
  },

  tidy(keep, { folder }) {
    for (const file of folder.list()) if (devFile.test(file) && !(keep && file === fileOf(keep))) folder.destroy(file)
  },
}
