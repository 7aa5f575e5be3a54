export { type Beat, type NodeIdentity, startBeat } from './beat.ts'
export { listNodes, type NodePart } from './list-nodes.ts'
