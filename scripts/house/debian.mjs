import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { run } from './npm.mjs'
import { done, progress, refuse, say, since } from './print.mjs'

/** What the tests drive or start, each with why. */
const packages = {
  'openssh-server': 'web01, the SSH target',
  'openssh-client': 'ssh, as people use it',
  'putty-tools': 'plink, psftp and pscp, as people use them',
  'dropbear-bin': 'dbclient, as people on small systems use it',
  'python3-asyncpg': 'asyncpg, a driver of PostgreSQL without libpq',
  'python3-pymysql': 'PyMySQL, a driver of MySQL in Python',
  'python3-paramiko': 'an SSH library, as programs use it',
  'postgresql-client': 'psql, as people use it',
  'postgresql-15': 'an external database, as operators have it; started by tests, never as a service',
  'mariadb-server': 'a MySQL target; started by tests, never as a service',
  'redis-server': 'a Redis target; started by tests, never as a service',
  sshpass: 'passwords for ssh where a test plays a person',
  zsh: 'completion in zsh',
  fish: 'completion in fish',
  'chromium-headless-shell': 'the console in a real browser: Chromium without windows',
  'fonts-dejavu-core': 'text in screenshots',
  faketime: 'wrong clocks, for the faults',
  'util-linux': 'unshare and setpriv, for targets with users of their own',
  softhsm2: 'a token of PKCS#11, in which a seal keeps its key',
  systemd: 'the service as systemd runs it, in namespaces; nothing of it is started on this machine',
  procps: 'pgrep, to look at the processes of a service',
  iproute2: 'loopback in namespaces',
  slapd: 'an OpenLDAP directory, as a target',
  'samba-ad-dc': 'a domain controller, as a target',
  'samba-ad-provision': 'what a new domain is made of',
  'samba-dsdb-modules': 'the database of the domain',
  'samba-vfs-modules': 'the file permissions of the domain',
  winbind: 'the names of the domain',
  'ldb-tools': 'the domain, looked at from inside',
}

const apt = ['-o', 'DPkg::Lock::Timeout=600', '-y', '-q', '--no-install-recommends', 'install']
const where = { cwd: '/', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }

/** @param {string[]} names @returns {Promise<string[] | undefined>} those that are not installed; undefined where there is no dpkg */
async function absent(names) {
  const { ok, said } = await run('dpkg-query', ['-W', '-f', `\${Package}\t\${db:Status-Status}\n`, ...names], where)
  if (!ok && /ENOENT/.test(said)) return undefined
  return names.filter((name) => !said.split('\n').includes(`${name}\tinstalled`))
}

/**
 * Installs what the tests need and is not there, when we may; else says what to type.
 * @param {Record<string, string>} needed names, each with why
 * @returns {Promise<boolean>} false after having said why not
 */
export async function installPackages(needed = packages) {
  const names = Object.keys(needed)
  const missing = await absent(names)
  if (!missing) {
    refuse(`the tests need Debian 12 or a system made from it; elsewhere they need what these packages bring: ${names.join(' ')}`)
    return false
  }
  if (missing.length === 0) return true
  say('the tests need these Debian packages, which are not there:')
  for (const name of missing) say(`  ${name.padEnd(18)} ${needed[name]}`)
  if (process.getuid?.() !== 0) {
    refuse(`only root can install them: sudo apt-get install -y --no-install-recommends ${missing.join(' ')}`)
    return false
  }
  const start = performance.now()
  const stop = progress(() => `installing ${missing.join(' ')}, ${since(start)}`)
  const { ok, said } = await withDaemonsHeld(async () => {
    await run('apt-get', ['update', '-q'], where) // a list that is there may do when the network does not answer
    return await run('apt-get', [...apt, ...missing], where)
  })
  stop()
  if (!ok) {
    refuse('apt-get could not install them:')
    say(said.split('\n').slice(-15).join('\n').replace(/^/gm, '  '))
    return false
  }
  done(`installed ${missing.length} Debian packages in ${since(start)}; their services were not started`)
  return true
}

const policy = '/usr/sbin/policy-rc.d'
const ours =
  '#!/bin/sh\n# Made by `npm test` of Claviger while it installs packages, so that no service is started; may be removed.\nexit 101\n'

/**
 * Runs `work` while Debian's own switch (policy-rc.d, "invoke-rc.d policy") keeps installed services from starting. A switch
 * that someone else set is left alone; one that a killed run of ours left is taken away at the end.
 * @template T
 * @param {() => Promise<T>} work
 * @param {string} file
 * @returns {Promise<T>}
 */
export async function withDaemonsHeld(work, file = policy) {
  const isOurs = () => {
    try {
      return readFileSync(file, 'utf8') === ours
    } catch {
      return false
    }
  }
  const release = () => {
    if (isOurs()) rmSync(file, { force: true })
  }
  try {
    writeFileSync(file, ours, { mode: 0o755, flag: 'wx' })
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
  }
  process.once('exit', release)
  try {
    return await work()
  } finally {
    process.off('exit', release)
    release()
  }
}
