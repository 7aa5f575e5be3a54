/*
 * What sshd says of each login, with or without a terminal: `Accepted METHOD for ACCOUNT from ADDRESS port PORT ssh2`. As journald shows it
 * (`-o short-unix`), and as syslog daemons write it: with their own time in ISO 8601, or with a local one that has no year.
 */

export interface AcceptedLogin {
  account: string
  address: string
  /** `publickey`, `password`. */
  method: string
  at: Date
}

/** What the host's clock says, and how far its local time is from UTC (`date +%z`). */
export interface HostTime {
  now: Date
  zone: string
}

const accepted =
  /^(.{10,40}?) (?:\S{1,255} )?(?:sshd|sshd-session)\[\d{1,10}\]: Accepted (\S{1,40}) for (\S{1,64}) from ([0-9a-fA-F.:]{2,45})(?:%\S{1,16})? port \d{1,5}\b/
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const dayMs = 86_400_000

/** Lines that say something else, or say it in another way, are passed over. */
export function readSshdLog(text: string, time: HostTime): AcceptedLogin[] {
  return text.split('\n').flatMap((line) => {
    const [, stamp = '', method = '', account = '', address = ''] = accepted.exec(line.slice(0, 500)) ?? []
    const at = timeOf(stamp, time)
    return at ? [{ account, address: address.replace(/^::ffff:(?=\d+\.)/i, ''), method, at }] : []
  })
}

function timeOf(stamp: string, { now, zone }: HostTime): Date | undefined {
  if (/^\d{9,11}\.\d{1,9}$/.test(stamp)) return new Date(Number(stamp) * 1000)
  if (/^\d{4}-\d\d-\d\dT[\d:.]{8,16}(?:Z|[+-]\d\d:\d\d)$/.test(stamp)) return valid(new Date(stamp))
  const [, month = '', day = '', clock = ''] = /^([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d)$/.exec(stamp) ?? []
  if (!months.includes(month) || !/^[+-]\d{4}$/.test(zone)) return undefined
  const of = (year: number) =>
    valid(
      new Date(
        `${year}-${String(months.indexOf(month) + 1).padStart(2, '0')}-${day.padStart(2, '0')}T${clock}${zone.slice(0, 3)}:${zone.slice(3)}`,
      ),
    )
  const thisYear = of(now.getUTCFullYear())
  // no year is written: what would be tomorrow was a year ago
  return thisYear && thisYear.getTime() > now.getTime() + dayMs ? of(now.getUTCFullYear() - 1) : thisYear
}

const valid = (at: Date): Date | undefined => (Number.isNaN(at.getTime()) ? undefined : at)
