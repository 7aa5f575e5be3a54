import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const home = resolve(import.meta.dirname, '..', '..')
let root = ''
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'claviger-launcher-')))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('the launcher', () => {
  /** A clone whose Node only says what it was asked to run. */
  function clone(): string {
    const folder = join(root, 'a clone')
    const bin = join(folder, 'node_modules', `node-linux-${process.arch}`, 'bin')
    mkdirSync(bin, { recursive: true })
    copyFileSync(join(home, 'claviger'), join(folder, 'claviger'))
    writeFileSync(join(folder, 'node_modules', '.claviger-stamp'), '')
    writeFileSync(join(bin, 'node'), '#!/bin/sh\nprintf "%s\\n" "$@"\n')
    chmodSync(join(bin, 'node'), 0o755)
    return folder
  }
  const run = (file: string, ...args: string[]) => execFileSync(file, args, { cwd: '/', encoding: 'utf8' }).trimEnd().split('\n')

  test('finds its clone through symbolic links, relative and absolute', () => {
    const folder = clone()
    mkdirSync(join(root, 'bin'))
    symlinkSync('../a clone/claviger', join(root, 'bin', 'one'))
    symlinkSync(join(root, 'bin', 'one'), join(root, 'claviger'))
    expect(run(join(root, 'claviger'), 'request', 'deploy@web01', '--reason', 'two words')).toEqual([
      join(folder, 'cli/src/main.ts'),
      'request',
      'deploy@web01',
      '--reason',
      'two words',
    ])
  })

  test('starts the server with the debugger signal off', () => {
    const folder = clone()
    expect(run(join(folder, 'claviger'), 'server', '--lab')).toEqual([
      '--disable-sigusr1',
      join(folder, 'server/src/main.ts'),
      'supervisor',
      '--lab',
    ])
  })
})

describe('a server that is run in front', () => {
  test('hears an interrupt once, though the terminal and npm both pass it on, and its exit code is kept', async () => {
    const server = `let heard = 0; process.on('SIGINT', () => { heard += 1; setTimeout(() => { console.log('heard', heard); process.exit(7) }, 300) }); setInterval(() => {}, 1000); console.log('up')`
    const front = `import(${JSON.stringify(join(home, 'scripts/house/follow.mjs'))}).then(({ follow }) => follow(process.execPath, ['-e', ${JSON.stringify(server)}], '/', { ownGroup: true })).then((code) => process.exit(code))`
    const child = spawn(process.execPath, ['-e', front], { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.on('data', (chunk) => {
      said += chunk
    })
    await once(child.stdout, 'data')
    child.kill('SIGINT')
    child.kill('SIGINT')
    const [code] = await once(child, 'close')
    expect(said).toBe('up\nheard 1\n')
    expect(code).toBe(7)
  })
})
