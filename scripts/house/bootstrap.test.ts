import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { installedByHand, missing } from './complete.mjs'
import { withDaemonsHeld } from './debian.mjs'
import { alone, processId } from './lock.mjs'
import { pathsOf } from './paths.mjs'
import { runningServer } from './running-server.mjs'
import { upToDate, wantedHash, writeStamp } from './stamp.mjs'
import { unsupported } from './supported.mjs'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'claviger-bootstrap-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function put(file: string, content: unknown): void {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), typeof content === 'string' ? content : JSON.stringify(content))
}

/** A clone whose lockfile demands one plain module and one for this processor, with both installed. */
function installed(): void {
  const packages = {
    '': { name: 'house' },
    api: { name: 'api' },
    'node_modules/api': { resolved: 'api', link: true },
    'node_modules/plain': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/native': { version: '2.0.0', integrity: 'sha512-b', optional: true, os: [process.platform], cpu: [process.arch] },
    'node_modules/elsewhere': { version: '2.0.0', integrity: 'sha512-c', optional: true, os: ['aix'], cpu: ['ppc64'] },
    'node_modules/if-it-works': { version: '3.0.0', integrity: 'sha512-d', optional: true },
  }
  put('package.json', { workspaces: ['api'], scripts: { start: 'x' } })
  put('api/package.json', { dependencies: { plain: '1.0.0' } })
  put('package-lock.json', { packages })
  put('node_modules/plain/package.json', {})
  put('node_modules/native/package.json', {})
  put('node_modules/.package-lock.json', {
    packages: { 'node_modules/plain': packages['node_modules/plain'], 'node_modules/native': packages['node_modules/native'] },
  })
}

describe('bootstrap', () => {
  test.each([
    ['old Node', { versions: { node: '16.20.2' }, platform: 'linux', arch: 'x64' }, 'use Node 18 or newer'],
    ['another system', { versions: { node: '24.0.0' }, platform: 'darwin', arch: 'arm64' }, 'this is darwin on arm64'],
    ['another processor', { versions: { node: '24.0.0' }, platform: 'linux', arch: 'riscv64' }, 'this is linux on riscv64'],
  ])('says in one sentence why it cannot run on %s', (_what, host, words) => {
    expect(unsupported(host)).toContain(words)
    expect(unsupported(host)?.split('\n')).toHaveLength(1)
  })

  test('runs on Node 18 and newer', () => {
    expect(unsupported({ versions: { node: '18.0.0' }, platform: 'linux', arch: 'arm64' })).toBeUndefined()
  })

  test('installs again when a dependency changed, and not when a script did', () => {
    installed()
    const before = wantedHash(root)
    put('package.json', { workspaces: ['api'], scripts: { start: 'y' } })
    expect(wantedHash(root)).toBe(before)
    put('api/package.json', { dependencies: { plain: '1.0.1' } })
    expect(wantedHash(root)).not.toBe(before)
  })

  test('trusts a stamp only while the pinned Node and the binding it speaks of are there', () => {
    installed()
    const paths = pathsOf(root)
    expect(upToDate(paths, false)).toBe(false)
    writeStamp(paths, { hash: wantedHash(root), binding: 'native' })
    expect(upToDate(paths, false)).toBe(false)
    put(paths.node.slice(root.length + 1), '')
    expect(upToDate(paths, false)).toBe(false)
    for (const file of paths.bindings) put(file.slice(root.length + 1), '')
    expect(upToDate(paths, false)).toBe(true)
    writeFileSync(paths.stamp, '{"hash":')
    expect(upToDate(paths, false)).toBe(false)
  })

  test('does not accept JavaScript ciphers where the binding is required', () => {
    installed()
    const paths = pathsOf(root)
    put(paths.node.slice(root.length + 1), '')
    writeStamp(paths, { hash: wantedHash(root), binding: 'javascript' })
    expect(upToDate(paths, false)).toBe(true)
    expect(upToDate(paths, true)).toBe(false)
  })

  test('takes over what someone installed by hand', () => {
    installed()
    expect(installedByHand(root)).toBe(true)
  })

  test('sees that an install was interrupted, or is of another version', () => {
    installed()
    rmSync(join(root, 'node_modules/.package-lock.json'))
    expect(installedByHand(root)).toBe(false)
    put('node_modules/.package-lock.json', { packages: { 'node_modules/plain': { version: '0.9.0' } } })
    expect(installedByHand(root)).toBe(false)
  })

  test('sees that npm left out an optional module for this very machine', () => {
    installed()
    rmSync(join(root, 'node_modules/native'), { recursive: true })
    expect(missing(root)).toEqual(['node_modules/native'])
  })
})

describe('a server that runs from the clone', () => {
  test('is found by its pid file, and only while it runs', async () => {
    put('server/src/main.ts', 'setInterval(() => {}, 1000)\nconsole.log("up")\n')
    const child = spawn(process.execPath, [join(root, 'server/src/main.ts')], { stdio: ['ignore', 'pipe', 'ignore'] })
    await new Promise((resolve) => child.stdout.once('data', resolve))
    put('data/run/supervisor.pid', `${child.pid}\n`)
    expect(runningServer(root)).toBe(child.pid)
    expect(runningServer(join(root, 'another'))).toBeUndefined()
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill()
    await gone
    expect(runningServer(root)).toBeUndefined()
  })

  test('is not mistaken for another process that got its pid', () => {
    put('data/run/supervisor.pid', `${process.pid}\n`)
    expect(runningServer(root)).toBeUndefined()
  })
})

describe('the lock', () => {
  test('lets one work at a time, and the second goes on afterwards', async () => {
    const order: string[] = []
    const { promise: first, resolve: finishFirst } = Promise.withResolvers<void>()
    const one = alone(
      root,
      'x',
      () => {},
      async () => {
        order.push('first begins')
        await first
        order.push('first ends')
      },
    )
    const two = alone(
      root,
      'x',
      (pid) => {
        expect(pid).toBe(`${process.pid}`)
        finishFirst()
      },
      async () => void order.push('second'),
    )
    await Promise.all([one, two])
    expect(order).toEqual(['first begins', 'first ends', 'second'])
    expect(existsSync(join(root, 'x.lock'))).toBe(false)
  })

  test('of a process that is gone is taken over, also when its pid was given to another', async () => {
    for (const holder of ['999999999 1', `${process.pid} 1`]) {
      writeFileSync(join(root, 'x.lock'), holder)
      expect(
        await alone(
          root,
          'x',
          () => {},
          async () => readFileSync(join(root, 'x.lock'), 'utf8'),
        ),
      ).toBe(processId(process.pid))
    }
  })
})

describe('while packages are installed', () => {
  test('services are kept from starting, and afterwards nothing of that is left', async () => {
    const file = join(root, 'policy-rc.d')
    await withDaemonsHeld(async () => expect(readFileSync(file, 'utf8')).toContain('exit 101'), file)
    expect(existsSync(file)).toBe(false)
  })

  test("someone else's switch is left as it was", async () => {
    const file = join(root, 'policy-rc.d')
    writeFileSync(file, '#!/bin/sh\nexit 0\n')
    await withDaemonsHeld(async () => {}, file)
    expect(readFileSync(file, 'utf8')).toBe('#!/bin/sh\nexit 0\n')
  })
})
