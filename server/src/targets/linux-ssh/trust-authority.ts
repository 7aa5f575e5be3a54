import { ok } from '../../kernel/result.ts'
import type { AuthorityToTrust, TrustAuthority } from '../contract.ts'
import { type Answer, notPermitted, protocol } from './failures.ts'
import { onHost, type Remote } from './remote.ts'
import { exits, type Script, script } from './script.ts'
import type { LinuxSshSettings } from './settings.ts'

/*
 * Two files: the authority's public keys, and a drop-in for sshd that names them. Certificates are for `ACCOUNT@target-id`: `echo` tells sshd the name
 * under which each account of this host is known, so that a certificate for another host that trusts the same authority opens nothing here.
 */
const keysFile = '/etc/ssh/claviger_authority.pub'
const configFile = '/etc/ssh/sshd_config.d/00-claviger.conf'

const configOf = (target: string): string =>
  [
    '# Claviger: sessions log in with certificates of its SSH authority, each for one account of this host',
    `TrustedUserCAKeys ${keysFile}`,
    `AuthorizedPrincipalsCommand /bin/echo %u@${target}`,
    'AuthorizedPrincipalsCommandUser nobody',
    '',
  ].join('\n')

const own = { noConfig: 2, taken: 3, refused: 4, notRead: 5 } as const

const common = script(`
  keys=${keysFile}; conf=${configFile};
  sshd=; for one in /usr/sbin/sshd /usr/local/sbin/sshd; do if [ -x "$one" ]; then sshd=$one; break; fi; done;
  [ -n "$sshd" ] || exit ${exits.notFound};
  listener() {
    pid=$$; found=;
    while [ -n "$pid" ] && [ "$pid" -gt 0 ]; do
      if [ "$(sed -n "s/^Name:[[:space:]]*//p" "/proc/$pid/status")" = sshd ]; then found=$pid; fi;
      pid=$(sed -n "s/^PPid:[[:space:]]*//p" "/proc/$pid/status");
    done;
    echo "$found";
  };
  reload() {
    if [ -d /run/systemd/system ] && command -v systemctl >/dev/null; then
      if systemctl reload ssh >/dev/null 2>&1 || systemctl reload sshd >/dev/null 2>&1; then sleep 1; return 0; fi;
    fi;
    main=$(listener); if [ -n "$main" ]; then kill -HUP "$main"; sleep 1; fi;
  };
`)

/**
 * Input: the target's id, the number of bytes of the keys, those of the drop-in, then both. Another authority that is there, or other names, are left alone
 * and refused: sshd takes one file of each. What sshd does not take is put back before it is asked to read anything.
 */
const trustScript = script(`
  ${common}
  IFS= read -r id; IFS= read -r first; IFS= read -r second; umask 022;
  said=$("$sshd" -T 2>/dev/null) || exit ${own.noConfig};
  for what in trustedusercakeys authorizedprincipalsfile authorizedprincipalscommand; do
    case "$(printf "%s\\n" "$said" | sed -n "s/^$what //p")" in
      ""|none|"$keys"|"/bin/echo %u@$id") ;;
      *) echo "$what"; exit ${own.taken};;
    esac;
  done;
  mkdir -p "\${conf%/*}" || exit ${exits.notPermitted};
  work=$(mktemp -d /etc/ssh/.claviger.XXXXXXXX) || exit ${exits.notPermitted};
  trap "rm -rf -- \\"\\$work\\"" EXIT; trap "exit ${exits.cutOff}" HUP INT TERM;
  cat >"$work/both" || exit ${exits.notPermitted};
  [ "$(wc -c <"$work/both")" -eq "$((first + second))" ] || exit ${exits.cutOff};
  head -c "$first" "$work/both" >"$work/keys"; tail -c "$second" "$work/both" >"$work/conf";
  for one in keys conf; do
    eval "at=\\$$one"; if [ -e "$at" ]; then cp -p "$at" "$work/$one.before"; fi;
  done;
  back() {
    for one in keys conf; do
      eval "at=\\$$one"; if [ -e "$work/$one.before" ]; then mv -f "$work/$one.before" "$at"; else rm -f "$at"; fi;
    done;
  };
  chmod 644 "$work/keys" "$work/conf";
  mv -f "$work/keys" "$keys" && mv -f "$work/conf" "$conf" || { back; exit ${exits.notPermitted}; };
  "$sshd" -t >/dev/null 2>&1 || { back; exit ${own.refused}; };
  "$sshd" -T 2>/dev/null | grep -qxF "authorizedprincipalscommand /bin/echo %u@$id" || { back; exit ${own.notRead}; };
  reload;
`)

/** Input: the target's id. Files of another target, or of somebody else, stay. */
const distrustScript = script(`
  ${common}
  IFS= read -r id;
  [ -e "$conf" ] || exit 0;
  grep -qF "%u@$id" "$conf" || exit 0;
  rm -f "$conf" "$keys" || exit ${exits.notPermitted};
  "$sshd" -t >/dev/null 2>&1 || exit ${own.refused};
  reload;
`)

const filesOf = ({ lines, target }: AuthorityToTrust) => [
  { path: keysFile, content: `${lines.join('\n')}\n` },
  { path: configFile, content: configOf(target) },
]

async function run(remote: Remote, what: Script, input: string): Promise<Answer<void>> {
  if (remote.power === 'own') return notPermitted(`${remote.me.name} is not root there, and changes nothing of sshd`)
  const ran = await remote.run(what, input, { timeoutMs: 30_000 })
  if (!ran.ok) return ran
  const { status, stdout } = ran.value
  if (status === 0) return ok(undefined)
  if (status === exits.notPermitted) return notPermitted('the files of sshd cannot be written')
  if (status === own.taken) return notPermitted(`sshd has ${stdout.toString('utf8').trim()} of somebody else; add ours to it by hand`)
  return protocol(says[status] ?? `trusting the authority ended with status ${status}`)
}

const says: Readonly<Record<number, string>> = {
  [exits.notFound]: 'there is no sshd in /usr/sbin or /usr/local/sbin',
  [own.noConfig]: 'sshd does not tell its configuration (sshd -T)',
  [own.refused]: 'sshd does not take the configuration (sshd -t); it is as it was',
  [own.notRead]: `sshd does not read ${configFile}; it is as it was. Add the lines by hand`,
}

export const trustAuthority: TrustAuthority<LinuxSshSettings> = {
  trust(target, identity, as, what, dial) {
    const [keys = '', conf = ''] = filesOf(what).map(({ content }) => content)
    const input = `${what.target}\n${Buffer.byteLength(keys)}\n${Buffer.byteLength(conf)}\n${keys}${conf}`
    return onHost(target, identity, as, dial, (remote) => run(remote, trustScript, input))
  },
  distrust: (target, identity, as, what, dial) =>
    onHost(target, identity, as, dial, (remote) => run(remote, distrustScript, `${what.target}\n`)),
  files: filesOf,
}
