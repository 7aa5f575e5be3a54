import type { LifeOptions } from '../life/states.ts'
import { startKeeper } from '../life.ts'
import type { OpenedKeeper } from '../open-keeper.ts'

/** A keeper with the seal `dev`, opened: another start on the same database and folder, or a fresh one. */
export async function openDevKeeper(options: Omit<LifeOptions, 'fresh'>): Promise<OpenedKeeper> {
  const { opened } = await startKeeper({ ...options, fresh: 'dev' })
  if (!opened) throw new Error('the seal "dev" did not open')
  return opened
}
