import { expect, test } from 'vitest'
import { rulesOfFile } from './file-rules.ts'

const seen = (op: Parameters<typeof rulesOfFile>[0]['op'], path: string, to: string | null = null) =>
  [...rulesOfFile({ op, path, to })].sort()

test('files that give rights, when they are written', () => {
  expect(seen('put', '/root/.ssh/authorized_keys')).toEqual(['privilege_escalation'])
  expect(seen('put', '/etc/sudoers.d/eve')).toEqual(['privilege_escalation'])
  expect(seen('rename', '/tmp/x', '/etc/cron.d/x')).toEqual(['privilege_escalation'])
  expect(seen('symlink', '/tmp/x', '/etc/passwd')).toEqual(['privilege_escalation'])
  expect(seen('get', '/etc/passwd')).toEqual([])
})

test('files that are secrets, when they are taken', () => {
  expect(seen('get', '/etc/shadow')).toEqual(['secrets_taken'])
  expect(seen('get', '/home/deploy/.ssh/id_ed25519')).toEqual(['secrets_taken'])
  expect(seen('get', '/home/deploy/.ssh/id_ed25519.pub')).toEqual([])
})

test('what others would look at afterwards, when it goes away', () => {
  expect(seen('remove', '/root/.bash_history')).toEqual(['history_wiped'])
  expect(seen('remove', '/var/log/auth.log')).toEqual(['audit_stopped'])
  expect(seen('get', '/var/log/auth.log')).toEqual([])
})
