import * as product from '../../../../../server/src/domains/recording/frame-queue.ts'

export * from '../../../../../server/src/domains/recording/frame-queue.ts'

/** A recorder that cannot write, and lets everything pass nevertheless. */
export class FrameQueue extends product.FrameQueue {
  constructor(options: product.FrameQueueOptions) {
    super({ ...options, failed: () => undefined })
  }

  override pressure(): undefined {
    return undefined
  }
}
