import { activeDirectory } from './active-directory/index.ts'
import type { TargetKind } from './contract.ts'
import { linuxSsh } from './linux-ssh/index.ts'
import { mysql } from './mysql/index.ts'
import { networkDevice } from './network-device/index.ts'
import { openldap } from './openldap/index.ts'
import { postgres } from './postgres/index.ts'
import { redis } from './redis/index.ts'
import { stored } from './stored/index.ts'

/**
 * Every kind of target we support. Adding one: a folder beside this file, and a line here (contract.test.ts tells when it is
 * forgotten). A list rather than a look into the folders: the compiler and the dependency rules see what is imported, and
 * nothing runs because a file was dropped somewhere. In this order a form offers them.
 */
export const targetKinds: readonly TargetKind[] = [linuxSsh, postgres, mysql, redis, activeDirectory, openldap, networkDevice, stored]
