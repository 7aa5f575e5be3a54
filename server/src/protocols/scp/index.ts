export { type ScpCommand, scpCommand } from './command.ts'
export { ScpSink } from './sink-stream.ts'
export { type Said, ScpSource } from './source-stream.ts'
