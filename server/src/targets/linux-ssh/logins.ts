import { ok } from '../../kernel/result.ts'
import type { Dial, Login, PinnedIdentity, SeenLogin } from '../contract.ts'
import { type Answer, notPermitted, protocol } from './failures.ts'
import { onHost } from './remote.ts'
import { script } from './script.ts'
import type { LinuxSshSettings } from './settings.ts'
import { type AcceptedLogin, readSshdLog } from './sshd-log.ts'
import { readWtmp, wtmpTail } from './wtmp.ts'

/*
 * Who logged in within the last 26 hours. What sshd says is in the journal or in a log, where root reads it; logins at a console and what else asks
 * for a terminal is in wtmp.
 *
 * A log proves that it is one by our own login, which happened a moment ago: where that is not in it, what else is not in it cannot be known, and
 * nothing was seen.
 */

const backMs = 26 * 3_600_000
const ownMs = 10 * 60_000
const mostLogins = 5_000

/**
 * Sections, each begun by a line of its own. The journal by what the kernel says of the writer, since anybody may write `sshd` before a line; a
 * daemon's file has only the line. Of the file before this one, too: it may have been changed an hour ago.
 */
const readScript = script(`
  printf "=now %s %s %s\\n" "$(date +%s)" "$(date +%z)" "$(uname -m)";
  echo "=sshd";
  if command -v journalctl >/dev/null; then
    journalctl -q --no-pager -o short-unix --since=-26h _UID=0 _COMM=sshd _COMM=sshd-session 2>/dev/null | grep -F "]: Accepted " | tail -n 2000;
  fi;
  echo;
  for file in /var/log/auth.log.1 /var/log/auth.log /var/log/secure; do
    if [ -f "$file" ] && [ -r "$file" ]; then tail -c 4194304 "$file" | grep -F "]: Accepted " | tail -n 2000; fi;
  done;
  echo;
  echo "=wtmp";
  if [ -f /var/log/wtmp ] && [ -r /var/log/wtmp ]; then tail -c ${wtmpTail} /var/log/wtmp | base64 | tr -d "\\n"; fi;
  echo;
`)

export async function logins(
  target: LinuxSshSettings,
  identity: PinnedIdentity,
  as: Login,
  dial: Dial,
): Promise<Answer<readonly SeenLogin[]>> {
  return await onHost(target, identity, as, dial, async (remote) => {
    const ran = await remote.run(readScript, '', { mostOutput: 4 * 1_048_576 })
    if (!ran.ok) return ran
    const read = sectionsOf(ran.value.stdout.toString('latin1'))
    if (!read) return protocol('the host does not tell its time')
    const { time, machine, sshd, wtmp } = read
    const from = time.now.getTime() - backMs
    const accepted = readSshdLog(sshd, time).filter((l) => l.at.getTime() >= from)
    const own = ownOf(accepted, remote.me.name, time.now)
    if (!own) return notPermitted('our own login is in no log of sshd that we can read: neither the journal nor auth.log or secure')
    const onTerminals = readWtmp(wtmp, machine)?.filter((l) => l.at.getTime() >= from) ?? []
    const all = [
      ...accepted.map((l) => ({ account: l.account, address: l.address, program: `ssh, ${l.method}`, at: l.at })),
      // those over SSH are above already
      ...onTerminals
        .filter((l) => l.address === 'local')
        .map((l) => ({ account: l.account, address: l.address, program: l.line.replace(/\d+$/, ''), at: l.at })),
    ]
    return ok(
      unique(all).map(({ at, ...login }) => ({
        ...login,
        ...{ agoMs: Math.max(0, time.now.getTime() - at.getTime()), still: false, ours: login.address === own.address },
      })),
    )
  })
}

/** The newest one with our account, if it is of now. */
function ownOf(accepted: readonly AcceptedLogin[], me: string, now: Date): AcceptedLogin | undefined {
  const [newest] = accepted.filter((l) => l.account === me).sort((a, b) => b.at.getTime() - a.at.getTime())
  return newest && Math.abs(now.getTime() - newest.at.getTime()) < ownMs ? newest : undefined
}

/** The journal and a log say the same of one login, and a log says it with less of the time. */
function unique<L extends { account: string; address: string; program: string; at: Date }>(all: readonly L[]): L[] {
  const key = ({ account, address, program, at }: L) => `${account} ${address} ${program} ${Math.floor(at.getTime() / 1000)}`
  return [...new Map(all.map((l) => [key(l), l])).values()].sort((a, b) => b.at.getTime() - a.at.getTime()).slice(0, mostLogins)
}

function sectionsOf(text: string) {
  const [, seconds = '', zone = '', machine = ''] = /^=now (\d{9,11}) ([+-]\d{4}) ([\w.-]{1,40})$/m.exec(text) ?? []
  const [sshd, wtmp] = ['sshd', 'wtmp'].map((name) => (text.split(`\n=${name}\n`)[1] ?? '').split('\n=', 1)[0] ?? '')
  if (seconds === '') return undefined
  return {
    time: { now: new Date(Number(seconds) * 1000), zone },
    machine,
    sshd: sshd ?? '',
    wtmp: Buffer.from((wtmp ?? '').trim(), 'base64'),
  }
}
