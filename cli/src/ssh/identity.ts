import { join } from 'node:path'
import { readIfThere, writePrivate } from '../kit/files.ts'
import { makeKeyPair } from './key.ts'

/** Our own files for ssh, all in one folder, so that the person's ~/.ssh stays as it is. */
export const sshFiles = (folder: string) => ({
  key: join(folder, 'id_ed25519'),
  publicKey: join(folder, 'id_ed25519.pub'),
  certificate: join(folder, 'id_ed25519-cert.pub'),
  knownHosts: join(folder, 'known_hosts'),
  config: join(folder, 'ssh_config'),
})

/** The name by which our configuration knows the gateway: `ssh 'alice@root@web01@claviger'`. */
export const gatewayAlias = 'claviger'

/** The public key that certificates are asked for; the pair is made the first time. */
export function ensureKey(folder: string, name: string): string {
  const files = sshFiles(folder)
  const existing = readIfThere(files.publicKey)
  if (existing && readIfThere(files.key)) return existing.trim()
  const pair = makeKeyPair(`${name} (claviger)`)
  writePrivate(files.key, pair.privateKey)
  writePrivate(files.publicKey, pair.publicKey, 0o644)
  return pair.publicKey.trim()
}

export interface Gateway {
  host: string
  port: number
  /** `ssh-ed25519 AAAA…` */
  hostKey: string
}

/** Writes the certificate, the gateway's host key and a configuration that uses both and nothing else of the person's. */
export function writeIdentity(folder: string, certificate: string, gateway: Gateway): void {
  const files = sshFiles(folder)
  writePrivate(files.certificate, `${certificate.trim()}\n`)
  writePrivate(files.knownHosts, `${knownHostsLine(gateway)}\n`)
  writePrivate(files.config, sshConfig(folder, gateway))
}

/** sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT": a port other than 22 stands behind the name in brackets. */
function knownHostsLine({ host, port, hostKey }: Gateway): string {
  const [type = '', key = ''] = hostKey.trim().split(/\s+/)
  return `${gatewayAlias},${port === 22 ? host : `[${host}]:${port}`} ${type} ${key}`
}

function sshConfig(folder: string, { host, port }: Gateway): string {
  const files = sshFiles(folder)
  const quoted = (path: string) => `"${path.replaceAll('%', '%%')}"`
  return `# Written by claviger login. To use it with plain ssh, put this line at the top of ~/.ssh/config:
#   Include ${quoted(files.config)}
Host ${gatewayAlias}
  HostName ${host}
  Port ${port}
  HostKeyAlias ${gatewayAlias}
  IdentityFile ${quoted(files.key)}
  CertificateFile ${quoted(files.certificate)}
  IdentitiesOnly yes
  PreferredAuthentications publickey,keyboard-interactive
  UserKnownHostsFile ${quoted(files.knownHosts)}
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  ForwardAgent no
  ServerAliveInterval 15
`
}
