import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeMachine } from '../../test/captured-io.ts'
import { users } from './users.ts'

const root = process.getuid?.() === 0
const commits = { one: 'a'.repeat(40), two: 'b'.repeat(40), three: 'c'.repeat(40) }
type Name = keyof typeof commits
const id = (name: Name) => `0.1.0-${commits[name].slice(0, 12)}`

/** A machine with an image to install into, and releases that hold what the installer looks at. */
function makeImage() {
  const machine = makeMachine()
  const image = join(machine.folder, 'image')
  mkdirSync(image)
  const release = (name: Name, migrations: readonly string[] = ['0001-first.sql']): string => {
    const folder = join(machine.folder, name)
    for (const inner of ['node_modules', 'server/src/migrations']) mkdirSync(join(folder, inner), { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{"name":"claviger","version":"0.1.0"}')
    writeFileSync(join(folder, 'claviger'), '#!/bin/sh\n')
    chmodSync(join(folder, 'claviger'), 0o777)
    writeFileSync(join(folder, 'node_modules/.claviger-stamp'), `packaged ${commits[name]}\n`)
    for (const migration of migrations) writeFileSync(join(folder, 'server/src/migrations', migration), '')
    return folder
  }
  const install = (from: string, ...more: string[]) => machine.run(['install', '--root', image, '--from', from, ...more])
  const back = () => machine.run(['install', '--root', image, '--previous'])
  const uninstall = (...more: string[]) => machine.run(['uninstall', '--root', image, ...more])
  const at = (path: string) => join(image, path)
  return { ...machine, image, release, install, back, uninstall, at, read: (path: string) => readFileSync(at(path), 'utf8') }
}
const modeOf = (path: string) => (lstatSync(path).mode & 0o7777).toString(8)
const onlyRoot = { code: 5, err: expect.stringContaining('Only root can install') }

describe('installing', () => {
  test('puts a release, its users, unit and settings to their places, for root alone to change', async () => {
    using it = makeImage()
    const done = await it.install(it.release('one'))
    if (!root) return expect(done).toMatchObject(onlyRoot)
    expect(done).toMatchObject({ code: 0, out: expect.stringContaining(`${id('one')} is installed`) })
    expect(readlinkSync(it.at('/opt/claviger/current'))).toBe(`releases/${id('one')}`)
    expect(modeOf(it.at('/opt/claviger/current/claviger'))).toBe('755')
    expect(readlinkSync(it.at('/usr/local/bin/claviger'))).toBe('/opt/claviger/current/claviger')
    expect(modeOf(it.at('/etc/claviger/claviger.env'))).toBe('640')
    expect(lstatSync(it.at('/etc/claviger/claviger.env'))).toMatchObject({ uid: 0, gid: 0 })
    expect(modeOf(it.at('/var/lib/claviger'))).toBe('711')
    expect(it.read('/etc/systemd/system/claviger.service')).toContain('ReadWritePaths=/var/lib/claviger\n')
    for (const user of users) expect(it.read('/etc/sysusers.d/claviger.conf')).toContain(`u ${user.name} ${user.id}:claviger`)
  })

  test('says with --dry-run all that it would do, with the text of every file, and does nothing', async () => {
    using it = makeImage()
    const { code, out } = await it.install(it.release('one'), '--dry-run')
    expect(code).toBe(0)
    for (const part of ['/opt/claviger/current → releases/', 'NoNewPrivileges=yes', '#CLAVIGER_SEAL=shamir', 'systemd-sysusers'])
      expect(out).toContain(part)
    expect(readdirSync(it.image)).toEqual([])
  })

  test('upgrades: keeps the settings and the release before, and goes back to it', async () => {
    using it = makeImage()
    const [one, two, three] = [it.release('one'), it.release('two'), it.release('three')]
    const first = await it.install(one)
    if (!root) return expect(first).toMatchObject(onlyRoot)
    appendFileSync(it.at('/etc/claviger/claviger.env'), 'CLAVIGER_ANCHOR_FILE=/mnt/other/checkpoints\n')
    await it.install(two)
    await it.install(three)
    await it.install(three)
    expect(readdirSync(it.at('/opt/claviger/releases')).sort()).toEqual([id('two'), id('three')])
    expect(readlinkSync(it.at('/opt/claviger/previous'))).toBe(`releases/${id('two')}`)
    expect(it.read('/etc/claviger/claviger.env')).toContain('/mnt/other/checkpoints')
    expect(it.read('/etc/systemd/system/claviger.service')).toContain('ReadWritePaths=/var/lib/claviger /mnt/other\n')
    expect(await it.back()).toMatchObject({ code: 0 })
    expect(readlinkSync(it.at('/opt/claviger/current'))).toBe(`releases/${id('two')}`)
    expect(readlinkSync(it.at('/opt/claviger/previous'))).toBe(`releases/${id('three')}`)
  })

  test('refuses a release that is older than the database, and going back to one', async () => {
    using it = makeImage()
    const first = await it.install(it.release('one'))
    if (!root) return expect(first).toMatchObject(onlyRoot)
    await it.install(it.release('two', ['0001-first.sql', '0002-second.sql']))
    mkdirSync(it.at('/var/lib/claviger/keeper'))
    const older = { code: 5, err: expect.stringContaining('0002-second.sql') }
    expect(await it.install(it.release('three'))).toMatchObject(older)
    expect(await it.back()).toMatchObject(older)
    expect(readlinkSync(it.at('/opt/claviger/current'))).toBe(`releases/${id('two')}`)
  })

  test.each<[string, string, (it: ReturnType<typeof makeImage>) => void]>([
    ['a number that another user has', 'has the number 64811', (it) => put(it, '/etc/passwd', 'else:x:64811:1::/:/bin/sh\n')],
    ['a folder that others may write', 'could replace Claviger', (it) => chmodSync(put(it, '/opt/claviger/x', ''), 0o777)],
    ['a data folder in the settings', 'claviger install --data', (it) => void put(it, '/etc/claviger/claviger.env', 'CLAVIGER_DATA=/x\n')],
    ['a password in the settings', 'DATABASE_URL_FILE', (it) => void put(it, '/etc/claviger/claviger.env', 'DATABASE_URL=postgres://x\n')],
    [
      'a path that would say more in the unit',
      'absolute path',
      (it) => void put(it, '/etc/claviger/claviger.env', 'CLAVIGER_RECORDINGS="/a /etc"\n'),
    ],
  ])('refuses %s, and changes nothing', async (_what, says, prepare) => {
    using it = makeImage()
    prepare(it)
    const done = await it.install(it.release('one'))
    if (!root) return expect(done).toMatchObject(onlyRoot)
    expect(done).toMatchObject({ code: 5, err: expect.stringContaining(says) })
    expect(existsSync(it.at('/etc/systemd'))).toBe(false)
  })

  test.each([
    ['--prefix', '/opt/a b'],
    ['--prefix', '/opt'],
    ['--data', '/var/lib/../../etc'],
    ['--data', '/opt/claviger/data'],
    ['--data', '/var/lib/%n'],
  ])('refuses %s %s', async (flag, path) => {
    using it = makeImage()
    expect(await it.install(it.release('one'), '--dry-run', flag, path)).toMatchObject({ code: 2 })
  })

  test('refuses a clone and names what makes an archive of it', async () => {
    using it = makeImage()
    const clone = it.release('one')
    writeFileSync(join(clone, 'node_modules/.claviger-stamp'), 'e3b0c44298fc1c14\n')
    expect(await it.install(clone, '--dry-run')).toMatchObject({ code: 5, err: expect.stringContaining('npm run package') })
  })

  test('takes an archive, and refuses one that is not what its checksum says', async () => {
    using it = makeImage()
    it.release('one')
    const archive = join(it.folder, 'claviger.tar.gz')
    execFileSync('tar', ['-czf', archive, '-C', it.folder, 'one'])
    expect(await it.install(archive, '--dry-run')).toMatchObject({ code: 0, out: expect.stringContaining(id('one')) })
    writeFileSync(join(it.folder, 'SHA256SUMS'), `${'0'.repeat(64)}  claviger.tar.gz\n`)
    expect(await it.install(archive, '--dry-run')).toMatchObject({ code: 5, err: expect.stringContaining('SHA256SUMS') })
  })
})

describe('uninstalling', () => {
  test('takes away what install made, and leaves data and settings', async () => {
    using it = makeImage()
    const first = await it.install(it.release('one'))
    if (!root) return expect(first).toMatchObject(onlyRoot)
    put(it, '/var/lib/claviger/keeper/escrow.jsonl', 'what must not be lost')
    expect(await it.uninstall()).toMatchObject({ code: 0 })
    for (const gone of [
      '/opt/claviger/current',
      '/opt/claviger/releases',
      '/usr/local/bin/claviger',
      '/etc/systemd/system/claviger.service',
    ])
      expect([gone, existsSync(it.at(gone))]).toEqual([gone, false])
    expect(it.read('/var/lib/claviger/keeper/escrow.jsonl')).toBe('what must not be lost')
    expect(existsSync(it.at('/etc/claviger/claviger.env'))).toBe(true)
    expect(await it.uninstall()).toMatchObject({ code: 5, err: expect.stringContaining('Nothing is installed') })
  })

  test('purges the data when that is typed, on this host, and nothing of anybody else', async () => {
    using it = makeImage()
    const first = await it.install(it.release('one'))
    if (!root) return expect(first).toMatchObject(onlyRoot)
    put(it, '/var/lib/claviger/keeper/escrow.jsonl', '')
    const notes = put(it, '/var/lib/claviger/my-notes', '')
    const purge = ['--purge', '--confirm', `purge ${hostname()}`]
    expect(await it.uninstall(...purge)).toMatchObject({ code: 5, err: expect.stringContaining('my-notes') })
    execFileSync('rm', [join(notes, 'my-notes')])
    for (const not of [['--purge'], ['--purge', '--confirm', 'purge elsewhere']]) expect((await it.uninstall(...not)).code).not.toBe(0)
    expect(existsSync(it.at('/var/lib/claviger/keeper'))).toBe(true)
    expect(await it.uninstall(...purge)).toMatchObject({ code: 0 })
    expect([existsSync(it.at('/var/lib/claviger')), existsSync(it.at('/etc/claviger'))]).toEqual([false, false])
  })
})

/** Writes a file of the image; answers its folder. */
function put(it: { at(path: string): string }, path: string, content: string): string {
  const folder = join(it.at(path), '..')
  mkdirSync(folder, { recursive: true })
  writeFileSync(it.at(path), content)
  return folder
}
