import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ensureKey, sshFiles, writeIdentity } from './identity.ts'

// a folder with a space and a percent sign in its name, which ssh's configuration treats specially
const folder = join(mkdtempSync(join(tmpdir(), 'claviger-ssh-')), 'my 100% files')
afterAll(() => rmSync(join(folder, '..'), { recursive: true, force: true }))
const gateway = {
  host: '127.0.0.1',
  port: 2222,
  hostKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA+fUoUcCTlItvwfB4lyDbFf0rYgzWhAeSlfnyJ6mVZk host\n',
}

test('the key is made once and then kept, for its owner alone', () => {
  const first = ensureKey(folder, 'alice')
  expect(first).toMatch(/^ssh-ed25519 \S+ alice \(claviger\)$/)
  expect(ensureKey(folder, 'alice')).toBe(first)
  expect(statSync(sshFiles(folder).key).mode & 0o777).toBe(0o600)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
})

test('ssh reads the configuration as it is meant', () => {
  writeIdentity(folder, 'ssh-ed25519-cert-v01@openssh.com AAAA', gateway)
  const files = sshFiles(folder)
  const { stdout } = spawnSync('ssh', ['-G', '-F', files.config, 'alice@deploy@web01@claviger'], { encoding: 'utf8', timeout: 60_000 })
  const settings = stdout.split('\n')
  for (const line of ['user alice@deploy@web01', 'hostname 127.0.0.1', 'port 2222', 'identitiesonly yes', 'stricthostkeychecking true'])
    expect(settings).toContain(line)
  expect(stdout).toContain('my 100')
})

test('the gateway is known by its name and by its address', () => {
  const found = spawnSync('ssh-keygen', ['-F', '[127.0.0.1]:2222', '-f', sshFiles(folder).knownHosts], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  expect(found.status).toBe(0)
  expect(readFileSync(sshFiles(folder).knownHosts, 'utf8')).toMatch(/^claviger,\[127\.0\.0\.1\]:2222 ssh-ed25519 \S+\n$/)
})
