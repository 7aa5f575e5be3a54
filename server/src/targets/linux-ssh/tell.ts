import { ok } from '../../kernel/result.ts'
import type { TellDependents, TellHow, Told } from '../contract.ts'
import { type Answer, notPermitted } from './failures.ts'
import { onHost, type Remote } from './remote.ts'
import { exits, script } from './script.ts'
import type { LinuxSshSettings } from './settings.ts'
import { lookAtFile, notTold, tellFile } from './tell-file.ts'

/**
 * Input: as whom (empty: as we are), the command, then what the command reads. Nothing that it writes is read: it might repeat what it was given.
 * The shell reads its own input a byte at a time, so that the rest is left for the command.
 */
const commandScript = script(`
  IFS= read -r user; IFS= read -r command;
  if [ -z "$user" ] || [ "$user" = "$(id -un)" ]; then exec /bin/sh -c "$command" >/dev/null 2>&1; fi;
  uid=$(id -u -- "$user" 2>/dev/null) || exit ${exits.noSuchAccount};
  exec setpriv --reuid "$uid" --regid "$(id -g -- "$user")" --init-groups /bin/sh -c "$command" >/dev/null 2>&1;
`)
/** A unit that begins and dies at once is no running one: it is looked at for three seconds. */
const unitScript = script(`
  IFS= read -r unit;
  command -v systemctl >/dev/null || exit ${exits.notFound};
  systemctl restart -- "$unit" >/dev/null 2>&1 || exit 1;
  for second in 1 2 3; do
    sleep 1; [ "$(systemctl is-active -- "$unit" 2>/dev/null)" = active ] || exit 2;
  done;
`)
const unitKnownScript = script(`
  IFS= read -r unit;
  command -v systemctl >/dev/null || exit ${exits.notFound};
  systemctl cat -- "$unit" >/dev/null 2>&1 || exit 1;
`)

const commandMs = 60_000
const unitMs = 120_000

async function run(remote: Remote, step: 'command' | 'check', command: string, user: string, input: Uint8Array): Promise<Answer<void>> {
  const stdin = Buffer.concat([Buffer.from(`${user}\n${command}\n`), input])
  const ran = await remote.run(commandScript, stdin, { timeoutMs: commandMs })
  stdin.fill(0)
  if (!ran.ok) return ran
  const { status } = ran.value
  if (status === 0) return ok(undefined)
  return status === exits.noSuchAccount && user
    ? notTold(step, `the host has no account ${user}`)
    : notTold(step, `the command ended with status ${status}`)
}

async function restart(remote: Remote, unit: string): Promise<Answer<void>> {
  const ran = await remote.run(unitScript, `${unit}\n`, { timeoutMs: unitMs })
  if (!ran.ok) return ran
  const { status } = ran.value
  if (status === 0) return ok(undefined)
  if (status === exits.notFound) return notTold('unit', 'there is no systemctl')
  return notTold('unit', status === 2 ? `${unit} is not active after the restart` : `${unit} cannot be restarted`)
}

/** On a host where we are logged in. */
export async function tellOn(remote: Remote, { file, run: ran, unit, check }: TellHow, secret: Uint8Array): Promise<Answer<Told>> {
  let changed = false
  if (file) {
    const written = await tellFile(remote, file, secret)
    if (!written.ok) return written
    changed = written.value.changed
  }
  if (ran) {
    const taken = await run(remote, 'command', ran.command, ran.user ?? '', secret)
    if (!taken.ok) return taken
  }
  if (unit) {
    const restarted = await restart(remote, unit)
    if (!restarted.ok) return restarted
  }
  if (check) {
    const well = await run(remote, 'check', check, '', new Uint8Array())
    if (!well.ok) return well
  }
  return ok({ changed })
}

export async function lookOn(remote: Remote, { file, unit }: TellHow): Promise<Answer<void>> {
  if (file) {
    const there = await lookAtFile(remote, file)
    if (!there.ok) return there
  }
  if (!unit) return ok(undefined)
  if (remote.power === 'own') return notPermitted(`${remote.me.name} is not root there, and restarts no unit`)
  const known = await remote.run(unitKnownScript, `${unit}\n`)
  if (!known.ok) return known
  if (known.value.status === exits.notFound) return notTold('unit', 'there is no systemctl')
  return known.value.status === 0 ? ok(undefined) : notTold('unit', `there is no unit ${unit}`)
}

/** The credential goes over standard input alone: no argument, environment or file of ours holds it. */
export const tellDependents: TellDependents<LinuxSshSettings> = {
  look: (target, identity, as, how, dial) => onHost(target, identity, as, dial, (remote) => lookOn(remote, how)),
  tell: (target, identity, as, how, { secret }, dial) =>
    onHost(target, identity, as, dial, (remote) => secret.lend('tell-dependent', (bytes) => tellOn(remote, how, bytes))),
}
