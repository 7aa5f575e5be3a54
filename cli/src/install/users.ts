import { readIfThere } from '../kit/files.ts'
import { at, type Layout } from './layout.ts'

/** The numbers that the server gives its parts (server/src/platform/process/identity.ts): here they get names, so that nobody else gets the numbers. */
export const group = { name: 'claviger', id: 64810 } as const
export const users = [
  { name: 'claviger-keeper', id: 64811, what: 'Claviger keeper' },
  { name: 'claviger-api', id: 64812, what: 'Claviger console and API' },
  { name: 'claviger-gateway', id: 64813, what: 'Claviger gateway' },
  { name: 'claviger-database', id: 64814, what: 'Claviger database' },
] as const

/** sysusers.d(5). A description holds no colon: it becomes a field of passwd(5). */
export function usersText(): string {
  const lines = users.map(({ name, id, what }) => `u ${name} ${id}:${group.name} "${what}" / /usr/sbin/nologin`)
  return `# The system users of Claviger's processes. Made by claviger install.\ng ${group.name} ${group.id}\n${lines.join('\n')}\n`
}

/** Names or numbers of ours that mean something else on this system: passwd(5) and group(5) have the number in the third field. */
export function takenByOthers(layout: Layout): string[] {
  const named = [
    ...users.map((user) => ({ ...user, file: '/etc/passwd' })),
    { ...group, file: '/etc/group' },
    ...users.map((user) => ({ name: user.name, id: undefined, file: '/etc/group' })),
  ]
  return named.flatMap(({ name, id, file }) =>
    (readIfThere(at(layout, file)) ?? '').split('\n').flatMap((line) => {
      const [otherName, , number] = line.split(':')
      const same = otherName === name && (id === undefined || number === String(id))
      const clash = otherName === name || (id !== undefined && number === String(id))
      return clash && !same ? [`${file}: ${otherName} has the number ${number}, and Claviger needs ${name} with ${id}`] : []
    }),
  )
}
