import type { KeeperRefusal } from '../../keeper/contract.ts'
import { explainKeeper } from '../../keeper/explain-keeper.ts'
import { type ErrorOf, type Explained, explain, type Faces } from '../../kernel/errors.ts'

interface BackupErrors {
  'backup.unknown': { backup: string }
  'backup.running': object
  'backup.no_recipients': object
  'backup.not_in_fips': object
  'backup.recipient_wrong': { recipient: string }
  'backup.not_here': { backup: string }
}
type OwnError = ErrorOf<BackupErrors>
export type BackupError = OwnError | KeeperRefusal

const faces: Faces<BackupErrors> = {
  'backup.unknown': { http: 404, say: (e) => `There is no backup ${e.backup}.` },
  'backup.running': { http: 409, say: () => 'A backup of this server is being made already. Wait for its end: claviger backup list.' },
  'backup.no_recipients': {
    http: 422,
    say: () => 'Say to whom it shall be encrypted (--recipient age1…), or set CLAVIGER_BACKUP_RECIPIENTS. age-keygen makes a key pair.',
  },
  'backup.not_in_fips': {
    http: 422,
    say: () =>
      'Backups are files of age, which the FIPS profile of this server does not use. Back up the database and the data folder by means of your own.',
  },
  'backup.recipient_wrong': { http: 422, say: (e) => `${e.recipient} is no age recipient: a character of it is wrong.` },
  'backup.not_here': {
    http: 410,
    say: (e) =>
      `The file of ${e.backup} does not lie on this server: it was made by another one, or was removed since (CLAVIGER_BACKUP_KEEP).`,
  },
}

const isOwn = (error: BackupError): error is OwnError => error.code in faces

export const explainBackup = (error: BackupError): Explained => (isOwn(error) ? explain(faces, error) : explainKeeper(error))
