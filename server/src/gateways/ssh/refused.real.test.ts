import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDoor } from './test/open-door.ts'
import { finish } from './test/ssh-client.ts'
import { until } from './test/until.ts'

test('a subsystem other than sftp is refused with a sentence, and recorded as an attempt', async () => {
  await using door = await openDoor()
  const ran = await door.ssh.run([...door.ssh.args(door.user, door.alice, ['-s']), 'netconf'], [door.host.code()])
  expect(ran).toMatchObject({ status: 255, stdout: '' })
  expect(ran.stderr).toContain('[claviger] This subsystem is not carried by this gateway.')
  expect(door.host.refusedSeen).toEqual(['an unknown subsystem'])
  expect(door.host.sessions).toEqual([])
})

test('agent and X11 forwarding are refused with a sentence each, and the session goes on without them', async () => {
  await using door = await openDoor()
  const socket = join(door.folder, 'agent')
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' })
  await until(() => existsSync(socket))
  const args = door.ssh.args(door.user, door.alice, ['-Y', '-A'])
  const child = door.ssh.start(
    ['DISPLAY=127.0.0.1:99', `SSH_AUTH_SOCK=${socket}`, 'ssh', ...args, 'echo "in-$SSH_AUTH_SOCK-$DISPLAY-"'],
    [door.host.code()],
    'env',
  )
  const ran = await finish(child)
  agent.kill()
  expect(ran).toMatchObject({ status: 0, stdout: 'in---\n' })
  expect(ran.stderr).toContain('[claviger] X11 forwarding is not carried by this gateway')
  expect(ran.stderr).toContain('[claviger] Agent forwarding is not carried by this gateway')
  expect([...door.host.refusedSeen].sort()).toEqual(['X11 forwarding', 'agent forwarding'])
})

test('more sessions on one connection than the limit are refused with a sentence', async () => {
  await using door = await openDoor({ limits: { sessionsPerConnection: 1 } })
  const control = ['-o', `ControlPath=${door.folder}/control`]
  const master = door.ssh.start(
    [...door.ssh.args(door.user, door.alice, [...control, '-o', 'ControlMaster=yes']), 'sleep 60'],
    [door.host.code()],
  )
  const ended = finish(master)
  await until(() => door.host.sessions.length === 1)
  const second = await door.ssh.run([...door.ssh.args(door.user, door.alice, control), 'echo in'])
  expect(second.stdout).toBe('')
  expect(door.host.sessions).toHaveLength(1)
  master.kill()
  expect(`${second.stderr}${(await ended).stderr}`).toContain('too many sessions are open on this connection')
})
