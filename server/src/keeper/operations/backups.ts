import { ok } from '../../kernel/result.ts'
import { actorOf } from '../authority/actors.ts'
import { actDigest } from '../people/act-digest.ts'
import { refuse } from '../refuse.ts'
import type { BackupFields } from '../state/backup-acts.ts'
import type { Handler } from './handler.ts'

export const backupBegin: Handler<'backupBegin'> = async ({ context, args }) => {
  const { backup, recipients, recordings, authority } = args
  let by: string | null = null
  if (authority.by === 'schedule') {
    if (!context.backups.isScheduled(recipients))
      return refuse('backup.not_authorised', 'A scheduled backup goes to the recipients of CLAVIGER_BACKUP_RECIPIENTS, and to no others.')
  } else {
    const actor = await actorOf(context, authority, actDigest('backupBegin', { recipients, recordings }))
    if (!actor.ok) return actor
    const groups: readonly string[] = actor.value.by === 'stepUp' ? actor.value.groups : []
    if (!groups.includes('administrators') && !groups.includes('security'))
      return refuse('backup.not_authorised', 'Only members of administrators or security have backups made.')
    by = authority.person
  }
  context.backups.let(backup, recipients, recordings)
  const fields: BackupFields<'backup.begun'> = { backup, recipients, recordings }
  const intent = await context.note('backup.begun', fields, { phase: 'intent', by })
  return ok({ intent })
}

const notLet = (backup: string) =>
  refuse('backup.not_begun', `Nobody has the backup ${backup} made to these recipients, or the keeper was restarted since. Begin it again.`)

export const backupStart: Handler<'backupStart'> = async ({ context, args }) => {
  if (!context.backups.start(args.backup, args.recipients, args.recordings)) return notLet(args.backup)
  return ok({ log: context.identity.log, verifierKey: context.notary.verifierKey })
}

export const backupSign: Handler<'backupSign'> = async ({ context, args }) => {
  if (!context.backups.end(args.backup)) return notLet(args.backup)
  const signature = context.identity.signer.sign(Buffer.from(`claviger/backup-manifest/v1\n${args.digest}\n`, 'utf8'))
  return ok({ signature: signature.toString('base64') })
}
