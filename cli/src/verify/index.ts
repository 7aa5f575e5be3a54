/*
 * Verifies the ledger without trusting the server: no dependency but Node, no network, meant to be read by a stranger.
 * Read tree.ts (hashes), note.ts (signed checkpoints), lines.ts (the export), order.ts and ledger.ts (what is wrong), in this order;
 * proof.ts checks the proof of one entry, recording.ts the file of a recording against what entries-of.ts finds about it in the ledger.
 */

export { entriesOf } from './entries-of.ts'
export type { Finding } from './findings.ts'
export { type Outside, type Verdict, verifyLedger } from './ledger.ts'
export { type ProofVerdict, verifyProof } from './proof.ts'
export { type RecordingVerdict, recordingIn, verifyRecording } from './recording.ts'
export { splitLines } from './split-lines.ts'
