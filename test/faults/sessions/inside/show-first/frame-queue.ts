import * as product from '../../../../../server/src/domains/recording/frame-queue.ts'

export * from '../../../../../server/src/domains/recording/frame-queue.ts'

/** A recorder that lets people see what it writes down only seconds later. */
export class FrameQueue extends product.FrameQueue {
  constructor(options: product.FrameQueueOptions) {
    super({ ...options, every: 8_000 })
  }
}
