import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CliError } from '../kit/exit.ts'
import { at, type Layout, linkIn, places, recordIn, releasesIn, service } from './layout.ts'
import { linkTarget, type Step } from './steps.ts'
import { users } from './users.ts'

/** What the server makes in its data folder (server/src/processes/run-folder.ts). Whatever else lies there is somebody's own. */
const made = ['run', 'bin', 'secrets', 'postgres', 'keeper', 'recordings', 'anchors', 'lab', 'node', 'lost+found']

/** Takes away what installing made. Data, settings and users stay unless they are to be purged: files may still belong to them. */
export function planUninstall(layout: Layout, how: { purge: boolean }): Step[] {
  const place = (path: string) => at(layout, path)
  const remove = (path: string, why: string): Step[] => (exists(path) ? [{ do: 'remove', path, why }] : [])
  const command = linkTarget(place(places.command)) === join(linkIn(layout, 'current'), 'claviger')
  const here = layout.root === '/' && exists(places.unit)
  return [
    ...(here ? [{ do: 'run', command: ['systemctl', 'disable', '--now', service], why: 'stop the service' } as const] : []),
    ...remove(place(`/etc/systemd/system/multi-user.target.wants/${service}`), 'starts the service'),
    ...remove(place(places.unit), 'the unit'),
    ...(here ? [{ do: 'run', command: ['systemctl', 'daemon-reload'], why: 'forget the unit' } as const] : []),
    ...(command ? remove(place(places.command), 'the command') : []),
    ...remove(place(linkIn(layout, 'current')), 'link'),
    ...remove(place(linkIn(layout, 'previous')), 'link'),
    ...remove(place(releasesIn(layout)), 'the releases'),
    ...remove(place(recordIn(layout.prefix)), 'where things were'),
    ...(how.purge ? purge(layout, remove) : []),
  ]
}

function purge(layout: Layout, remove: (path: string, why: string) => Step[]): Step[] {
  const data = at(layout, layout.data)
  const foreign = exists(data) ? readdirSync(data).find((name) => !made.includes(name)) : undefined
  if (foreign !== undefined)
    throw new CliError(
      'refused',
      `${data} holds something that Claviger did not make (${foreign}), so nothing was removed. Move it away, then run this again.`,
    )
  const into = layout.root === '/' ? [] : ['--root', layout.root]
  return [
    ...remove(data, 'every key, every secret, the ledger, the recordings'),
    ...remove(at(layout, dirname(places.settings)), 'the settings, and what lies beside them'),
    ...remove(at(layout, places.users), 'who the users are'),
    ...users.map(({ name }) => ({ do: 'run', command: ['userdel', ...into, name], why: 'one of the users', mayFail: true }) as const),
    { do: 'run', command: ['groupdel', ...into, 'claviger'], why: 'their group', mayFail: true },
  ]
}

const exists = (path: string): boolean => existsSync(path) || linkThere(path)

/** Also a link that leads nowhere is there. */
function linkThere(path: string): boolean {
  try {
    return linkTarget(path) !== undefined
  } catch {
    return true
  }
}
