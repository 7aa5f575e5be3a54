import { execFile, spawn } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { access, identity, inventory } from '@claviger/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeMachine } from '../../test/captured-io.ts'
import { sampleGrant, signingIn } from '../../test/samples.ts'
import { routesOf, standIn } from '../../test/stand-in.ts'

const target = (name: string): inventory.Target => ({
  ...{
    id: `tgt_${name.replace('-', '').padEnd(10, '0').slice(0, 10)}`,
    name,
    kind: 'linux-ssh',
    environment: 'lab',
    tier: 2,
    tierLabel: 'Tier 2 · standard',
  },
  ...{
    address: '127.0.0.1:22',
    settings: {},
    identity: {},
    manager: 'root',
    reconciler: null,
    scopes: [],
    capabilities: [],
    accounts: 0,
    lastDiscovery: null,
  },
  states: { found: 0, managed: 0, held: 0 },
})
const account = (name: string, on: string) => ({
  ...{ id: `acc_${name.padEnd(10, '0')}`, name, target: { id: 'tgt_0000000000', name: on, kind: 'linux-ssh', environment: 'lab' } },
  ...{
    category: 'local-admin',
    tier: 2,
    tierLabel: 'Tier 2 · standard',
    privileges: [],
    state: 'managed',
    credentials: [],
    observedSince: null,
    byHand: false,
    replaceable: true,
    authorisedKeys: [],
  },
})

let server: Awaited<ReturnType<typeof standIn>>
let machine: ReturnType<typeof makeMachine>
let env: NodeJS.ProcessEnv
beforeAll(async () => {
  server = await standIn(routesOf(identity, access, inventory), {
    ...signingIn,
    targets: () => ({ targets: [target('web01'), target('orders-db')], next: null, total: 2 }),
    accounts: () => ({ accounts: [account('deploy', 'web01'), account('dba', 'orders-db')], next: null, total: 2 }),
    grants: () => ({ grants: [sampleGrant()] }),
  })
  machine = makeMachine({ CLAVIGER_SERVER: server.url })
  const given = ['--password-file', '-', '--code-file', '-']
  await machine.run(['login', '--name', 'alice', ...given], { input: 'pass word\n123456\n' })
  // the real one for what completion asks, and otherwise what was typed in the end
  const main = join(import.meta.dirname, '..', 'main.ts')
  const script = `#!/bin/sh\ncase "$1" in completion|names) exec "${process.execPath}" "${main}" "$@";; esac\necho "RAN:" "$@" :END\n`
  writeFileSync(join(machine.folder, 'claviger'), script)
  chmodSync(join(machine.folder, 'claviger'), 0o755)
  env = {
    ...{ PATH: `${machine.folder}${delimiter}${process.env.PATH}`, HOME: machine.folder, TERM: 'xterm', LC_ALL: 'C.UTF-8' },
    ...{ CLAVIGER_CONFIG: machine.config, CLAVIGER_SERVER: server.url, PS1: '$ ' },
  }
})
afterAll(async () => {
  machine[Symbol.dispose]()
  await server[Symbol.asyncDispose]()
})

/** Types into a shell on a terminal of its own, and answers what was run in the end. */
function typed(shell: string, setup: string, keys: string): Promise<string> {
  const child = spawn('script', ['-qfec', shell, '/dev/null'], { env })
  let shown = ''
  let sent = false
  return new Promise((resolve, reject) => {
    const over = setTimeout(() => child.kill('SIGKILL'), 60_000)
    child.stdout.on('data', (bytes: Buffer) => {
      shown += bytes.toString()
      if (!sent && /IS[-]READY/.test(shown)) {
        sent = true
        child.stdin.write(`${keys}\n`)
      }
      const ran = /RAN: (.*?) :END/.exec(shown)?.[1]
      if (ran !== undefined) {
        resolve(ran)
        child.stdin.end('exit\n')
      }
    })
    child.once('error', reject)
    child.once('close', () => {
      clearTimeout(over)
      reject(new Error(`the shell ended: ${shown.slice(-2000)}`))
    })
    // the word is made by the shell, so that the echo of this line is not taken for it
    child.stdin.write(`${setup}; echo IS"-"READY\n`)
  })
}

const bash = (keys: string) => typed('bash --norc --noprofile -i', 'eval "$(claviger completion bash)"', keys)
const zsh = (keys: string) => typed('zsh -f -i', 'autoload -Uz compinit; compinit -u; eval "$(claviger completion zsh)"', keys)

test.each([
  ['a command', 'claviger targ\tdisc\tweb\t', 'targets discover web01'],
  ['an account on a target, though bash breaks words at the @', 'claviger connect deploy@w\t', 'connect deploy@web01'],
  ['a grant', 'claviger grants end grt_\t', `grants end ${sampleGrant().id}`],
  ['an option', 'claviger requests --mi\t', 'requests --mine'],
])('bash completes %s', async (_what, keys, ran) => {
  expect(await bash(keys)).toBe(ran)
})

test.each([
  ['a command and a target', 'claviger targ\tdisc\tweb\t', 'targets discover web01'],
  ['an account on a target', 'claviger connect deploy@w\t', 'connect deploy@web01'],
])('zsh completes %s', async (_what, keys, ran) => {
  expect(await zsh(keys)).toBe(ran)
})

const runFile = promisify(execFile)
/** What fish offers. Not waited for in one step: the server is in this process. */
async function fish(line: string, more: NodeJS.ProcessEnv = {}): Promise<string[]> {
  const setup = 'claviger completion fish | source'
  const { stdout, stderr } = await runFile('fish', ['-N', '-c', `${setup}; complete -C '${line}'`], { env: { ...env, ...more } })
  expect(stderr).toBe('')
  return stdout.trim().split('\n').filter(Boolean)
}

test('fish completes commands, names and options', async () => {
  expect(await fish('claviger targ')).toEqual(['targets'])
  expect(await fish('claviger targets show ')).toEqual(expect.arrayContaining(['web01', 'orders-db', '--help']))
  expect(await fish('claviger connect dep')).toEqual(['deploy@web01'])
  expect(await fish('claviger completion f')).toEqual(['fish'])
})

test('without a sign-in, or without a server, nothing is said and only names are missing', async () => {
  expect(await fish('claviger targets show ', { CLAVIGER_CONFIG: join(machine.folder, 'none') })).not.toContain('web01')
  expect(await fish('claviger targets show ', { CLAVIGER_SERVER: 'http://127.0.0.1:1' })).toContain('--help')
})
