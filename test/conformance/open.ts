import type { Openers } from './lane.ts'
import { openByApi } from './paths/api.ts'
import { openByCli } from './paths/cli.ts'
import { openForwarded } from './paths/forwarded.ts'
import { openNative } from './paths/native.ts'
import { openInBrowser } from './paths/web.ts'
import type { Path } from './ways.ts'

/** How each path opens a session. */
export const openers: Record<Path, Openers> = {
  native: openNative,
  web: openInBrowser,
  cli: openByCli,
  api: openByApi,
  forwarded: openForwarded,
}
