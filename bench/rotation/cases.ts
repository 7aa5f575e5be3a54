import { linuxSshHarness } from '../../server/src/targets/linux-ssh/test/harness.ts'
import { mysqlHarness } from '../../server/src/targets/mysql/test/harness.ts'
import { openldapHarness } from '../../server/src/targets/openldap/test/harness.ts'
import { postgresHarness } from '../../server/src/targets/postgres/test/harness.ts'
import type { KindHarness } from '../../server/src/targets/test/harness.ts'

export interface Case {
  metric: string
  harness: KindHarness
  credential: 'password' | 'ssh-key'
  /** For each side: a run takes seconds, not minutes. */
  accounts: number
}

export const cases: readonly Case[] = [
  { metric: 'rotation.postgres', harness: postgresHarness, credential: 'password', accounts: 256 },
  { metric: 'rotation.mysql', harness: mysqlHarness, credential: 'password', accounts: 256 },
  { metric: 'rotation.openldap', harness: openldapHarness('ldaps'), credential: 'password', accounts: 256 },
  { metric: 'rotation.ssh_password', harness: linuxSshHarness, credential: 'password', accounts: 24 },
  { metric: 'rotation.ssh_key', harness: linuxSshHarness, credential: 'ssh-key', accounts: 64 },
]
