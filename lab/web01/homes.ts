import { chownSync, existsSync, lchownSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { deployId } from './etc.ts'
import type { InitialCredentials } from './initial-credentials.ts'

/** Fills root's and deploy's homes: keys that open them, and something to look at in a session. */
export function writeHomes(machine: string, initial: InitialCredentials): void {
  const publicKeys = (...files: (string | undefined)[]) => files.map((file) => readFileSync(`${file}.pub`, 'utf8')).join('')
  const keyOf = (name: string) => initial.accounts.find((account) => account.name === name)?.privateKeyFile

  const root = join(machine, 'root')
  mkdirSync(root, { mode: 0o700 })
  write(root, '.ssh/authorized_keys', publicKeys(keyOf('root')), 0o600)
  write(root, '.bashrc', "PS1='\\u@\\h:\\w\\$ '\nalias ll='ls -l'\n")
  write(root, '.profile', '[ -n "$BASH_VERSION" ] && . ~/.bashrc\n')

  const deploy = join(machine, 'home/deploy')
  mkdirSync(deploy, { mode: 0o750 })
  write(deploy, '.ssh/authorized_keys', `# roll-outs\n${publicKeys(keyOf('deploy'), initial.formerAdmin.privateKeyFile)}`, 0o600)
  write(deploy, '.bashrc', "PS1='\\u@\\h:\\w\\$ '\nPATH=~/bin:$PATH\nalias ll='ls -l'\n")
  write(deploy, '.profile', '[ -n "$BASH_VERSION" ] && . ~/.bashrc\n')
  write(
    deploy,
    'README.txt',
    'The web shop runs from orders/current. Try: orders-status, tail orders/log/orders.log, less orders/current/orders.ini\n',
  )
  write(deploy, 'orders/releases/41/orders.ini', '[orders]\nlisten = 8080\nworkers = 4\n')
  write(deploy, 'orders/releases/42/orders.ini', '[orders]\nlisten = 8080\nworkers = 8\ncheckout = new\n')
  symlinkSync('releases/42', join(deploy, 'orders/current'))
  write(deploy, 'orders/log/orders.log', log())
  write(deploy, 'bin/orders-status', orderStatus, 0o755)
  own(deploy, deployId)
}

const orderStatus = `#!/bin/sh
# prints what is rolled out and how it went
release=$(readlink ~/orders/current)
echo "release:  \${release##*/}"
echo "requests: $(wc -l <~/orders/log/orders.log)"
echo "failures: $(grep -c ' 500 ' ~/orders/log/orders.log)"
`

/** The same every time: a lab that looks different after each reset is hard to write about. */
function log(): string {
  const lines = Array.from({ length: 240 }, (_, i) => {
    const minute = `${String(8 + Math.floor(i / 60)).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}`
    const path = ['/cart', '/checkout', '/orders/1042', '/'][(i * 7) % 4]
    return `${minute} ${i % 37 === 36 ? 500 : 200} ${12 + ((i * 13) % 90)}ms GET ${path}\n`
  })
  return lines.join('')
}

function write(home: string, path: string, text: string, mode = 0o644): void {
  const file = join(home, path)
  if (!existsSync(dirname(file))) mkdirSync(dirname(file), { recursive: true, mode: path.startsWith('.ssh/') ? 0o700 : 0o755 })
  writeFileSync(file, text, { mode })
}

function own(path: string, id: number): void {
  chownSync(path, id, id)
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) own(join(path, entry.name), id)
    else lchownSync(join(path, entry.name), id, id)
  }
}
