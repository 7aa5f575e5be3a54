import type { Checkpoint } from './checkpoint.ts'

/** How the log in the database is not the one that a checkpoint was signed over, for the person who has to find out why. */

export const checkpointChanged = "The keeper's own checkpoint file was changed: its signature is not ours. Restore it from a backup."

export const hole = (place: number, { time, size }: Checkpoint): string =>
  `The ledger has no entry at place ${place}; the checkpoint of ${time} saw ${size} entries. A row was deleted.`

export const cutOff = (has: number, { time, size }: Checkpoint): string =>
  `The ledger has ${has} entries; the checkpoint of ${time} saw ${size}. Entries ${has + 1} to ${size} are missing: an old database was restored, or the end was cut off.`

export const changed = ({ time, size }: Checkpoint): string =>
  `The first ${size} entries of the ledger are not those that the checkpoint of ${time} saw. Run "claviger audit verify" against an outside export to name the changed entry.`

export const signedOtherwiseElsewhere = ({ time, size }: Checkpoint): string =>
  `The first ${size} entries of the ledger are not those that the checkpoint of ${time}, signed at another node, saw. Compare both nodes' exports with an outside checkpoint.`
