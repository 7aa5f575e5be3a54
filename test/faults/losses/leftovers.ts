import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { call, session } from '@claviger/api'
import { entriesOf } from '../../support/planted.ts'
import { treeOf } from '../processes.ts'
import type { World } from '../world.ts'
import type { Loss } from './loss.ts'

/** What a server at rest has around it: so much may be there after any number of kills, and no more. */
export interface Around {
  files: ReadonlySet<string>
}

/** Handles that a part may have open at rest, pools of connections included; at the beginning it has 20 to 40. */
const handles = 100

/** Folders whose content is not ours to count: databases, a whole machine with its homes, what people on tour keep. */
const others = ['postgres/cluster', 'lab/orders-db/postgres/cluster', 'lab/web01/machine', 'lab/web01/rootfs', 'lab/tour', 'recordings']

export const lookAround = ({ claviger }: World): Around => ({ files: new Set(filesIn(claviger.data)) })

/**
 * Files that no running server has, recordings of no session, processes that nobody stops any more, handles that nobody closes: what two looks see. A
 * child that is born between the list of our own and the list of all, or a file that is written beside the one that it takes the place of, one alone sees.
 */
export async function leftovers(world: World, before: Around): Promise<Loss[]> {
  const first = new Set((await look(world, before)).map(({ what }) => what))
  if (first.size === 0) return []
  await sleep(500)
  return (await look(world, before)).filter(({ what }) => first.has(what))
}

async function look(world: World, before: Around): Promise<Loss[]> {
  const { data } = world.claviger
  const found: Loss[] = filesIn(data)
    .filter((file) => !before.files.has(file))
    .map((file) => ({ kind: 'leftover', what: file, why: 'it was not there before the faults, and nobody takes it away' }))
  return [...found, ...(await strayRecordings(world)), ...strayProcesses(world), ...openHandles(world)]
}

function filesIn(data: string): string[] {
  const inside = (folder: string): string[] =>
    entriesOf(folder).flatMap((entry) => {
      const path = join(folder, entry.name)
      if (others.includes(relative(data, path))) return []
      return entry.isDirectory() ? inside(path) : [relative(data, path)]
    })
  return inside(data)
}

async function strayRecordings({ claviger, people }: World): Promise<Loss[]> {
  const { sessions } = await people.ask('dave', (api) => call(api, session.sessions, { query: { limit: 500 } }))
  const known = new Set(sessions.map((s) => s.recording?.id))
  return readdirSync(join(claviger.data, 'recordings'))
    .filter((name) => !name.startsWith('.') && !known.has(name.split('.')[0]))
    .map((name) => ({ kind: 'leftover', what: `recordings/${name}`, why: 'no session knows it' }))
}

/** Whoever works in our data folder descends from our supervisor. */
function strayProcesses({ claviger }: World): Loss[] {
  const ours = new Set([process.pid, ...treeOf(claviger.supervisor())])
  return readdirSync('/proc').flatMap((name): Loss[] => {
    if (!/^\d+$/.test(name) || ours.has(Number(name))) return []
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
      const place = readlinkSync(`/proc/${name}/cwd`)
      if (!`${command} ${place}/`.includes(`${claviger.data}/`)) return []
      return [{ kind: 'leftover', what: `process ${name}`, why: `nobody stops it: ${command.slice(0, 200)}` }]
    } catch {
      return [] // gone meanwhile
    }
  })
}

function openHandles({ claviger }: World): Loss[] {
  const parts = {
    supervisor: claviger.supervisor(),
    keeper: claviger.pid('keeper'),
    api: claviger.pid('api'),
    gateway: claviger.pid('gateway'),
  }
  return Object.entries(parts).flatMap(([part, pid]): Loss[] => {
    const open = readdirSync(`/proc/${pid}/fd`).length
    return open <= handles ? [] : [{ kind: 'leftover', what: `handles of the ${part}`, why: `${open} are open while nobody works` }]
  })
}
