import { join } from 'node:path'
import { CliError } from '../kit/exit.ts'
import { readIfThere } from '../kit/files.ts'
import { fromBase32 } from './totp.ts'

/** One of the lab's sample people, whose second factor lies in a file: that is what makes a lab a lab. */
export interface LabPerson {
  name: string
  password: string
  totpSecret: Buffer
  /** Their private SSH key, OpenSSH format. */
  sshKeyFile: string
}

/** Reads `<data>/lab/people.json`, which the lab writes for its owner alone. */
export function readLabPerson(data: string, name: string): LabPerson {
  const file = join(data, 'lab', 'people.json')
  const content = readLab(file)
  const people = (JSON.parse(content) as { people?: Record<string, Record<string, unknown>> }).people ?? {}
  const known = Object.keys(people).sort()
  const person = Object.hasOwn(people, name) ? people[name] : undefined
  if (!person)
    throw new CliError('usage', `The lab knows no ${name}; it knows ${known.join(', ')}.`, `claviger lab code ${known[0] ?? 'alice'}`)
  const { password, totpSecret, sshKeyFile } = person
  const secret = typeof totpSecret === 'string' ? fromBase32(totpSecret) : undefined
  if (!secret || typeof password !== 'string' || typeof sshKeyFile !== 'string')
    throw new CliError('failed', `${file} does not hold what is needed of ${name}.`, 'stop the lab, remove its data folder and npm start')
  return { name, password, totpSecret: secret, sshKeyFile }
}

function readLab(file: string): string {
  try {
    const content = readIfThere(file)
    if (content !== undefined) return content
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code
    throw new CliError('failed', `${file} cannot be read (${why}): it belongs to whoever started the lab.`)
  }
  throw new CliError('failed', `There is no lab at ${file}.`, 'npm start, or set CLAVIGER_DATA')
}
