import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { access, call, session } from '@claviger/api'
import { sshFiles } from '../../../cli/src/ssh/identity.ts'
import { patience } from '../arguments.ts'
import { eventually } from '../eventually.ts'
import { yes, yesWithCode } from '../person.ts'
import type { Proof } from '../proof.ts'
import { settled } from '../rotations.ts'
import { Shell } from '../ssh.ts'
import type { Step, Tour } from '../tour.ts'
import { useDatabase } from './database.ts'

export const connect: Step = {
  name: 'connect',
  title:
    'alice connects with plain ssh, her key and a code; the door asks for her and waits; with psql by a ticket; she never has the credential',
  async run(tour, proof) {
    const { id } = tour.need('account')
    await settled(tour, id, new Date(Date.now() - 120_000).toISOString())
    const { shell, grant } = await comeIn(tour, proof)
    await work(tour, proof, shell)
    const opened = await newestSession(tour, grant.id)
    tour.found('session', opened.id)
    proof.show('session', [
      {
        id: opened.id,
        who: opened.person.name,
        account: `${opened.account}@${opened.target}`,
        kind: opened.kind,
        grant: opened.grant,
        request: opened.request,
      },
    ])

    const command = await tour.person('alice').cli(['connect', tour.accountAtTarget, '--', 'echo by certificate; exit 4'])
    proof.show('claviger connect', `exit ${command.status}, said: ${command.out.trim()}`)
    proof.prove(
      'claviger connect carries one command with the certificate of her sign-in, and passes its exit status on',
      command.status === 4 && command.out.includes('by certificate'),
      command,
    )

    // given back here, so that its rotation runs while the recording is looked at
    const at = new Date().toISOString()
    await tour.person('alice').must(['grants', 'end', grant.id, '--reason', 'tour: done early'])
    tour.found('givenBack', { grant: grant.id, at })
    await useDatabase(tour, proof)
  },
}

/** Real ssh with key and code and no grant: the door files a request and waits; bob or carol approves; a notice; a shell. */
async function comeIn(tour: Tour, proof: Proof): Promise<{ shell: Shell; grant: access.Grant }> {
  const alice = tour.person('alice')
  const { host, port } = tour.need('gateway')
  const user = `alice@${tour.accountAtTarget}`
  const args = [
    ...['-F', 'none', '-p', String(port), '-i', alice.lab.sshKeyFile, '-o', 'IdentitiesOnly=yes'],
    ...['-o', `UserKnownHostsFile=${sshFiles(alice.folder).knownHosts}`, '-o', 'StrictHostKeyChecking=yes'],
  ]
  const shell = new Shell(tour.facts, [...args, `${user}@${host}`], await alice.code(), 110 * patience)
  const [, id = ''] = await shell.until('the request in place', /Request (req_[a-z0-9]{10}) filed; waiting for approval by/, 30)
  const waitingSince = Date.now()
  const approver = tour.approver()
  const filed = await yes('the request in place', call(approver.api, access.getRequest, { params: { id } }))
  proof.prove(
    'without a grant the door filed a request in her name and waits',
    filed.state === 'waiting' && filed.requester.name === 'alice',
    filed,
  )
  await sleep(1000)
  proof.prove('while she waits nothing is open', !/record/i.test(shell.output), shell.output)
  const ask = (code: string) => call(approver.api, access.approveRequest, { params: { id }, body: { digest: filed.digest, code } })
  const { grant } = await yesWithCode('approval of the request in place', approver, ask)
  await shell.until('the word that it is approved', /Approved\./, 15)
  const waited = ((Date.now() - waitingSince) / 1000).toFixed(1)
  await shell.until('the notice', /\[claviger\][^\n]*record/i, 20)
  const notice = shell.output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('[claviger]'))
  proof.show('command', `ssh -p ${port} '${user}@${host}'`)
  proof.show('the door said', notice)
  proof.show('request in place', [
    { id, 'waited (s)': waited, approvedBy: approver.name, grant: grant?.id ?? null, until: grant?.endsAt ?? null },
  ])
  proof.prove(`${approver.name} approved, and the same connection went on`, grant?.state === 'active', grant)
  proof.prove(
    'a notice said that the session is recorded, before its first byte',
    notice.some((line) => /record/i.test(line)),
    notice,
  )
  return { shell, grant: grant as access.Grant }
}

/** Types as people do: a command, a secret at a prompt that does not show it, and the way out. */
async function work(tour: Tour, proof: Proof, shell: Shell): Promise<void> {
  const marker = `hidden-${randomBytes(6).toString('hex')}`
  tour.found('marker', marker)
  await shell.until('a prompt', /[$#%>] ?(\u001b\[[0-9;?]*[a-z])*$/, 15)
  if (tour.need('account').name !== 'deploy') {
    // somebody's own account may have any shell
    shell.type('exec bash --norc\n')
    await shell.until('bash', /bash[^\n]*[$#] (\u001b\[[0-9;?]*[a-z])*$/, 10)
  }
  shell.type('echo "$(whoami) sees tour-$((6*7))"\n')
  const [, who] = await shell.until('the answer of the command', /(\S+) sees tour-42/, 10)
  shell.type("read -rsp 'Passphrase: ' p; echo took $(expr length $p)\n")
  await shell.until('the prompt that does not show', /[\r\n]Passphrase: $/, 10)
  shell.type(`${marker}\n`)
  const [, length] = await shell.until('the length of what was typed', /took (\d+)/, 10)
  shell.type('exit 3\n')
  const status = await shell.ended
  proof.show('in the shell', [{ 'whoami says': who ?? null, 'typed unseen (characters)': Number(length), 'exit status': status }])
  proof.prove(
    `the credential of ${tour.accountAtTarget} was injected: she is in, with nothing of it on her side`,
    who === tour.need('account').name,
    who,
  )
  proof.prove("the shell's exit status came back through ssh", status === 3, status)
}

const newestSession = async (tour: Tour, grant: string): Promise<session.Session> =>
  await eventually('the session in the list', 10, async () => {
    const { sessions } = await yes('the list of sessions', call(tour.person('alice').api, session.sessions, { query: { limit: 20 } }))
    return sessions.find((s) => s.grant === grant && s.kind === 'shell')
  })
