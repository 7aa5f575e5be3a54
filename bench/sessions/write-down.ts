import type { World } from '../../server/src/keeper/test/world.ts'

export interface Written {
  session: string
  recording: string
  grant: string
}

/** A session of alice's that runs, with its recording, as the database has them. */
export async function writeDown(world: World, { session, recording, grant }: Written): Promise<void> {
  await world.sql(
    `insert into session (id, grant_id, person_id, account_id, door, kind, source, recording_id, header_hash, opened_at, state, revision, mac)
     values ($1, $2, $3, $4, 'ssh', 'shell', '192.0.2.9', $5, '', $6, 'running', 1, '')`,
    [session, grant, world.alice.id, world.deploy.id, recording, world.clock.now()],
  )
  await world.sql(`insert into recording (id, session_id, file, state, head) values ($1, $2, $3, 'running', '')`, [
    recording,
    session,
    `${recording}.clvr`,
  ])
}

/** It is over, and the recording whole. */
export async function writeEnd(world: World, { session, recording }: Omit<Written, 'grant'>): Promise<void> {
  await world.sql(`update session set state = 'ended' where id = $1`, [session])
  await world.sql(`update recording set state = 'sealed' where id = $1`, [recording])
}
