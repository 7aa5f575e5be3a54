import { must } from '../../domains/identity/test/house.ts'
import { openPool } from '../../platform/db/open-db.ts'
import { anna, olaf, startOn } from './ceremony.ts'

/** A keeper in a process of its own, to be killed: opens, begins a rotation where none is under way, and works until nothing is left. */
const chunks: Buffer[] = []
for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
const { database, folder } = JSON.parse(Buffer.concat(chunks).toString('utf8'))
const pool = openPool(database, 4)
const life = await startOn(pool, folder, (line) => process.stderr.write(`${line}\n`))
const context = life.opened?.context
if (!context) throw new Error('the seal did not open')
process.stdout.write('open\n')
if (!context.rewrap.busy()) {
  const { ticket } = must(await life.beginCeremony({ goal: 'rotate', locations: ['standard'] }, anna))
  must(await life.confirmCeremony(olaf))
  must(await life.goOn(ticket))
}
while (context.rewrap.busy()) await new Promise((resolve) => setTimeout(resolve, 20))
life.end()
await pool.end()
