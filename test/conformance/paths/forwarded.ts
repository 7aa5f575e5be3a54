import { clientsAt } from './native.ts'

/** Native clients again; what they send passes through a session of the SSH gateway that forwards it to the door. */
export const openForwarded = clientsAt(({ carried }) => carried)
