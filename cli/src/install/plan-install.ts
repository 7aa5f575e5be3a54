import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { readIfThere } from '../kit/files.ts'
import { at, type Layout, linkIn, places, recordIn, releasesIn, service } from './layout.ts'
import { bringRelease, type Release } from './release.ts'
import { readSettingsText, settingsText } from './settings-file.ts'
import { linkTarget, type Step } from './steps.ts'
import { unitText } from './unit.ts'
import { group, usersText } from './users.ts'

/** What is installed now: the folder of the release that `current` names, as a path of the installed system. */
export const installedRelease = (layout: Layout, which: 'current' | 'previous' = 'current'): string | undefined => {
  const link = linkTarget(at(layout, linkIn(layout, which)))
  return link === undefined ? undefined : join(layout.prefix, link)
}

export const settingsOf = (layout: Layout): Record<string, string> => readSettingsText(readIfThere(at(layout, places.settings)) ?? '')

/** Everything that installing does, in order; upgrading is the same, since each step leaves alone what is there. */
export function planInstall(layout: Layout, release: Release, how: { start: boolean }): Step[] {
  const place = (path: string) => at(layout, path)
  const folder = join(releasesIn(layout), release.id)
  const before = installedRelease(layout)
  const changed = before !== undefined && before !== folder
  return [
    { do: 'file', path: place(places.users), mode: 0o644, content: usersText() },
    ...userSteps(layout),
    { do: 'folder', path: place(layout.data), mode: 0o711, group: group.id },
    { do: 'folder', path: place(releasesIn(layout)), mode: 0o755 },
    {
      do: 'release',
      path: place(folder),
      from: release.from,
      bring: () => bringRelease(release, place(folder)),
    },
    { do: 'file', path: place(places.settings), mode: 0o640, content: settingsText(), keep: true },
    ...folderSteps(layout),
    { do: 'file', path: place(places.unit), mode: 0o644, content: unitText(layout, writableBySettings(layout)) },
    ...(changed ? [link(layout, 'previous', before)] : []),
    link(layout, 'current', folder),
    { do: 'link', path: place(places.command), to: join(linkIn(layout, 'current'), 'claviger') },
    { do: 'file', path: place(recordIn(layout.prefix)), mode: 0o644, content: `${JSON.stringify({ version: 1, data: layout.data })}\n` },
    ...startSteps(layout, how.start),
    ...outdated(layout, [folder, changed ? before : installedRelease(layout, 'previous')]),
  ]
}

/** Back to the release before; the one of now can be come back to in the same way. */
export function planBack(layout: Layout, to: string, from: string, how: { start: boolean }): Step[] {
  return [link(layout, 'current', to), link(layout, 'previous', from), ...startSteps(layout, how.start)]
}

/** Relative, so that they lead right in an image as well. */
const link = (layout: Layout, which: 'current' | 'previous', folder: string): Step => ({
  ...{ do: 'link', path: at(layout, linkIn(layout, which)), to: folder.slice(layout.prefix.length + 1) },
})

function userSteps(layout: Layout): Step[] {
  const into = layout.root === '/' ? [] : [`--root=${layout.root}`]
  return [
    {
      ...{ do: 'run', command: ['systemd-sysusers', ...into, basename(places.users)], why: 'make the users' },
      // an image makes them when it is first started
      ...(layout.root !== '/' && { mayFail: true as const }),
    },
  ]
}

/** Folders outside the data that settings name: the unit lets the service write there, and nowhere else. */
function writableBySettings(layout: Layout): string[] {
  const { CLAVIGER_ANCHOR_FILE: anchor, CLAVIGER_RECORDINGS: recordings } = settingsOf(layout)
  return [...(anchor ? [dirname(anchor)] : []), ...(recordings ? [recordings] : [])].filter((path) => !path.startsWith(`${layout.data}/`))
}

const folderSteps = (layout: Layout): Step[] =>
  writableBySettings(layout).map((path) => ({ do: 'folder', path: at(layout, path), mode: 0o755 }))

function startSteps({ root }: Layout, start: boolean): Step[] {
  if (root !== '/') return [{ do: 'link', path: join(root, 'etc/systemd/system/multi-user.target.wants', service), to: places.unit }]
  return [
    { do: 'run', command: ['systemctl', 'daemon-reload'], why: 'read the unit' },
    { do: 'run', command: ['systemctl', 'enable', service], why: 'start it with the machine' },
    ...(start ? [{ do: 'run', command: ['systemctl', 'restart', service], why: 'start this release' } as const] : []),
  ]
}

function outdated(layout: Layout, kept: readonly (string | undefined)[]): Step[] {
  const folder = at(layout, releasesIn(layout))
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => !kept.includes(join(releasesIn(layout), name)))
    .map((name) => ({ do: 'remove', path: join(folder, name), why: 'neither the current nor the previous release' }))
}
