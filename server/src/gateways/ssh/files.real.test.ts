import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { actsOf, done, openWithFolders, remote, scp, sftp } from './test/file-clients.ts'
import { openDoor } from './test/open-door.ts'
import { until } from './test/until.ts'

/* Real sftp and scp through the door, to a real sshd. */

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const mebibyte = 1024 * 1024

test('sftp carries files both ways, and each stands with its path, direction, size and hash; its contents do not', async () => {
  const { door, here, there } = await openWithFolders()
  await using _ = door
  const bytes = Buffer.concat([Buffer.from('the first line of a secret plan\n'), randomBytes(3 * mebibyte)])
  writeFileSync(join(here, 'plan'), bytes)
  writeFileSync(join(here, 'empty'), '')
  const ran = await sftp(door, [
    `put ${here}/plan ${there}/plan`,
    `put ${here}/empty ${there}/empty`,
    `get ${there}/plan ${here}/back`,
    `rename ${there}/empty ${there}/renamed`,
    `mkdir ${there}/folder`,
    `symlink ${there}/plan ${there}/folder/link`,
    `chmod 600 ${there}/plan`,
    `ls ${there}`,
    `rm ${there}/renamed`,
  ])
  expect(ran.status, ran.stderr).toBe(0)
  expect(readFileSync(join(there, 'plan')).equals(bytes)).toBe(true)
  expect(readFileSync(join(here, 'back')).equals(bytes)).toBe(true)
  expect(ran.stderr).toContain('This session is recorded.')

  const [session] = door.host.sessions
  expect(session?.how).toEqual({ kind: 'files' })
  const whole = { bytes: bytes.length, sha256: sha256(bytes), from: 0, outcome: 'ok', to: null }
  expect(done(door)).toMatchObject([
    { op: 'put', path: `${there}/plan`, ...whole },
    { op: 'put', path: `${there}/empty`, bytes: 0, sha256: sha256(Buffer.alloc(0)), outcome: 'ok' },
    { op: 'get', path: `${there}/plan`, ...whole },
    { op: 'rename', path: `${there}/empty`, to: `${there}/renamed`, outcome: 'ok' },
    { op: 'mkdir', path: `${there}/folder`, outcome: 'ok' },
    { op: 'symlink', path: `${there}/folder/link`, to: `${there}/plan`, outcome: 'ok' },
    { op: 'remove', path: `${there}/renamed`, outcome: 'ok' },
  ])
  const looked = actsOf(door).filter(({ outcome, op }) => outcome === 'ok' && (op === 'list' || op === 'attributes'))
  expect(looked.map(({ op, path }) => `${op} ${path}`)).toContain(`list ${there}/`)
  expect(looked.map(({ op, path }) => `${op} ${path}`)).toContain(`attributes ${there}/plan`)
  // each was told before the target could get it
  const ends = actsOf(door).filter(({ outcome }) => outcome !== 'open')
  for (const { n } of ends)
    expect(actsOf(door).findIndex((act) => act.n === n)).toBe(actsOf(door).findIndex((act) => act.n === n && act.outcome === 'open'))
  const recorded = Buffer.concat([...(session?.output ?? []), ...(session?.input ?? [])])
  expect(recorded.includes('secret plan')).toBe(false)
  expect(session?.outcomes).toMatchObject([{ reason: 'closed', exitStatus: 0 }])
})

test('scp carries single files and whole folders', async () => {
  const { door, here, there } = await openWithFolders()
  await using _ = door
  mkdirSync(join(here, 'tree', 'deep'), { recursive: true })
  const names = Array.from({ length: 20 }, (_, at) => (at % 2 ? `tree/deep/${at}` : `tree/${at}`))
  for (const name of names) writeFileSync(join(here, name), `contents of ${name}`)
  const up = await scp(door, join(here, 'tree'), remote(there), ['-r'])
  expect(up.status, up.stderr).toBe(0)
  expect(readdirSync(join(there, 'tree', 'deep'))).toHaveLength(10)
  const down = await scp(door, remote(`${there}/tree/deep/1`), join(here, 'one'))
  expect(down.status, down.stderr).toBe(0)
  expect(readFileSync(join(here, 'one'), 'utf8')).toBe('contents of tree/deep/1')
  const put = done(door).filter(({ op }) => op === 'put')
  expect(put.map(({ path }) => path.slice(there.length + 1)).sort()).toEqual([...names].sort())
  for (const { path, sha256: hash, outcome } of put)
    expect({ hash, outcome }).toEqual({ hash: sha256(Buffer.from(`contents of ${path.slice(there.length + 1)}`)), outcome: 'ok' })
  expect(done(door, 1)).toMatchObject([{ op: 'get', path: `${there}/tree/deep/1`, outcome: 'ok' }])
})

