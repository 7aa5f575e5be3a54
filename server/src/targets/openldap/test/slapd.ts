import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../../platform/postgres-server/free-port.fixture.ts'
import { certified } from '../../../platform/tls/certified.fixture.ts'

export const suffix = 'dc=pam,dc=test'
export const passwords = { admin: 'rootdn: only for tests', claviger: 'claviger: only for tests', anybody: 'Initial pass 1' }

export interface Slapd {
  port: { ldaps: number; ldap: number }
  /** Who signed its certificate, in PEM. */
  authority: string
  /** As it is pinned. */
  identity: { proof: string; certificate: string }
  /** All that it said of what it does. */
  logs(): string
  folder: string
  stop(): Promise<void>
  start(): Promise<void>
  /** Freezes and thaws the server, for one that does not answer. */
  freeze(): void
  thaw(): void
  /** What is stored, operational attributes too: read from the files, so with no rule in between. */
  stored(dn: string): string
}

/** A real slapd on loopback with a password policy. `anonymous`: whether anybody may search without a login. */
export async function startSlapd({ anonymous = true, policy = '' }: { anonymous?: boolean; policy?: string } = {}): Promise<Slapd> {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-slapd-'))
  mkdirSync(join(folder, 'db'))
  const { authority, certificate, key, fingerprint } = certified()
  writeFileSync(join(folder, 'cert.pem'), certificate)
  writeFileSync(join(folder, 'key.pem'), key, { mode: 0o600 })
  writeFileSync(join(folder, 'slapd.conf'), configuration(folder, anonymous))
  writeFileSync(join(folder, 'seed.ldif'), seed(policy))
  const conf = join(folder, 'slapd.conf')
  const port = { ldaps: await freePort(), ldap: await freePort() }
  execFileSync('/usr/sbin/slapadd', ['-f', conf, '-l', join(folder, 'seed.ldif')], { stdio: 'pipe' })
  let child: ChildProcess | undefined
  const said: string[] = []
  const start = async (): Promise<void> => {
    // it ends with the thread that started it, however that ends
    const command = ['/usr/sbin/slapd', '-f', conf, '-h', `ldap://127.0.0.1:${port.ldap} ldaps://127.0.0.1:${port.ldaps}`, '-d', 'stats']
    child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...command], { stdio: ['ignore', 'ignore', 'pipe'] })
    child.stderr?.on('data', (chunk) => said.push(String(chunk)))
    await answering(port.ldaps)
  }
  const stop = async (): Promise<void> => {
    const running = child
    child = undefined
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    const gone = new Promise((resolve) => running.once('exit', resolve))
    running.kill('SIGCONT')
    running.kill('SIGTERM')
    const late = setTimeout(() => running.kill('SIGKILL'), 20_000)
    await gone
    clearTimeout(late)
  }
  await start()
  return {
    port,
    authority,
    identity: { proof: 'tls-certificate', certificate: fingerprint },
    logs: () => said.join(''),
    folder,
    start,
    stop,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    // the whole of it: slapcat -s of Debian 12 ends with a crash
    stored: (dn) => {
      const all = execFileSync('/usr/sbin/slapcat', ['-f', conf, '-o', 'ldif-wrap=no'], { encoding: 'utf8' })
      return all.split('\n\n').find((entry) => entry.startsWith(`dn: ${dn}\n`)) ?? ''
    },
  }
}

export const discard = (slapd: Slapd | undefined): void => slapd && rmSync(slapd.folder, { recursive: true, force: true })

async function answering(port: number): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const open = await new Promise<boolean>((resolve) => {
      const probe = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false))
      probe.once('connect', () => probe.destroy())
    })
    if (open) return
    await sleep(100)
  }
  throw new Error('the server does not answer')
}

const configuration = (folder: string, anonymous: boolean): string => `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
include /etc/ldap/schema/nis.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
moduleload ppolicy
pidfile ${folder}/slapd.pid
TLSCertificateFile ${folder}/cert.pem
TLSCertificateKeyFile ${folder}/key.pem
database mdb
suffix "${suffix}"
rootdn "cn=admin,${suffix}"
rootpw "${passwords.admin}"
directory ${folder}/db
index objectClass,uid,member eq
access to attrs=userPassword by dn.exact="cn=claviger,ou=services,${suffix}" write by self write by anonymous auth by * none
access to * by dn.exact="cn=claviger,ou=services,${suffix}" manage by ${anonymous ? '* read' : 'users read by anonymous auth'}
overlay memberof
overlay ppolicy
ppolicy_default "cn=default,ou=policies,${suffix}"
ppolicy_use_lockout
`

const person = (uid: string, more = ''): string => `
dn: uid=${uid},ou=people,${suffix}
objectClass: inetOrgPerson
objectClass: posixAccount
uid: ${uid}
cn: ${uid}
sn: ${uid}
uidNumber: ${3000 + uid.length}
gidNumber: 3000
homeDirectory: /home/${uid}
userPassword: ${passwords.anybody}
${more}`

const seed = (policy: string): string => `
dn: ${suffix}
objectClass: dcObject
objectClass: organization
o: PAM
dc: pam
${['people', 'groups', 'services', 'policies'].map((ou) => `\ndn: ou=${ou},${suffix}\nobjectClass: organizationalUnit\nou: ${ou}\n`).join('')}
dn: cn=default,ou=policies,${suffix}
objectClass: device
objectClass: pwdPolicy
cn: default
pwdAttribute: userPassword
pwdLockout: TRUE
pwdMaxFailure: 5
pwdCheckQuality: 2
pwdMinLength: 12
pwdMustChange: TRUE
${policy}
dn: cn=claviger,ou=services,${suffix}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: claviger
userPassword: ${passwords.claviger}

dn: cn=replicator,ou=services,${suffix}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: replicator
userPassword: ${passwords.anybody}
${['jane', 'nested', 'circle', 'primary', 'byname', 'ordinary', 'twin', 'weird'].map((uid) => person(uid)).join('')}
dn: uid=toor,ou=people,${suffix}
objectClass: account
objectClass: posixAccount
uid: toor
cn: toor
uidNumber: 0
gidNumber: 0
homeDirectory: /root

dn: uid=twin,ou=services,${suffix}
objectClass: account
objectClass: simpleSecurityObject
uid: twin
userPassword: ${passwords.anybody}

dn: cn=admins,ou=groups,${suffix}
objectClass: groupOfNames
cn: admins
member: uid=Jane,ou=People,${suffix}
member: cn=operators,ou=groups,${suffix}
member: uid=nobody-any-more,ou=people,${suffix}

dn: cn=operators,ou=groups,${suffix}
objectClass: groupOfNames
cn: operators
member: uid=nested,ou=people,${suffix}
member: cn=round,ou=groups,${suffix}

dn: cn=round,ou=groups,${suffix}
objectClass: groupOfUniqueNames
cn: round
uniqueMember: uid=circle,ou=people,${suffix}
uniqueMember: cn=admins,ou=groups,${suffix}

dn: cn=wheel,ou=groups,${suffix}
objectClass: posixGroup
cn: wheel
gidNumber: 10
memberUid: byname

dn: cn=readers,ou=groups,${suffix}
objectClass: groupOfNames
cn: readers
member: uid=ordinary,ou=people,${suffix}
`
