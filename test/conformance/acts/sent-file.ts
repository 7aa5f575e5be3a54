import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addPolicies } from '../../support/add-policies.ts'
import { invite } from '../../support/person.ts'
import type { Lane } from '../lane.ts'
import type { Live } from '../live.ts'
import { noFilesByPage } from '../reasons.ts'
import { inSessions, type Row } from '../row.ts'

/** Of known contents, so that the hash is a known one. */
const contents = Array.from({ length: 42 }, (_, i) => `${i}\tname of ${i}\n`).join('')
const sha256 = createHash('sha256').update(contents).digest('hex')

function file({ claviger }: Lane, folder: 'sent' | 'kept'): string {
  const path = join(claviger.work, folder)
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, 'people.tsv'), contents)
  return join(path, 'people.tsv')
}

/** No policy that is shipped lets files of somebody's machine pass in a session of statements. */
async function permitted(lane: Lane): Promise<() => Promise<void>> {
  const { claviger, carol } = lane
  const text = `@act("allow") permit (principal, action == Action::"transfer", resource in Kind::"mysql") when { context.op == "put" && context.path like "${join(claviger.work, 'sent')}/*" };`
  const second = await invite(claviger, carol, 'olga', ['security'])
  await addPolicies(claviger, second, [{ name: 'files-for-the-shop', text }], 'conformance')
  return async () => undefined
}

const load = async (live: Live, path: string) => {
  await live.run('create temporary table desk.seen (id int, name varchar(50))')
  await live.run(`load data local infile '${path}' into table desk.seen`)
}

export default [
  {
    ...{ act: 'a file up, by LOAD DATA LOCAL', wire: 'mysql', prepare: permitted },
    leaves: [
      new RegExp(`^session\\.file .*bytes=${contents.length} .*outcome=ok .*sha256=${sha256}`),
      new RegExp(`^file put /.*: ${contents.length} bytes, ${sha256}, ok`),
    ],
    cells: inSessions(
      async (live, lane) => {
        await load(live, file(lane, 'sent'))
        await live.run("select concat('seen-', count(*)) from desk.seen")
        await live.shows(/seen-42/)
      },
      { web: noFilesByPage },
    ),
  },
  {
    ...{ act: 'a file that no policy lets pass, by LOAD DATA LOCAL', wire: 'mysql' },
    leaves: [/^session\.act_refused \(refused\)/, /^file put .*: null bytes, null, failed No policy/, /^statement "select concat.*: ok/],
    cells: inSessions(
      async (live, lane) => {
        await load(live, file(lane, 'kept'))
        await live.shows(/No policy lets files of your machine pass/)
        await live.run("select concat('seen-', count(*)) from desk.seen")
        await live.shows(/seen-0/)
      },
      { web: noFilesByPage },
    ),
  },
] satisfies Row[]
