import { Fields } from './fields.ts'
import { longestHandle, longestPath } from './types.ts'

/** What an extension does, as OpenSSH's PROTOCOL file (section 4) says. Whatever is not here is not carried: we could not say what happened. */
export type Extended =
  | { kind: 'rename' | 'link'; path: Buffer; to: Buffer }
  | { kind: 'attributes'; path: Buffer }
  | { kind: 'copy'; from: Buffer; into: Buffer }
  /** Looks at something, or waits for a disk. */
  | { kind: 'harmless' }

const twoPaths = (kind: 'rename' | 'link') => (fields: Fields) => ({
  kind,
  path: fields.string(longestPath),
  to: fields.string(longestPath),
})
const harmless = () => ({ kind: 'harmless' as const })

const extensions: Record<string, (fields: Fields) => Extended> = {
  'posix-rename@openssh.com': twoPaths('rename'),
  'hardlink@openssh.com': twoPaths('link'),
  'lsetstat@openssh.com': (fields) => ({ kind: 'attributes', path: fields.string(longestPath) }),
  'copy-data': (fields) => {
    const from = fields.string(longestHandle)
    fields.uint64()
    fields.uint64()
    return { kind: 'copy', from, into: fields.string(longestHandle) }
  },
  'statvfs@openssh.com': harmless,
  'fstatvfs@openssh.com': harmless,
  'fsync@openssh.com': harmless,
  'limits@openssh.com': harmless,
  'expand-path@openssh.com': harmless,
  'home-directory': harmless,
  'users-groups-by-id@openssh.com': harmless,
}

export const isCarried = (name: string): boolean => Object.hasOwn(extensions, name)

/** Undefined where it is not carried, or its fields have no sense. */
export function decodeExtended(name: string, bytes: Buffer): Extended | undefined {
  if (!isCarried(name)) return undefined
  const fields = new Fields(bytes, 0)
  const request = extensions[name]?.(fields)
  return fields.sound ? request : undefined
}
