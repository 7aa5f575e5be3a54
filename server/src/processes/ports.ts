import { portIsFree } from '../platform/process/port.ts'

/** Looks whether our doors are free before anything is started, and says which variable moves the one that is not. */
export async function takenPort(
  doors: readonly { what: string; host: string; port: number; variable: string }[],
): Promise<string | undefined> {
  for (const { what, host, port, variable } of doors) {
    if (!(await portIsFree(host, port)))
      return `Port ${port} is taken by another program, and the ${what} needs it. Stop that program, or choose another port: ${variable}=${port + 1} npm start`
  }
  return undefined
}
