import { existsSync } from 'node:fs'

/** In the order of what each costs: the shell is Chromium without windows, which takes a fifth less processor time for the same pages. */
const places = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Where this machine has a real Chromium. Throws when it has none. */
export function findChromium(): string {
  const found = places.find((path) => existsSync(path))
  if (!found) throw new Error('There is no Chromium. Install it: apt-get install chromium-headless-shell')
  return found
}
