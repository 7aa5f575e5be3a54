import type { TargetKind } from './contract.ts'
import { linuxSsh } from './linux-ssh/index.ts'
import { postgres } from './postgres/index.ts'

/** Every kind of target we support. Adding one: a folder beside this file, and a line here. */
export const targetKinds: readonly TargetKind[] = [linuxSsh, postgres]
