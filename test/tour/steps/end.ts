import { access, call, session } from '@claviger/api'
import { gatewayAlias, sshFiles } from '../../../cli/src/ssh/identity.ts'
import { patience } from '../arguments.ts'
import { eventually } from '../eventually.ts'
import { yes, yesWithCode } from '../person.ts'
import { rotatedSince, rotationRow } from '../rotations.ts'
import { Shell } from '../ssh.ts'
import type { Step, Tour } from '../tour.ts'
import { databaseRotated } from './database.ts'

/** The shortest that the lab's policy gives; twice as long where the machine does other work, as alice has to be in before it is over. */
const window = patience > 1 ? 40 : 20
/** Seconds after it by which the session is cut. */
const promptly = 2 * patience

export const end: Step = {
  name: 'end',
  title: 'at the second the grant ends the session is cut, the credential rotated, the old one refused',
  async run(tour, proof) {
    const account = tour.need('account')
    const givenBack = tour.need('givenBack')
    const request = await file(tour)
    const early = await rotatedSince(tour, account, givenBack.at)
    proof.show('after giving back early', early.map(rotationRow))
    proof.prove(
      'the grant that alice gave back early was followed by a rotation',
      early.every((r) => r.state === 'done'),
      early,
    )

    await databaseRotated(tour, proof)

    const grant = await approved(tour, request)
    const shell = new Shell(
      tour.facts,
      ['-F', sshFiles(tour.person('alice').folder).config, '-l', `alice@${tour.accountAtTarget}`, gatewayAlias],
      undefined,
      window + 30 * patience,
    )
    await shell.until('a prompt', /[$#%>] ?(\u001b\[[0-9;?]*[a-z])*$/, 15)
    shell.type('while sleep 1; do date +%T; done\n')
    await shell.until('the first second', /\d\d:\d\d:\d\d/, 10)
    const status = await shell.ended
    const last = shell.output
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => /^\[claviger\]|^\d\d:\d\d:\d\d$/.test(line))
    const cut = await eventually('the end of the session', 10, async () => {
      const { sessions } = await yes('the list of sessions', call(tour.person('alice').api, session.sessions, { query: { limit: 20 } }))
      return sessions.find((s) => s.grant === grant.id && s.endedAt !== null)
    })
    const late = (Date.parse(cut.endedAt ?? '') - Date.parse(grant.endsAt)) / 1000
    proof.show('the last that alice saw', last.slice(-5))
    proof.show('the cut', [
      {
        session: cut.id,
        'grant ends': grant.endsAt,
        'session ended': cut.endedAt,
        'difference (s)': late,
        why: cut.endReason,
        'ssh exit': status,
      },
    ])
    proof.prove(
      `the running session was cut when the grant ended, within ${Math.round(promptly)} s and not before`,
      late >= -0.5 && late <= promptly,
      cut,
    )
    proof.prove(
      'the reason stands with it, and alice was told',
      cut.endReason === 'grant_ended' && last.some((line) => /grant has ended/i.test(line)),
      { cut, last },
    )

    const rotations = await rotatedSince(tour, account, grant.endsAt.replace(/\.\d+Z$/, '.000Z'))
    proof.show('rotation', rotations.map(rotationRow))
    proof.prove(
      'the credential was rotated and the new one proven by a login',
      rotations.every((r) => r.state === 'done' && r.verifiedAt !== null),
      rotations,
    )
    proof.prove(
      'the target refused the old one',
      rotations.every((r) => r.oldRefusedAt !== null),
      rotations,
    )
    const tried = await tour.person('alice').json(['connect', tour.accountAtTarget, '--', 'true'])
    proof.prove('and alice holds no grant any more', tried.status === 4, tried)
  },
}

async function file(tour: Tour): Promise<access.AccessRequest> {
  const body = { account: tour.accountAtTarget, duration: `${window}s`, reason: 'tour: a look at the log' }
  return await yes(`a request for ${window} s`, call(tour.person('alice').api, access.fileRequest, { body }))
}

async function approved(tour: Tour, { id, digest }: access.AccessRequest): Promise<access.Grant> {
  const approver = tour.approver()
  const ask = (code: string) => call(approver.api, access.approveRequest, { params: { id }, body: { digest, code } })
  const { grant } = await yesWithCode(`approval by ${approver.name}`, approver, ask)
  return grant as access.Grant
}