test('a large file goes through whole both ways', async () => {
  const { door, here, there } = await openWithFolders()
  await using _ = door
  const bytes = randomBytes(96 * mebibyte)
  writeFileSync(join(here, 'large'), bytes)
  const ran = await sftp(door, [`put ${here}/large ${there}/large`, `get ${there}/large ${here}/back`])
  expect(ran.status, ran.stderr).toBe(0)
  const hash = sha256(bytes)
  expect(sha256(readFileSync(join(here, 'back')))).toBe(hash)
  expect(done(door)).toMatchObject([
    { op: 'put', bytes: bytes.length, sha256: hash, outcome: 'ok' },
    { op: 'get', bytes: bytes.length, sha256: hash, outcome: 'ok' },
  ])
})

test('a transfer that is taken up again says from where, with the hash of what passed', async () => {
  const { door, here, there } = await openWithFolders()
  await using _ = door
  const bytes = randomBytes(mebibyte)
  writeFileSync(join(there, 'file'), bytes)
  writeFileSync(join(here, 'file'), bytes.subarray(0, 300_000))
  const ran = await sftp(door, [`reget ${there}/file ${here}/file`])
  expect(ran.status, ran.stderr).toBe(0)
  expect(readFileSync(join(here, 'file')).equals(bytes)).toBe(true)
  const rest = bytes.subarray(300_000)
  expect(done(door)).toMatchObject([{ op: 'get', from: 300_000, bytes: rest.length, sha256: sha256(rest), outcome: 'ok' }])
})

test('what the target refuses stands as failed, with what it said', async () => {
  const { door, here, there } = await openWithFolders()
  await using _ = door
  writeFileSync(join(here, 'file'), 'x')
  const ran = await sftp(door, [
    `-put ${here}/file ${there}/none/file`,
    `-get ${there}/none ${here}/none`,
    `-rm ${there}/none`,
    `-rmdir ${there}/none`,
  ])
  expect(ran.status, ran.stderr).toBe(0)
  const none = { outcome: 'failed', message: 'No such file' }
  expect(done(door)).toMatchObject([
    { op: 'put', path: `${there}/none/file`, ...none },
    { op: 'remove', path: `${there}/none`, ...none },
    { op: 'rmdir', path: `${there}/none`, ...none },
  ])
})

test('a session that is cut in the middle of a transfer leaves an act that was cut, with what had passed', async () => {
  const { door, here, there } = await openWithFolders()
  await using _ = door
  writeFileSync(join(there, 'large'), randomBytes(64 * mebibyte))
  // 8 Mbit/s
  const child = sftp(door, [`get ${there}/large ${here}/large`], ['-l', '8192'])
  await until(() => {
    try {
      return statSync(join(here, 'large')).size > 300_000
    } catch {
      return false
    }
  })
  door.host.sessions[0]?.cut('ended_by_officer')
  const ran = await child
  expect(ran.status).not.toBe(0)
  expect(ran.stderr).toContain('A security officer ended this session.')
  const [act, ...others] = done(door)
  expect(others).toEqual([])
  expect(act).toMatchObject({ op: 'get', path: `${there}/large`, sha256: null, outcome: 'cut' })
  expect(act?.bytes).toBeGreaterThan(300_000)
  expect(act?.bytes).toBeLessThan(64 * mebibyte)
})

test('a file that holds the injected credential comes with it masked, at its full length', async () => {
  const { door, here, there } = await openWithFolders()
  await using _ = door
  const password = 'pW-9f2kQ7z-abcdef'
  const target = door.host.targets.get('web01')
  if (target) door.host.targets.set('web01', { ...target, scrub: password })
  const filling = randomBytes(10_000).toString('hex')
  writeFileSync(join(there, 'config'), `${filling}password=${password}\n`)
  const ran = await sftp(door, [`get ${there}/config ${here}/config`])
  expect(ran.status, ran.stderr).toBe(0)
  const got = readFileSync(join(here, 'config'))
  expect(got.toString()).toBe(`${filling}password=${'*'.repeat(password.length)}\n`)
  expect(done(door)).toMatchObject([{ op: 'get', sha256: sha256(got), outcome: 'ok' }])
})

test('what is no SFTP ends the session, before any of it reaches the target', async () => {
  await using door = await openDoor()
  const ran = await door.ssh.run([...door.ssh.args(door.user, door.alice, ['-s']), 'sftp'], [door.host.code()], 'GET / HTTP/1.1\r\n\r\n')
  expect(ran.stdout).toBe('')
  expect(ran.stderr).toContain('what passed in it is neither SFTP version 3 nor what scp sends')
  expect(door.host.sessions).toMatchObject([{ files: [], outcomes: [{ reason: 'not_understood' }] }])
})

