export { type Beat, type KeeperPosition, type NodeIdentity, startBeat } from './beat.ts'
export { listNodes, type NodePart } from './list-nodes.ts'
