import { expect, test } from 'vitest'
import { commandAct, startsTransfer } from './judge-command.ts'

test.each([
  ['systemctl restart nginx', 'systemctl', true],
  ['/usr/bin/id', '/usr/bin/id', true],
  ['systemctl', 'systemctl', true],
  ['systemctl; bash', 'systemctl;', false],
  ['systemctl $(bash)', 'systemctl', false],
  ['systemctl `bash`', 'systemctl', false],
  ['systemctl status\nbash', 'systemctl', false],
  ['systemctl status\tx', 'systemctl', false],
  ['systemctl > /etc/passwd', 'systemctl', false],
  ['systemctl ~root', 'systemctl', false],
  ['systemctl "a b"', 'systemctl', false],
  ['systemctl *', 'systemctl', false],
  ['systemctl & bash', 'systemctl', false],
  ['systemctl | sh', 'systemctl', false],
  ['systemctl {a,b}', 'systemctl', false],
  ['PATH=/tmp systemctl', 'PATH=/tmp', false],
  [' systemctl', 'systemctl', false],
  ['', '', false],
])('%j runs %j, and is plain: %s', (command, program, plain) => {
  expect(commandAct(command)).toMatchObject({ program, plain })
})

test.each([
  ['scp -f /etc/shadow | cat', true],
  ['/usr/bin/scp -v -f /etc/shadow', true],
  ["sh -c 'scp -qt /etc'", true],
  ['scp "-f" /etc/sh*', true],
  ['sudo /usr/lib/openssh/sftp-server', true],
  ['scp a b', false],
  ['man scp', false],
  ['uptime', false],
])('%j starts a transfer: %s', (command, starts) => {
  expect(startsTransfer(command)).toBe(starts)
})
