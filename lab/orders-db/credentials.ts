import { randomBytes } from 'node:crypto'
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** The roles of the lab's database, from the most powerful down. `reporting` is an ordinary one. */
export const roleNames = ['postgres', 'app_admin', 'orders_service', 'reporting'] as const

export interface InitialAccount {
  name: string
  password: string
}

const stored = z.strictObject({
  accounts: z.array(z.strictObject({ name: z.enum(roleNames), password: z.string().min(20).max(100) })).length(roleNames.length),
})

/**
 * The passwords of the first start, from `initial-credentials.json` (0600). Made once: they are on disk before the
 * database hears of them, and they stay as they were, also after a vault has taken the accounts over.
 */
export async function initialCredentials(folder: string): Promise<InitialAccount[]> {
  const file = join(folder, 'initial-credentials.json')
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  if (text !== undefined) return stored.parse(JSON.parse(text)).accounts
  const accounts = roleNames.map((name) => ({ name, password: randomBytes(18).toString('base64url') }))
  const handle = await open(`${file}.new`, 'w', 0o600)
  await handle.writeFile(`${JSON.stringify({ accounts }, null, 2)}\n`)
  await handle.sync()
  await handle.close()
  await rename(`${file}.new`, file)
  return accounts
}
