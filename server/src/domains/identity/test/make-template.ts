import { rmSync } from 'node:fs'
import { openDatabase } from './database.ts'

/** Before the first test with a real database: makes one, which takes seconds; each test file begins with a copy of it. */
export default async function makeTemplate(): Promise<() => void> {
  const { folder, stop } = await openDatabase()
  await stop()
  process.env.CLAVIGER_TEST_DATABASE = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
