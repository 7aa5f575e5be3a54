// protocols/web-terminal/index.ts — the frames of a terminal between the console's server and the gateway. No sockets.
export { encodeFrame, type Frame, type FrameKind, FrameReader, longestBody } from './frames.ts'
