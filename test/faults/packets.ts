import { execFileSync, spawnSync } from 'node:child_process'

/*
 * A target whose packets get lost on the way: no answer, no acknowledgement, no word that the connection is gone. Done by a rule of
 * the routing table in the network namespace of this run (main.ts), whose loopback nobody else uses. What a target sends is
 * dropped; what is sent to it arrives, as with a firewall that forgot its connections.
 */

export const insideOwnNetwork = 'CLAVIGER_FAULTS_OWN_NETWORK'
export const canDrop = (): boolean => process.getuid?.() === 0 && process.env[insideOwnNetwork] === '1'

const rule = (action: 'add' | 'del', port: number) =>
  void execFileSync('ip', ['rule', action, 'pref', '10', 'sport', String(port), 'blackhole'], { stdio: ['ignore', 'ignore', 'pipe'] })

export const dropFrom = (port: number): void => rule('add', port)
export const healFrom = (port: number): void => rule('del', port)

/** What makes a fresh network namespace ours: its loopback is up, and a rule can come before the one for local addresses. */
export const prepareNetwork = 'ip link set lo up && ip rule add pref 100 lookup local && ip rule del pref 0'

/** Whether this machine has what it takes: iproute2, and a kernel with routing rules for ports. */
export const networkPossible = (): boolean =>
  spawnSync('unshare', ['--net', '/bin/sh', '-c', `${prepareNetwork} && ip rule add pref 10 sport 1 blackhole`], { stdio: 'ignore' })
    .status === 0