describe('scp -O, the protocol before SFTP', () => {
  test('carries files and folders both ways, and each stands with its name, size and hash', async () => {
    const { door, here, there } = await openWithFolders()
    await using _ = door
    const bytes = randomBytes(5 * mebibyte)
    mkdirSync(join(here, 'tree', 'deep'), { recursive: true })
    writeFileSync(join(here, 'tree', 'deep', 'large'), bytes)
    writeFileSync(join(here, 'tree', 'empty'), '')
    const up = await scp(door, join(here, 'tree'), remote(there), ['-O', '-r', '-p'])
    expect(up.status, up.stderr).toBe(0)
    expect(readFileSync(join(there, 'tree', 'deep', 'large')).equals(bytes)).toBe(true)
    const down = await scp(door, remote(`${there}/tree/d*/large`), join(here, 'back'), ['-O'])
    expect(down.status, down.stderr).toBe(0)
    expect(readFileSync(join(here, 'back')).equals(bytes)).toBe(true)

    expect(door.host.sessions[0]?.how).toMatchObject({ kind: 'files', command: expect.stringMatching(/^scp .*-t /) })
    const whole = { bytes: bytes.length, sha256: sha256(bytes), outcome: 'ok' }
    const put = done(door).toSorted((a, b) => String(a.to).localeCompare(String(b.to)))
    expect(put).toMatchObject([
      { op: 'mkdir', path: there, to: 'tree', outcome: 'ok' },
      { op: 'mkdir', path: there, to: 'tree/deep', outcome: 'ok' },
      { op: 'put', path: there, to: 'tree/deep/large', ...whole },
      { op: 'put', path: there, to: 'tree/empty', bytes: 0, sha256: sha256(Buffer.alloc(0)), outcome: 'ok' },
    ])
    expect(done(door, 1)).toMatchObject([{ op: 'get', path: `${there}/tree/d*/large`, to: 'large', ...whole }])
    for (const { output, input } of door.host.sessions) expect([output, input]).toEqual([[], []])
  })

  test('what is refused over there stands as failed', async () => {
    const { door, here, there } = await openWithFolders()
    await using _ = door
    writeFileSync(join(here, 'file'), 'x')
    const up = await scp(door, join(here, 'file'), remote(`${there}/none/file`), ['-O'])
    expect(up.status).not.toBe(0)
    const down = await scp(door, remote(`${there}/none`), here, ['-O'])
    expect(down.status).not.toBe(0)
    const said = expect.stringContaining('No such file or directory')
    expect(done(door)).toMatchObject([{ op: 'put', path: `${there}/none/file`, to: 'file', outcome: 'failed', message: said }])
    expect(done(door, 1)).toMatchObject([{ op: 'get', path: `${there}/none`, outcome: 'failed', message: said }])
  })

  test('a session that is cut in the middle of a file leaves an act that was cut', async () => {
    const { door, here, there } = await openWithFolders()
    await using _ = door
    writeFileSync(join(there, 'large'), randomBytes(64 * mebibyte))
    const child = scp(door, remote(`${there}/large`), join(here, 'large'), ['-O', '-l', '8192'])
    await until(() => existsSync(join(here, 'large')) && statSync(join(here, 'large')).size > 300_000)
    door.host.sessions[0]?.cut('ended_by_officer')
    expect((await child).status).not.toBe(0)
    expect(done(door)).toMatchObject([{ op: 'get', to: 'large', sha256: null, outcome: 'cut' }])
  })

  test('a command that a shell would make more of is a command like any other, with all its bytes', async () => {
    const { door, there } = await openWithFolders()
    await using _ = door
    const ran = await door.ssh.run([...door.ssh.args(door.user, door.alice), `scp -t ${there}; echo and more`], [door.host.code()])
    expect(ran.stdout).toContain('and more')
    expect(door.host.sessions).toMatchObject([{ how: { kind: 'exec' }, files: [] }])
    expect(Buffer.concat(door.host.sessions[0]?.output ?? []).toString()).toContain('and more')
  })

  test('what is not what scp sends ends the session', async () => {
    const { door, there } = await openWithFolders()
    await using _ = door
    const ran = await door.ssh.run(
      [...door.ssh.args(door.user, door.alice), `scp -t ${there}`],
      [door.host.code()],
      'C0644 5 ../../etc/x\nhello\0',
    )
    expect(ran.stderr).toContain('what passed in it is neither SFTP version 3 nor what scp sends')
    expect(door.host.sessions).toMatchObject([{ files: [], outcomes: [{ reason: 'not_understood' }] }])
  })
})
