import type { ErrorOf, Faces } from '../../kernel/errors.ts'
import type { Finding } from '../../protocols/recording/index.ts'

/** Every way in which a recording can say no. A finding names a byte range of the file and, where there is one, a chunk. */
interface RecordingErrors {
  'recording.exists': { detail: string }
  'recording.unwritable': { detail: string }
  'recording.overrun': { detail: string }
  'recording.unreadable': { detail: string }
  'recording.not_removed': { detail: string }
  'recording.bucket': { detail: string }
  'recording.already_ended': object
  'recording.not_a_recording': Place
  'recording.header_altered': Place
  'recording.chunk_altered': Place
  'recording.chunk_removed': Place
  'recording.chunk_inserted': Place
  'recording.chunk_moved': Place
  'recording.bytes_after_end': Place
  'recording.cut_back': Place
  'recording.rewritten': Place
  'recording.other_recording': Place
  'recording.wrong_manifest': Place
  'recording.wrong_key': Place
  'recording.chunk_unreadable': Place
}
type Place = Omit<Finding, 'code'>

export type RecordingError = ErrorOf<RecordingErrors>
/** Why a session may not go on: what it does can no longer be written down. */
export type RecordingFailure = ErrorOf<RecordingErrors, 'recording.exists' | 'recording.unwritable' | 'recording.overrun'>

const at = ({ chunk, from, to }: Place): string =>
  chunk === undefined ? `bytes ${from} to ${to}` : `chunk ${chunk}, bytes ${from} to ${to}`
const more = ({ detail }: Place): string => (detail ? `: ${detail}` : '')
const keep = 'Keep the file as it is and tell the security officer.'

export const recordingErrorFaces: Faces<RecordingErrors> = {
  'recording.exists': { http: 409, say: () => 'A recording of that name is there already; none is ever overwritten. Open a new session.' },
  'recording.unwritable': {
    http: 503,
    say: ({ detail }) =>
      `The recording cannot be written (${detail}), so the session cannot go on. Ask the operator to check the space and rights of the recordings folder.`,
  },
  'recording.overrun': {
    http: 503,
    say: ({ detail }) => `The disk of the recordings cannot follow (${detail}), so the session cannot go on. Try again with less output.`,
  },
  'recording.unreadable': { http: 503, say: ({ detail }) => `The file of the recording cannot be read (${detail}). Ask the operator.` },
  'recording.bucket': {
    http: 503,
    say: ({ detail }) => `The bucket in which this recording lies does not give it (${detail}). Ask the operator, and try again.`,
  },
  'recording.not_removed': {
    http: 503,
    say: ({ detail }) => `What lies there of the recording cannot be removed (${detail}). It is tried again; ask the operator to look.`,
  },
  'recording.already_ended': { http: 409, say: () => 'This recording has ended; nothing can be added to it. Open a new session.' },
  'recording.not_a_recording': { http: 422, say: () => `This file does not begin like a recording. ${keep}` },
  'recording.header_altered': { http: 422, say: (e) => `A header of this recording was altered (${at(e)}). ${keep}` },
  'recording.chunk_altered': { http: 422, say: (e) => `This recording was altered (${at(e)}). ${keep}` },
  'recording.chunk_removed': { http: 422, say: (e) => `Something was taken out of this recording (${at(e)}${more(e)}). ${keep}` },
  'recording.chunk_inserted': { http: 422, say: (e) => `Something was put into this recording (${at(e)}). ${keep}` },
  'recording.chunk_moved': { http: 422, say: (e) => `The order of this recording was changed (${at(e)}${more(e)}). ${keep}` },
  'recording.bytes_after_end': { http: 422, say: (e) => `Something was added after the end of this recording (${at(e)}). ${keep}` },
  'recording.cut_back': { http: 422, say: (e) => `This recording was cut back (${at(e)}${more(e)}). ${keep}` },
  'recording.rewritten': { http: 422, say: (e) => `This recording is not what the ledger vouches for (${at(e)}). ${keep}` },
  'recording.other_recording': { http: 422, say: (e) => `This is the file of another recording${more(e)}. ${keep}` },
  'recording.wrong_manifest': { http: 422, say: (e) => `This recording is not what its manifest says${more(e)}. ${keep}` },
  'recording.wrong_key': { http: 422, say: () => 'This key does not open this recording. Check that both belong together.' },
  'recording.chunk_unreadable': { http: 422, say: (e) => `What was sealed in this recording makes no sense (${at(e)}). ${keep}` },
}
