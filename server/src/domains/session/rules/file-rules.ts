import type { FileAct } from '../../../gateways/contract.ts'
import type { Look, RuleName } from './rule.ts'

const privileged =
  /^\/etc\/(sudoers|sudoers\.d\/.+|passwd|shadow|group|gshadow|ld\.so\.preload|pam\.d\/.+|cron[^/]*\/.+|crontab|systemd\/system\/.+)$|(^|\/)\.ssh\/(authorized_keys2?|rc|environment)$|^\/var\/spool\/cron\//
const secret =
  /^\/etc\/(shadow|gshadow)-?$|(^|\/)\.ssh\/id_\w+$|\/ssh_host_\w+_key$|\.(kdbx|p12|pfx|jks)$|(^|\/)\.(aws\/credentials|pgpass|my\.cnf|vault-token)$/
const history = /(^|\/)\.(\w+_)?history$/
const logs = /^\/var\/log\//

/** What an act on a file is seen to be, by the paths that it names. */
export const rulesOfFile: Look<Pick<FileAct, 'op' | 'path' | 'to'>> = ({ op, path, to }) => {
  const seen = new Set<RuleName>()
  const changed =
    op === 'get' || op === 'list'
      ? []
      : op === 'put' || op === 'remove' || op === 'attributes' || op === 'mkdir'
        ? [path]
        : [path, to ?? path]
  if (changed.some((p) => privileged.test(p))) seen.add('privilege_escalation')
  if (op !== 'attributes' && changed.some((p) => history.test(p))) seen.add('history_wiped')
  if (op !== 'attributes' && changed.some((p) => logs.test(p))) seen.add('audit_stopped')
  if ((op === 'get' || op === 'copy' || op === 'link' || op === 'rename') && secret.test(path)) seen.add('secrets_taken')
  return seen
}
