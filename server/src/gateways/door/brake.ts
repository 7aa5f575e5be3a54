/** Holds a source back as long as anybody asks for it, each under a name of their own. */
export interface Brake<Why extends string> {
  hold(why: Why): void
  release(why: Why): void
}

export function brake<Why extends string>(pause: () => void, resume: () => void): Brake<Why> {
  const holding = new Set<Why>()
  return {
    hold(why) {
      if (holding.size === 0) pause()
      holding.add(why)
    },
    release(why) {
      if (holding.size > 0 && holding.delete(why) && holding.size === 0) resume()
    },
  }
}
