// domains/recording/index.ts: what other folders may use of recording. Everything else in here is private.

export {
  type Counts,
  checkChain,
  decodeContent,
  type Expected,
  type Finding,
  type FindingCode,
  type Head,
  type Manifest,
  manifestBytes,
  type Verdict,
} from '../../protocols/recording/index.ts'
export { maskCards } from './cards/mask-text.ts'
export { maskingRecorder } from './cards/masking-recorder.ts'
export type { Carried, CarryDeps } from './carry-over.ts'
export { type RecordingError, type RecordingFailure, recordingErrorFaces } from './errors.ts'
export { asciicast, utf8Decoder } from './export-asciicast.ts'
export { commandList, type RecordedCommand } from './export-commands.ts'
export { filesAsJsonLines, filesAsText } from './export-files.ts'
export { statementsAsJsonLines, statementsAsText } from './export-statements.ts'
export { plainText } from './export-text.ts'
export type { FileSource as StoredRecording } from './file-source.ts'
export { type Carrying, keepCarrying, type SpoolState } from './keep-carrying.ts'
export { grownOutline, openListOutline, sealListOutline } from './lists/keep-list-outline.ts'
export type { ListKind, ListOutline } from './lists/list-outline.ts'
export { listPage } from './lists/list-page.ts'
export { makeListOutline } from './lists/make-list-outline.ts'
export { LiveReader } from './live-reader.ts'
export type { RecordedFrame } from './open-frames.ts'
export { type ReadingKey, readingKeys } from './reading-keys.ts'
export { filesIn, type RecordedFile } from './recorded-files.ts'
export { type RecordedStatement, statementsIn } from './recorded-statements.ts'
export type { RecordingFacts, RecordingOptions } from './recording-options.ts'
export { fileOf, openStored, type RecordingPlaces, removeRecording } from './recording-places.ts'
export { type RecordingReader, readRecording } from './recording-reader.ts'
export { RecordingWriter } from './recording-writer.ts'
export { growOutline } from './replay/grow-outline.ts'
export { blockWorth, type Made, makeOutline } from './replay/make-outline.ts'
export { dropOutline, outlineEnds, outlinePart, putGrownOutline, putOutline } from './replay/outline.store.ts'
export type { Outline, ReplayScreen } from './replay/outline.ts'
export { OutlineThread } from './replay/outline-thread.ts'
export { readStretch } from './replay/read-stretch.ts'
export { type KeptEnds, makingOf, openEnds, openOutline, openScreen, sealGrown, sealOutline } from './replay/seal-outline.ts'
export { collectWords } from './search/collect-words.ts'
export { type Found, findInRecording, type Hit } from './search/find-in-recording.ts'
export {
  beginReading,
  forgetWords,
  giveUpReading,
  orderMissingWords,
  putWords,
  waitingForWords,
  wordsMissing,
} from './search/words.store.ts'
export { type Term, termOf } from './search/words.ts'
export type { ReaderKeys, RecordingKeys } from './segment-keys.ts'
export { maskSecrets } from './sql/mask-secrets.ts'
export { prepareMasking } from './sql/masker.ts'
export { type UnprovenInput, unprovenInput } from './unproven-input.ts'
export { verifyRecording, verifyStored } from './verify-recording.ts'
